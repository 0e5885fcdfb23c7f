"""From the door to the register, and what the register refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.kernel.states import Secrecy, Urgency
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.masterdata.workdays import selectors as workdays
from nhactruong.records.incoming import commands, selectors
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.terms import default_term
from nhactruong.records.incoming.tests import letters

pytestmark = pytest.mark.django_db


def kinds_waiting(office: SmallOffice, person: str) -> list[str]:
    return sorted(item.kind for item in workitems.waiting(office.actor(person)))


def test_a_registered_letter_has_the_next_number_and_waits_for_the_chief(
    office: SmallOffice,
) -> None:
    first = letters.registered(office)
    second = letters.registered(office, letters.again(reference_code="119-BC/ĐU"))
    assert (first.arrival_number, second.arrival_number) == (1, 2)
    assert first.as_state == State.SUBMITTED
    assert kinds_waiting(office, "khue") == ["incoming.direct", "incoming.direct"]
    assert kinds_waiting(office, "nhan") == []
    assert AuditRow.objects.filter(action="incoming.registered").count() == 2


def test_each_agency_of_one_registry_counts_for_itself(office: SmallOffice) -> None:
    letters.registered(office)
    own = letters.registered(office, letters.again(reference_code="7-CV/ĐU"), agency="vptu")
    assert own.arrival_number == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issued_on", None),
        ("issued_on", clock.today() + timedelta(days=1)),
        ("issuer_name", " "),
        ("subject", ""),
        ("due_on", clock.today() - timedelta(days=1)),
    ],
)
def test_an_incomplete_line_names_its_field_and_takes_no_number(
    office: SmallOffice, field: str, value: object
) -> None:
    waiting = letters.received(office, read=False)
    with pytest.raises(InvalidInput) as refusal:
        commands.register(
            office.actor("nhan"),
            waiting.public_id,
            letters.line_of(**{field: value}),
            version=None,
        )
    assert list(refusal.value.fields) == [field]
    assert letters.fresh(waiting).arrival_number is None
    assert letters.registered(office, letters.again(reference_code="9-BC/ĐU")).arrival_number == 1


def test_the_same_letter_again_wants_a_reason(office: SmallOffice) -> None:
    first = letters.registered(office)
    twin = letters.received(office, read=False)
    nhan = office.actor("nhan")
    # The number is written otherwise, and still it is the same letter.
    line = letters.line_of(reference_code="0118-BC/ĐU ")
    with pytest.raises(RuleBroken) as refusal:
        commands.register(nhan, twin.public_id, line, version=None)
    assert refusal.value.code == "incoming.duplicate"
    assert f"số đến {first.arrival_number}" in refusal.value.sentence
    line = letters.line_of(duplicate_reason="Nơi gửi gửi lại bản có phụ lục")
    assert commands.register(nhan, twin.public_id, line, version=None).arrival_number == 2


def test_a_duplicate_of_another_agency_is_never_told(office: SmallOffice) -> None:
    letters.registered(office)
    elsewhere = letters.registered(office, clerk="thao", agency="dm")
    assert elsewhere.arrival_number == 1


def test_content_marked_secret_is_not_taken_into_this_system(office: SmallOffice) -> None:
    waiting = letters.received(office, read=False)
    with pytest.raises(RuleBroken) as refusal:
        commands.register(
            office.actor("nhan"),
            waiting.public_id,
            letters.line_of(secrecy=Secrecy.SECRET),
            version=None,
        )
    assert refusal.value.code == "secrecy.register_only"


def test_the_clerk_of_another_agency_finds_nothing(office: SmallOffice) -> None:
    waiting = letters.received(office, read=False)
    with pytest.raises(NotFound):
        commands.register(office.actor("thao"), waiting.public_id, letters.line_of(), version=None)
    with pytest.raises(NotFound):
        selectors.opened(office.actor("thao"), waiting.public_id)


def test_only_the_clerk_registers(office: SmallOffice) -> None:
    document = letters.registered(office)
    with pytest.raises(AccessDenied):
        commands.register(office.actor("khue"), document.public_id, letters.line_of(), version=None)


def test_a_line_written_over_an_older_state_is_refused(office: SmallOffice) -> None:
    waiting = letters.received(office, read=False)
    with pytest.raises(ConflictingChange):
        commands.register(
            office.actor("nhan"),
            waiting.public_id,
            letters.line_of(),
            version=waiting.version + 1,
        )


def test_what_is_sent_back_takes_no_number_and_leaves_the_queue(office: SmallOffice) -> None:
    waiting = letters.received(office, read=False)
    nhan = office.actor("nhan")
    with pytest.raises(InvalidInput):
        commands.return_to_sender(nhan, waiting.public_id, reason=" ", version=None)
    sent_back = commands.return_to_sender(
        nhan, waiting.public_id, reason="Gửi nhầm cơ quan", version=None
    )
    assert sent_back.as_state == State.RETURNED_TO_SENDER
    assert list(selectors.intake(nhan)) == []
    assert letters.registered(office).arrival_number == 1


@pytest.mark.parametrize(
    ("urgency", "days"), [(Urgency.NORMAL, 10), (Urgency.URGENT, 2), (Urgency.VERY_URGENT, 1)]
)
def test_a_letter_without_a_date_gets_the_term_of_its_urgency(urgency: Urgency, days: int) -> None:
    calendar = workdays.calendar()
    arrived = next(
        day for day in (clock.today() + timedelta(days=n) for n in range(9)) if day.weekday() == 0
    )
    term = default_term(urgency, arrived, calendar)
    assert term is not None
    counted = [
        day
        for day in (arrived + timedelta(days=n) for n in range(1, 60))
        if day <= term.last_day and calendar.is_working_day(day)
    ]
    assert len(counted) == days
    assert f"{days} ngày làm việc" in term.rule


def test_an_express_letter_is_handled_at_once(office: SmallOffice) -> None:
    del office
    calendar = workdays.calendar()
    term = default_term(Urgency.EXPRESS, clock.today(), calendar)
    assert term is not None
    assert calendar.is_working_day(term.last_day)
    assert "xử lý ngay" in term.rule
