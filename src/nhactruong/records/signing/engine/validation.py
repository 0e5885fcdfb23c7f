"""Verifying a PDF file: our verdict, made from what the libraries measure and from our own rules.

pyHanko measures digests, coverage and differences between revisions; certvalidator builds paths;
the conclusion is drawn here by the table of signatures.md 6.2. Nothing is fetched.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from asn1crypto import core, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_sig_integrity

from nhactruong.records.signing.engine.certificates import (
    may_sign_documents,
)
from nhactruong.records.signing.engine.changes import (
    ChangeJudge,
    Conclusion,
    LockBlindPolicy,
    invalid,
)
from nhactruong.records.signing.engine.evidence import (
    DAMAGE,
    FoundSignature,
    all_certificates,
    collect_revocation_data,
    find_signatures,
    is_document_timestamp,
    open_pdf,
    time_stamp_tokens,
)
from nhactruong.records.signing.engine.facts import certificate_facts, malformed, removed
from nhactruong.records.signing.engine.paths import (
    PathJudge,
    PathOutcome,
    PathStatus,
)
from nhactruong.records.signing.engine.pdfdict import entries, entry
from nhactruong.records.signing.engine.signing_time import (
    SigningTime,
    judge_algorithms,
    time_reason,
)
from nhactruong.records.signing.engine.timestamps import judge_document_timestamps, judge_token
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

_DETACHED: Final = frozenset({"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/PBAD.PAdES"})
_SHA1_ONLY: Final = frozenset({"/adbe.pkcs7.sha1", "/adbe.x509.rsa_sha1"})
_PADES: Final = frozenset({"/ETSI.CAdES.detached", "/PBAD.PAdES"})

Verdict = SignatureVerdict


def verify(
    pdf: bytes,
    *,
    trust: TrustList,
    now: datetime,
    crls: Sequence[bytes] = (),
    ocsps: Sequence[bytes] = (),
    tell_pages: bool = False,
) -> FileVerdict:
    """The verdict on a file; never raises on its content.

    `now` decides what has expired and which revocation data is fresh, never when a signature was
    made. `crls` and `ocsps` (DER) join those kept in the file. With `tell_pages` the report says
    page by page what followed each signature.
    Source: signatures.md 6.
    """
    file = _File(hashlib.sha256(pdf).hexdigest(), now, trust.version)
    judged = None
    # A file that only a lenient reader understands is judged once more, and never found valid.
    for strict in (True, False):
        try:
            reader = open_pdf(pdf, strict=strict)
            if reader is None:
                return file.verdict(FileOutcome.INDETERMINATE, (ReasonCode.ENCRYPTED,))
            data = crls, ocsps
            judged = asyncio.run(_judge_file(pdf, reader, strict, trust, now, data, tell_pages))
        except DAMAGE:
            continue
        if not any(ReasonCode.MALFORMED in report.reasons for report in judged[0]):
            break
    if judged is None:
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


async def _judge_file(
    pdf: bytes,
    reader: PdfFileReader,
    strict: bool,
    trust: TrustList,
    now: datetime,
    given: tuple[Sequence[bytes], Sequence[bytes]],
    tell_pages: bool,
) -> tuple[list[SignatureReport], tuple[TimestampFact, ...]]:
    found = sorted(find_signatures(reader, trust), key=lambda one: one.revision)
    signatures = [one for one in found if not is_document_timestamp(one)]
    stamps = [one for one in found if is_document_timestamp(one)]
    store_certificates, data = collect_revocation_data(reader, *given, signatures)
    in_messages = [
        certificate for one in found if one.embedded for certificate in all_certificates(one)
    ]
    judge = PathJudge(trust, [*store_certificates, *in_messages], data)
    stamped = await judge_document_timestamps(stamps, judge, now)
    scene = _Scene(
        trust=trust,
        now=now,
        judge=judge,
        changes=ChangeJudge(
            pdf,
            reader,
            strict=strict,
            signatures=signatures,
            stamped_revisions=[revision for revision, _ in stamped],
            tell_pages=tell_pages,
        ),
        document_timestamps=stamped,
    )
    reports = [await scene.report(one) for one in signatures]
    reports.extend(removed(name) for name in scene.changes.vanished())
    return reports, tuple(fact for _, fact in stamped)


@dataclass(frozen=True)
class _Scene:
    """Everything about the file that the judgement of one signature needs."""

    trust: TrustList
    now: datetime
    judge: PathJudge
    changes: ChangeJudge
    document_timestamps: list[tuple[int, TimestampFact]]

    async def report(self, signature: FoundSignature) -> SignatureReport:
        """The report on one signature; damage inside it makes it malformed, not the file."""
        try:
            return await self._report(signature)
        except DAMAGE as error:
            return malformed(signature, str(error))

    async def _report(self, signature: FoundSignature) -> SignatureReport:
        embedded, certificate = signature.embedded, signature.certificate
        kind = signature.subfilter
        if kind in _SHA1_ONLY:
            return replace(
                malformed(signature, kind),
                verdict=Verdict.INDETERMINATE,
                reasons=(ReasonCode.WEAK_ALGORITHM,),
            )
        if embedded is None or certificate is None or kind not in _DETACHED:
            return malformed(signature, signature.problem or kind)
        facts = certificate_facts(signature, certificate)
        embedded.compute_integrity_info(diff_policy=LockBlindPolicy())
        integrity = self._integrity(embedded, certificate)
        changes = self.changes.after(signature, embedded)
        time = await self._time(signature, embedded)
        algorithms = judge_algorithms(embedded, certificate, time)
        outcome, validity, revocation = await self._validity(certificate, time)
        parts = [
            integrity,
            self._certification(signature, embedded),
            self._stamped_content(signature),
            changes.conclusion,
            algorithms,
            validity,
            time_reason(time),
        ]
        findings = _merged(itertools.chain.from_iterable(part.findings for part in parts))
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
            coverage="" if embedded.coverage is None else embedded.coverage.name.lower(),
            changes=changes.kinds,
            changed_fields=changes.fields,
            changed_pages=changes.pages,
            revocation=revocation,
            level=self._level(kind, embedded, certificate, time, signature.revision),
            certifies=embedded.docmdp_level is not None,
            detail="; ".join(part.detail for part in parts if part.detail),
        )

    # Integrity and changes ----------------------------------------------------------------

    def _integrity(
        self, embedded: EmbeddedPdfSignature, certificate: x509.Certificate
    ) -> Conclusion:
        content = embedded.signed_data["encap_content_info"]["content"]
        if not isinstance(content, core.Void) and content.native is not None:
            return invalid(ReasonCode.MALFORMED, "content inside a detached signature")
        intact, valid = validate_sig_integrity(
            embedded.signer_info,
            certificate,
            expected_content_type="data",
            actual_digest=embedded.compute_digest(),
        )
        if not (intact and valid):
            return invalid(ReasonCode.TAMPERED)
        return Conclusion()

    def _certification(
        self, signature: FoundSignature, embedded: EmbeddedPdfSignature
    ) -> Conclusion:
        """Only the first signature of a file may certify it. Source: signatures.md 2."""
        certifies = any(
            entry(item.get_object(), "/TransformMethod") == "/DocMDP"
            for item in entries(embedded.sig_object, "/Reference")
        )
        if certifies and self.changes.follows_another(signature):
            return invalid(ReasonCode.MALFORMED, "certifies what somebody has signed before")
        return Conclusion()

    def _stamped_content(self, signature: FoundSignature) -> Conclusion:
        """A later document time stamp that is none, or that was put on other bytes than these.

        One whose authority is unknown, or whose own value fails, only proves no time.
        """
        for revision, fact in self.document_timestamps:
            code = _SPOILT_STAMPS.get(fact.why_not)
            if revision > signature.revision and code is not None:
                return invalid(code, f"document time stamp: {fact.why_not}")
        return Conclusion()

    # Time ---------------------------------------------------------------------------------

    async def _time(self, signature: FoundSignature, embedded: EmbeddedPdfSignature) -> SigningTime:
        outer = [
            fact for revision, fact in self.document_timestamps if revision > signature.revision
        ]
        proofs = [fact.time for fact in outer if fact.trusted and fact.time is not None]
        known_at = min(proofs, default=self.now)
        value = embedded.signer_info["signature"].native
        own: list[TimestampFact] = []
        for token in time_stamp_tokens(embedded):
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
            return SigningTime(min(proofs), True, (*own, *outer))
        claimed = embedded.self_reported_timestamp or self.now
        if claimed.tzinfo is None:
            claimed = claimed.replace(tzinfo=UTC)
        return SigningTime(claimed.astimezone(UTC), False, (*own, *outer))

    # Certificate --------------------------------------------------------------------------

    async def _validity(
        self, certificate: x509.Certificate, time: SigningTime
    ) -> tuple[PathOutcome, Conclusion, RevocationFact | None]:
        outcome = await self.judge.at(
            certificate, time.moment, revocation_required=True, old_digests_allowed=time.proves_old
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
                    old_digests_allowed=time.proves_old,
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
        conclusion = Conclusion(tuple(findings.items()), tuple(notes), outcome.detail)
        return outcome, conclusion, self.judge.revocation_fact(certificate, revoked_at)

    def _root_kind(self, outcome: PathOutcome) -> str:
        kind = self.trust.kind_of(outcome.root) if outcome.root is not None else None
        return "" if kind is None else kind.value

    def _level(
        self,
        kind: str,
        embedded: EmbeddedPdfSignature,
        certificate: x509.Certificate,
        time: SigningTime,
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


_SPOILT_STAMPS: Final = {
    "malformed": ReasonCode.MALFORMED,
    "other_content": ReasonCode.TAMPERED,
    "not_covered": ReasonCode.NOT_COVERED,
}

#: What a path that does not end well means. Source: signatures.md 6.2.
_PATH_FINDINGS: Final = {
    PathStatus.NO_ROOTS: (ReasonCode.NO_ROOTS, Verdict.INDETERMINATE),
    PathStatus.NO_PATH: (ReasonCode.NO_PATH, Verdict.INDETERMINATE),
    PathStatus.UNTRUSTED: (ReasonCode.UNTRUSTED, Verdict.INDETERMINATE),
    PathStatus.OUTSIDE_VALIDITY: (ReasonCode.OUTSIDE_VALIDITY, Verdict.INVALID),
    PathStatus.REVOKED: (ReasonCode.REVOKED, Verdict.INVALID),
    PathStatus.NO_REVOCATION_INFO: (ReasonCode.NO_REVOCATION_INFO, Verdict.INDETERMINATE),
    PathStatus.WEAK_ALGORITHM: (ReasonCode.WEAK_ALGORITHM, Verdict.INDETERMINATE),
}


def _merged(
    findings: Iterable[tuple[ReasonCode, SignatureVerdict]],
) -> dict[ReasonCode, SignatureVerdict]:
    """Each reason once, in the order found, with the worst verdict it was found with."""
    merged: dict[ReasonCode, SignatureVerdict] = {}
    for code, verdict in findings:
        merged[code] = worst([verdict, merged.get(code, Verdict.VALID)])
    return merged
