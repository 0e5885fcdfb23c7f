"""The sample office's keys: software keys of the test PKI, behind the port.

Refused in production: a test root must never stand behind a real document.
Source: signatures.md 5 (mode "soft"), 8.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields as sig_fields

from nhactruong.kernel import clock
from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.signing.engine import acts, images
from nhactruong.records.signing.engine.appearance import field_box
from nhactruong.records.signing.engine.geometry import Box
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.testpki import TestPki
from nhactruong.records.signing.ports import Holder, Made, SigningService

PERSONAL_FIELD = "SIG_PERSON_1"
SEAL_FIELD = "SIG_AGENCY"


def _box_of(pdf: bytes, field_name: str) -> Box:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for _, _, reference in sig_fields.enumerate_sig_fields(writer, with_name=field_name):
        return field_box(writer, reference.get_object())
    raise RuleBroken(
        "signing.field_missing", "Bản trình ký không có ô chữ ký. Lập lại bản trình ký."
    )


def _facts(identity: SigningIdentity, signed: acts.SignedPdf, level: str) -> dict[str, Any]:
    certificate = identity.certificate
    drawn = signed.drawn
    return {
        "subject_name": identity.subject_common_name,
        "serial": identity.serial,
        "subject": certificate.subject.human_friendly,
        "issuer": certificate.issuer.human_friendly,
        "level": level,
        "digest_algorithm": acts.DIGEST,
        "time_stamped_at": signed.signed_at,
        "box": (
            {"page": drawn.page, "x": drawn.x, "y": drawn.y, "w": drawn.width, "h": drawn.height}
            if drawn
            else {}
        ),
    }


class SoftSigningService:
    """`SigningService` over the test PKI kept in the state folder."""

    def __init__(self, pki: TestPki, fonts: Path) -> None:
        self._pki = pki
        self._fonts = fonts

    def enrol(self, holder: Holder, *, is_agency: bool) -> None:
        """See to it that the holder has a key and a certificate."""
        if is_agency:
            self._pki.agency(holder.name, holder.subject_id)
        else:
            self._pki.person(holder.name, holder.unit, holder.subject_id)

    def sign_personal(self, pdf: bytes, holder: Holder) -> Made:
        """The file with the person's signature (B-T) and blue image in its box."""
        identity = self._pki.person(holder.name, holder.unit, holder.subject_id)
        now = clock.now()
        signed = acts.sign_personal(
            pdf,
            identity=identity,
            field_name=PERSONAL_FIELD,
            image_png=images.signature_png(holder.name),
            image_box=_box_of(pdf, PERSONAL_FIELD),
            tsa=self._pki.tsa(),
            signed_at=now,
        )
        return Made(signed.content, _facts(identity, signed, "B-T"), now)

    def fill(self, pdf: bytes, *, number_line: str, date_line: str) -> bytes:
        """The file with number and date printed as an incremental update."""
        return acts.fill_number_and_date(
            pdf, number_line=number_line, date_line=date_line, font_path=self._fonts
        )

    def seal(self, pdf: bytes, holder: Holder, *, diameter_mm: int) -> Made:
        """The file with the agency's red seal (B-LTA) and validation data for every signature."""
        identity = self._pki.agency(holder.name, holder.subject_id)
        now = clock.now()
        sealed = acts.seal(
            pdf,
            identity=identity,
            field_name=SEAL_FIELD,
            image_png=images.seal_png(
                holder.name, font_folder=self._fonts, diameter_mm=diameter_mm
            ),
            image_box=_box_of(pdf, SEAL_FIELD),
            tsa=self._pki.tsa(),
            validation_context_factory=lambda: self._pki.validation_context(now),
            sealed_at=now,
        )
        return Made(sealed.content, _facts(identity, sealed, "B-LTA"), now)


def signing_service() -> SigningService:
    """The signing service of this installation.

    Raises: RuleBroken `signing.no_service` in production until a real one is configured.
    """
    if settings.ENVIRONMENT == "production":
        raise RuleBroken(
            "signing.no_service",
            "Chưa cấu hình dịch vụ ký số của Ban Cơ yếu nên chưa ký được. Đề nghị bộ phận Cơ yếu.",
        )
    return _sample_service()


@cache
def _sample_service() -> SoftSigningService:
    return SoftSigningService(sample_pki(), Path(settings.VENDOR_FOLDER) / "fonts" / "tinos")


@cache
def sample_pki() -> TestPki:
    """The test PKI of the sample office; its keys are made when they are first needed."""
    return TestPki(Path(settings.PKI_FOLDER))
