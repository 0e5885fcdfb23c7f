"""Verifying a PDF file: our verdict, made from what the libraries measure and from our own rules.

pyHanko measures digests, coverage and differences between revisions; certvalidator builds paths;
the conclusion is drawn here by the table of signatures.md 6.2. Nothing is fetched.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import itertools
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from asn1crypto import cms, core, x509
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import (
    extract_tst_data_iter,
    get_signing_cert_attr,
    validate_sig_integrity,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel

from nhactruong.records.signing.engine.certificates import (
    Holder,
    display_name,
    holder_of,
    may_sign_documents,
    subject_value,
)
from nhactruong.records.signing.engine.fields import RESERVED_FIELDS
from nhactruong.records.signing.engine.paths import (
    BROKEN_DIGESTS,
    OLD_DIGESTS,
    PathJudge,
    PathOutcome,
    PathStatus,
    RevocationData,
)
from nhactruong.records.signing.engine.pdfdict import entry
from nhactruong.records.signing.engine.structure import (
    FieldHistory,
    bytes_follow_the_end,
    visible_content,
)
from nhactruong.records.signing.engine.timestamps import judge_token
from nhactruong.records.signing.engine.trust import TrustList
from nhactruong.records.signing.engine.verdicts import (
    FileOutcome,
    FileVerdict,
    ReasonCode,
    RevocationFact,
    SignatureReport,
    SignatureVerdict,
    TimestampFact,
    worst,
)

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
#: SHA-1 is accepted only in files proven older than this. Source: signatures.md 6.2.
SHA1_ACCEPTED_BEFORE: Final = datetime(2017, 1, 1, tzinfo=UTC)
MINIMUM_RSA_BITS: Final = 2048

_DETACHED: Final = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/PBAD.PAdES"})
_SHA1_ONLY: Final = frozenset({"/adbe.pkcs7.sha1", "/adbe.x509.rsa_sha1"})
_PADES: Final = frozenset({"/ETSI.CAdES.detached", "/PBAD.PAdES"})

Verdict = SignatureVerdict


def verify(
    pdf: bytes,
    *,
    trust: TrustList,
    now: datetime,
    crls: Iterable[bytes] = (),
    ocsps: Iterable[bytes] = (),
) -> FileVerdict:
    """The verdict on a file; never raises on its content.

    `now` decides what has expired and which revocation data is fresh, never when a signature was
    made. `crls` and `ocsps` (DER) join those kept in the file.
    Source: signatures.md 6.
    """
    file = _File(hashlib.sha256(pdf).hexdigest(), now, trust.version)
    try:
        reader, strict = _open(pdf)
        if reader is None:
            return file.verdict(FileOutcome.INDETERMINATE, (ReasonCode.ENCRYPTED,))
        judged = asyncio.run(_judge_file(pdf, reader, strict, trust, now, crls, ocsps))
    except DAMAGE:
        return file.verdict(FileOutcome.INVALID, (ReasonCode.UNREADABLE,))
    reports, stamps = judged
    if not reports:
        return file.verdict(FileOutcome.UNSIGNED, (), (), stamps)
    outcome = FileOutcome(worst([report.verdict for report in reports]))
    reasons = dict.fromkeys(
        code for report in reports if report.verdict == outcome.value for code in report.reasons
    )
    return file.verdict(outcome, tuple(reasons), tuple(reports), stamps)


@dataclass(frozen=True)
class _File:
    sha256: str
    checked_at: datetime
    trust_version: str

    def verdict(
        self,
        outcome: FileOutcome,
        reasons: tuple[ReasonCode, ...],
        reports: tuple[SignatureReport, ...] = (),
        stamps: tuple[TimestampFact, ...] = (),
    ) -> FileVerdict:
        return FileVerdict(
            outcome, reasons, reports, stamps, self.sha256, self.checked_at, self.trust_version
        )


def _open(pdf: bytes) -> tuple[PdfFileReader | None, bool]:
    """A reader and whether strict reading sufficed; None when a password is needed."""
    strict = True
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        # Old word processors write hybrid tables, which strict reading refuses only later.
        if reader.xrefs.hybrid_xrefs_present:
            strict = False
    except DAMAGE:
        strict = False
    if not strict:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.encrypted and reader.decrypt("").status is AuthStatus.FAILED:
        return None, strict
    # Touching the catalogue and the pages proves that there is a document at all.
    if entry(reader.root, "/Pages") is None:
        raise misc.PdfReadError("no pages")
    return reader, strict


@dataclass
class _Signature:
    """One signature while it is judged: the parsed object, or why there is none."""

    field_name: str
    revision: int
    embedded: EmbeddedPdfSignature | None
    problem: str = ""
    certificate: x509.Certificate | None = None
    purpose: Holder | None = None


async def _judge_file(
    pdf: bytes,
    reader: PdfFileReader,
    strict: bool,
    trust: TrustList,
    now: datetime,
    crls: Iterable[bytes],
    ocsps: Iterable[bytes],
) -> tuple[list[SignatureReport], tuple[TimestampFact, ...]]:
    found = sorted(_signatures(reader, trust), key=lambda one: one.revision)
    signatures = [one for one in found if not _is_document_timestamp(one)]
    stamps = [one for one in found if _is_document_timestamp(one)]
    store_certificates, data = _revocation_data(reader, crls, ocsps, signatures)
    in_messages = [
        certificate for one in found if one.embedded for certificate in _all_certificates(one)
    ]
    judge = PathJudge(trust, [*store_certificates, *in_messages], data)
    stamped = await _judge_document_timestamps(stamps, judge, now)
    scene = _Scene(
        pdf=pdf,
        reader=reader,
        strict=strict,
        trust=trust,
        now=now,
        judge=judge,
        history=FieldHistory(reader),
        signatures=signatures,
        document_timestamps=stamped,
        bytes_follow=bytes_follow_the_end(pdf, reader),
    )
    reports = [await scene.report(one) for one in signatures]
    return reports, tuple(fact for _, fact in stamped)


def _signatures(reader: PdfFileReader, trust: TrustList) -> Iterator[_Signature]:
    for name, value, reference in enumerate_sig_fields(reader, filled_status=True):
        field = reference.get_object()
        last = int(reader.xrefs.total_revisions) - 1
        if not isinstance(value.get_object(), generic.DictionaryObject):
            yield _Signature(name, last, None, "value is not a dictionary")
            continue
        try:
            embedded = EmbeddedPdfSignature(reader, field, name)
        except DAMAGE as error:
            yield _Signature(name, last, None, str(error))
            continue
        signature = _Signature(name, int(embedded.signed_revision), embedded)
        try:
            signature.certificate = embedded.signer_cert
            signature.purpose = holder_of(
                signature.certificate, agency_identifiers=trust.agency_identifiers
            )
        except DAMAGE as error:
            signature.problem = str(error)
        yield signature


def _is_document_timestamp(signature: _Signature) -> bool:
    return signature.embedded is not None and signature.embedded.sig_object_type == "/DocTimeStamp"


def _all_certificates(signature: _Signature) -> list[x509.Certificate]:
    """The certificates in the message and in its time stamps."""
    if signature.embedded is None or signature.certificate is None:
        return []
    certificates = [signature.certificate, *signature.embedded.other_embedded_certs]
    for token in _tokens(signature.embedded):
        certificates.extend(
            choice.chosen for choice in token["certificates"] if choice.name == "certificate"
        )
    return certificates


def _tokens(embedded: EmbeddedPdfSignature) -> list[cms.SignedData]:
    try:
        return list(extract_tst_data_iter(embedded.signer_info, signed=False))
    except DAMAGE:
        return []


def _revocation_data(
    reader: PdfFileReader,
    crls: Iterable[bytes],
    ocsps: Iterable[bytes],
    signatures: list[_Signature],
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
    for der in crls:
        lists.append((asn1_crl.CertificateList.load(der), False))
    for der in ocsps:
        answers.append((asn1_ocsp.OCSPResponse.load(der), False))
    return certificates, RevocationData(
        tuple(pair for pair in lists if _parses(pair[0])),
        tuple(pair for pair in answers if _parses(pair[0])),
    )


def _archived_data(signature: _Signature) -> Iterator[Any]:
    if signature.embedded is None:
        return
    try:
        attributes = signature.embedded.signer_info["signed_attrs"]
        yield from find_cms_attribute_iter(attributes, "adobe_revocation_info_archival")
    except DAMAGE:
        return


def _each(values: Any) -> Iterable[Any]:
    return () if isinstance(values, core.Void) else values


def _parses(value: asn1_crl.CertificateList | asn1_ocsp.OCSPResponse) -> bool:
    try:
        _ = value.native
    except DAMAGE:
        return False
    return True


async def _judge_document_timestamps(
    stamps: list[_Signature], judge: PathJudge, now: datetime
) -> list[tuple[int, TimestampFact]]:
    """Each document time stamp with its revision, oldest first; a later one vouches for earlier."""
    facts: list[tuple[int, TimestampFact]] = []
    known_at = now
    for stamp in reversed(stamps):
        embedded = stamp.embedded
        try:
            if embedded is None or stamp.problem:
                raise misc.PdfReadError(stamp.problem)
            embedded.compute_integrity_info(skip_diff=True)
            fact = await judge_token(
                embedded.signed_data,
                kind="document",
                imprint=embedded.compute_digest,
                judge=judge,
                known_at=known_at,
            )
            if embedded.coverage not in _WHOLE:
                fact = replace(fact, trusted=False, why_not="not_covered")
        except DAMAGE:
            fact = TimestampFact("document", None, "", "", trusted=False, why_not="malformed")
        if fact.trusted and fact.time is not None:
            known_at = fact.time
        facts.append((stamp.revision, fact))
    return facts[::-1]


_WHOLE: Final = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


@dataclass(frozen=True)
class _Conclusion:
    """Findings on one question: codes with the verdict each leads to."""

    findings: tuple[tuple[ReasonCode, SignatureVerdict], ...] = ()
    notes: tuple[ReasonCode, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class _Time:
    """When a signature was made, and whether a trusted stamp proves it."""

    moment: datetime
    proven: bool
    stamps: tuple[TimestampFact, ...]


@dataclass(frozen=True)
class _Scene:
    """Everything about the file that the judgement of one signature needs."""

    pdf: bytes
    reader: PdfFileReader
    strict: bool
    trust: TrustList
    now: datetime
    judge: PathJudge
    history: FieldHistory
    signatures: list[_Signature]
    document_timestamps: list[tuple[int, TimestampFact]]
    bytes_follow: bool

    async def report(self, signature: _Signature) -> SignatureReport:
        """The report on one signature; damage inside it makes it malformed, not the file."""
        try:
            return await self._report(signature)
        except DAMAGE as error:
            return _malformed(signature, str(error))

    async def _report(self, signature: _Signature) -> SignatureReport:
        embedded, certificate = signature.embedded, signature.certificate
        if embedded is None or certificate is None:
            return _malformed(signature, signature.problem)
        facts = _certificate_facts(signature, certificate)
        kind = str(entry(embedded.sig_object, "/SubFilter"))
        if kind not in _DETACHED:
            weak = kind in _SHA1_ONLY
            return replace(
                facts,
                verdict=Verdict.INDETERMINATE if weak else Verdict.INVALID,
                reasons=(ReasonCode.WEAK_ALGORITHM if weak else ReasonCode.MALFORMED,),
                detail=kind,
            )
        embedded.compute_integrity_info()
        integrity = self._integrity(embedded, certificate)
        changes, kinds, names = self._changes(signature, embedded)
        time = await self._time(signature, embedded)
        algorithms = _algorithms(embedded, certificate, time)
        outcome, validity, revocation = await self._validity(certificate, time)
        parts = [integrity, changes, algorithms, validity, self._time_reason(signature, time)]
        findings = dict(itertools.chain.from_iterable(part.findings for part in parts))
        return replace(
            facts,
            verdict=worst(list(findings.values())),
            reasons=tuple(findings),
            notes=tuple(itertools.chain.from_iterable(part.notes for part in parts)),
            root_kind=self._root_kind(outcome),
            claimed_time=embedded.self_reported_timestamp,
            trusted_time=time.moment if time.proven else None,
            timestamps=time.stamps,
            intact=not integrity.findings,
            coverage=embedded.coverage.name.lower(),
            changes=kinds,
            changed_fields=names,
            revocation=revocation,
            level=self._level(kind, embedded, certificate, time, signature.revision),
            certifies=embedded.docmdp_level is not None,
            detail="; ".join(part.detail for part in parts if part.detail),
        )

    # Integrity and changes ----------------------------------------------------------------

    def _integrity(
        self, embedded: EmbeddedPdfSignature, certificate: x509.Certificate
    ) -> _Conclusion:
        content = embedded.signed_data["encap_content_info"]["content"]
        if not isinstance(content, core.Void) and content.native is not None:
            return _invalid(ReasonCode.MALFORMED, "content inside a detached signature")
        intact, valid = validate_sig_integrity(
            embedded.signer_info,
            certificate,
            expected_content_type="data",
            actual_digest=embedded.compute_digest(),
        )
        if not (intact and valid):
            return _invalid(ReasonCode.TAMPERED)
        return _Conclusion()

    def _changes(
        self, signature: _Signature, embedded: EmbeddedPdfSignature
    ) -> tuple[_Conclusion, tuple[str, ...], tuple[str, ...]]:
        """The conclusion, the kinds of change and the names of changed fields."""
        last_revision = signature.revision == int(self.reader.xrefs.total_revisions) - 1
        covered = embedded.coverage in _WHOLE and not self.bytes_follow
        if last_revision and embedded.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
            covered = False
        if not covered:
            return _invalid(ReasonCode.NOT_COVERED), ("other",), ()
        changes = self.history.changes_after(signature.revision)
        names = tuple(dict.fromkeys(change.name for change in changes))
        kinds = self._kinds(signature, bool(changes))
        if self._breaks_order(signature):
            detail = "a personal signature follows this seal"
            return _invalid(ReasonCode.CHANGED_AFTER_SIGNING, detail), kinds, names
        if any(not self._may_fill(signature, change.name, change.revision) for change in changes):
            detail = "form fields changed: " + ", ".join(names)
            return _invalid(ReasonCode.CHANGED_AFTER_SIGNING, detail), kinds, names
        difference = embedded.diff_result
        if not isinstance(difference, DiffResult):
            conclusion = self._unexplained(signature, str(difference))
            return conclusion, (*kinds, "other"), names
        allowed = embedded.summarise_integrity_info()["docmdp_ok"]
        if difference.modification_level > ModificationLevel.FORM_FILLING or not allowed:
            detail = f"modification level {difference.modification_level.name.lower()}"
            return _invalid(ReasonCode.CHANGED_AFTER_SIGNING, detail), (*kinds, "other"), names
        if not self.strict:
            finding = (ReasonCode.UNCLASSIFIED_CHANGE, Verdict.INDETERMINATE)
            return _Conclusion((finding,), detail="the file breaks the PDF syntax"), kinds, names
        return _Conclusion(), kinds or ("none",), names

    def _kinds(self, signature: _Signature, filled: bool) -> tuple[str, ...]:
        kinds = ["form_filling"] if filled else []
        if any(other.revision > signature.revision for other in self.signatures):
            kinds.append("new_signature")
        embedded = signature.embedded
        difference = embedded.diff_result if embedded is not None else None
        if isinstance(difference, DiffResult) and not kinds:
            if difference.modification_level is not ModificationLevel.NONE:
                kinds.append("validation_data")
        elif any(revision > signature.revision for revision, _ in self.document_timestamps):
            kinds.append("validation_data")
        return tuple(kinds)

    def _breaks_order(self, signature: _Signature) -> bool:
        return signature.purpose is Holder.AGENCY and any(
            other.purpose is Holder.PERSON and other.revision > signature.revision
            for other in self.signatures
        )

    def _may_fill(self, signature: _Signature, name: str, revision: int) -> bool:
        """Number and date may be filled between a personal signature and the first seal."""
        seals = [one.revision for one in self.signatures if one.purpose is Holder.AGENCY]
        return (
            name in RESERVED_FIELDS
            and signature.purpose is Holder.PERSON
            and revision <= min(seals, default=revision)
        )

    def _unexplained(self, signature: _Signature, detail: str) -> _Conclusion:
        """The library cannot explain a change: forbidden if anything visible differs."""
        before = visible_content(self.reader, signature.revision)
        for later in range(signature.revision + 1, int(self.reader.xrefs.total_revisions)):
            if visible_content(self.reader, later) != before:
                return _invalid(ReasonCode.CHANGED_AFTER_SIGNING, detail)
        finding = (ReasonCode.UNCLASSIFIED_CHANGE, Verdict.INDETERMINATE)
        return _Conclusion((finding,), detail=detail)

    # Time ---------------------------------------------------------------------------------

    async def _time(self, signature: _Signature, embedded: EmbeddedPdfSignature) -> _Time:
        outer = [
            fact for revision, fact in self.document_timestamps if revision > signature.revision
        ]
        proofs = [fact.time for fact in outer if fact.trusted and fact.time is not None]
        known_at = min(proofs, default=self.now)
        value = embedded.signer_info["signature"].native
        own: list[TimestampFact] = []
        for token in _tokens(embedded):
            try:
                fact = await judge_token(
                    token,
                    kind="signature",
                    imprint=lambda name: hashlib.new(name, value).digest(),
                    judge=self.judge,
                    known_at=known_at,
                )
            except DAMAGE:
                fact = TimestampFact("signature", None, "", "", trusted=False, why_not="malformed")
            own.append(fact)
        proofs.extend(fact.time for fact in own if fact.trusted and fact.time is not None)
        if proofs:
            return _Time(min(proofs), True, (*own, *outer))
        claimed = embedded.self_reported_timestamp or self.now
        if claimed.tzinfo is None:
            claimed = claimed.replace(tzinfo=UTC)
        return _Time(claimed.astimezone(UTC), False, (*own, *outer))

    def _time_reason(self, signature: _Signature, time: _Time) -> _Conclusion:
        own_bad = any(fact.kind == "signature" and not fact.trusted for fact in time.stamps)
        if own_bad or (time.stamps and not time.proven):
            why = ", ".join(fact.why_not for fact in time.stamps if fact.why_not)
            finding = (ReasonCode.TIMESTAMP_UNTRUSTED, Verdict.VALID_WITH_WARNINGS)
            return _Conclusion((finding,), detail=f"time stamp: {why}")
        if not time.stamps:
            return _Conclusion(((ReasonCode.NO_TIMESTAMP, Verdict.VALID_WITH_WARNINGS),))
        return _Conclusion()

    # Certificate --------------------------------------------------------------------------

    async def _validity(
        self, certificate: x509.Certificate, time: _Time
    ) -> tuple[PathOutcome, _Conclusion, RevocationFact | None]:
        old = time.proven and time.moment < SHA1_ACCEPTED_BEFORE
        outcome = await self.judge.at(
            certificate, time.moment, revocation_required=True, old_digests_allowed=old
        )
        findings: dict[ReasonCode, SignatureVerdict] = {}
        notes: list[ReasonCode] = []
        revoked_at = outcome.revoked_at
        if not may_sign_documents(certificate):
            findings[ReasonCode.WRONG_USAGE] = Verdict.INVALID
        if outcome.status is not PathStatus.GOOD:
            code, verdict = _PATH_FINDINGS[outcome.status]
            findings[code] = verdict
        else:
            until = min(self.now, certificate.not_valid_after)
            expired = self.now > certificate.not_valid_after
            if until > time.moment:
                later = await self.judge.at(
                    certificate,
                    until,
                    revocation_required=not time.proven,
                    old_digests_allowed=old,
                )
                revoked_at = later.revoked_at
                if later.status is PathStatus.REVOKED and time.proven:
                    notes.append(ReasonCode.REVOKED_LATER)
                elif later.status is PathStatus.REVOKED:
                    findings[ReasonCode.REVOKED_NO_PROOF] = Verdict.INDETERMINATE
                elif later.status is PathStatus.NO_REVOCATION_INFO:
                    findings[ReasonCode.NO_REVOCATION_INFO] = Verdict.INDETERMINATE
            if expired and not (time.proven and self.judge.spoke_before_expiry(certificate)):
                findings[ReasonCode.EXPIRED_NOW] = Verdict.VALID_WITH_WARNINGS
        conclusion = _Conclusion(tuple(findings.items()), tuple(notes), outcome.detail)
        return outcome, conclusion, self.judge.revocation_fact(certificate, revoked_at)

    def _root_kind(self, outcome: PathOutcome) -> str:
        kind = self.trust.kind_of(outcome.root) if outcome.root is not None else None
        return "" if kind is None else kind.value

    def _level(
        self,
        kind: str,
        embedded: EmbeddedPdfSignature,
        certificate: x509.Certificate,
        time: _Time,
        revision: int,
    ) -> str:
        """The PAdES level reached, or CMS for signatures outside the standard."""
        if (
            kind not in _PADES
            or get_signing_cert_attr(embedded.signer_info["signed_attrs"]) is None
        ):
            return "CMS"
        if not any(fact.trusted for fact in time.stamps):
            return "B-B"
        if not self.judge.embedded_data_about(certificate):
            return "B-T"
        archived = any(fact.trusted and at > revision for at, fact in self.document_timestamps)
        return "B-LTA" if archived else "B-LT"


#: What a path that does not end well means. Source: signatures.md 6.2.
_PATH_FINDINGS: Final = {
    PathStatus.NO_PATH: (ReasonCode.NO_PATH, Verdict.INDETERMINATE),
    PathStatus.UNTRUSTED: (ReasonCode.UNTRUSTED, Verdict.INDETERMINATE),
    PathStatus.OUTSIDE_VALIDITY: (ReasonCode.OUTSIDE_VALIDITY, Verdict.INVALID),
    PathStatus.REVOKED: (ReasonCode.REVOKED, Verdict.INVALID),
    PathStatus.NO_REVOCATION_INFO: (ReasonCode.NO_REVOCATION_INFO, Verdict.INDETERMINATE),
    PathStatus.WEAK_ALGORITHM: (ReasonCode.WEAK_ALGORITHM, Verdict.INDETERMINATE),
}


def _invalid(code: ReasonCode, detail: str = "") -> _Conclusion:
    return _Conclusion(((code, Verdict.INVALID),), detail=detail)


def _malformed(signature: _Signature, detail: str) -> SignatureReport:
    base = SignatureReport(
        field_name=signature.field_name,
        verdict=Verdict.INVALID,
        reasons=(ReasonCode.MALFORMED,),
        revision=signature.revision,
        detail=detail,
    )
    if signature.certificate is None:
        return base
    return replace(
        base,
        signer=display_name(signature.certificate.subject),
        purpose=signature.purpose,
    )


def _certificate_facts(signature: _Signature, certificate: x509.Certificate) -> SignatureReport:
    embedded = signature.embedded
    info = None if embedded is None else embedded.signer_info
    return SignatureReport(
        field_name=signature.field_name,
        verdict=Verdict.INVALID,
        reasons=(),
        signer=display_name(certificate.subject),
        organisation=subject_value(certificate.subject, "organization_name"),
        unit=subject_value(certificate.subject, "organizational_unit_name"),
        subject_identifier=subject_value(certificate.subject, "serial_number"),
        purpose=signature.purpose,
        issuer=display_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest(),
        certificate_valid_from=certificate.not_valid_before,
        certificate_valid_until=certificate.not_valid_after,
        digest_algorithm="" if info is None else info["digest_algorithm"]["algorithm"].native,
        signature_algorithm="" if info is None else info["signature_algorithm"]["algorithm"].native,
        revision=signature.revision,
    )


def _algorithms(
    embedded: EmbeddedPdfSignature, certificate: x509.Certificate, time: _Time
) -> _Conclusion:
    digest = str(embedded.md_algorithm)
    mechanism = str(embedded.signer_info["signature_algorithm"]["algorithm"].native)
    names = {digest, mechanism.split("_")[0]}
    code = ReasonCode.WEAK_ALGORITHM
    if names & BROKEN_DIGESTS:
        return _invalid(code, f"digest {digest}")
    key = certificate.public_key
    short = key.algorithm == "rsa" and key.bit_size < MINIMUM_RSA_BITS
    if not short and not names & OLD_DIGESTS:
        return _Conclusion()
    old = time.proven and time.moment < SHA1_ACCEPTED_BEFORE
    verdict = Verdict.VALID_WITH_WARNINGS if old else Verdict.INDETERMINATE
    return _Conclusion(((code, verdict),), detail=f"{digest}, {key.algorithm} {key.bit_size}")
