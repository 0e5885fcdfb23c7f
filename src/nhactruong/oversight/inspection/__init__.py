"""Looking at the record and at rights: who did what, who saw what, what is alarming, and why.

Nhật ký (the record, as far as one may read it), Cảnh báo (alarms found in it), Truy cập khẩn cấp
(break-glass) and Vì sao thấy, không thấy. No page of it shows the content of a document.
Doors: `commands`, `selectors`.
Source: security.md 4, 8, 10.
"""
