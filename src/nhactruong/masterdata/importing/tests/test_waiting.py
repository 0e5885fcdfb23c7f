"""A list that waits for the second person stands in the inbox of whoever may approve it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.thread.cards import cards
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.states import Role
from nhactruong.masterdata.importing import commands
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import State
from nhactruong.masterdata.importing.tests.files import PEOPLE, checked, csv_of, person_row, written
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    PASSWORD,
    SmallOffice,
    small_office,
)

pytestmark = pytest.mark.django_db

ROWS = (person_row("CB-1", "Lê Văn An"),)
#: Chánh and Phó Chánh Văn phòng.
LEADING = ("khue", "le")
#: Whoever brought it in, a colleague, the administrator, the chief of another office.
OTHERS = ("suong", "mien", "quan", "son")


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


def proposed(office: SmallOffice, *, by: str = "suong") -> ListImport:
    found = checked(office, PEOPLE, csv_of(PEOPLE, ROWS), by=by)
    assert found.as_state is State.PROPOSED
    return found


def waits_for(office: SmallOffice, found: ListImport) -> set[str]:
    """Who finds the list in his inbox."""
    return {
        person
        for person in office.people
        if workitems.open_for_object(office.actor(person), found.public_id)
    }


def inbox(office: SmallOffice, person: str) -> str:
    client = Client()
    client.force_login(office.user(person))
    return str(client.get(reverse("workitems:inbox")).content.decode())


def test_it_waits_for_the_leaders_of_the_office_and_leads_to_its_page(office: SmallOffice) -> None:
    found = proposed(office)
    address = reverse("importing:detail", args=[found.public_id])
    assert waits_for(office, found) == set(LEADING)
    for person in LEADING:
        page = inbox(office, person)
        assert address in page
        assert found.title in page
        assert "Hoàng Mai Sương" in page
    for person in OTHERS:
        assert address not in inbox(office, person)
    wanted = [(ListImport.type_name(), found.public_id)]
    assert cards(office.actor("khue"), wanted)[found.public_id].url == address
    assert not cards(office.actor("quan"), wanted)


def _approved(office: SmallOffice, found: ListImport) -> Any:
    return written(office, found, by="le")


def _refused(office: SmallOffice, found: ListImport) -> Any:
    return commands.refuse(
        office.actor("khue"), found.public_id, reason="Thiếu phòng", version=None
    )


def _withdrawn(office: SmallOffice, found: ListImport) -> Any:
    return commands.withdraw(office.actor("suong"), found.public_id, version=None)


@pytest.mark.parametrize(
    ("act", "outcome"),
    [(_approved, "approved"), (_refused, "refused"), (_withdrawn, "withdrawn")],
)
def test_once_it_is_decided_or_taken_back_nobody_is_asked(
    office: SmallOffice, act: Any, outcome: str
) -> None:
    found, other = proposed(office), proposed(office)
    act(office, found)
    assert waits_for(office, found) == set()
    assert set(
        WorkItem.objects.filter(object_id=found.public_id).values_list("outcome", flat=True)
    ) == {outcome}
    assert waits_for(office, other) == set(LEADING)


def test_whoever_brought_it_in_is_not_asked_to_approve_it(office: SmallOffice) -> None:
    assert waits_for(office, proposed(office, by="khue")) == {"le"}
    assert waits_for(office, proposed(office, by="le")) == {"khue"}
    # Of two who bear the same role, the other one is asked.
    organization.grant_role(
        FOUNDER,
        office.posts["lam"],
        Role.CHIEF_OF_OFFICE,
        office.agencies["vptu"],
        since=clock.today(),
    )
    assert waits_for(office, proposed(office, by="khue")) == {"le", "lam"}


def test_a_list_with_faults_or_without_a_change_asks_nobody(office: SmallOffice) -> None:
    faulty = checked(office, PEOPLE, csv_of(PEOPLE, [person_row("CB-2", "")]))
    written(office, proposed(office))
    same = checked(office, PEOPLE, csv_of(PEOPLE, ROWS))
    assert (faulty.as_state, same.as_state) == (State.FAULTY, State.UNCHANGED)
    assert waits_for(office, faulty) | waits_for(office, same) == set()


def test_the_approver_goes_from_the_inbox_to_the_list_and_it_is_gone(office: SmallOffice) -> None:
    found = proposed(office)
    client = Client()
    client.force_login(office.user("khue"))
    address = reverse("importing:detail", args=[found.public_id])
    assert "Duyệt và ghi" in client.get(address).content.decode()
    sent = client.post(
        reverse("importing:approve", args=[found.public_id]),
        {"operation_id": str(uuid.uuid4()), "version": found.version, "step_up_code": PASSWORD},
    )
    assert sent.status_code == 303
    assert address not in inbox(office, "khue")
    assert address not in inbox(office, "le")
