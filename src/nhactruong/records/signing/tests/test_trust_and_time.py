"""Whom a verifier trusts, and when: roots, time stamps, revocation, age. Source: signatures.md 6.2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.signing_time import SigningTime, judge_algorithms
from nhactruong.records.signing.engine.testpki import TestPki, Variant
from nhactruong.records.signing.engine.trust import TrustList
from nhactruong.records.signing.engine.validation import verify
from nhactruong.records.signing.engine.verdicts import (
    FileOutcome,
    FileVerdict,
    ReasonCode,
    SignatureVerdict,
)
from nhactruong.records.signing.tests import samples, tampering
from nhactruong.records.signing.tests.conftest import CHECKED_AT, SEALED_AT, SIGNED_AT, Office

DAY = timedelta(days=1)
LATE = datetime(2035, 6, 1, tzinfo=UTC)


def reasons(verdict: FileVerdict, place: int = 0) -> set[ReasonCode]:
    return set(verdict.signatures[place].reasons)


# Trust -----------------------------------------------------------------------------------------


def test_a_certificate_of_an_unknown_root(office: Office, blank: bytes) -> None:
    stranger = office.pki.person("Phạm Thị Lạ", "", "X-1", variant=Variant.OTHER_ROOT)
    verdict = office.check(office.sign(blank, stranger).content)
    assert verdict.verdict is FileOutcome.INDETERMINATE
    assert reasons(verdict) == {ReasonCode.UNTRUSTED}


def test_a_chain_with_a_gap(office: Office, blank: bytes) -> None:
    leader = office.leader

    def without_chain() -> SimpleSigner:
        signer = leader.signer_factory()
        assert isinstance(signer, SimpleSigner)
        return SimpleSigner(
            signing_cert=signer.signing_cert,
            signing_key=signer.signing_key,
            cert_registry=SimpleCertificateStore(),
        )

    bare = SigningIdentity(leader.certificate_der, (), without_chain)
    letter = tampering.freely_signed(blank, bare, "SIG_PERSON_1", moment=SIGNED_AT)
    trust = office.pki.trust_list()
    alone = type(trust)(trust.version, trust.roots)
    verdict = verify(letter, trust=alone, now=CHECKED_AT, crls=office.pki.crls(CHECKED_AT))
    assert ReasonCode.NO_PATH in reasons(verdict)
    assert verdict.verdict is FileOutcome.INDETERMINATE
    helped = verify(letter, trust=trust, now=CHECKED_AT, crls=office.pki.crls(CHECKED_AT))
    assert reasons(helped) == {ReasonCode.NO_TIMESTAMP}


def test_an_empty_trust_list_trusts_nobody(office: Office, sealed: bytes) -> None:
    trust = office.pki.trust_list()
    verdict = verify(sealed, trust=type(trust)("empty", ()), now=CHECKED_AT)
    assert verdict.verdict is FileOutcome.INDETERMINATE
    assert reasons(verdict) == {ReasonCode.NO_ROOTS}
    assert verdict.sentence == (
        "Chưa xác định được chữ ký số của tệp: nơi kiểm tra chưa có chứng thư gốc tin cậy để "
        "đối chiếu. Chưa dùng làm căn cứ."
    )
    assert [report.intact for report in verdict.signatures] == [True, True]


def test_a_changed_file_is_invalid_although_nobody_is_trusted(
    office: Office, sealed: bytes
) -> None:
    forged = bytearray(sealed)
    forged[len(forged) // 3] ^= 1
    verdict = verify(bytes(forged), trust=TrustList("empty", ()), now=CHECKED_AT)
    assert verdict.verdict is FileOutcome.INVALID


def test_the_same_names_under_another_key_are_not_trusted(
    office: Office, sealed: bytes, tmp_path: object
) -> None:
    impostor = TestPki(tmp_path)  # type: ignore[arg-type]
    verdict = verify(
        sealed, trust=impostor.trust_list(), now=CHECKED_AT, crls=impostor.crls(CHECKED_AT)
    )
    assert verdict.verdict is FileOutcome.INDETERMINATE


def test_a_certificate_for_servers_does_not_sign(office: Office, blank: bytes) -> None:
    server = office.pki.person("Máy chủ", "", "X-2", variant=Variant.WRONG_USAGE)
    letter = tampering.freely_signed(
        blank, server, "SIG_PERSON_1", tsa=office.pki.tsa(SIGNED_AT), moment=SIGNED_AT
    )
    verdict = office.check(letter)
    assert verdict.verdict is FileOutcome.INVALID
    assert reasons(verdict) == {ReasonCode.WRONG_USAGE}


# Time and validity ---------------------------------------------------------------------------


def test_no_time_stamp_is_a_warning(office: Office, blank: bytes) -> None:
    verdict = office.check(office.sign(blank, stamped=False).content)
    assert verdict.verdict is FileOutcome.VALID_WITH_WARNINGS
    assert reasons(verdict) == {ReasonCode.NO_TIMESTAMP}
    assert verdict.signatures[0].level == "B-B"


def test_a_stamp_of_an_unknown_authority_counts_as_claimed(office: Office, blank: bytes) -> None:
    letter = tampering.freely_signed(
        blank,
        office.leader,
        "SIG_PERSON_1",
        tsa=office.pki.tsa(SIGNED_AT, variant=Variant.OTHER_ROOT),
        moment=SIGNED_AT,
    )
    verdict = office.check(letter)
    assert verdict.verdict is FileOutcome.VALID_WITH_WARNINGS
    assert reasons(verdict) == {ReasonCode.TIMESTAMP_UNTRUSTED}
    assert verdict.signatures[0].trusted_time is None


def test_expired_when_it_was_used(office: Office, blank: bytes) -> None:
    old = office.pki.person("Trần Văn Cũ", "", "X-3", variant=Variant.EXPIRED)
    letter = tampering.freely_signed(
        blank, old, "SIG_PERSON_1", tsa=office.pki.tsa(SIGNED_AT), moment=SIGNED_AT
    )
    verdict = office.check(letter)
    assert verdict.verdict is FileOutcome.INVALID
    assert reasons(verdict) == {ReasonCode.OUTSIDE_VALIDITY}


def test_used_before_it_was_issued(office: Office, blank: bytes) -> None:
    early = datetime(2023, 6, 1, tzinfo=UTC)
    letter = tampering.freely_signed(
        blank, office.leader, "SIG_PERSON_1", tsa=office.pki.tsa(early), moment=early
    )
    assert reasons(office.check(letter)) == {ReasonCode.OUTSIDE_VALIDITY}


def test_expired_now_but_good_when_sealed(office: Office, sealed: bytes) -> None:
    verdict = office.check(sealed, now=LATE, crls=())
    assert verdict.verdict is FileOutcome.VALID
    assert office.check(sealed, now=LATE).verdict is FileOutcome.VALID


def test_expired_now_with_a_claimed_time_only(office: Office, blank: bytes) -> None:
    verdict = office.check(office.sign(blank, stamped=False).content, now=LATE)
    assert verdict.verdict is FileOutcome.VALID_WITH_WARNINGS
    assert reasons(verdict) == {ReasonCode.NO_TIMESTAMP, ReasonCode.EXPIRED_NOW}


def test_a_list_younger_than_the_certificate_cannot_vouch_alone(
    office: Office, signed: bytes
) -> None:
    verdict = office.check(signed, now=LATE)
    assert reasons(verdict) == {ReasonCode.EXPIRED_NOW}


# Revocation ----------------------------------------------------------------------------------


def test_no_revocation_data_is_never_green(office: Office, signed: bytes) -> None:
    verdict = office.check(signed, crls=())
    assert verdict.verdict is FileOutcome.INDETERMINATE
    assert ReasonCode.NO_REVOCATION_INFO in reasons(verdict)


def test_damaged_revocation_lists_count_as_missing(office: Office, signed: bytes) -> None:
    verdict = office.check(signed, crls=(b"", b"\x30\x03abc", b"garbage"))
    assert ReasonCode.NO_REVOCATION_INFO in reasons(verdict)
    assert verdict.verdict is FileOutcome.INDETERMINATE


def test_a_list_signed_by_somebody_else_counts_as_missing(
    office: Office, signed: bytes, tmp_path: object
) -> None:
    forged = TestPki(tmp_path).crls(CHECKED_AT)  # type: ignore[arg-type]
    assert ReasonCode.NO_REVOCATION_INFO in reasons(office.check(signed, crls=forged))


def test_a_stale_list_does_not_vouch_for_a_claimed_time(office: Office, blank: bytes) -> None:
    letter = office.sign(blank, stamped=False).content
    lists = office.pki.crls(CHECKED_AT)
    assert office.check(letter, crls=lists).verdict is FileOutcome.VALID_WITH_WARNINGS
    later = office.check(letter, now=CHECKED_AT + 60 * DAY, crls=lists)
    assert ReasonCode.NO_REVOCATION_INFO in reasons(later)


@pytest.mark.parametrize("stamped", [True, False])
def test_revoked_before_signing(office: Office, blank: bytes, stamped: bool) -> None:
    gone = office.pki.person("Lê Văn Thôi", "", f"R-1-{stamped}")
    office.pki.revoke(gone, SIGNED_AT - DAY)
    verdict = office.check(office.sign(blank, gone, stamped=stamped).content)
    assert verdict.verdict is FileOutcome.INVALID
    assert ReasonCode.REVOKED in reasons(verdict)
    fact = verdict.signatures[0].revocation
    assert fact is not None
    assert fact.revoked_at == SIGNED_AT - DAY


def test_revoked_at_the_very_second_of_signing(office: Office, blank: bytes) -> None:
    gone = office.pki.person("Lê Văn Lúc", "", "R-2")
    office.pki.revoke(gone, SIGNED_AT)
    assert reasons(office.check(office.sign(blank, gone).content)) == {ReasonCode.REVOKED}


def test_revoked_after_a_trusted_time_stamp(office: Office, blank: bytes) -> None:
    leaver = office.pki.person("Hồ Thị Sau", "", "R-3")
    letter = office.sign(blank, leaver).content
    office.pki.revoke(leaver, SIGNED_AT + timedelta(minutes=30))
    verdict = office.check(letter)
    assert verdict.verdict is FileOutcome.VALID
    assert verdict.signatures[0].notes == (ReasonCode.REVOKED_LATER,)
    assert "thu hồi sau khi ký" in verdict.signatures[0].sentence


def test_revoked_after_a_claimed_time_proves_nothing(office: Office, blank: bytes) -> None:
    leaver = office.pki.person("Hồ Văn Khai", "", "R-4")
    letter = office.sign(blank, leaver, stamped=False).content
    office.pki.revoke(leaver, SIGNED_AT + timedelta(minutes=30))
    verdict = office.check(letter)
    assert verdict.verdict is FileOutcome.INDETERMINATE
    assert ReasonCode.REVOKED_NO_PROOF in reasons(verdict)
    long_after = office.check(letter, now=LATE)
    assert ReasonCode.REVOKED_NO_PROOF in reasons(long_after)


def test_a_signer_revoked_after_the_seal_does_not_spoil_the_letter(office: Office) -> None:
    leaver = office.pki.person("Đinh Thị Nghỉ", "", "R-5")
    letter = office.seal(office.number(office.sign(samples.letter(), leaver).content)).content
    office.pki.revoke(leaver, SEALED_AT + timedelta(minutes=10))
    verdict = office.check(letter)
    assert verdict.verdict is FileOutcome.VALID
    assert verdict.signatures[0].notes == (ReasonCode.REVOKED_LATER,)


# Algorithms ----------------------------------------------------------------------------------


def test_sha1_without_proof_of_age_is_indeterminate(office: Office, blank: bytes) -> None:
    letter = tampering.freely_signed(
        blank,
        office.leader,
        "SIG_PERSON_1",
        tsa=office.pki.tsa(SIGNED_AT),
        digest="sha1",
        moment=SIGNED_AT,
    )
    verdict = office.check(letter)
    assert verdict.verdict is FileOutcome.INDETERMINATE
    assert ReasonCode.WEAK_ALGORITHM in reasons(verdict)


@pytest.mark.parametrize(
    ("digest", "mechanism", "bits", "moment", "expected"),
    [
        ("sha256", "sha256_rsa", 2048, SIGNED_AT, None),
        ("md5", "md5_rsa", 2048, SIGNED_AT, SignatureVerdict.INVALID),
        ("md5", "md5_rsa", 2048, datetime(2010, 1, 1, tzinfo=UTC), SignatureVerdict.INVALID),
        ("sha256", "md5_rsa", 2048, SIGNED_AT, SignatureVerdict.INVALID),
        ("sha1", "sha1_rsa", 2048, SIGNED_AT, SignatureVerdict.INDETERMINATE),
        (
            "sha1",
            "sha1_rsa",
            1024,
            datetime(2016, 12, 31, tzinfo=UTC),
            SignatureVerdict.VALID_WITH_WARNINGS,
        ),
        ("sha256", "sha256_rsa", 1024, SIGNED_AT, SignatureVerdict.INDETERMINATE),
    ],
)
@pytest.mark.parametrize("proven", [True, False])
def test_old_algorithms_by_age(
    digest: str,
    mechanism: str,
    bits: int,
    moment: datetime,
    expected: SignatureVerdict | None,
    proven: bool,
) -> None:
    message = SimpleNamespace(
        md_algorithm=digest,
        signer_info={"signature_algorithm": {"algorithm": SimpleNamespace(native=mechanism)}},
    )
    certificate = SimpleNamespace(public_key=SimpleNamespace(algorithm="rsa", bit_size=bits))
    conclusion = judge_algorithms(message, certificate, SigningTime(moment, proven, ()))
    if expected is SignatureVerdict.VALID_WITH_WARNINGS and not proven:
        expected = SignatureVerdict.INDETERMINATE
    assert dict(conclusion.findings).get(ReasonCode.WEAK_ALGORITHM) is expected
