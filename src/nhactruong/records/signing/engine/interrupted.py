"""A signature in two halves: the file made ready, and finished with what the key answered.

Between the halves the key may be anywhere: in this process, a token, an HSM, a remote service, the
signer's own machine. What the key signs is the DER of the signed attributes; they hold the digest
of the file. Source: signatures.md 5 (interface).
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Final

from asn1crypto import algos, cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import (
    PdfTBSDocument,
    PostSignInstructions,
    PreSignValidationStatus,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import collect_validation_info
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import SimpleCertificateStore

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.signing.engine.appearance import Drawing

DIGEST: Final = "sha256"
#: Place kept for the longest raw signature (RSA of 4096 bits), and for a time stamp with its
#: certificates: no authority is asked before the key has signed.
_LONGEST_SIGNATURE: Final = 512
_LONGEST_STAMP: Final = 8192
#: So far our clock may lie from the authority's.
_CLOCKS_APART: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file with an empty place for one signature, and what a key must sign to fill it."""

    content: bytes
    #: Where `/Contents` begins and ends in `content`.
    place: tuple[int, int]
    document_digest: bytes
    #: DER of the signed attributes (a SET OF): the very bytes the key signs.
    to_be_signed: bytes
    moment: datetime

    @property
    def digest(self) -> bytes:
        """SHA-256 of what the key signs, for keys that take a digest."""
        return hashlib.sha256(self.to_be_signed).digest()


def mechanism_of(certificate: x509.Certificate) -> algos.SignedDigestAlgorithm:
    """How the key of that certificate signs: RSA (PKCS #1 v1.5) or ECDSA, over SHA-256.

    Raises: RuleBroken `signing.certificate_unusable` for another kind of key.
    """
    names = {"rsa": "sha256_rsa", "ec": "sha256_ecdsa"}
    name = names.get(certificate.public_key.algorithm)
    if name is None:
        raise RuleBroken(
            "signing.certificate_unusable",
            "Khóa của chứng thư số này thuộc loại không dùng để ký văn bản. Đề nghị bộ phận Cơ yếu.",
        )
    return algos.SignedDigestAlgorithm({"algorithm": name})


async def prepare(
    writer: IncrementalPdfFileWriter,
    metadata: PdfSignatureMetadata,
    *,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    drawing: Drawing,
    moment: datetime,
) -> Prepared:
    """The file of `writer` with the signature's place in it; the key has not been asked yet."""
    signer = _outside(certificate, chain, bytes(_LONGEST_SIGNATURE))
    session = PdfSigner(metadata, signer, stamp_style=drawing.style).init_signing_session(
        writer, existing_fields_only=True
    )
    session.system_time = moment
    information = await session.perform_presign_validation(writer)
    reserved = await session.estimate_signature_container_size(information)
    document = session.prepare_tbs_document(
        validation_info=information,
        bytes_reserved=reserved + 2 * _LONGEST_STAMP,
        appearance_text_params=None,
    )
    digest, output = document.digest_tbs_document()
    attributes = await signer.signed_attrs(
        digest.document_digest,
        DIGEST,
        attr_settings=PdfCMSSignedAttributes(signing_time=moment),
        use_pades=True,
    )
    return Prepared(
        content=_read(output),
        place=(digest.reserved_region_start, digest.reserved_region_end),
        document_digest=digest.document_digest,
        to_be_signed=attributes.dump(),
        moment=moment,
    )


async def fill(
    prepared: Prepared,
    signature: bytes,
    *,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    tsa: TimeStamper | None,
    lasting: ValidationContext | None = None,
    now: datetime | None = None,
) -> bytes:
    """The signed file: the raw `signature` in its CMS, time-stamped by `tsa` when there is one.

    With `lasting` the file keeps the validation data of every signature under a document time
    stamp (B-LTA). Raises: RuleBroken `signing.wrong_answer` when the key of the certificate did
    not make that signature, `signing.clock_off` when the authority's clock tells another time than
    `now` (the prepared moment, when none is said).
    """
    require_made_by(certificate, prepared.to_be_signed, signature)
    signer = _outside(certificate, chain, signature)
    made = await signer.async_sign_prescribed_attributes(
        DIGEST, cms.CMSAttributes.load(prepared.to_be_signed), timestamper=tsa
    )
    _require_same_time(made, now or prepared.moment)
    output = io.BytesIO(prepared.content)
    place = PreparedByteRangeDigest(prepared.document_digest, *prepared.place)
    filled = PdfTBSDocument.resume_signing(output, place, made, validation_context=lasting)
    if lasting is not None:
        filled.post_sign_instructions = await _lasting(output, lasting, tsa)
        await filled.post_signature_processing(output)
    return _read(output)


def _require_same_time(made: cms.ContentInfo, moment: datetime) -> None:
    """Nothing when there is no time stamp, or it tells about the same time as our clock."""
    (signer,) = made["content"]["signer_infos"]
    stamps = [
        token
        for attribute in signer["unsigned_attrs"].native or ()
        if attribute["type"] == "signature_time_stamp_token"
        for token in attribute["values"]
    ]
    for token in stamps:
        told: datetime = token["content"]["encap_content_info"]["content"]["gen_time"]
        apart = abs(told - moment)
        if apart > _CLOCKS_APART:
            raise RuleBroken(
                "signing.clock_off",
                "Giờ của máy chủ lệch %(minutes)s phút so với dịch vụ cấp dấu thời gian nên chưa ký "
                "được; văn bản còn nguyên. Đề nghị quản trị hệ thống chỉnh giờ máy chủ rồi ký lại.",
                minutes=round(apart.total_seconds() / 60),
            )


def require_made_by(certificate: x509.Certificate, signed: bytes, signature: bytes) -> None:
    """Nothing when the key of the certificate made that signature over those bytes.

    Raises: RuleBroken `signing.wrong_answer`.
    """
    key = load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
            return
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
            return
    except (InvalidSignature, ValueError):
        pass
    raise RuleBroken(
        "signing.wrong_answer",
        "Chữ ký do thiết bị trả về không khớp với chứng thư đã chọn, văn bản chưa được ký. Kiểm tra "
        "thiết bị, chọn đúng chứng thư rồi ký lại.",
    )


def _outside(
    certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], signature: bytes
) -> ExternalSigner:
    return ExternalSigner(
        signing_cert=certificate,
        cert_registry=SimpleCertificateStore.from_certs(list(chain)),
        signature_value=signature,
        signature_mechanism=mechanism_of(certificate),
    )


async def _lasting(
    output: io.BytesIO, context: ValidationContext, tsa: TimeStamper | None
) -> PostSignInstructions:
    """What is added behind the signature: validation data of all signatures, then a time stamp."""
    paths: list[ValidationPath] = []
    for signature in PdfFileReader(output).embedded_regular_signatures:
        paths += await collect_validation_info(signature, context)
    own = paths[-1]
    if tsa is not None:
        paths += [path async for path in tsa.validation_paths(context)]
    return PostSignInstructions(
        PreSignValidationStatus(
            signer_path=own,
            validation_paths=paths,
            crls_to_embed=context.crls,
            ocsps_to_embed=context.ocsps,
        ),
        timestamper=tsa,
        timestamp_md_algorithm=DIGEST,
    )


def _read(output: IO[bytes]) -> bytes:
    output.seek(0)
    content: bytes = output.read()
    return content
