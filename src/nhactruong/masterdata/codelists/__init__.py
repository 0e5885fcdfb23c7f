"""Code lists with validity, changed by two persons; lists fixed by law are shown and closed.

A *code list* has entries that hold for a period `[from, to)`; a correction is a new row and the
earlier one is superseded. A *change* (add, rename, end) is proposed by one person and takes effect
when a second one has approved it with a code of confirmation. The closed lists are read from where the
product keeps them (`shipped`).
Doors: `selectors`, `commands`, `tabs` (the tabs of all pages under *Dữ liệu*).
Source: security.md 8 (line 20), documents.md 2, 5.
"""
