"""Which time stamps prove when a signature existed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from asn1crypto import cms, core, tsp
from pyhanko.pdf_utils import misc
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    validate_sig_integrity,
)

from nhactruong.records.signing.engine.certificates import display_name, may_stamp_time
from nhactruong.records.signing.engine.changes import WHOLE_REVISION
from nhactruong.records.signing.engine.evidence import DAMAGE, FoundSignature
from nhactruong.records.signing.engine.paths import (
    BROKEN_DIGESTS,
    OLD_DIGESTS,
    PathJudge,
    PathStatus,
)
from nhactruong.records.signing.engine.structure import value_fills_the_gap
from nhactruong.records.signing.engine.verdicts import TimestampFact


async def judge_token(
    token: cms.SignedData,
    *,
    kind: str,
    imprint: Callable[[str], bytes],
    judge: PathJudge,
    known_at: datetime,
) -> TimestampFact:
    """Whether one token proves its time.

    `imprint` gives the digest the token must hold; `known_at` is the latest moment at which the
    token is known to have existed: now, or the time of an outer stamp. The authority must have
    been good when it stamped (with revocation data), and neither expired nor known to be revoked
    at `known_at`. Source: signatures.md 6.1 step 5.
    """
    content = token["encap_content_info"]["content"]
    info = content.parsed if isinstance(content, core.ParsableOctetString) else None
    if not isinstance(info, tsp.TSTInfo):
        return TimestampFact(kind, None, "", "", trusted=False, why_not="malformed")
    time: datetime = info["gen_time"].native
    signer = extract_signer_info(token)
    certificate = extract_certs_for_validation(token).signer_cert
    digest_name = signer["digest_algorithm"]["algorithm"].native
    imprint_name = info["message_imprint"]["hash_algorithm"]["algorithm"].native

    def fact(why_not: str = "") -> TimestampFact:
        return TimestampFact(
            kind,
            time,
            display_name(certificate.subject),
            f"{certificate.serial_number:X}",
            trusted=not why_not,
            why_not=why_not,
        )

    intact, valid = validate_sig_integrity(
        signer,
        certificate,
        expected_content_type="tst_info",
        actual_digest=hashlib.new(digest_name, bytes(content)).digest(),
    )
    if not (intact and valid):
        return fact("broken")
    if imprint(imprint_name) != info["message_imprint"]["hashed_message"].native:
        return fact("other_content")
    if {digest_name, imprint_name} & (BROKEN_DIGESTS | OLD_DIGESTS):
        return fact("weak_algorithm")
    if not may_stamp_time(certificate):
        return fact("wrong_usage")
    for moment, required in ((time, True), (max(time, known_at), False)):
        outcome = await judge.at(certificate, moment, revocation_required=required)
        if outcome.status is not PathStatus.GOOD:
            return fact(outcome.status.name.lower())
    return fact()


async def judge_document_timestamps(
    stamps: list[FoundSignature], judge: PathJudge, now: datetime
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
            whole = value_fills_the_gap(
                embedded.reader.stream.getvalue(), embedded.byte_range, embedded.pkcs7_content
            )
            if embedded.coverage not in WHOLE_REVISION or not whole:
                fact = replace(fact, trusted=False, why_not="not_covered")
        except DAMAGE:
            fact = TimestampFact("document", None, "", "", trusted=False, why_not="malformed")
        if fact.trusted and fact.time is not None:
            known_at = fact.time
        facts.append((stamp.revision, fact))
    return facts[::-1]
