"""The acts that change a file: personal signature, number and date, seal.

Every function takes the bytes of a PDF and gives new bytes that begin with the old ones.
Source: signatures.md 2-4.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import io
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields as sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleTrustManager

from nhactruong.kernel.errors import OutsideFailure, RuleBroken
from nhactruong.records.signing.engine.appearance import (
    Drawing,
    draw_image,
    draw_nothing,
    field_box,
    place_field,
)
from nhactruong.records.signing.engine.certificates import Holder, may_sign_documents
from nhactruong.records.signing.engine.fields import fill_number_and_date
from nhactruong.records.signing.engine.geometry import A4, Box, PageSize, seal_box
from nhactruong.records.signing.engine.identity import Certified, SigningIdentity
from nhactruong.records.signing.engine.interrupted import DIGEST, Prepared, fill, prepare
from nhactruong.records.signing.engine.trust import RootKind, TrustList
from nhactruong.records.signing.engine.validation import verify
from nhactruong.records.signing.engine.verdicts import FileVerdict, ReasonCode, SignatureVerdict

__all__ = [
    "A4",
    "Box",
    "PageSize",
    "ReadyToSign",
    "SignedPdf",
    "ValidationContextFactory",
    "fill_number_and_date",
    "finish",
    "prepare_personal",
    "prepare_seal",
    "seal",
    "seal_box",
    "sign_personal",
]

#: What a personal signature may lack and still be sealed: the time stamp can be added later.
_TOLERATED_BEFORE_SEAL: Final = frozenset({ReasonCode.NO_TIMESTAMP})

T = TypeVar("T")
ValidationContextFactory = Callable[[], ValidationContext]


@dataclass(frozen=True)
class SignedPdf:
    """A signed file, and where its image was really drawn (None for an invisible signature)."""

    content: bytes
    sha256: str
    field_name: str
    signed_at: datetime
    drawn: Box | None


@dataclass(frozen=True)
class ReadyToSign:
    """A file with an empty place for a signature, for whose key, and where its image is drawn."""

    prepared: Prepared
    field_name: str
    signer: Certified
    drawn: Box | None

    @property
    def to_be_signed(self) -> bytes:
        """The bytes the key signs."""
        return self.prepared.to_be_signed


def prepare_personal(
    pdf: bytes,
    *,
    identity: Certified,
    field_name: str = "SIG_PERSON_1",
    image_png: bytes | None = None,
    image_box: Box | None = None,
    signed_at: datetime,
    reserve: Mapping[str, Box] | None = None,
) -> ReadyToSign:
    """The file ready for a person's signature; the key of `identity` is not asked.

    The first signature of a file certifies it: afterwards forms may be filled and signatures
    added, nothing else. While the file is unsigned the field moves to `image_box`, and `reserve`
    may move other empty fields (the seal's); in a signed file fields stay where they are.
    Raises: RuleBroken `signing.certificate_unusable`, `signing.field_missing`,
    `signing.field_signed`, `signing.box_outside_field`, `signing.file_unreadable`,
    `signing.refused`.
    """
    _require_usable(identity, signed_at)
    writer = _open(pdf)
    first = not any(sig_fields.enumerate_sig_fields(writer.prev, filled_status=True))
    field = _empty_field(writer, field_name)
    if first:
        if image_box is not None:
            place_field(writer, field, image_box)
        for name, box in (reserve or {}).items():
            place_field(writer, _empty_field(writer, name), box)
    metadata = PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm=DIGEST,
        subfilter=sig_fields.SigSeedSubFilter.PADES,
        certify=first,
        docmdp_permissions=sig_fields.MDPPerm.FILL_FORMS,
    )
    drawing = _drawing(writer, field, image_png, image_box)
    return _prepare(writer, metadata, identity, drawing, signed_at)


def prepare_seal(
    pdf: bytes,
    *,
    identity: Certified,
    field_name: str = "SIG_AGENCY",
    image_png: bytes | None,
    image_box: Box | None,
    validation_context_factory: ValidationContextFactory,
    sealed_at: datetime,
) -> ReadyToSign:
    """The file ready for an agency's seal; the key of `identity` is not asked.

    `validation_context_factory` gives a fresh context at `sealed_at` with roots, authorities and
    revocation lists. No field is locked: the verifier forbids later filling.
    Raises: RuleBroken `signing.no_personal_signature` without a valid personal signature,
    `signing.earlier_signature_bad` when any earlier signature fails, and as `prepare_personal`.
    Source: signatures.md 2 (rules).
    """
    _require_usable(identity, sealed_at)
    context = validation_context_factory()
    _require_personal_signature(verify_with_context(pdf, context, now=sealed_at))
    writer = _open(pdf)
    field = _empty_field(writer, field_name)
    metadata = PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm=DIGEST,
        subfilter=sig_fields.SigSeedSubFilter.PADES,
        validation_context=context,
        signer_key_usage={"digital_signature"},
    )
    drawing = _drawing(writer, field, image_png, image_box)
    return _prepare(writer, metadata, identity, drawing, sealed_at)


def finish(
    ready: ReadyToSign,
    signature: bytes,
    *,
    tsa: TimeStamper | None,
    validation_context_factory: ValidationContextFactory | None = None,
    now: datetime | None = None,
) -> SignedPdf:
    """The file with what the key answered: PAdES B-T, B-B without `tsa`; B-LTA with a context.

    With a context the file keeps the certificates and revocation lists of every signature in it,
    under a document time stamp, and verifies with the network off.
    `now` is our clock when the stamp is asked for. Raises: RuleBroken `signing.wrong_answer` when
    another key made that signature, `signing.clock_off`, `signing.refused`; OutsideFailure
    `signing.service_unreachable`. Source: signatures.md 4.
    """
    factory = validation_context_factory
    content = _run(
        fill(
            ready.prepared,
            signature,
            certificate=ready.signer.certificate,
            chain=ready.signer.chain,
            tsa=tsa,
            lasting=factory() if factory is not None else None,
            now=now,
        )
    )
    return SignedPdf(
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        field_name=ready.field_name,
        signed_at=ready.prepared.moment,
        drawn=ready.drawn,
    )


def sign_personal(
    pdf: bytes, *, identity: SigningIdentity, tsa: TimeStamper | None, **how: Any
) -> SignedPdf:
    """`prepare_personal` and `finish` with a key that is at hand."""
    ready = prepare_personal(pdf, identity=identity, **how)
    return finish(ready, _at_hand(identity, ready), tsa=tsa)


def seal(
    pdf: bytes,
    *,
    identity: SigningIdentity,
    tsa: TimeStamper,
    validation_context_factory: ValidationContextFactory,
    **how: Any,
) -> SignedPdf:
    """`prepare_seal` and `finish` with a key that is at hand."""
    factory = validation_context_factory
    ready = prepare_seal(pdf, identity=identity, validation_context_factory=factory, **how)
    signature = _at_hand(identity, ready)
    return finish(ready, signature, tsa=tsa, validation_context_factory=factory)


def verify_with_context(pdf: bytes, context: ValidationContext, *, now: datetime) -> FileVerdict:
    """The verdict on a file by the roots, authorities and lists of a signing context."""
    manager = context.path_builder.trust_manager
    roots = list(manager.iter_certs()) if isinstance(manager, SimpleTrustManager) else []
    trust = TrustList.of(roots, kind=RootKind.OFFICIAL_DUTY, version="signing-context")
    trust = dataclasses.replace(
        trust,
        intermediates_der=tuple(certificate.dump() for certificate in context.certificate_registry),
    )
    return verify(pdf, trust=trust, now=now, crls=[one.dump() for one in context.crls])


def _require_usable(identity: Certified, moment: datetime) -> None:
    """Refuse a certificate out of its validity or made for something else."""
    certificate = identity.certificate
    in_force = certificate.not_valid_before <= moment <= certificate.not_valid_after
    if not in_force or not may_sign_documents(certificate):
        raise RuleBroken(
            "signing.certificate_unusable",
            "Chứng thư số của %(signer)s hết hạn, chưa có hiệu lực hoặc không được cấp để ký văn "
            "bản. Kiểm tra chứng thư rồi ký lại.",
            signer=identity.subject_common_name,
        )


def _require_personal_signature(verdict: FileVerdict) -> None:
    acceptable = {
        report.field_name
        for report in verdict.signatures
        if report.verdict is SignatureVerdict.VALID
        or (
            report.verdict is SignatureVerdict.VALID_WITH_WARNINGS
            and set(report.reasons) <= _TOLERATED_BEFORE_SEAL
        )
    }
    personal = [one for one in verdict.signatures if one.purpose is Holder.PERSON]
    if not any(one.field_name in acceptable for one in personal):
        raise RuleBroken(
            "signing.no_personal_signature",
            "Văn bản chưa có chữ ký số hợp lệ của người có thẩm quyền nên chưa đóng dấu được. "
            "Trình ký lại rồi đóng dấu sau.",
            reasons=[str(code) for one in personal for code in one.reasons],
        )
    bad = [one for one in verdict.signatures if one.field_name not in acceptable]
    if bad:
        raise RuleBroken(
            "signing.earlier_signature_bad",
            "Chữ ký của %(signer)s trên văn bản không đạt khi kiểm tra nên chưa đóng dấu được. "
            "Xem kết quả kiểm tra chữ ký rồi trình ký lại.",
            signer=bad[0].signer,
            reasons=[str(code) for code in bad[0].reasons],
        )


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    try:
        return IncrementalPdfFileWriter(io.BytesIO(pdf))
    except (misc.PdfError, ValueError) as error:
        raise RuleBroken(
            "signing.file_unreadable",
            "Tệp PDF không đọc được nên không ký được. Lập lại bản trình ký.",
        ) from error


def _empty_field(writer: IncrementalPdfFileWriter, name: str) -> generic.DictionaryObject:
    for _, value, reference in sig_fields.enumerate_sig_fields(writer, with_name=name):
        if value is not None:
            raise RuleBroken(
                "signing.field_signed",
                "Ô chữ ký “%(field)s” đã được ký, không ký lần nữa.",
                field=name,
            )
        field: generic.DictionaryObject = reference.get_object()
        return field
    raise RuleBroken(
        "signing.field_missing",
        "Bản trình ký không có ô chữ ký “%(field)s”. Lập lại bản trình ký từ bản thảo.",
        field=name,
    )


def _drawing(
    writer: IncrementalPdfFileWriter,
    field: generic.DictionaryObject,
    image_png: bytes | None,
    image_box: Box | None,
) -> Drawing:
    place = field_box(writer, field)
    if image_png is None:
        return draw_nothing(place)
    return draw_image(image_png, image_box=image_box or place, field=place)


def _prepare(
    writer: IncrementalPdfFileWriter,
    metadata: PdfSignatureMetadata,
    identity: Certified,
    drawing: Drawing,
    moment: datetime,
) -> ReadyToSign:
    prepared = _run(
        prepare(
            writer,
            metadata,
            certificate=identity.certificate,
            chain=identity.chain,
            drawing=drawing,
            moment=moment,
        )
    )
    return ReadyToSign(prepared, str(metadata.field_name), identity, drawing.drawn)


def _at_hand(identity: SigningIdentity, ready: ReadyToSign) -> bytes:
    return _run(identity.signer_factory().async_sign_raw(ready.to_be_signed, DIGEST))


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except (SigningError, PathError, ValidationError) as error:
        raise RuleBroken(
            "signing.refused",
            "Chứng thư số của người ký không dùng được lúc này (hết hạn, bị thu hồi hoặc không rõ "
            "nguồn gốc). Kiểm tra chứng thư rồi ký lại.",
            detail=str(error),
        ) from error
    except OSError as error:
        raise OutsideFailure(
            "signing.service_unreachable",
            "Dịch vụ dấu thời gian hoặc thiết bị ký không trả lời. Chờ ít phút rồi ký lại.",
            detail=str(error),
        ) from error
