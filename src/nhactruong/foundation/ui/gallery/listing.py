"""The components of the gallery and the shell around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nhactruong.foundation.ui.shapes import (
    Me,
    NavEntry,
    Shell,
)


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
