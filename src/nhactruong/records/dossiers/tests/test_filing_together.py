"""Văn phòng keeps the papers of its committee with its own; other agencies' papers stay out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import pytest

from nhactruong.kernel.errors import AccessDenied, RuleBroken
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.dossiers import commands, selectors
from nhactruong.records.dossiers.models import Dossier, PlanHeading

pytestmark = pytest.mark.django_db


@dataclass
class Paper:
    """Some record of an agency."""

    agency_id: int
    public_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @classmethod
    def type_name(cls) -> str:
        return "IncomingDocument"


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def opened(office: SmallOffice) -> Dossier:
    return commands.open_dossier(
        office.actor("suong"),
        agency_id=office.agencies["vptu"].pk,
        code="03.TH",
        title="Hồ sơ về bố trí dân cư vùng sạt lở",
        retention="vinh_vien",
    )


def test_papers_of_one_registry_share_a_dossier(office: SmallOffice) -> None:
    dossier = opened(office)
    for agency in ("tu", "vptu"):
        commands.file(office.actor("suong"), dossier.public_id, Paper(office.agencies[agency].pk))
    assert dossier.entries.count() == 2
    offered = selectors.open_for_filing(office.actor("suong"), office.agencies["tu"].pk)
    assert list(offered) == [dossier]


def test_a_paper_of_another_registry_stays_out(office: SmallOffice) -> None:
    dossier = opened(office)
    with pytest.raises(RuleBroken) as refusal:
        commands.file(office.actor("suong"), dossier.public_id, Paper(office.agencies["dm"].pk))
    assert refusal.value.code == "dossier.other_agency"
    assert organization.agencies_kept_with(office.agencies["dm"].pk) == {office.agencies["dm"].pk}


def test_the_chief_settles_the_file_plan(office: SmallOffice) -> None:
    def enter(person: str) -> PlanHeading:
        return commands.enter_plan_line(
            office.actor(person),
            agency_id=office.agencies["vptu"].pk,
            year=2026,
            code="01.TH",
            title="Hồ sơ phiên họp Ban Thường vụ",
            retention="vinh_vien",
            position=0,
        )

    with pytest.raises(AccessDenied):
        enter("suong")
    assert enter("khue").code == "01.TH"
