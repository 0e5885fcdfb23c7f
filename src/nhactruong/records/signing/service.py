"""The one door to keys: prepare, ask, finish. Nothing here touches the database.

A key that is at hand answers between the two halves; one on the signer's own PC answers later, and
the file waits prepared. Source: signatures.md 2-5.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields as sig_fields

from nhactruong.kernel import clock
from nhactruong.kernel.errors import OutsideFailure, RuleBroken
from nhactruong.records.signing import surroundings
from nhactruong.records.signing.engine import acts, standing
from nhactruong.records.signing.engine.appearance import field_box
from nhactruong.records.signing.engine.geometry import Box
from nhactruong.records.signing.engine.identity import Certified
from nhactruong.records.signing.engine.interrupted import DIGEST
from nhactruong.records.signing.ports import KeyInUse, Made, Mode, Provider, registered
from nhactruong.records.signing.providers.remote import RemoteKeys
from nhactruong.records.signing.providers.server_token import TokenKeys
from nhactruong.records.signing.soft import SoftKeys

PERSONAL_FIELD: Final = "SIG_PERSON_1"
SEAL_FIELD: Final = "SIG_AGENCY"


class SigningService:
    """What the office needs of its keys, whichever way they are reached."""

    def __init__(self, providers: Mapping[Mode, Provider]) -> None:
        self._providers = providers

    def enrol(self, key: KeyInUse, *, is_agency: bool) -> None:
        """See to it that the holder has a key and a certificate (sample office)."""
        self._at_hand(key).certified(key, is_agency=is_agency)

    def prepare_personal(self, pdf: bytes, key: KeyInUse, picture: bytes) -> acts.ReadyToSign:
        """The file with an empty place for the person's signature, blue picture in its box."""
        now = clock.now()
        return acts.prepare_personal(
            pdf,
            identity=self._certified(key, now, is_agency=False),
            field_name=PERSONAL_FIELD,
            image_png=picture,
            image_box=_box_of(pdf, PERSONAL_FIELD),
            signed_at=now,
        )

    def finish_personal(self, ready: acts.ReadyToSign, signature: bytes) -> Made:
        """The signed file: B-T, or B-B while no authority stamps the time."""
        tsa = surroundings.time_stamper()
        level = "B-T" if tsa is not None else "B-B"
        try:
            signed = acts.finish(ready, signature, tsa=tsa, now=clock.now())
        except OutsideFailure:
            # The seal's own stamp proves the time later.
            signed, level = acts.finish(ready, signature, tsa=None), "B-B"
        return Made(signed.content, _facts(ready.signer, signed, level), signed.signed_at)

    def prepare_seal(self, pdf: bytes, key: KeyInUse, picture: bytes) -> acts.ReadyToSign:
        """The file with an empty place for the agency's seal, red picture in its box."""
        now = clock.now()
        return acts.prepare_seal(
            pdf,
            identity=self._certified(key, now, is_agency=True),
            field_name=SEAL_FIELD,
            image_png=picture,
            image_box=_box_of(pdf, SEAL_FIELD),
            validation_context_factory=lambda: surroundings.validation_context(now),
            sealed_at=now,
        )

    def finish_seal(self, ready: acts.ReadyToSign, signature: bytes) -> Made:
        """The sealed file (B-LTA) with validation data for every signature.

        Raises: OutsideFailure `signing.service_unreachable` while no authority stamps the time.
        """
        tsa = surroundings.time_stamper()
        if tsa is None:
            raise OutsideFailure(
                "signing.service_unreachable",
                "Chưa cấu hình dịch vụ cấp dấu thời gian nên chưa đóng dấu được. Đề nghị báo quản "
                "trị hệ thống.",
            )
        moment = ready.prepared.moment
        sealed = acts.finish(
            ready,
            signature,
            tsa=tsa,
            validation_context_factory=lambda: surroundings.validation_context(moment),
            now=clock.now(),
        )
        return Made(sealed.content, _facts(ready.signer, sealed, "B-LTA"), moment)

    def fill(self, pdf: bytes, *, number_line: str, date_line: str) -> bytes:
        """The file with number and date printed as an incremental update; no key is asked."""
        return acts.fill_number_and_date(
            pdf,
            number_line=number_line,
            date_line=date_line,
            font_path=surroundings.fonts(),
        )

    def ask(
        self,
        key: KeyInUse,
        to_be_signed: Sequence[bytes],
        secret: str = "",
        *,
        is_agency: bool = False,
    ) -> list[bytes]:
        """What a key at hand answers: a raw signature for each, in their order."""
        return self._at_hand(key).sign(key, to_be_signed, secret, is_agency=is_agency)

    def sign_personal(self, pdf: bytes, key: KeyInUse, picture: bytes, secret: str = "") -> Made:
        """`prepare_personal`, `ask` and `finish_personal` in one."""
        ready = self.prepare_personal(pdf, key, picture)
        (signature,) = self.ask(key, [ready.to_be_signed], secret)
        return self.finish_personal(ready, signature)

    def seal(self, pdf: bytes, key: KeyInUse, picture: bytes, secret: str = "") -> Made:
        """`prepare_seal`, `ask` and `finish_seal` in one."""
        ready = self.prepare_seal(pdf, key, picture)
        (signature,) = self.ask(key, [ready.to_be_signed], secret, is_agency=True)
        return self.finish_seal(ready, signature)

    def _at_hand(self, key: KeyInUse) -> Provider:
        provider = self._providers.get(key.mode)
        if provider is None:
            raise RuleBroken(
                "signing.no_service",
                "Máy chủ chưa nối với loại thiết bị ký này. Đề nghị báo quản trị hệ thống.",
            )
        return provider

    def _certified(self, key: KeyInUse, now: datetime, *, is_agency: bool) -> Certified:
        """The certificate of the key, good at `now`: said before anything is asked of the key."""
        if key.mode is Mode.AGENT:
            certified = registered(key)
        else:
            certified = self._at_hand(key).certified(key, is_agency=is_agency)
        basis = surroundings.trust_basis(now)
        standing.require_good(certified, trust=basis.trust, crls=basis.crls, moment=now)
        return certified


@cache
def signing_service() -> SigningService:
    """The signing service of this installation: the ways to keys that its settings open."""
    providers: dict[Mode, Provider] = {Mode.SOFT: SoftKeys()}
    if settings.PKCS11_MODULE:
        providers[Mode.PKCS11] = TokenKeys(Path(settings.PKCS11_MODULE))
    if settings.CSC_URL:
        providers[Mode.CSC] = RemoteKeys(settings.CSC_URL, settings.CSC_TOKEN)
    return SigningService(providers)


def _box_of(pdf: bytes, field_name: str) -> Box:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for _, _, reference in sig_fields.enumerate_sig_fields(writer, with_name=field_name):
        return field_box(writer, reference.get_object())
    raise RuleBroken(
        "signing.field_missing", "Bản trình ký không có ô chữ ký. Lập lại bản trình ký."
    )


def _facts(signer: Certified, signed: acts.SignedPdf, level: str) -> dict[str, Any]:
    certificate, drawn = signer.certificate, signed.drawn
    return {
        "subject_name": signer.subject_common_name,
        "serial": signer.serial,
        "subject": certificate.subject.human_friendly,
        "issuer": certificate.issuer.human_friendly,
        "level": level,
        "digest_algorithm": DIGEST,
        "time_stamped_at": signed.signed_at if level != "B-B" else None,
        "box": (
            {"page": drawn.page, "x": drawn.x, "y": drawn.y, "w": drawn.width, "h": drawn.height}
            if drawn
            else {}
        ),
    }
