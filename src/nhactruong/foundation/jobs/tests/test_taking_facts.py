"""Facts of a history that is being built are taken by the builder, not queued."""

from __future__ import annotations

import dataclasses
import uuid

import pytest
from django.db import connection

from nhactruong.foundation.jobs.commands import publish, subscribe, taken_by
from nhactruong.foundation.jobs.events import Event

pytestmark = pytest.mark.django_db


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Event):
    """Somebody lit a lamp."""

    lamp_id: uuid.UUID


def note(event: LampLit) -> None:
    raise AssertionError("nobody runs it here")


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def test_a_taken_fact_is_not_queued_and_a_later_one_is() -> None:
    subscribe(LampLit, [note])
    before = queued()
    fact = LampLit(lamp_id=uuid.uuid4())
    taken: list[tuple[Event, str]] = []
    with taken_by(lambda event, handler: taken.append((event, handler.__name__))):
        assert publish(fact) == 1
    assert taken == [(fact, "note")]
    assert queued() == before
    assert publish(fact) == 1
    assert queued() == before + 1


def test_a_fact_somebody_waits_for_stands_before_others() -> None:
    subscribe(LampLit, [note])
    fact = LampLit(lamp_id=uuid.uuid4())
    publish(fact)
    publish(LampLit(lamp_id=fact.lamp_id), priority=15)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT priority FROM procrastinate_jobs WHERE args->'payload'->>'lamp_id' = %s"
            " ORDER BY priority DESC",
            [str(fact.lamp_id)],
        )
        assert [row[0] for row in cursor.fetchall()] == [15, 0]
