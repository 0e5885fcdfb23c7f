"""A letter typeset, signed, numbered, sealed and verified, beside bare pyHanko on the same bytes."""

from __future__ import annotations

import io
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from django.conf import settings
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields as sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.stamp import StaticStampStyle

from nhactruong.assembly.bench.figures import Times, times
from nhactruong.assembly.bench.papers import letter
from nhactruong.kernel import clock
from nhactruong.records.drafting.typesetting import freeze_for_signing, typeset
from nhactruong.records.signing.engine import acts, images
from nhactruong.records.signing.engine.interrupted import DIGEST
from nhactruong.records.signing.engine.testpki import TestPki
from nhactruong.records.signing.engine.validation import verify

T = TypeVar("T")

_PERSON: Final = ("Trần Thị Thử", "Phó Bí thư", "TEST-bench")
_NUMBER: Final = "Số 15-CV/ĐU"
_DATE: Final = "Sông Lam, ngày 15 tháng 9 năm 2026"
_AGENCY: Final = ("Đảng ủy Thử nghiệm", "TEST-bench-agency")


@dataclass(frozen=True, slots=True)
class Papers:
    """Times of each step; `raw_` is pyHanko called directly with the same key and time stamps."""

    typeset: Times
    freeze: Times
    sign: Times
    raw_sign: Times
    fill: Times
    seal: Times
    verify: Times
    raw_verify: Times

    @property
    def sign_share(self) -> float:
        """Our speed of signing as a share of bare pyHanko's (1.0: the same)."""
        return self.raw_sign.p50 / self.sign.p50 if self.sign.p50 else 0.0

    @property
    def verify_share(self) -> float:
        """Our speed of verifying as a share of bare pyHanko's."""
        return self.raw_verify.p50 / self.verify.p50 if self.verify.p50 else 0.0


def measure(rounds: int) -> Papers:
    """Every step `rounds` times, ours and bare in turns, the first of each not counted."""
    fonts = Path(settings.VENDOR_FOLDER) / "fonts" / "tinos"
    spent: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[[], T]) -> T:
        begun = time.perf_counter()
        done = act()
        spent.setdefault(name, []).append(time.perf_counter() - begun)
        return done

    with tempfile.TemporaryDirectory() as folder:
        pki = TestPki(Path(folder))
        person, agency = pki.person(*_PERSON), pki.agency(*_AGENCY)
        tsa, trust = pki.tsa(), pki.trust_list()
        dice = random.Random(11)  # noqa: S311 (the same letters every time)
        signature = images.signature_png(_PERSON[0])
        round_seal = images.seal_png(_AGENCY[0], font_folder=fonts)
        for _ in range(rounds + 1):
            paper = letter(dice, sentences=12)
            printed = timed("typeset", partial(typeset, paper))
            frozen = timed("freeze", partial(freeze_for_signing, printed))
            now = clock.now()
            sign = partial(
                acts.sign_personal, identity=person, image_png=signature, tsa=tsa, signed_at=now
            )
            signed = timed("sign", partial(sign, frozen)).content
            timed("raw_sign", partial(_raw_sign, frozen, person, tsa, signature))
            fill = partial(acts.fill_number_and_date, number_line=_NUMBER, date_line=_DATE)
            filled = timed("fill", partial(fill, signed, font_path=fonts))
            put_seal = partial(acts.seal, identity=agency, image_png=round_seal, image_box=None)
            sealed = timed(
                "seal",
                partial(
                    put_seal,
                    filled,
                    tsa=tsa,
                    validation_context_factory=partial(pki.validation_context, now),
                    sealed_at=now,
                ),
            ).content
            judge = partial(verify, trust=trust, now=now, crls=pki.crls(now))
            timed("verify", partial(judge, sealed))
            timed("raw_verify", partial(_raw_verify, sealed, pki, now))
    return Papers(**{name: times(found[1:]) for name, found in spent.items()})


def _raw_sign(frozen: bytes, identity: Any, tsa: Any, image: bytes) -> None:
    """The same signature with the same image, drawn by pyHanko's own stamp."""
    metadata = PdfSignatureMetadata(
        field_name="SIG_PERSON_1",
        md_algorithm=DIGEST,
        subfilter=sig_fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=sig_fields.MDPPerm.FILL_FORMS,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(frozen))
    stamp = StaticStampStyle(
        background=PdfImage(Image.open(io.BytesIO(image))), border_width=0, background_opacity=1
    )
    PdfSigner(metadata, identity.signer_factory(), timestamper=tsa, stamp_style=stamp).sign_pdf(
        writer, existing_fields_only=True
    )


def _raw_verify(sealed: bytes, pki: TestPki, now: Any) -> None:
    reader = PdfFileReader(io.BytesIO(sealed))
    for signature in reader.embedded_regular_signatures:
        validate_pdf_signature(signature, pki.validation_context(now))
    for stamp in reader.embedded_timestamp_signatures:
        validate_pdf_timestamp(stamp, pki.validation_context(now))
