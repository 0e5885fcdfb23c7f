"""One sample PKI and one letter at each stage, made once for all signing tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nhactruong.records.signing.engine import acts, images
from nhactruong.records.signing.engine.identity import SigningIdentity
from nhactruong.records.signing.engine.testpki import TestPki
from nhactruong.records.signing.engine.validation import verify
from nhactruong.records.signing.engine.verdicts import FileVerdict
from nhactruong.records.signing.tests import samples

SIGNED_AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
SEALED_AT = SIGNED_AT + timedelta(hours=1)
CHECKED_AT = SIGNED_AT + timedelta(hours=2)


@dataclass(frozen=True)
class Office:
    """The people, the agency and their PKI."""

    pki: TestPki
    leader: SigningIdentity
    deputy: SigningIdentity
    agency: SigningIdentity
    signature_image: bytes
    seal_image: bytes

    def sign(
        self,
        pdf: bytes,
        identity: SigningIdentity | None = None,
        *,
        at: datetime = SIGNED_AT,
        field: str = "SIG_PERSON_1",
        stamped: bool = True,
    ) -> acts.SignedPdf:
        """The letter signed in one field, with or without a time stamp."""
        return acts.sign_personal(
            pdf,
            identity=identity or self.leader,
            field_name=field,
            image_png=self.signature_image,
            tsa=self.pki.tsa(at) if stamped else None,
            signed_at=at,
        )

    def prepare(self, pdf: bytes, *, at: datetime = SIGNED_AT) -> acts.ReadyToSign:
        """The letter ready for the leader's key."""
        return acts.prepare_personal(
            pdf,
            identity=self.leader,
            image_png=self.signature_image,
            signed_at=at,
        )

    def number(
        self, pdf: bytes, number: str = "Số 188-TB/TU", day: str = "23 tháng 11 năm 2026"
    ) -> bytes:
        """The letter with number and date filled."""
        return acts.fill_number_and_date(
            pdf, number_line=number, date_line=f"Sông Lam, ngày {day}", font_path=samples.FONTS
        )

    def seal(self, pdf: bytes, *, at: datetime = SEALED_AT) -> acts.SignedPdf:
        """The letter sealed by the agency."""
        return acts.seal(
            pdf,
            identity=self.agency,
            image_png=self.seal_image,
            image_box=None,
            tsa=self.pki.tsa(at),
            validation_context_factory=lambda: self.pki.validation_context(at),
            sealed_at=at,
        )

    def check(
        self,
        pdf: bytes,
        *,
        now: datetime = CHECKED_AT,
        crls: tuple[bytes, ...] | None = None,
    ) -> FileVerdict:
        """The verdict with the revocation lists of `now`, or with those given."""
        lists = self.pki.crls(now) if crls is None else crls
        return verify(pdf, trust=self.pki.trust_list(), now=now, crls=lists)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    pki = TestPki(tmp_path_factory.mktemp("pki"))
    organisation = "Tỉnh ủy Sông Lam"
    return Office(
        pki=pki,
        leader=pki.person(
            "Nguyễn Thị Hạnh", "Thường trực Tỉnh ủy", "TU-0001", organisation=organisation
        ),
        deputy=pki.person(
            "Vũ Minh Đức", "Thường trực Tỉnh ủy", "TU-0002", organisation=organisation
        ),
        agency=pki.agency(organisation, "CQ-0001"),
        signature_image=images.signature_png("Nguyễn Thị Hạnh"),
        seal_image=images.seal_png(organisation, font_folder=samples.FONTS),
    )


@pytest.fixture(scope="session")
def blank() -> bytes:
    return samples.letter()


@pytest.fixture(scope="session")
def signed(office: Office, blank: bytes) -> bytes:
    return office.sign(blank).content


@pytest.fixture(scope="session")
def numbered(office: Office, signed: bytes) -> bytes:
    return office.number(signed)


@pytest.fixture(scope="session")
def sealed(office: Office, numbered: bytes) -> bytes:
    return office.seal(numbered).content


@pytest.fixture
def sealed_file(sealed: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "van-ban.pdf"
    path.write_bytes(sealed)
    return path
