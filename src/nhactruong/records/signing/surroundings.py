"""What this installation signs with beside a key: time stamps, trust, pictures.

The sample office has its own authorities. A production installation asks the time-stamping
authority of its settings and rests on the roots and revocation lists in `trust/`.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko_certvalidator import ValidationContext

from nhactruong.records.signing.engine import images
from nhactruong.records.signing.engine.trust_folder import TrustBasis, kept_in
from nhactruong.records.signing.ports import KeyInUse
from nhactruong.records.signing.soft import sample_pki

_TSA_SECONDS: Final = 6


def time_stamper() -> TimeStamper | None:
    """The time-stamping authority of this installation; None while none is configured."""
    if settings.TSA_URL:
        return _authority(settings.TSA_URL)
    return None if settings.ENVIRONMENT == "production" else sample_pki().tsa()


@cache
def _authority(url: str) -> TimeStamper:
    return HTTPTimeStamper(url, timeout=_TSA_SECONDS)


def trust_basis(at: datetime) -> TrustBasis:
    """Whom this installation trusts, and the revocation lists that are here at `at`."""
    if settings.ENVIRONMENT == "production":
        return kept_in(Path(settings.TRUST_FOLDER))
    pki = sample_pki()
    return TrustBasis(pki.trust_list(), pki.crls(at))


def validation_context(at: datetime) -> ValidationContext:
    """Roots, authorities and revocation lists as they stand at `at`; nothing is fetched."""
    basis = trust_basis(at)
    return ValidationContext(
        trust_roots=list(basis.trust.root_certificates),
        other_certs=list(basis.trust.intermediates),
        crls=list(basis.crls),
        moment=at,
        revocation_mode="require",
        allow_fetching=False,
    )


def fonts() -> Path:
    """The folder of the faces that number and date are printed in."""
    return Path(settings.VENDOR_FOLDER) / "fonts" / "tinos"


def sample_picture(key: KeyInUse, *, diameter_mm: int | None) -> bytes:
    """A picture drawn for the sample office: of a seal when a diameter is said."""
    if diameter_mm is None:
        return images.signature_png(key.name)
    return images.seal_png(key.name, font_folder=fonts(), diameter_mm=diameter_mm)
