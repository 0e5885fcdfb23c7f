"""What must hold on a machine before an office is started; each check raises its own refusal."""

from __future__ import annotations

import errno
import importlib.util
import shutil
import socket
from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.postgres_contents import OLDEST_VERSION
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

SPACE_NEEDED_BYTES: Final = 500_000_000
LIBRARIES: Final = (
    *("allauth", "argon2", "certomancer", "dj_database_url", "django", "django_htmx", "docx"),
    *("granian", "holidays", "lunar_vn", "ninja", "pikepdf", "PIL", "procrastinate"),
    *("psycopg", "pyhanko", "pypdfium2", "pyrage", "tesserocr", "typst", "whitenoise"),
)
#: Lies in the state folder from the first byte restored until everything was.
RESTORE_MARK: Final = "restore-unfinished"
_ZONES: Final = Path("/usr/share/zoneinfo/UTC")


def libraries_present() -> None:
    """Every library can be found.

    Raises: Refusal (`LIBRARY_MISSING`) naming all that cannot.
    """
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise Refusal(
            ExitCode.LIBRARY_MISSING,
            "operator.library_missing",
            "Thiếu thư viện %(names)s nên chưa khởi động được; hãy chạy `make setup`.",
            names=", ".join(missing),
        )
    if not _ZONES.exists():
        raise Refusal(
            ExitCode.LIBRARY_MISSING,
            "operator.zones_missing",
            "Máy chưa có dữ liệu múi giờ nên cơ sở dữ liệu không tính được giờ; hãy cài gói "
            "tzdata.",
        )


def space_left(installation: Installation) -> None:
    """The disk of the state folder has room.

    Raises: Refusal (`DISK_FULL`).
    """
    free_bytes = shutil.disk_usage(installation.var).free
    if free_bytes < SPACE_NEEDED_BYTES:
        raise Refusal(
            ExitCode.DISK_FULL,
            "operator.disk_full",
            "Ổ đĩa chứa %(var)s chỉ còn %(free)s MB, cần ít nhất %(needed)s MB; hãy dọn bớt "
            "hoặc đặt NHACTRUONG_VAR sang ổ đĩa khác.",
            var=installation.var,
            free=free_bytes // 1_000_000,
            needed=SPACE_NEEDED_BYTES // 1_000_000,
        )


def restore_finished(installation: Installation) -> None:
    """No restore was broken off here: half an office must not open.

    Raises: Refusal (`RESTORE_REFUSED`).
    """
    if (installation.var / RESTORE_MARK).exists():
        raise Refusal(
            ExitCode.RESTORE_REFUSED,
            "operator.restore_unfinished",
            "Lần phục hồi vào %(var)s bị ngắt giữa chừng nên dữ liệu chưa đủ; hãy xóa thư mục ấy "
            "rồi phục hồi lại.",
            var=installation.var,
        )


def port_free(installation: Installation) -> None:
    """Nobody listens on our address.

    Raises: Refusal (`PORT_BUSY`; `SETTING_INVALID` for an address that is not this machine's).
    """
    family = socket.AF_INET6 if ":" in installation.host else socket.AF_INET
    with socket.socket(family) as listener:
        # Connections of a server just stopped linger; they do not make the port busy.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((installation.host, installation.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refusal(
                    ExitCode.PORT_BUSY,
                    "operator.port_busy",
                    "Cổng %(bind)s đang được chương trình khác sử dụng; hãy dừng chương trình "
                    "ấy hoặc đặt NHACTRUONG_BIND sang cổng khác.",
                    bind=installation.bind,
                ) from error
            raise Refusal(
                ExitCode.SETTING_INVALID,
                "operator.address_unusable",
                "Không mở được địa chỉ %(bind)s trên máy này (%(reason)s); hãy đặt lại "
                "NHACTRUONG_BIND, ví dụ 127.0.0.1:8000.",
                bind=installation.bind,
                reason=error.strerror or error,
            ) from error


def database_answers(url: str, *, name: str = "DATABASE_URL") -> None:
    """The database behind `url` lets us in, is recent enough and stores Unicode.

    Raises: Refusal (`DATABASE_SILENT`; `SETTING_INVALID` for a server we cannot use).
    """
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.ProgrammingError as error:
        raise Refusal(
            ExitCode.SETTING_INVALID,
            "operator.database_address_invalid",
            "Địa chỉ cơ sở dữ liệu ghi ở %(name)s sai cú pháp; hãy ghi theo dạng "
            "postgresql://người-dùng@máy-chủ/tên-kho.",
            name=name,
        ) from error
    except psycopg.OperationalError as error:
        where = conninfo_to_dict(url)
        raise Refusal(
            ExitCode.DATABASE_SILENT,
            "operator.database_silent",
            "Cơ sở dữ liệu ghi ở %(name)s (máy chủ %(host)s, kho %(database)s) không trả lời; "
            "hãy kiểm tra máy chủ, mạng và mật khẩu rồi khởi động lại.",
            name=name,
            host=where.get("host") or "trên máy này",
            database=where.get("dbname") or "?",
        ) from error
    if version < OLDEST_VERSION or encoding != "UTF8":
        raise Refusal(
            ExitCode.SETTING_INVALID,
            "operator.database_unsuitable",
            "Máy chủ ở %(name)s là PostgreSQL %(version)s, bảng mã %(encoding)s; cần bản "
            "%(oldest)s trở lên, bảng mã UTF8.",
            name=name,
            version=version,
            encoding=encoding,
            oldest=OLDEST_VERSION,
        )
