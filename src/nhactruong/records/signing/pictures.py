"""Pictures of signatures and seals: taken out of the vault for one act, and given to nobody else.

Source: signatures.md 3.5.
"""

from __future__ import annotations

from django.conf import settings

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.signing import selectors, surroundings, vault
from nhactruong.records.signing.models import SignaturePicture, SigningKey


def take_out(key: SigningKey, *, diameter_mm: int | None = None) -> bytes:
    """The picture (PNG) of whoever holds the key; the sample office draws one where none is kept.

    Raises: RuleBroken `signing.no_picture`.
    """
    kept = selectors.picture_of(key)
    if kept is not None:
        return vault.take_out(bytes(kept.content), purpose=purpose_of(kept))
    if settings.ENVIRONMENT == "production":
        raise RuleBroken(
            "signing.no_picture",
            "Chưa có hình chữ ký (hình dấu) của %(holder)s nên chưa ký được. Đề nghị phụ trách an "
            "toàn cất hình vào kho.",
            holder=key.subject_name,
        )
    return surroundings.sample_picture(selectors.in_use(key), diameter_mm=diameter_mm)


def purpose_of(picture: SignaturePicture) -> str:
    """What the vault is told the picture is for."""
    return f"picture:{picture.holder_kind}:{picture.holder_id}"


def fingerprint_of(key: SigningKey) -> str:
    """SHA-256 (hex) of the picture in use, by which the record names it; "" for a drawn sample."""
    kept = selectors.picture_of(key)
    return kept.sha256 if kept is not None else ""
