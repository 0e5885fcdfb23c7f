"""What may not be left as it came when real work is done here (`NHACTRUONG_ENV=production`).

One table, read by every start and by `nhactruong doctor`. Source: security.md 6 V7, V13.
"""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_OURS: Final = "nhactruong.assembly.settings"
_SHORTEST_KEY: Final = 40
_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_SAFE_SSL: Final = ("require", "verify-ca", "verify-full")


@dataclass(frozen=True, slots=True)
class Database:
    """What the login of the application is and may do, and whether sample accounts are there."""

    is_superuser: bool = False
    may_change_record: bool = False
    has_sample_accounts: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """An installation with its environment; `database` is empty when it was not asked."""

    installation: Installation
    environ: Mapping[str, str]
    database: Database = field(default_factory=Database)

    def said(self, name: str) -> list[str]:
        """The words of a setting that is a list with commas."""
        return [word.strip() for word in self.environ.get(name, "").split(",") if word.strip()]

    def is_open_to_others(self, name: str = "") -> bool:
        """Whether other users of the machine may look at that part of the state folder."""
        path = self.installation.var / name
        return path.exists() and bool(path.stat().st_mode & _FOR_OTHERS)


@dataclass(frozen=True, slots=True)
class Danger:
    """An unsafe default: how it is recognised and the sentence that says what to do."""

    code: str
    stands: Callable[[Scene], bool]
    sentence: str
    #: A warning is told and the office opens all the same.
    is_warning: bool = False


def _weak_key(scene: Scene) -> bool:
    given = scene.environ.get("NHACTRUONG_SECRET_KEY")
    return given is not None and given != "" and len(given) < _SHORTEST_KEY


def _plain_origin(scene: Scene) -> bool:
    origins = scene.said("NHACTRUONG_ORIGINS")
    return not origins or not all(one.startswith("https://") for one in origins)


def _any_host(scene: Scene) -> bool:
    hosts = scene.said("NHACTRUONG_HOSTS")
    return not hosts or any(one == "testserver" or one.startswith(("*", ".")) for one in hosts)


def _sample_keys(scene: Scene) -> bool:
    folder = scene.installation.var / "pki"
    return folder.is_dir() and any(folder.iterdir())


def _bare_bind(scene: Scene) -> bool:
    host = scene.installation.host
    return not _is_loopback(host) and not scene.environ.get("NHACTRUONG_PROXY")


def _bad_proxy(scene: Scene) -> bool:
    return not all(_is_address(one) for one in scene.said("NHACTRUONG_PROXY"))


def _open_line(scene: Scene) -> bool:
    """Whether words travel to the database of another machine without a closed line."""
    url = scene.installation.database_url
    if url is None:
        return False
    told = conninfo_to_dict(url)
    host = str(told.get("host") or "")
    is_here = not host or host.startswith("/") or _is_loopback(host)
    return not is_here and told.get("sslmode") not in _SAFE_SSL


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


