"""Whether a certificate leads to a trusted root at a moment, and whether it was revoked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
)

from nhactruong.records.signing.engine.trust import TrustList
from nhactruong.records.signing.engine.verdicts import RevocationFact

#: "At the moment" includes the moment itself; the library compares strictly.
_JUST_AFTER: Final = timedelta(microseconds=1)
#: Digests nothing can rescue, and those accepted only in old, time-stamped files.
BROKEN_DIGESTS: Final = frozenset({"md2", "md5"})
OLD_DIGESTS: Final = frozenset({"sha1"})


class PathStatus(Enum):
    """How the way from a certificate to a trusted root ended."""

    GOOD = auto()
    NO_ROOTS = auto()
    NO_PATH = auto()
    UNTRUSTED = auto()
    OUTSIDE_VALIDITY = auto()
    REVOKED = auto()
    NO_REVOCATION_INFO = auto()
    WEAK_ALGORITHM = auto()


@dataclass(frozen=True)
class PathOutcome:
    """The status, with the root reached or the time of revocation where there is one."""

    status: PathStatus
    root: x509.Certificate | None = None
    revoked_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True)
class RevocationData:
    """Parsed revocation lists and answers, with whether each was kept in the file."""

    crls: tuple[tuple[asn1_crl.CertificateList, bool], ...]
    ocsps: tuple[tuple[asn1_ocsp.OCSPResponse, bool], ...]


class PathJudge:
    """Judges certificates by one trust list and one set of revocation data; asks no network."""

    def __init__(
        self, trust: TrustList, others: Iterable[x509.Certificate], data: RevocationData
    ) -> None:
        self._trust = trust
        self._others = [*others, *trust.intermediates]
        self._data = data
        self._known: dict[tuple[object, ...], PathOutcome] = {}

    async def at(
        self,
        certificate: x509.Certificate,
        moment: datetime,
        *,
        revocation_required: bool,
        old_digests_allowed: bool = False,
    ) -> PathOutcome:
        """The outcome at `moment`; data issued later counts, a revocation dated later does not.

        Without `revocation_required` missing data is no fault, yet a known revocation is one.
        """
        weak = BROKEN_DIGESTS if old_digests_allowed else BROKEN_DIGESTS | OLD_DIGESTS
        checked = await self._walked(certificate, moment, REQUIRE_REVINFO, weak)
        if revocation_required or checked.status is not PathStatus.NO_REVOCATION_INFO:
            return checked
        # The library checks from the root down: missing data about an authority would hide that
        # the certificate below it has expired. Hence validity once more, alone.
        return await self._walked(certificate, moment, NO_REVOCATION, weak)

    async def _walked(
        self,
        certificate: x509.Certificate,
        moment: datetime,
        revocation: RevocationCheckingPolicy,
        weak: frozenset[str],
    ) -> PathOutcome:
        """`_walk`, once for each question: several stamps of one authority ask the same."""
        key = (certificate.sha256, moment, revocation, weak)
        if key not in self._known:
            self._known[key] = await self._walk(certificate, moment, revocation, weak)
        return self._known[key]

    async def _walk(
        self,
        certificate: x509.Certificate,
        moment: datetime,
        revocation: RevocationCheckingPolicy,
        weak: frozenset[str],
    ) -> PathOutcome:
        context = ValidationContext(
            trust_roots=list(self._trust.root_certificates),
            other_certs=self._others,
            crls=[one for one, _ in self._data.crls],
            ocsps=[one for one, _ in self._data.ocsps],
            moment=moment + _JUST_AFTER,
            revinfo_policy=CertRevTrustPolicy(revocation, retroactive_revinfo=True),
            allow_fetching=False,
            weak_hash_algos=weak,
        )
        validator = CertificateValidator(certificate, validation_context=context)
        try:
            path = await validator.async_validate_usage(key_usage=set())
        except RevokedError as error:
            return PathOutcome(
                PathStatus.REVOKED, revoked_at=error.revocation_dt, detail=str(error)
            )
        except (ExpiredError, NotYetValidError) as error:
            return PathOutcome(PathStatus.OUTSIDE_VALIDITY, detail=str(error))
        except InsufficientRevinfoError as error:
            return PathOutcome(PathStatus.NO_REVOCATION_INFO, detail=str(error))
        except DisallowedAlgorithmError as error:
            return PathOutcome(PathStatus.WEAK_ALGORITHM, detail=str(error))
        except PathBuildingError as error:
            return PathOutcome(self._why_no_path(certificate), detail=str(error))
        except ValidationError as error:
            return PathOutcome(PathStatus.NO_PATH, detail=str(error))
        return PathOutcome(PathStatus.GOOD, root=path.first)

    def revocation_fact(
        self, certificate: x509.Certificate, revoked_at: datetime | None
    ) -> RevocationFact | None:
        """The freshest data about `certificate`, for the report."""
        facts = [
            RevocationFact(
                "crl",
                one["tbs_cert_list"]["this_update"].native,
                one["tbs_cert_list"]["next_update"].native,
                embedded,
                revoked_at,
            )
            for one, embedded in self._data.crls
            if one.issuer == certificate.issuer
        ]
        for one, embedded in self._data.ocsps:
            for answer in _answers_about(one, certificate):
                facts.append(
                    RevocationFact(
                        "ocsp",
                        answer["this_update"].native,
                        answer["next_update"].native,
                        embedded,
                        revoked_at,
                    )
                )
        return max(facts, key=lambda fact: fact.issued_at, default=None)

    def spoke_before_expiry(self, certificate: x509.Certificate) -> bool:
        """Whether some data about `certificate` dates from before it expired.

        Authorities may drop expired certificates from later lists, so that silence proves nothing.
        """
        expiry = certificate.not_valid_after
        for one, _ in self._data.crls:
            if one.issuer != certificate.issuer:
                continue
            if one["tbs_cert_list"]["this_update"].native <= expiry:
                return True
        return any(
            answer["this_update"].native <= expiry
            for one, _ in self._data.ocsps
            for answer in _answers_about(one, certificate)
        )

    def embedded_data_about(self, certificate: x509.Certificate) -> bool:
        """Whether the file itself keeps revocation data about `certificate`."""
        return any(
            embedded and one.issuer == certificate.issuer for one, embedded in self._data.crls
        ) or any(
            embedded and bool(_answers_about(one, certificate))
            for one, embedded in self._data.ocsps
        )

    def _why_no_path(self, certificate: x509.Certificate) -> PathStatus:
        if not self._trust.roots:
            return PathStatus.NO_ROOTS
        return PathStatus.UNTRUSTED if self._reaches_a_root(certificate) else PathStatus.NO_PATH

    def _reaches_a_root(self, certificate: x509.Certificate) -> bool:
        """Whether the chain given is complete, although its root is not on the list."""
        current, steps = certificate, 0
        while steps <= len(self._others):
            if current.self_issued:
                return True
            issuer = next((one for one in self._others if one.subject == current.issuer), None)
            if issuer is None:
                return False
            current, steps = issuer, steps + 1
        return False


def _answers_about(
    response: asn1_ocsp.OCSPResponse, certificate: x509.Certificate
) -> list[asn1_ocsp.SingleResponse]:
    if response["response_status"].native != "successful":
        return []
    return [
        answer
        for answer in response.response_data["responses"]
        if answer["cert_id"]["serial_number"].native == certificate.serial_number
    ]
