"""What the gallery shows: the list of components and invented sample data for each of their states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField
from nhactruong.foundation.ui.icons import ICONS
from nhactruong.foundation.ui.shapes import (
    Badge,
    Column,
    Due,
    Fault,
    FilterTag,
    LifeStep,
    Me,
    NavEntry,
    PagePicture,
    Person,
    RegisterRow,
    Shell,
    SourceMark,
    Tab,
    TimelineItem,
)
from nhactruong.foundation.ui.thread_layout import ThreadEdge, ThreadNode
from nhactruong.kernel.states import Secrecy, Urgency


@dataclass(frozen=True, slots=True)
class Specimen:
    """A page of the gallery."""

    slug: str
    title: str
    about: str
    group: str


SPECIMENS: Final = (
    Specimen("icons", "Biểu tượng", "Bộ hình 20 × 20, một nét, luôn đi kèm chữ", "Nền"),
    Specimen("tokens", "Màu và chữ", "Mực, son, giấy; ba kiểu chữ", "Nền"),
    Specimen("page-head", "Đầu trang", "Đường dẫn, một tiêu đề, một dòng phụ, nút bên phải", "Nền"),
    Specimen("work-page", "Trang làm việc", "Khung đầy cửa sổ: văn bản và bảng xử lý", "Nền"),
    Specimen(
        "buttons", "Nút và lý do từ chối", "Mực, son, thường, lặng; bị từ chối vẫn hiện", "Bấm"
    ),
    Specimen("tabs", "Thẻ và bộ lọc", "Nằm trong địa chỉ trang, bỏ được từng điều kiện", "Bấm"),
    Specimen("dialog", "Hộp thoại và thực đơn", "Xác nhận việc không hoàn tác được", "Bấm"),
    Specimen("fields", "Trường nhập", "Nhãn, gợi ý, lỗi, nguồn đọc từ văn bản", "Nhập"),
    Specimen("form", "Biểu mẫu có lỗi", "Tóm tắt lỗi ở đầu, chữ đã nhập còn nguyên", "Nhập"),
    Specimen("pick", "Chip chọn", "Chủ trì, phối hợp, hạn", "Nhập"),
    Specimen(
        "picker",
        "Chọn người, chức danh, cơ quan",
        "Tìm không dấu; không có kịch bản vẫn chọn được",
        "Nhập",
    ),
    Specimen("drop", "Thả tệp và hàng chờ", "Mỗi tệp tự báo tiến độ hoặc lỗi", "Nhập"),
    Specimen("autosave", "Tự lưu", "Mỗi 5 giây và khi rời ô; mất mạng vẫn giữ chữ", "Nhập"),
    Specimen("badges", "Trạng thái", "Biểu tượng và chữ, năm sắc thái", "Trạng thái"),
    Specimen("due", "Hạn và dấu khẩn, mật", "Nói đủ bằng chữ", "Trạng thái"),
    Specimen("notes", "Ghi chú, chỗ trống, tiến độ", "Câu chữ sẵn có", "Trạng thái"),
    Specimen("toast", "Thông báo vừa xong", "8 giây, có Hoàn tác khi hoàn tác được", "Trạng thái"),
    Specimen("rows", "Dòng danh sách", "Trích yếu, loại, hạn và một việc", "Danh sách"),
    Specimen("work-rows", "Dòng hộp việc", "Chọn nhiều dòng, nhóm theo hạn", "Danh sách"),
    Specimen("cards", "Thẻ và bảng thông tin", "Tờ giấy trắng có tên và số lượng", "Danh sách"),
    Specimen("table", "Bảng sổ", "Đầu dính, số bỏ gạch son, gập trên điện thoại", "Danh sách"),
    Specimen("life", "Đường đời văn bản", "Sáu nút, giờ và số", "Văn bản"),
    Specimen("steps", "Bốn bước có hiệu lực", "Ký, cấp số, đóng dấu, phát hành", "Văn bản"),
    Specimen("verdict", "Kết luận chữ ký", "Bốn kết luận bằng lời", "Văn bản"),
    Specimen("viewer", "Xem văn bản", "Hình trang, phóng thu, dòng nguồn", "Văn bản"),
    Specimen("editor", "Khối soạn thảo", "Khối có nhãn, góp ý, so sánh, thể thức", "Văn bản"),
    Specimen("thread", "Sợi chỉ đỏ", "Sơ đồ và danh sách cùng nội dung", "Văn bản"),
    Specimen("error", "Trang báo lỗi", "400, 403, 404, 409, 422, 500", "Trang riêng"),
    Specimen("sign-in", "Trang đăng nhập", "Một tờ giấy trên bàn", "Trang riêng"),
)

SHELL: Final = Shell(
    me=Me("Đỗ Minh Khuê", "Chánh Văn phòng", "ĐK"),
    navigation=(
        NavEntry("Hôm nay", "/_ui/", "today"),
        NavEntry("Hộp việc", "/_ui/work-rows/", "inbox", count=9),
        NavEntry("Văn bản đến", "/_ui/work-page/", "incoming", section="Văn bản"),
        NavEntry("Soạn thảo", "/_ui/editor/", "draft", section="Văn bản"),
        NavEntry("Tiếp nhận", "/_ui/drop/", "intake", section="Văn bản"),
        NavEntry("Văn bản đi", "/_ui/table/", "outgoing", section="Văn bản"),
        NavEntry("Hồ sơ", "/_ui/thread/", "dossier", section="Văn bản"),
        NavEntry("Nhiệm vụ", "/_ui/rows/", "task", section="Điều hành"),
        NavEntry("Lịch", "/_ui/cards/", "calendar", section="Điều hành"),
        NavEntry("Theo dõi", "/_ui/badges/", "monitor", section="Điều hành"),
    ),
    agency_name="Tỉnh ủy Sông Lam",
    term="2025–2030",
    version="0.1",
    source_url="/_ui/",
    notices_count=5,
)

LONG_TITLE: Final = (
    "Kết luận của Ban Thường vụ Tỉnh ủy về di dời khẩn cấp các hộ dân vùng sạt lở ven sông Con, "
    "bố trí tái định cư, bảo đảm đời sống và tiếp tục thực hiện Nghị quyết Đại hội đại biểu Đảng bộ "
    "tỉnh lần thứ nhất, nhiệm kỳ 2025–2030"
)
REFUSED: Final = "Chưa ký được: văn bản chưa được Chánh Văn phòng duyệt."


class IntakeForm(forms.Form):
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


def _badges() -> list[Badge]:
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


def _table() -> dict[str, Any]:
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
            "Số bỏ: cấp cho bản ký nhầm phụ lục; người thứ hai xác nhận: Đỗ Minh Khuê",
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


def _thread() -> dict[str, Any]:
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


def _pages() -> list[PagePicture]:
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


def sample(slug: str) -> dict[str, Any]:
    """The context of one gallery page."""
    bound = IntakeForm({"code": "118-BC/ĐU", "issued_on": "31/02/2026", "subject": ""})
    context: dict[str, Any] = {
        "long_title": LONG_TITLE,
        "refused": REFUSED,
        "due_ok": Due(3, date(2026, 11, 26), "Quy chế làm việc, Điều 12"),
        "due_soon": Due(0, date(2026, 11, 23)),
        "due_now": Due(1, date(2026, 11, 24), immediate=True),
        "due_late": Due(-2, date(2026, 11, 19), "10 ngày làm việc từ ngày nhận"),
    }
    extra: dict[str, dict[str, Any]] = {
        "icons": {"icons": sorted(ICONS)},
        "tabs": {
            "tab_items": (
                Tab("Đang chờ tôi", "#", 9, current=True),
                Tab("Quá hạn", "#", 2, late=True),
                Tab("Hôm nay", "#", 0),
                Tab("Tuần này", "#", 2451),
                Tab("Chờ người khác", "#"),
            ),
            "filter_items": (
                FilterTag("Tháng 11/2026", "#"),
                FilterTag("Nơi gửi: Đảng ủy xã Đồng Mơ", "#"),
            ),
            "one_filter": (FilterTag("Tháng 11/2026", "#"),),
            "kinds": (("", "Mọi loại việc"), ("bp", "Bút phê"), ("d", "Duyệt")),
            "looks": (
                {"label": "Danh sách", "url": "#", "current": True, "icon": "columns"},
                {"label": "Sổ", "url": "#", "current": False, "icon": "book"},
            ),
        },
        "badges": {
            "badges": _badges(),
            "names": ("Đảng ủy UBND tỉnh", "4 cơ quan tham mưu", "2 đảng ủy xã"),
        },
        "due": {
            "urgencies": list(Urgency),
            "secrecies": list(Secrecy),
            "days": (-12, -1, 0, 1, 2, 2451),
        },
        "form": {"form": bound},
        "fields": {"form": IntakeForm(), "kinds": (("bc", "Báo cáo"), ("ttr", "Tờ trình"))},
        "pick": {
            "leads": (("th", "Phòng Tổng hợp"), ("hc", "Phòng Hành chính"), ("k", "Khác…")),
            "supports": (
                {"value": "tc", "label": "Phòng Tài chính đảng", "checked": True},
                {"value": "tg", "label": "Tuyên giáo và Dân vận"},
                {"value": "cy", "label": "Phòng Cơ yếu (chưa có người)", "disabled": True},
            ),
            "dues": (("0", "Hôm nay"), ("2", "Thứ Tư 25/11"), ("5", "Thứ Hai 30/11")),
        },
        "picker": {
            "people": (
                Person("1", "Vũ Ngọc Lâm", "Trưởng phòng Tổng hợp", recent=True, selected=True),
                Person("2", "Hoàng Mai Sương", "Chuyên viên, Phòng Tổng hợp", recent=True),
                Person("3", "Trịnh Thu Lệ", "Phó Chánh Văn phòng", absent="đi công tác đến 25/11"),
                Person("4", "Bùi Thị Nhạn", "Văn thư"),
                Person("5", "Đảng ủy xã Đồng Mơ", "Cơ quan cấp xã"),
            ),
        },
        "drop": {
            "files": (
                {"label": "118-BC/ĐU Đồng Mơ", "url": "#", "current": True},
                {"label": "Giấy mời 45", "url": "#"},
                {"label": "Bản quét 07:55", "url": "#", "icon": "intake"},
            ),
        },
        "life": {
            "steps": (
                LifeStep("Tiếp nhận", "done", "07:41 hôm nay"),
                LifeStep("Vào sổ", "done", "07:48, số 2451"),
                LifeStep("Bút phê", "now", "đang chờ đồng chí"),
                LifeStep("Giải quyết"),
                LifeStep("Trả lời", "off", "không cần"),
                LifeStep("Lưu hồ sơ"),
            ),
            "finished": tuple(
                LifeStep(name, "done", "20/11")
                for name in ("Tiếp nhận", "Vào sổ", "Bút phê", "Giải quyết", "Trả lời", "Lưu hồ sơ")
            ),
            "broken": (
                LifeStep("Soạn", "done"),
                LifeStep("Duyệt", "done"),
                LifeStep("Ký", "wrong", "chữ ký không hợp lệ"),
                LifeStep("Cấp số"),
                LifeStep("Đóng dấu"),
                LifeStep("Phát hành"),
            ),
        },
        "steps": {
            "recipients": ("Đảng ủy UBND tỉnh", "4 cơ quan tham mưu", "2 đảng ủy xã"),
        },
        "viewer": {"pages": _pages(), "no_pages": ()},
        "work-page": {
            "crumbs": (("Hộp việc", "/_ui/work-rows/"), ("Số đến 2451", "")),
            "pages": _pages(),
            "steps": (
                LifeStep("Tiếp nhận", "done", "07:41 hôm nay"),
                LifeStep("Vào sổ", "done", "07:48, số 2451"),
                LifeStep("Bút phê", "now", "đang chờ đồng chí"),
                LifeStep("Giải quyết"),
                LifeStep("Trả lời"),
                LifeStep("Lưu hồ sơ"),
            ),
            "leads": (("th", "Phòng Tổng hợp"), ("hc", "Phòng Hành chính")),
            "supports": (
                {"value": "tc", "label": "Phòng Tài chính đảng", "checked": True},
                {"value": "tg", "label": "Tuyên giáo và Dân vận"},
            ),
            "dues": (("0", "Hôm nay"), ("2", "Thứ Tư 25/11"), ("5", "Thứ Hai 30/11")),
        },
        "editor": {
            "faults": (
                Fault("Thiếu dấu chấm sau tên loại", "HD36, mục III.4", "trang 1, dòng 6", "#"),
                Fault("Kết luận 3 chưa có thời hạn", "", "Kết luận 3"),
            ),
            "hostile": '<script>alert("x")</script>',
            "old": "27 hộ phải di dời trước ngày 15/4/2027",
            "new": "27 hộ ở nơi nguy cấp phải di dời xong trước ngày 11/12/2026",
        },
        "cards": {
            "facts": (
                ("Văn bản", "Báo cáo 118-BC/ĐU"),
                ("Ngày", date(2026, 11, 20)),
                ("Chữ ký", Badge("Hợp lệ", "ok")),
                ("Ghi chú", ""),
            ),
        },
        "error": {
            "error_samples": (
                (
                    400,
                    "Yêu cầu không đọc được",
                    "Nội dung gửi lên không đúng dạng nên việc chưa được thực hiện. Đồng chí quay lại trang trước rồi gửi lại.",
                ),
                (
                    403,
                    "Chưa làm được việc này",
                    "Người soạn thảo không tự duyệt văn bản của mình. Trưởng phòng Vũ Ngọc Lâm là người duyệt.",
                ),
                (
                    404,
                    "Không tìm thấy",
                    "Không tìm thấy trang này, hoặc đồng chí không có quyền xem. Kiểm tra lại đường dẫn.",
                ),
                (
                    409,
                    "Nội dung vừa thay đổi",
                    "Văn bản vừa được Trịnh Thu Lệ bút phê lúc 08:31. Đồng chí xem ý kiến mới trước khi gửi ý kiến của mình.",
                ),
                (
                    422,
                    "Nội dung gửi lên chưa đúng",
                    "Chưa vào sổ được: thiếu Ngày văn bản. Đồng chí nhập ngày ghi ở góc phải trang 1.",
                ),
                (
                    500,
                    "Hệ thống gặp lỗi",
                    "Hệ thống gặp lỗi, việc chưa được thực hiện. Mã sự cố 7F3K-21; phòng Cơ yếu đã được báo.",
                ),
            ),
        },
    }
    context |= extra.get(slug, {})
    if slug == "table":
        context |= _table()
    if slug == "thread":
        context |= _thread()
    return context
