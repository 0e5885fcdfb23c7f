"""Settings of sign-in that are read from the environment: second factor, OpenID Connect, mail."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from nhactruong.assembly.environment import BadSetting, choice
from nhactruong.foundation.accounts.rules import OUTSIDE_PROVIDER

_FACTOR_MODES: Final = ("off", "forced")
_OIDC_ADDRESS: Final = "NHACTRUONG_OIDC_URL"
_SMTP: Final = "NHACTRUONG_SMTP_URL"
#: Scheme of the address → (port when none is given, TLS from the first byte, STARTTLS).
_MAIL_SCHEMES: Final = {
    "smtp": (25, False, False),
    "smtp+tls": (587, False, True),
    "smtps": (465, True, False),
}


def second_factor(environment: str) -> str:
    """`off` or `forced`; an installation in earnest cannot switch it off."""
    in_earnest = environment == "production"
    mode = choice("NHACTRUONG_SECOND_FACTOR", _FACTOR_MODES, "forced" if in_earnest else "off")
    if in_earnest and mode == "off":
        raise BadSetting(
            "NHACTRUONG_SECOND_FACTOR",
            mode,
            "khi NHACTRUONG_ENV=production thì người quản trị, người ký và người đóng dấu phải có "
            "bước xác nhận thứ hai",
        )
    return mode


def outside_provider() -> dict[str, Any]:
    """The provider of identities as allauth wants it; empty when none is named.

    Authorization code with PKCE; the signature of the identity is always checked.
    Source: security.md 6 V10.
    """
    address = os.environ.get(_OIDC_ADDRESS, "")
    if not address:
        return {}
    client_id = os.environ.get("NHACTRUONG_OIDC_CLIENT_ID", "")
    parts = urlsplit(address)
    is_near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.scheme not in (("https", "http") if is_near else ("https",)):
        raise BadSetting(_OIDC_ADDRESS, address, "cần địa chỉ https của nơi cấp danh tính")
    if not client_id:
        raise BadSetting("NHACTRUONG_OIDC_CLIENT_ID", "", "cần mã của ứng dụng tại nơi cấp")
    app = {
        "provider_id": OUTSIDE_PROVIDER,
        "name": os.environ.get("NHACTRUONG_OIDC_NAME") or "tài khoản dùng chung",
        "client_id": client_id,
        "secret": os.environ.get("NHACTRUONG_OIDC_CLIENT_SECRET", ""),
        "settings": {
            "server_url": address,
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,
            "scope": ["openid"],
            "uid_field": os.environ.get("NHACTRUONG_OIDC_SUBJECT_FIELD") or "sub",
        },
    }
    return {"openid_connect": {"APPS": [app]}}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def mail_settings() -> tuple[str, MailServer]:
    """(Django's e-mail backend, the server): a folder under the state unless a server is named.

    `NHACTRUONG_SMTP_URL` is `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://`, then
    `user:password@host:port`.
    """
    value = os.environ.get(_SMTP, "")
    if not value:
        return "django.core.mail.backends.filebased.EmailBackend", MailServer()
    parts = urlsplit(value)
    if parts.scheme not in _MAIL_SCHEMES or not parts.hostname:
        # The address may hold a password: it is not repeated.
        raise BadSetting(_SMTP, "…", "cần dạng smtp://, smtp+tls:// hoặc smtps:// và tên máy chủ")
    port, is_tls, starts_tls = _MAIL_SCHEMES[parts.scheme]
    server = MailServer(
        host=parts.hostname,
        port=parts.port or port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starts_tls=starts_tls,
        is_tls=is_tls,
    )
    return "django.core.mail.backends.smtp.EmailBackend", server
