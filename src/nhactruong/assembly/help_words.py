"""Short how-to of each role, in the words of the screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from nhactruong.kernel.states import Role


@dataclass(frozen=True, slots=True)
class HowTo:
    """One thing to do, step by step, and who does it."""

    title: str
    roles: frozenset[Role]
    steps: Sequence[str]


_LEADERS: Final = frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY})
_DIRECTORS: Final = _LEADERS | {Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF}
_CLERKS: Final = frozenset({Role.CLERK})
_HEADS: Final = frozenset({Role.HEAD_OF_DIVISION, Role.DEPUTY_CHIEF, Role.CHIEF_OF_OFFICE})
_DRAFTERS: Final = frozenset({Role.SPECIALIST, Role.HEAD_OF_DIVISION, Role.DEPUTY_CHIEF})
_KEEPERS: Final = _DRAFTERS | {Role.ARCHIVIST, Role.CLERK, Role.CHIEF_OF_OFFICE}
_TECHNICAL: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
_EVERYBODY: Final = frozenset(Role)

HOW_TO: Final = (
    HowTo(
        "Ký một văn bản",
        _LEADERS | {Role.CHIEF_OF_OFFICE},
        (
            "Mở Hôm nay. Văn bản cần ký trước nhất nằm ở trên cùng, kèm việc ai đã duyệt.",
            "Bấm Đọc và ký, đọc bản trình ký.",
            "Bấm Ký và nhập mã xác nhận. Nếu chưa đồng ý, bấm Trả lại và nêu lý do.",
        ),
    ),
    HowTo(
        "Kiểm tra chữ ký của một tệp PDF",
        _EVERYBODY - _TECHNICAL,
        (
            "Mở Kiểm tra chữ ký, chọn tệp, bấm Kiểm tra. Tệp không được lưu lại.",
            "Đọc kết luận, từng bước kiểm tra và những trang bị đổi sau khi ký.",
            "Cần giữ thì tải báo cáo PDF. Chỉ “Hợp lệ” mới dùng làm căn cứ ngay.",
        ),
    ),
    HowTo(
        "Bút phê văn bản đến",
        _DIRECTORS,
        (
            "Mở văn bản từ Hộp việc.",
            "Chọn nơi chủ trì, nơi phối hợp, hạn; ghi ý kiến nếu cần.",
            "Bấm Gửi bút phê. Việc chuyển ngay đến nơi chủ trì.",
        ),
    ),
    HowTo(
        "Vào sổ văn bản đến",
        _CLERKS,
        (
            "Mở Tiếp nhận, kéo tệp vào trang hoặc bấm Chọn tệp.",
            "Đối chiếu từng trường với dòng được tô sáng trên trang văn bản, sửa chỗ chưa đúng.",
            "Bấm Vào sổ và trình, hoặc phím F9. Số đến được cấp ngay.",
        ),
    ),
    HowTo(
        "Cấp số, đóng dấu, phát hành",
        _CLERKS,
        (
            "Mở văn bản đã ký từ Hộp việc.",
            "Làm lần lượt từng bước: Cấp số, Đóng dấu, Phát hành.",
            "Theo dõi nơi nhận xác nhận ngay trên trang văn bản đi.",
        ),
    ),
    HowTo(
        "Giao chuyên viên",
        _HEADS,
        (
            "Mở văn bản có việc Giao việc trong Hộp việc.",
            "Chọn chuyên viên, ghi dặn dò nếu cần, bấm Giao.",
        ),
    ),
    HowTo(
        "Duyệt một dự thảo",
        _HEADS,
        (
            "Mở dự thảo từ Hộp việc; bản bên phải đúng như khi in.",
            "Góp ý tại chỗ. Bấm Duyệt, hoặc Trả lại và nêu lý do.",
        ),
    ),
    HowTo(
        "Soạn văn bản",
        _DRAFTERS,
        (
            "Từ văn bản đến được giao, bấm Soạn trả lời; hoặc mở Soạn thảo và chọn loại văn bản.",
            "Nhập nội dung vào từng khối. Thể thức tự đúng; nội dung tự lưu sau vài giây.",
            "Chọn nơi nhận, người ký rồi gửi duyệt.",
        ),
    ),
    HowTo(
        "Lập và kết thúc hồ sơ",
        _KEEPERS,
        (
            "Mở Hồ sơ, bấm Lập hồ sơ, chọn mục trong danh mục của năm.",
            "Lưu văn bản vào hồ sơ ngay trên trang của văn bản, hoặc thêm từ trang hồ sơ.",
            "Xong việc thì in mục lục và bấm Kết thúc hồ sơ.",
        ),
    ),
    HowTo(
        "Tìm lại một văn bản",
        _EVERYBODY - _TECHNICAL,
        (
            "Bấm phím / hoặc ô tìm ở đầu trang.",
            "Gõ số, ký hiệu hoặc vài chữ trong trích yếu; không cần gõ dấu.",
            "Từ văn bản tìm được, bấm Sợi chỉ đỏ để xem mọi việc liên quan.",
        ),
    ),
    HowTo(
        "Xem tình trạng bản cài đặt",
        _TECHNICAL,
        (
            "Mở Quản trị: các bộ phận, hàng đợi, nhật ký, ổ đĩa.",
            "Dòng đánh dấu cảnh báo nói rõ bộ phận nào chưa chạy đúng.",
        ),
    ),
)


def for_roles(roles: Iterable[Role]) -> list[HowTo]:
    """What these roles do, in the order of the list."""
    held = frozenset(roles)
    return [one for one in HOW_TO if one.roles & held]