DANGERS: Final[Sequence[Danger]] = (
    Danger(
        "sample_accounts",
        lambda scene: scene.database.has_sample_accounts,
        "Cơ sở dữ liệu còn tài khoản mẫu mà ai cũng biết mật khẩu; hãy dùng một cơ sở dữ liệu trống.",
    ),
    Danger(
        "sample_keys",
        _sample_keys,
        "Thư mục dữ liệu còn khóa ký thử nghiệm (pki/); hãy dùng một thư mục dữ liệu chưa từng nạp "
        "bản mẫu.",
    ),
    Danger(
        "secret_key_open",
        lambda scene: scene.is_open_to_others("secret-key"),
        "Tệp secret-key cho người khác trên máy đọc được; hãy chạy chmod 600 trên tệp ấy.",
    ),
    Danger(
        "secret_key_weak",
        _weak_key,
        f"NHACTRUONG_SECRET_KEY ngắn hơn {_SHORTEST_KEY} ký tự; hãy đặt một chuỗi ngẫu nhiên dài hơn "
        "hoặc bỏ trống để chương trình tự tạo.",
    ),
    Danger(
        "state_folder_open",
        lambda scene: scene.is_open_to_others(),
        "Thư mục dữ liệu cho người khác trên máy vào được; hãy chạy chmod 700 trên thư mục ấy.",
    ),
    Danger(
        "hosts",
        _any_host,
        "NHACTRUONG_HOSTS chưa đặt hoặc nhận mọi tên; hãy ghi đúng tên miền của văn phòng.",
    ),
    Danger(
        "origins",
        _plain_origin,
        "NHACTRUONG_ORIGINS chưa đặt hoặc không phải https; hãy ghi địa chỉ https:// mà cán bộ mở.",
    ),
    Danger(
        "bind",
        _bare_bind,
        "NHACTRUONG_BIND mở ra ngoài máy mà chưa khai máy chủ HTTPS phía trước; hãy đặt "
        "NHACTRUONG_PROXY là địa chỉ máy ấy, hoặc chỉ mở 127.0.0.1.",
    ),
    Danger(
        "proxy",
        _bad_proxy,
        "NHACTRUONG_PROXY phải là địa chỉ IP, cách nhau bằng dấu phẩy; hãy đặt lại.",
    ),
    Danger(
        "second_factor",
        lambda scene: (scene.environ.get("NHACTRUONG_SECOND_FACTOR") or "forced") != "forced",
        "NHACTRUONG_SECOND_FACTOR không bắt buộc xác thực hai bước; hãy bỏ biến này hoặc đặt forced.",
    ),
    Danger(
        "settings_module",
        lambda scene: (scene.environ.get("DJANGO_SETTINGS_MODULE") or _OURS) != _OURS,
        "DJANGO_SETTINGS_MODULE trỏ tới cấu hình khác, có thể đang bật chế độ gỡ lỗi; hãy bỏ biến này.",
    ),
    Danger(
        "database_superuser",
        lambda scene: scene.database.is_superuser,
        "Tài khoản cơ sở dữ liệu của chương trình có quyền quản trị máy chủ; hãy dùng một tài khoản "
        "thường.",
    ),
    Danger(
        "database_rights",
        lambda scene: scene.database.may_change_record,
        "Tài khoản cơ sở dữ liệu của chương trình xóa được nhật ký; hãy đặt DATABASE_OWNER_URL là "
        "tài khoản riêng sở hữu các bảng.",
    ),
    Danger(
        "database_line",
        _open_line,
        "Đường truyền tới cơ sở dữ liệu ở máy khác chưa mã hóa; hãy thêm sslmode=verify-full vào "
        "DATABASE_URL.",
    ),
    Danger(
        "backup_key",
        lambda scene: (
            not scene.environ.get("NHACTRUONG_BACKUP_RECIPIENTS")
            and not scene.environ.get("NHACTRUONG_BACKUP_PASSPHRASE")
        ),
        "Chưa có khóa sao lưu; hãy đặt NHACTRUONG_BACKUP_RECIPIENTS và hẹn giờ chạy nhactruong backup.",
        is_warning=True,
    ),
    Danger(
        "root",
        lambda scene: os.geteuid() == 0,
        "Chương trình đang chạy bằng tài khoản root; hãy tạo một tài khoản riêng cho văn phòng.",
        is_warning=True,
    ),
)


def standing(scene: Scene) -> Iterator[Danger]:
    """The dangers that stand in this scene, in the order of the table."""
    return (danger for danger in DANGERS if danger.stands(scene))


def look(installation: Installation, environ: Mapping[str, str], url: str | None) -> Scene:
    """The scene of an installation; the database is asked when its `url` is given."""
    if url is None:
        return Scene(installation, environ)
    return Scene(installation, environ, _asked(url))


def require_safe(installation: Installation, url: str | None, say: Callable[[str], None]) -> None:
    """Nothing in production that may not be left as it came; warnings are told.

    Raises: Refusal (`UNSAFE`) with every sentence at once.
    """
    if installation.env != "production":
        return
    found = list(standing(look(installation, os.environ, url)))
    for danger in found:
        if danger.is_warning:
            say(f"Lưu ý: {danger.sentence}")
    refused = [danger.sentence for danger in found if not danger.is_warning]
    if refused:
        raise Refusal(
            ExitCode.UNSAFE,
            "operator.unsafe",
            "Chưa mở văn phòng vì còn %(count)s chỗ không an toàn:\n%(sentences)s",
            count=len(refused),
            sentences="\n".join(f"- {sentence}" for sentence in refused),
        )


def _asked(url: str) -> Database:
    with psycopg.connect(url, connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT r.rolsuper OR r.rolcreaterole, to_regclass('audit_auditrow') IS NOT NULL"
            " FROM pg_roles r WHERE r.rolname = current_user"
        ).fetchone()
        is_superuser, has_tables = row or (False, False)
        if not has_tables:
            return Database(is_superuser=bool(is_superuser))
        rights = connection.execute(
            "SELECT has_table_privilege('audit_auditrow', 'DELETE')"
            " OR has_table_privilege('audit_auditrow', 'TRUNCATE'),"
            " EXISTS (SELECT 1 FROM accounts_user WHERE is_sample)"
        ).fetchone()
    may_change, has_sample = rights or (False, False)
    return Database(bool(is_superuser), bool(may_change), bool(has_sample))
