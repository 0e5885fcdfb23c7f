"""What allauth asks this house: how secrets rest, who we are for a security key, who may come in.

Nothing of allauth's own pages or sign-up is plugged in; its tables, checks of codes and keys,
and its OpenID Connect client are.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest

_NONCE_BYTES = 12
_NAME = "Nhạc Trưởng"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by himself; addresses of clients are the server's own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are made by the office."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the server was called from; headers of the caller are not believed."""
        return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104  # unknown, not bound


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors rest sealed; a key belongs to the host of this installation."""

    def encrypt(self, text: str) -> str:
        """`text` under AES-256-GCM with a key drawn from the installation's secret."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), None)
        return base64.urlsafe_b64encode(nonce + sealed).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given, also under a former secret of the installation.

        Raises: InvalidTag when no known secret opens it.
        """
        raw = base64.urlsafe_b64decode(encrypted_text)
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                opened = AESGCM(_key(secret)).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None)
            except InvalidTag:
                continue
            return opened.decode()
        raise InvalidTag

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host (already held against ALLOWED_HOSTS) for which a key is made and asked."""
        return {"id": context.request.get_host().partition(":")[0], "name": _NAME}


def _key(secret: str | bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nhactruong.second_factor")
    return derived.derive(secret.encode() if isinstance(secret, str) else secret)


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """An identity of a provider opens the account it was attached to, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: an administrator attaches the identity."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Hands a checked answer over before allauth would sign anybody in."""
        from nhactruong.foundation.accounts.views import outside

        outside.recognised(request, sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Says in our words that nobody was recognised."""
        from nhactruong.foundation.accounts.views import outside

        outside.not_recognised(request)
