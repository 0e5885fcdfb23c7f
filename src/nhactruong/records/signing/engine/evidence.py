"""Taking a PDF apart for verification: its signatures, certificates and revocation data.

Damage in one place never hides the rest. Nothing is judged here.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import cms, core, x509
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from nhactruong.records.signing.engine.certificates import Holder, holder_of
from nhactruong.records.signing.engine.paths import RevocationData
from nhactruong.records.signing.engine.pdfdict import entry
from nhactruong.records.signing.engine.structure import table_and_stream_agree
from nhactruong.records.signing.engine.trust import TrustList

#: What a hostile or damaged file makes the parsers raise; all of it means "malformed".
DAMAGE: Final = (
    misc.PdfError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    OSError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)


class _Reader(PdfFileReader):
    """A reader for which a reference to nothing is null, as the standard says.

    The library calls it an error when it reads strictly; good files hold such references.
    """

    def _read_object(self, ref: Any, marker: Any, *rest: Any, **more: Any) -> Any:
        if marker is None:
            nothing = generic.NullObject()
            nothing.container_ref = ref
            return nothing
        return super()._read_object(ref, marker, *rest, **more)


def open_pdf(pdf: bytes, *, strict: bool) -> PdfFileReader | None:
    """A reader of the file; None when a password is needed.

    Word processors write hybrid files, with a table and a stream of places: they are read
    leniently, because the library refuses them otherwise, yet must keep the syntax of both.
    """
    reader = _Reader(io.BytesIO(pdf), strict=strict)
    if strict and reader.xrefs.hybrid_xrefs_present:
        if not table_and_stream_agree(reader):
            raise misc.PdfStrictReadError("table and stream give one object two places")
        reader = _Reader(io.BytesIO(pdf), strict=False)
    if not _opens(reader):
        return None
    # Touching the catalogue and the pages proves that there is a document at all.
    if entry(reader.root, "/Pages") is None:
        raise misc.PdfReadError("no pages")
    return reader


def _opens(reader: PdfFileReader) -> bool:
    """Whether the file can be read without a password; a lock of unknown kind stays shut."""
    if "/Encrypt" not in reader.trailer:
        return True
    try:
        return reader.decrypt("").status is not AuthStatus.FAILED
    except DAMAGE:
        return False


@dataclass
class FoundSignature:
    """One signature while it is judged: the parsed object, or why there is none."""

    field_name: str
    revision: int
    embedded: EmbeddedPdfSignature | None
    problem: str = ""
    subfilter: str = ""
    certificate: x509.Certificate | None = None
    purpose: Holder | None = None


def find_signatures(reader: PdfFileReader, trust: TrustList) -> Iterator[FoundSignature]:
    """Every signed field, document time stamps included; a damaged one with its problem."""
    for name, _, reference in enumerate_sig_fields(reader, filled_status=True):
        field = reference.get_object()
        signature = FoundSignature(name, _revision(reader, field), None)
        try:
            signature.subfilter = str(entry(entry(field, "/V"), "/SubFilter"))
            embedded = EmbeddedPdfSignature(reader, field, name)
            signature.embedded = embedded
            signature.revision = int(embedded.signed_revision)
            signature.certificate = embedded.signer_cert
            signature.purpose = holder_of(
                embedded.signer_cert, agency_identifiers=trust.agency_identifiers
            )
        except DAMAGE as error:
            signature.problem = str(error) or type(error).__name__
        yield signature


def _revision(reader: PdfFileReader, field: generic.DictionaryObject) -> int:
    """The revision that wrote the signature value; the last one when it cannot be told."""
    value = field.raw_get("/V")
    if isinstance(value, generic.IndirectObject):
        try:
            return int(reader.xrefs.get_last_change(value.reference))
        except DAMAGE:
            return int(reader.xrefs.total_revisions) - 1
    return int(reader.xrefs.total_revisions) - 1


def is_document_timestamp(signature: FoundSignature) -> bool:
    """Whether it stamps the file; what only calls itself a stamp is judged as a signature."""
    return (
        signature.embedded is not None
        and signature.embedded.sig_object_type == "/DocTimeStamp"
        and signature.subfilter == "/ETSI.RFC3161"
    )


def all_certificates(signature: FoundSignature) -> list[x509.Certificate]:
    """The certificates in the message and in its time stamps."""
    if signature.embedded is None or signature.certificate is None:
        return []
    certificates = [signature.certificate, *signature.embedded.other_embedded_certs]
    for token in time_stamp_tokens(signature.embedded):
        certificates.extend(
            choice.chosen for choice in token["certificates"] if choice.name == "certificate"
        )
    return certificates


def time_stamp_tokens(embedded: EmbeddedPdfSignature) -> list[cms.SignedData]:
    try:
        return list(extract_tst_data_iter(embedded.signer_info, signed=False))
    except DAMAGE:
        return []


def collect_revocation_data(
    reader: PdfFileReader,
    crls: Iterable[bytes],
    ocsps: Iterable[bytes],
    signatures: list[FoundSignature],
) -> tuple[list[x509.Certificate], RevocationData]:
    """Certificates kept in the file, and all revocation data; what cannot be parsed is left out."""
    certificates: list[x509.Certificate] = []
    lists: list[tuple[asn1_crl.CertificateList, bool]] = []
    answers: list[tuple[asn1_ocsp.OCSPResponse, bool]] = []
    try:
        store = DocumentSecurityStore.read_dss(reader)
        certificates = list(store.load_certs())
        kept = store.as_validation_context({"trust_roots": [], "allow_fetching": False})
        lists = [(one, True) for one in kept.crls]
        answers = [(one, True) for one in kept.ocsps]
    except NoDSSFoundError:
        certificates = []
    except DAMAGE:
        certificates, lists, answers = [], [], []
    for signature in signatures:
        for archive in _archived_data(signature):
            lists.extend((one, True) for one in _each(archive["crl"]))
            answers.extend((one, True) for one in _each(archive["ocsp"]))
    lists.extend((one, False) for one in _loaded(asn1_crl.CertificateList, crls))
    answers.extend((one, False) for one in _loaded(asn1_ocsp.OCSPResponse, ocsps))
    return certificates, RevocationData(
        tuple(pair for pair in lists if _parses(pair[0])),
        tuple(pair for pair in answers if _parses(pair[0])),
    )


def _archived_data(signature: FoundSignature) -> Iterator[Any]:
    if signature.embedded is None:
        return
    try:
        attributes = signature.embedded.signer_info["signed_attrs"]
        yield from find_cms_attribute_iter(attributes, "adobe_revocation_info_archival")
    except DAMAGE:
        return


def _loaded(kind: type[core.Asn1Value], encoded: Iterable[bytes]) -> Iterator[Any]:
    for der in encoded:
        try:
            yield kind.load(der)
        except DAMAGE:
            continue


def _each(values: Any) -> Iterable[Any]:
    return () if isinstance(values, core.Void) else values


def _parses(value: asn1_crl.CertificateList | asn1_ocsp.OCSPResponse) -> bool:
    try:
        _ = value.native
    except DAMAGE:
        return False
    return True
