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
from typing import Any, Final

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
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.interrupted import DIGEST, finish, prepare
from nhactruong.records.signing.engine.trust import RootKind, TrustList
from nhactruong.records.signing.engine.validation import verify
from nhactruong.records.signing.engine.verdicts import FileVerdict, ReasonCode, SignatureVerdict

__all__ = [
    "A4",
    "Box",
    "PageSize",
    "SignedPdf",
    "ValidationContextFactory",
    "fill_number_and_date",
    "seal",
    "seal_box",
    "sign_personal",
]

#: What a personal signature may lack and still be sealed: the time stamp can be added later.
_TOLERATED_BEFORE_SEAL: Final = frozenset({ReasonCode.NO_TIMESTAMP})

ValidationContextFactory = Callable[[], ValidationContext]


@dataclass(frozen=True)
class SignedPdf:
    """A signed file, and where its image was really drawn (None for an invisible signature)."""

    content: bytes
    sha256: str
    field_name: str
    signed_at: datetime
    drawn: Box | None


def sign_personal(
    pdf: bytes,
    *,
    identity: SigningIdentity,
    field_name: str = "SIG_PERSON_1",
    image_png: bytes | None = None,
    image_box: Box | None = None,
    tsa: TimeStamper | None,
    signed_at: datetime,
    reserve: Mapping[str, Box] | None = None,
) -> SignedPdf:
    """The file signed by a person: PAdES B-T, or B-B when there is no time-stamping authority.

    The first signature of a file certifies it: afterwards forms may be filled and signatures
    added, nothing else. While the file is unsigned the field moves to `image_box`, and `reserve`
    may move other empty fields (the seal's); in a signed file fields stay where they are.
    Raises: RuleBroken `signing.certificate_unusable`, `signing.field_missing`,
    `signing.field_signed`, `signing.box_outside_field`, `signing.file_unreadable`,
    `signing.refused`; OutsideFailure `signing.service_unreachable`.
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
    drawing = _drawing(writer, field, image_png, image_box)
    metadata = PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm=DIGEST,
        subfilter=sig_fields.SigSeedSubFilter.PADES,
        certify=first,
        docmdp_permissions=sig_fields.MDPPerm.FILL_FORMS,
    )
    content = _run(_sign(writer, metadata, identity, tsa, drawing, signed_at))
    return _signed(content, field_name, signed_at, drawing)


def seal(
    pdf: bytes,
    *,
    identity: SigningIdentity,
    field_name: str = "SIG_AGENCY",
    image_png: bytes | None,
    image_box: Box | None,
    tsa: TimeStamper,
    validation_context_factory: ValidationContextFactory,
    sealed_at: datetime,
) -> SignedPdf:
    """The file sealed by an agency, PAdES B-LTA, ready to be verified with the network off.

    The file keeps the certificates and revocation lists for every signature in it, under a
    document time stamp. `validation_context_factory` gives a fresh context at `sealed_at` with
    roots, authorities and revocation lists. No field is locked: the verifier forbids later filling.
    Raises: RuleBroken `signing.no_personal_signature` without a valid personal signature,
    `signing.earlier_signature_bad` when any earlier signature fails, and as `sign_personal`.
    Source: signatures.md 2 (rules), 4.
    """
    _require_usable(identity, sealed_at)
    context = validation_context_factory()
    _require_personal_signature(verify_with_context(pdf, context, now=sealed_at))
    writer = _open(pdf)
    field = _empty_field(writer, field_name)
    drawing = _drawing(writer, field, image_png, image_box)
    metadata = PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm=DIGEST,
        subfilter=sig_fields.SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
        signer_key_usage={"digital_signature"},
    )
    content = _run(_sign(writer, metadata, identity, tsa, drawing, sealed_at))
    return _signed(content, field_name, sealed_at, drawing)


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


def _require_usable(identity: SigningIdentity, moment: datetime) -> None:
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


async def _sign(
    writer: IncrementalPdfFileWriter,
    metadata: PdfSignatureMetadata,
    identity: SigningIdentity,
    tsa: TimeStamper | None,
    drawing: Drawing,
    moment: datetime,
) -> bytes:
    """The signed file when the key is at hand: both halves of `interrupted` in one go."""
    prepared = await prepare(
        writer,
        metadata,
        certificate=identity.certificate,
        chain=identity.chain,
        drawing=drawing,
        tsa=tsa,
        moment=moment,
    )
    signature = await identity.signer_factory().async_sign_raw(prepared.to_be_signed, DIGEST)
    return await finish(
        prepared,
        signature,
        certificate=identity.certificate,
        chain=identity.chain,
        tsa=tsa,
        lasting=metadata.validation_context,
    )


def _run(work: Coroutine[Any, Any, bytes]) -> bytes:
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


def _signed(content: bytes, field_name: str, moment: datetime, drawing: Drawing) -> SignedPdf:
    return SignedPdf(
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        field_name=field_name,
        signed_at=moment,
        drawn=drawing.drawn,
    )
