from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.persistence.models import Operation
from nhactruong.foundation.persistence.operations import operation
from nhactruong.kernel.actor import Actor, service_actor
from nhactruong.kernel.errors import ConflictingChange, RuleBroken
from nhactruong.masterdata.workdays.models import DayOverride

CLERK = service_actor("test", "Văn thư thử")


@command
def settle(actor: Actor, name: str) -> DayOverride:
    """A row that counts how often it was written."""
    count = DayOverride.objects.count()
    return DayOverride.objects.create(
        day=f"2027-01-{count + 1:02d}", kind="holiday", name=f"{name} {count + 1}"
    )


@command
def refuse(actor: Actor) -> None:
    """Nothing: the rule forbids it."""
    DayOverride.objects.create(day="2027-02-01", kind="holiday", name="không được còn lại")
    raise RuleBroken("test.refused", "Không được.")


@pytest.mark.django_db
def test_a_form_sent_twice_acts_once_and_gets_the_first_result() -> None:
    pressed = uuid.uuid4()
    with operation(7, pressed):
        first = settle(CLERK, "Nghỉ bù")
    with operation(7, pressed):
        again = settle(CLERK, "Nghỉ bù")
    assert first.pk == again.pk
    assert DayOverride.objects.count() == 1


@pytest.mark.django_db
def test_two_acts_of_one_operation_are_two_steps() -> None:
    pressed = uuid.uuid4()
    for _ in range(2):
        with operation(7, pressed):
            settle(CLERK, "một")
            settle(CLERK, "hai")
    assert DayOverride.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_act_leaves_nothing_and_may_be_tried_again() -> None:
    pressed = uuid.uuid4()
    for _ in range(2):
        with operation(7, pressed), pytest.raises(RuleBroken):
            refuse(CLERK)
    assert DayOverride.objects.count() == 0
    assert Operation.objects.count() == 0


@pytest.mark.django_db
def test_an_operation_of_somebody_else_is_not_answered_with_mine() -> None:
    pressed = uuid.uuid4()
    with operation(7, pressed):
        mine = settle(CLERK, "của tôi")
    with operation(8, pressed):
        theirs = settle(CLERK, "của người khác")
    assert mine.pk != theirs.pk


@pytest.mark.django_db
def test_an_operation_cannot_be_used_for_another_act() -> None:
    pressed = uuid.uuid4()
    with operation(7, pressed):
        settle(CLERK, "một")
    with operation(7, pressed), pytest.raises(ConflictingChange):
        refuse(CLERK)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_act_once() -> None:
    pressed = uuid.uuid4()
    together = threading.Barrier(4)
    results: list[int] = []

    def press() -> None:
        try:
            together.wait()
            with operation(7, pressed):
                results.append(settle(CLERK, "cùng lúc").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert len(set(results)) == 1
    assert DayOverride.objects.count() == 1
