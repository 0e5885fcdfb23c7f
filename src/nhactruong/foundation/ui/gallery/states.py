"""The context of each gallery page: one component in every state."""

from __future__ import annotations

from datetime import date
from typing import Any

from nhactruong.foundation.ui.icons import ICONS
from nhactruong.foundation.ui.shapes import (
    Badge,
    Due,
    Fault,
    FilterTag,
    LifeStep,
    Person,
    Tab,
)
from nhactruong.kernel.states import Secrecy, Urgency

from .records import LONG_TITLE, REFUSED, IntakeForm, badges, pages, red_thread, register


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
            "badges": badges(),
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
        "viewer": {"pages": pages(), "no_pages": ()},
        "work-page": {
            "crumbs": (("Hộp việc", "/_ui/work-rows/"), ("Số đến 2451", "")),
            "pages": pages(),
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
                    "Nội dung gửi lên không đúng dạng nên việc chưa được thực hiện. "
                    "Đồng chí quay lại trang trước rồi gửi lại.",
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
                    "Văn bản vừa được Trịnh Thu Lệ bút phê lúc 08:31. "
                    "Đồng chí xem ý kiến mới trước khi gửi ý kiến của mình.",
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
        context |= register()
    if slug == "thread":
        context |= red_thread()
    return context
