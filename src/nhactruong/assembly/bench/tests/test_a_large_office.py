"""An office filled in bulk is the office its commands would have left behind."""

from __future__ import annotations

import pytest

from nhactruong.assembly.bench.checking import check
from nhactruong.assembly.bench.filling import fill, signed_documents
from nhactruong.assembly.bench.people import ordinary_people
from nhactruong.foundation.access.models import Grant
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.selectors import find
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing import selectors as departing
from nhactruong.records.outgoing.models import OutgoingDocument

pytestmark = pytest.mark.django_db

_DOCUMENTS = 300


@pytest.fixture
def filled() -> None:
    fill(_DOCUMENTS, lambda line: None, vacuum=False)


def test_sight_numbers_and_work_agree(filled: None) -> None:
    found = check(sample=60)

    assert found.is_sound, found.faults
    assert found.documents_rebuilt >= 60
    assert Grant.objects.exists()
    assert IncomingDocument.objects.count() + OutgoingDocument.objects.count() == _DOCUMENTS
    registered = IncomingDocument.objects.exclude(state="received").count()
    assert SearchCard.objects.count() == registered + OutgoingDocument.objects.count()


def test_a_clerk_finds_the_register_the_work_and_the_words(filled: None) -> None:
    clerk = next(person for person in ordinary_people() if person.role is Role.CLERK).actor

    listed = incoming.listed(clerk, incoming.ListFilter(), today=clock.today())
    page = listed.newest_page(clerk, by="arrived_on")
    days = [row.arrived_on for row in page.rows]
    assert len(days) == 50
    assert days == sorted(days, reverse=True)
    numbered = departing.register(clerk, departing.RegisterFilter(), only_numbered=True)
    assert numbered.newest_page(clerk, by="listed_on").rows
    assert workitems.count_waiting(clerk)
    shown = page.rows[0]
    assert find(clerk, shown.subject).filter(object_id=shown.public_id).exists()


def test_the_sixteen_are_sixteen_people_of_all_roles(filled: None) -> None:
    people = ordinary_people()

    assert len({person.username for person in people}) == 16
    assert len({person.role for person in people}) == 8
    assert len({agency for person in people for agency in person.actor.agency_ids}) >= 4


def test_a_prepared_letter_takes_its_number_by_the_real_command(filled: None) -> None:
    first, second = signed_documents(2)
    clerk = _clerk_of(first)

    numbers = [
        outgoing.assign_number(clerk, public_id, version=None).number
        for public_id in (first, second)
    ]

    assert all(numbers)
    assert check(sample=5).is_sound


def test_an_office_with_people_is_left_alone(filled: None) -> None:
    with pytest.raises(RuleBroken) as refusal:
        fill(10, lambda line: None, vacuum=False)

    assert refusal.value.code == "bench.not_empty"


def _clerk_of(public_id: str) -> object:
    agency_id = OutgoingDocument.objects.get(public_id=public_id).agency_id
    people = ordinary_people()
    return next(person.actor for person in people if person.actor.has_role(Role.CLERK, agency_id))
