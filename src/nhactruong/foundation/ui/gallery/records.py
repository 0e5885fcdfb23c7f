"""Invented records: a form, states, a register, a thread, page pictures."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.shapes import (
    Badge,
    Column,
    PagePicture,
    RegisterRow,
    SourceMark,
    TimelineItem,
)
from nhactruong.foundation.ui.thread_layout import ThreadEdge, ThreadNode

LONG_TITLE: Final = (
    "Kết luận của Ban Thường vụ Tỉnh ủy về di dời khẩn cấp các hộ dân vùng sạt lở ven sông Con, "
    "bố trí tái định cư, bảo đảm đời sống và tiếp tục thực hiện Nghị quyết Đại hội đại biểu Đảng bộ "
    "tỉnh lần thứ nhất, nhiệm kỳ 2025–2030"
)
REFUSED: Final = "Chưa ký được: văn bản chưa được Chánh Văn phòng duyệt."


class IntakeForm(OfficeForm):
    """A sample of a register form with every kind of field."""

    code = forms.CharField(label="Số, ký hiệu", help_text="Ghi như trên văn bản, ví dụ 118-BC/ĐU")
    issued_on = OfficeDateField(label="Ngày văn bản")
    subject = forms.CharField(label="Trích yếu", widget=forms.Textarea)
    kind = forms.ChoiceField(label="Loại", choices=[("bc", "Báo cáo"), ("ttr", "Tờ trình")])
    lead = forms.ChoiceField(
        label="Chủ trì",
        widget=forms.RadioSelect,
        choices=[("th", "Phòng Tổng hợp"), ("hc", "Phòng Hành chính")],
    )
    reply_needed = forms.BooleanField(label="Nơi gửi xin trả lời bằng văn bản", required=False)
    file = forms.FileField(label="Bản gốc", required=False)


def badges() -> list[Badge]:
    """States of documents in each tone."""
    return [
        Badge("Chờ bút phê", "soon", "clock"),
        Badge("Đang giải quyết", "info", "task"),
        Badge("Đã phát hành", "ok", "send"),
        Badge("Đã thu hồi", "late", "undo"),
        Badge("Số bỏ", "neutral", "close"),
        Badge("Chữ ký hợp lệ", "ok"),
        Badge("Đã nhận 12/12", "ok"),
        Badge("Bản nháp", "neutral", "draft"),
        Badge("Đã khóa nội dung", "info", "lock"),
    ]


def register() -> dict[str, Any]:
    """Columns and rows of a register of outgoing documents."""
    columns = (
        Column("code", "Số, ký hiệu", "code"),
        Column("day", "Ngày", "date", sort="descending"),
        Column("subject", "Tên loại và trích yếu", "subject"),
        Column("signer", "Người ký", "nowrap"),
        Column("to", "Nơi nhận", "nowrap"),
        Column("copies", "Số bản", "number"),
        Column("keeper", "Người lưu", "text", shown=False),
        Column("state", "Tình trạng", "state"),
    )

    def line(
        code: str, day: date, subject: str, signer: str, to: str, copies: int, state: Badge
    ) -> RegisterRow:
        cells = {"code": code, "day": day, "subject": subject, "signer": signer, "to": to}
        return RegisterRow(
            cells | {"copies": copies, "keeper": "Bùi Thị Nhạn", "state": state},
            url="/_ui/table/",
            void=state.label == "Số bỏ",
        )

    rows = [
        line(
            "188-TB/TU",
            date(2026, 11, 23),
            "Thông báo kết luận về di dời khẩn cấp các hộ dân vùng sạt lở ven sông Con",
            "Phan Thị Hoài Thư",
            "ĐU UBND tỉnh +7",
            8,
            Badge("Chờ đóng dấu", "soon", "clock"),
        ),
        line(
            "412-CV/TU",
            date(2026, 11, 23),
            "Công văn về việc cử cán bộ kiểm tra đê điều",
            "Đỗ Minh Khuê",
            "Ban Tổ chức +3",
            4,
            Badge("Chờ phát hành", "soon", "clock"),
        ),
        line(
            "96-QĐ/TU",
            date(2026, 11, 20),
            "Quyết định thành lập Tổ công tác rà soát vùng sạt lở",
            "Tạ Đình Khôi",
            "9 nơi",
            9,
            Badge("Đã nhận 9/9", "ok"),
        ),
        line(
            "187-TB/TU",
            date(2026, 11, 20),
            LONG_TITLE,
            "Phan Thị Hoài Thư",
            "Bến Lụa +5",
            6,
            Badge("Đã nhận 5/6", "info", "send"),
        ),
        line(
            "410-CV/TU",
            date(2026, 11, 19),
            "Công văn đôn đốc báo cáo tháng 11 · Số bỏ: cấp cho bản ký nhầm phụ lục; "
            "người thứ hai xác nhận: Đỗ Minh Khuê",
            "",
            "",
            0,
            Badge("Số bỏ", "neutral", "close"),
        ),
        line(
            "409-CV/TU",
            date(2026, 11, 16),
            "Công văn về việc gửi tài liệu hội nghị (thay bằng 411)",
            "Trịnh Thu Lệ",
            "12 cấp xã",
            12,
            Badge("Đã thu hồi", "late", "undo"),
        ),
    ]
    return {"columns": columns, "table_rows": rows, "no_rows": []}


def red_thread() -> dict[str, Any]:
    """A thread of eleven knots and its story."""
    nodes = [
        ThreadNode("ct", "Chương trình 2026", "mục 14 · 05/01", 0, url="#ds"),
        ThreadNode("da", "Đề án 05-ĐA/TU", "12/06/2026 · BTV", 0, url="#ds"),
        ThreadNode("tt", "Tờ trình 31-TTr/ĐU", "13/11 · xã Đồng Mơ", 1, url="#ds"),
        ThreadNode("bc", "Báo cáo 118-BC/ĐU", "hôm nay · đang xem", 1, "here", "#ds"),
        ThreadNode("ph", "Phiên họp BTV", "20/11 · nhất trí", 2, url="#ds"),
        ThreadNode("bp", "Bút phê", "đang chờ đồng chí", 2, "next"),
        ThreadNode("tb", "188-TB/TU", "hôm nay · chờ dấu", 2, url="#ds"),
        ThreadNode("ub", "ĐU UBND tỉnh", "phương án · hạn 11/12", 3, url="#ds"),
        ThreadNode("xa", "Xã Đồng Mơ, Hạ Tân", "27 hộ · hạn 11/12", 3, url="#ds"),
        ThreadNode("tg", "Tuyên giáo và Dân vận", "vận động · chưa có hạn", 3, url="#ds"),
        ThreadNode("kq", "Báo cáo kết quả", "dự kiến 11/12", 4, "next"),
    ]
    edges = [
        ThreadEdge("ct", "da"),
        ThreadEdge("da", "tt"),
        ThreadEdge("da", "bc", "soft"),
        ThreadEdge("tt", "ph"),
        ThreadEdge("bc", "bp", "next"),
        ThreadEdge("ph", "tb"),
        ThreadEdge("tb", "ub", "soft"),
        ThreadEdge("tb", "xa"),
        ThreadEdge("tb", "tg", "soft"),
        ThreadEdge("ub", "kq", "next"),
        ThreadEdge("xa", "kq", "next"),
        ThreadEdge("tg", "kq", "next"),
    ]
    story = [
        TimelineItem(
            "Dự kiến 11/12", "Báo cáo kết quả", "Đảng ủy Ủy ban nhân dân tỉnh", "", "next"
        ),
        TimelineItem(
            "Hôm nay 08:12",
            "Ký Thông báo kết luận",
            "Phan Thị Hoài Thư, Phó Bí thư Thường trực, thay mặt Ban Thường vụ",
            "#ds",
        ),
        TimelineItem(
            "Hôm nay 07:48",
            "Vào sổ Báo cáo 118-BC/ĐU, số đến 2451",
            "Bùi Thị Nhạn, Văn thư · đang chờ bút phê của Chánh Văn phòng",
            "#ds",
            "here",
        ),
        TimelineItem(
            "16/11 09:05",
            "Bút phê Tờ trình 31-TTr/ĐU, giao Phòng Tổng hợp thẩm định",
            "Trịnh Thu Lệ, Phó Chánh Văn phòng, thay Đỗ Minh Khuê (đi công tác)",
            "#ds",
        ),
        TimelineItem(
            "12/06/2026",
            "Ban hành Đề án 05-ĐA/TU về bố trí dân cư vùng sạt lở",
            "Tạ Đình Khôi, Bí thư",
            "#ds",
        ),
    ]
    return {
        "nodes": nodes,
        "edges": edges,
        "columns": ("Chủ trương", "Đề nghị", "Quyết định", "Thực hiện", "Kết quả"),
        "story": story,
        "no_edges": [],
        "one_node": [ThreadNode("x", "Công văn 45-CV/TU", "hôm nay", 0, "here")],
    }


def pages() -> list[PagePicture]:
    """Two page pictures with marked source lines."""
    words = "Đảng ủy xã Đồng Mơ. Số 118-BC/ĐU. Báo cáo tình hình sạt lở bờ sông Con."
    return [
        PagePicture(
            "/static/ui/sample-page.svg",
            595,
            842,
            words,
            (
                SourceMark("code", 0.20, 0.135, 0.19, 0.02, on=True),
                SourceMark("issued_on", 0.54, 0.111, 0.33, 0.02),
            ),
        ),
        PagePicture("/static/ui/sample-page.svg", 595, 842, "Trang 2, phần đề nghị."),
    ]
