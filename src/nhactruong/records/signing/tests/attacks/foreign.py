"""Signatures as other tools make them: plain CMS, validation data and time stamps added later."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from collections.abc import Callable
from datetime import datetime

from asn1crypto import algos, cms, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper, SimpleSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore

from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.tests.attacks import papers
from nhactruong.records.signing.tests.attacks.updates import (
    appended,
    body_of,
    fresh_number,
    signature_values,
)
from nhactruong.records.signing.tests.conftest import Office

MessageMaker = Callable[[bytes], bytes]

_RESERVED_BYTES = 6000


def signed_by_hand(
    pdf: bytes, make: MessageMaker, *, subfilter: str = "adbe.pkcs7.detached", type_: str = "Sig"
) -> bytes:
    """The paper with an invisible signature; `make` gives the message for the signed bytes."""
    number = fresh_number(pdf)
    gap = b"<" + b"0" * (2 * _RESERVED_BYTES) + b">"
    value = (
        b"<< /Type /%s /Filter /Adobe.PPKLite /SubFilter /%s /ByteRange [%s] /Contents %s >>"
        % (
            type_.encode(),
            subfilter.encode(),
            b"0 " + b" " * 40,
            gap,
        )
    )
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Hand) /Rect [0 0 0 0] /F 132 /P 3 0 R "
    catalog = re.sub(rb"(/Fields \[[^\]]*)\]", rb"\g<1> %d 0 R]" % number, body_of(pdf, 1))
    page = re.sub(rb"(/Annots \[[^\]]*)\]", rb"\g<1> %d 0 R]" % number, body_of(pdf, papers.PAGE))
    prepared = appended(
        pdf,
        {
            papers.CATALOG: catalog,
            papers.PAGE: page,
            number: field + b"/V %d 0 R >>" % (number + 1),
            number + 1: value,
        },
    )
    begin = prepared.rindex(gap)
    end = begin + len(gap)
    numbers = b"[0 %d %d %d]" % (begin, end, len(prepared) - end)
    empty = prepared.rindex(b"[0 " + b" " * 40 + b"]")
    prepared = prepared[:empty] + numbers.ljust(44) + prepared[empty + 44 :]
    message = make(prepared[:begin] + prepared[end:]).hex().encode()
    return prepared[: begin + 1] + message.ljust(2 * _RESERVED_BYTES, b"0") + prepared[end - 1 :]


def private_key(identity: SigningIdentity) -> ec.EllipticCurvePrivateKey:
    """The key of a sample identity."""
    signer = identity.signer_factory()
    assert isinstance(signer, SimpleSigner)
    key = serialization.load_der_private_key(signer.signing_key.dump(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def plain_message(identity: SigningIdentity) -> MessageMaker:
    """Messages as OpenSSL makes them, without signed attributes, hence without any time."""

    def make(signed: bytes) -> bytes:
        builder = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(signed)
            .add_signer(
                load_der_x509_certificate(identity.certificate_der),
                private_key(identity),
                hashes.SHA256(),
            )
        )
        for link in identity.chain_der:
            builder = builder.add_certificate(load_der_x509_certificate(link))
        return builder.sign(
            serialization.Encoding.DER,
            [
                pkcs7.PKCS7Options.DetachedSignature,
                pkcs7.PKCS7Options.NoAttributes,
                pkcs7.PKCS7Options.Binary,
            ],
        )

    return make


def weak_message(identity: SigningIdentity, digest: str) -> MessageMaker:
    """Messages of an old tool: the paper's digest by MD5 or SHA-1."""

    def make(signed: bytes) -> bytes:
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["data"]},
                {"type": "message_digest", "values": [hashlib.new(digest, signed).digest()]},
            ]
        )
        value = private_key(identity).sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        certificate = x509.Certificate.load(identity.certificate_der)
        info = {
            "version": "v1",
            "sid": cms.IssuerAndSerialNumber(
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": value,
        }
        chain = [certificate, *(x509.Certificate.load(link) for link in identity.chain_der)]
        data = {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
            "encap_content_info": {"content_type": "data"},
            "certificates": chain,
            "signer_infos": [info],
        }
        message = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})
        return bytes(message.dump())

    return make


def with_validation_data(office: Office, pdf: bytes, at: datetime) -> bytes:
    """The paper with certificates and revocation lists of its last signature (B-LT)."""
    out = io.BytesIO(pdf)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
    DocumentSecurityStore.add_dss(
        out,
        signature.pkcs7_content.hex().encode(),
        validation_context=office.pki.validation_context(at),
        certs=[*signature.other_embedded_certs],
    )
    return out.getvalue()


def with_document_timestamp(office: Office, pdf: bytes, at: datetime) -> bytes:
    """The paper under a document time stamp (B-LTA)."""
    stamper = PdfTimeStamper(office.pki.tsa(at))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    out = asyncio.run(stamper.async_timestamp_pdf(writer, "sha256"))
    return bytes(out.getvalue())


def with_time_stamp_of(pdf: bytes, other: bytes) -> bytes:
    """The paper with the time stamp of another paper's signature: good, but not for this one."""
    message = _message(pdf)
    message["content"]["signer_infos"][0]["unsigned_attrs"] = _message(other)["content"][
        "signer_infos"
    ][0]["unsigned_attrs"]
    found = signature_values(pdf)[-1]
    value = message.dump(force=True).hex().encode().ljust(len(found.group(1)) - 2, b"0")
    return pdf[: found.start(1) + 1] + value + pdf[found.end(1) - 1 :]


def _message(pdf: bytes) -> cms.ContentInfo:
    value = signature_values(pdf)[-1].group(1)[1:-1].decode()
    return cms.ContentInfo.load(bytes.fromhex(value), strict=False)
