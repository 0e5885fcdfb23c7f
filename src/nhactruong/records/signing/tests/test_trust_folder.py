"""Whom an installation trusts is what its keeper has laid into a folder."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from asn1crypto import pem

from nhactruong.records.signing.engine.trust import RootKind
from nhactruong.records.signing.engine.trust_folder import kept_in
from nhactruong.records.signing.engine.validation import verify
from nhactruong.records.signing.engine.verdicts import FileOutcome, ReasonCode
from nhactruong.records.signing.tests.conftest import CHECKED_AT, Office


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Path:
    """The root and the issuing authority of the sample service, as a keeper would lay them down."""
    trust = office.pki.trust_list()
    duty = tmp_path / RootKind.OFFICIAL_DUTY.value
    duty.mkdir()
    (duty / "goc.crt").write_bytes(trust.roots[0].certificate_der)
    chain = pem.armor("CERTIFICATE", trust.intermediates_der[0])
    (duty / "trung-gian.pem").write_bytes(chain)
    return tmp_path


def test_a_folder_that_is_not_there_trusts_nobody(tmp_path: Path) -> None:
    basis = kept_in(tmp_path / "trust")
    assert (basis.trust.roots, basis.trust.version, basis.crls) == ((), "", ())


def test_roots_have_the_kind_of_their_folder_and_help_is_no_root(
    office: Office, folder: Path
) -> None:
    basis = kept_in(folder)
    (root,) = basis.trust.roots
    assert root.kind is RootKind.OFFICIAL_DUTY
    assert basis.trust.intermediates_der == office.pki.trust_list().intermediates_der
    assert len(basis.trust.version) == 12


def test_another_list_of_roots_is_another_version(office: Office, folder: Path) -> None:
    before = kept_in(folder).trust.version
    assert kept_in(folder).trust.version == before
    public = folder / RootKind.PUBLIC.value
    public.mkdir()
    (public / "goc.der").write_bytes(office.pki.trust_list().roots[0].certificate_der)
    assert kept_in(folder).trust.version != before


def test_a_file_is_judged_by_the_folder(office: Office, folder: Path, sealed: bytes) -> None:
    lists = office.pki.crls(CHECKED_AT)
    (folder / "thu-hoi.crl").write_bytes(lists[0])
    (folder / "thu-hoi-2.crl").write_bytes(pem.armor("X509 CRL", lists[1]))
    basis = kept_in(folder)
    assert set(basis.crls) == set(lists)
    verdict = verify(sealed, trust=basis.trust, now=CHECKED_AT, crls=basis.crls)
    assert verdict.verdict is FileOutcome.VALID
    assert {report.root_kind for report in verdict.signatures} == {"cong_vu"}


def test_what_is_no_certificate_trusts_nobody_and_is_named(
    folder: Path, sealed: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    root = folder / RootKind.OFFICIAL_DUTY.value / "goc.crt"
    root.write_bytes(root.read_bytes()[:-20])
    (folder / "hong.crl").write_bytes(b"-----BEGIN X509 CRL-----\nAAAA")
    with caplog.at_level(logging.WARNING, logger="nhactruong.signing"):
        basis = kept_in(folder)
    assert basis.trust.roots == ()
    assert basis.crls == ()
    assert "goc.crt" in caplog.text and "hong.crl" in caplog.text
    verdict = verify(sealed, trust=basis.trust, now=CHECKED_AT, crls=basis.crls)
    assert verdict.reasons[0] is ReasonCode.NO_ROOTS
