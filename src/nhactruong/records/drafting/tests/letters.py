"""Sample letters of an invented province for the tests of typesetting."""

from __future__ import annotations

from datetime import date

from nhactruong.records.drafting.rules import body_from_plain
from nhactruong.records.drafting.typesetting import Letter

SENTENCE = (
    "Ngày 20/11/2026, tại phiên họp thường kỳ, Ban Thường vụ Tỉnh ủy đã nghe Đảng ủy xã Đồng Mơ"
    " báo cáo về việc xin chủ trương di dời các hộ dân khỏi vùng sạt lở ven sông Con; sau khi thảo"
    " luận, các đồng chí dự họp đã thống nhất cao với nội dung được báo cáo và đề xuất."
)

CONCLUSION = Letter(
    superior_line="",
    issuer_lines=("TỈNH ỦY SÔNG LAM",),
    number_line="Số ........-TB/TU",
    place="Sông Lam",
    date=None,
    date_hint=date(2026, 11, 22),
    type_name="Thông báo",
    subject="kết luận của Ban Thường vụ Tỉnh ủy về di dời khẩn cấp các hộ dân vùng sạt lở",
    body=body_from_plain(
        f"{SENTENCE}\n"
        "1. Thống nhất chủ trương di dời 214 hộ dân của hai xã Đồng Mơ và Hạ Tân ra khỏi vùng sạt"
        " lở nguy hiểm, hoàn thành trước ngày 15/4/2027.\n"
        "2. Giao Văn phòng Tỉnh ủy theo dõi, đôn đốc việc thực hiện, hằng tuần báo cáo Thường trực"
        " Tỉnh ủy."
    ),
    capacity_line="T/M BAN THƯỜNG VỤ",
    title_lines=("PHÓ BÍ THƯ",),
    signer_name="Phan Thị Hoài Thư",
    recipients=(
        "Đảng ủy Ủy ban nhân dân tỉnh;",
        "- Đảng ủy các xã Đồng Mơ, Hạ Tân",
        "Lưu Văn phòng Tỉnh ủy",
    ),
)
