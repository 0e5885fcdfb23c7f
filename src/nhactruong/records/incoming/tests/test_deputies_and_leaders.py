"""What a deputy may do with what is given to him, and before which leader a paper is put."""

from __future__ import annotations

import pytest

from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.incoming import commands
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.tests import letters

pytestmark = pytest.mark.django_db


def waits_for(office: SmallOffice, person: str, document: IncomingDocument) -> list[str]:
    found = workitems.open_for_object(office.actor(person), document.public_id)
    return [item.kind for item in found]


def test_a_deputy_assigns_what_was_given_to_him(office: SmallOffice) -> None:
    document = letters.directed(office, lead="le")
    commands.assign(
        office.actor("le"), document.public_id, post_id=office.posts["suong"].pk, version=None
    )
    assert letters.fresh(document).as_state == State.ASSIGNED
    assert waits_for(office, "suong", document) == ["incoming.handle"]


def test_a_deputy_leaves_alone_what_was_given_to_others(office: SmallOffice) -> None:
    document = letters.directed(office, lead="th")
    with pytest.raises((AccessDenied, NotFound)):
        commands.assign(
            office.actor("le"), document.public_id, post_id=office.posts["suong"].pk, version=None
        )
    assert letters.fresh(document).as_state == State.DIRECTED


def test_the_chief_names_the_leader_who_decides(office: SmallOffice) -> None:
    document = letters.registered(office)
    commands.submit_to_leader(
        office.actor("khue"),
        document.public_id,
        leader_post_id=office.posts["thu"].pk,
        version=None,
    )
    assert waits_for(office, "thu", document) == ["incoming.direct"]
    assert waits_for(office, "khoi", document) == []


def test_without_a_name_the_secretary_decides(office: SmallOffice) -> None:
    document = letters.registered(office)
    commands.submit_to_leader(office.actor("khue"), document.public_id, version=None)
    assert waits_for(office, "khoi", document) == ["incoming.direct"]
    assert waits_for(office, "khue", document) == []


def test_a_post_that_does_not_lead_is_not_a_leader(office: SmallOffice) -> None:
    document = letters.registered(office)
    with pytest.raises(InvalidInput) as refusal:
        commands.submit_to_leader(
            office.actor("khue"),
            document.public_id,
            leader_post_id=office.posts["lam"].pk,
            version=None,
        )
    assert refusal.value.code == "incoming.no_leader"
    assert waits_for(office, "khue", document) == ["incoming.direct"]
