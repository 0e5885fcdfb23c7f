"""The sample trust service: what it keeps, what it issues, and how it is shared."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import crl as asn1_crl

from nhactruong.records.signing.engine.certificates import Holder, may_stamp_time
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.testpki import TestPki
from nhactruong.records.signing.tests.conftest import SIGNED_AT


@pytest.fixture
def pki(tmp_path: Path) -> TestPki:
    return TestPki(tmp_path / "pki")


def test_the_folder_gives_the_same_identities_again(pki: TestPki, tmp_path: Path) -> None:
    first = pki.person("Nguyễn Thị Hạnh", "Văn phòng", "TU-0001")
    again = TestPki(tmp_path / "pki").person("Nguyễn Thị Hạnh", "Văn phòng", "TU-0001")
    assert again == first
    assert again.serial == first.serial


def test_keys_are_readable_by_their_owner_only(pki: TestPki, tmp_path: Path) -> None:
    pki.agency("Tỉnh ủy Sông Lam", "CQ-0001")
    for path in [tmp_path / "pki", *(tmp_path / "pki").rglob("*")]:
        allowed = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == allowed, path


def test_certificates_name_their_holder(pki: TestPki) -> None:
    person = pki.person("Vũ Minh Đức", "Ban Tổ chức", "TU-0002", organisation="Tỉnh ủy Sông Lam")
    agency = pki.agency("Tỉnh ủy Sông Lam", "CQ-0001")
    assert (person.subject_common_name, person.unit) == ("Vũ Minh Đức", "Ban Tổ chức")
    assert (person.subject_identifier, person.holder) == ("TU-0002", Holder.PERSON)
    assert (agency.organisation, agency.holder) == ("Tỉnh ủy Sông Lam", Holder.AGENCY)
    assert agency.subject_identifier == "CQ-0001"


def test_revocation_is_on_the_list_from_its_time_on(pki: TestPki) -> None:
    leaver = pki.person("Lê Văn Thôi", "", "TU-0077")
    pki.revoke(leaver, SIGNED_AT)
    pki.revoke(leaver, SIGNED_AT + timedelta(days=5))
    assert not _listed(pki, leaver, SIGNED_AT - timedelta(seconds=1))
    assert _listed(pki, leaver, SIGNED_AT)
    assert _listed(pki, leaver, SIGNED_AT + timedelta(days=30))


def _listed(pki: TestPki, identity: SigningIdentity, moment: object) -> bool:
    lists = [asn1_crl.CertificateList.load(der) for der in pki.crls(moment)]  # type: ignore[arg-type]
    return any(
        entry["user_certificate"].native == identity.certificate.serial_number
        for one in lists
        for entry in one["tbs_cert_list"]["revoked_certificates"] or ()
    )


def test_a_hundred_identities_are_not_read_before_they_are_asked_for(
    pki: TestPki, tmp_path: Path
) -> None:
    pki.person("Nguyễn Thị Hạnh", "", "TU-0001")
    for path in (tmp_path / "pki" / "identities").iterdir():
        path.write_bytes(b"damaged")
    reopened = TestPki(tmp_path / "pki")
    with pytest.raises(ValueError, match="PEM"):
        reopened.person("Nguyễn Thị Hạnh", "", "TU-0001")


def test_only_the_time_authority_stamps_time(pki: TestPki) -> None:
    context = pki.validation_context(SIGNED_AT)
    stampers = [one for one in context.certificate_registry if may_stamp_time(one)]
    assert len(stampers) == 1
