"""When a signature was made, how well that is proven, and which algorithms were still good then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from asn1crypto import x509
from pyhanko.sign.validation import EmbeddedPdfSignature

from nhactruong.records.signing.engine.changes import Conclusion, invalid
from nhactruong.records.signing.engine.paths import BROKEN_DIGESTS, OLD_DIGESTS
from nhactruong.records.signing.engine.verdicts import (
    ReasonCode,
    SignatureVerdict,
    TimestampFact,
)

#: SHA-1 is accepted only in files proven older than this. Source: signatures.md 6.2.
SHA1_ACCEPTED_BEFORE: Final = datetime(2017, 1, 1, tzinfo=UTC)
#: Shorter keys count as weak. Source: signatures.md 4.
MINIMUM_BITS: Final = {"rsa": 2048, "rsassa_pss": 2048, "dsa": 2048, "ec": 256}


@dataclass(frozen=True)
class SigningTime:
    """When a signature was made, and whether a trusted stamp proves it."""

    moment: datetime
    proven: bool
    stamps: tuple[TimestampFact, ...]

    @property
    def proves_old(self) -> bool:
        """Whether the signature is proven to come from the time when SHA-1 was still accepted."""
        return self.proven and self.moment < SHA1_ACCEPTED_BEFORE


def time_reason(time: SigningTime) -> Conclusion:
    """What stamps that prove nothing, or none at all, lead to."""
    # Without roots nothing is known of any stamp; the path says so, and once is enough.
    unknown = ReasonCode.NO_ROOTS.value
    bad = [fact.why_not for fact in time.stamps if not fact.trusted and fact.why_not != unknown]
    if bad:
        finding = (ReasonCode.TIMESTAMP_UNTRUSTED, SignatureVerdict.VALID_WITH_WARNINGS)
        return Conclusion((finding,), detail="time stamp: " + ", ".join(bad))
    if not time.stamps:
        return Conclusion(((ReasonCode.NO_TIMESTAMP, SignatureVerdict.VALID_WITH_WARNINGS),))
    return Conclusion()


def judge_algorithms(
    embedded: EmbeddedPdfSignature, certificate: x509.Certificate, time: SigningTime
) -> Conclusion:
    """What the digest, the mechanism and the key length of a signature lead to."""
    digest = str(embedded.md_algorithm)
    mechanism = str(embedded.signer_info["signature_algorithm"]["algorithm"].native)
    names = {digest, mechanism.split("_")[0]}
    code = ReasonCode.WEAK_ALGORITHM
    if names & BROKEN_DIGESTS:
        return invalid(code, f"digest {digest}")
    key = certificate.public_key
    minimum = MINIMUM_BITS.get(key.algorithm)
    short = minimum is not None and key.bit_size < minimum
    if not short and not names & OLD_DIGESTS:
        return Conclusion()
    warned, unclear = SignatureVerdict.VALID_WITH_WARNINGS, SignatureVerdict.INDETERMINATE
    verdict = warned if time.proves_old else unclear
    return Conclusion(((code, verdict),), detail=f"{digest}, {mechanism}, {key.algorithm}")
