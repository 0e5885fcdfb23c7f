from __future__ import annotations

import random
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from nhactruong.foundation.audit import commands, selectors
from nhactruong.foundation.audit.engine.verification import HarmKind
from nhactruong.foundation.audit.models import AuditLink, AuditRow
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor, service_actor

CLERK = service_actor("test", "Văn thư thử")


@command
def act(actor: Actor, name: str) -> None:
    """One act on the record."""
    commands.record(actor, f"test.{name}", None)


def order_in_the_chain() -> list[str]:
    """The acts as they are linked."""
    acts = dict(AuditRow.objects.values_list("pk", "action"))
    linked = AuditLink.objects.order_by("position").values_list("row_id", flat=True)
    return [acts[row_id] for row_id in linked]


@pytest.mark.django_db
def test_the_chain_holds_and_breaks_when_a_row_is_altered() -> None:
    for name in ("one", "two", "three"):
        act(CLERK, name)
    assert commands.seal_chain() == 3
    assert selectors.verify().findings.holds
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditrow DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE audit_auditrow SET person_name = 'kẻ khác' WHERE action = 'test.two'"
        )
        cursor.execute("ALTER TABLE audit_auditrow ENABLE TRIGGER USER")
    (harm,) = selectors.verify().findings.harms
    assert (harm.position, harm.kind) == (2, HarmKind.ALTERED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrow SET reason = 'x'",
        "DELETE FROM audit_auditrow",
        "DELETE FROM audit_auditrow_short",
        "UPDATE audit_auditlink SET row_hash = ''",
    ],
)
def test_the_database_itself_refuses_to_change_the_record(statement: str) -> None:
    act(CLERK, "one")
    commands.seal_chain()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditRow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_chained_late_and_not_lost() -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                act(CLERK, "slow")
                written.set()
                go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    act(CLERK, "quick")
    assert commands.seal_chain() == 1
    go_on.set()
    thread.join()
    assert commands.seal_chain() == 1
    assert order_in_the_chain() == ["test.quick", "test.slow"]
    assert selectors.verify().findings.holds
    assert selectors.unchained_too_long() == 0


@pytest.mark.django_db(transaction=True)
def test_eight_people_commit_in_any_order_and_every_act_is_chained_once_in_that_order() -> None:
    committed: list[str] = []
    turns = [threading.Event() for _ in range(8)]
    written = threading.Barrier(9)

    def person(number: int) -> None:
        try:
            with transaction.atomic():
                act(CLERK, f"act{number}")
                written.wait(10)
                turns[number].wait(10)
                if number % 4 == 3:
                    transaction.set_rollback(True)
        finally:
            connection.close()

    people = [threading.Thread(target=person, args=(number,)) for number in range(8)]
    for one in people:
        one.start()
    written.wait(10)
    assert commands.seal_chain() == 0
    for number in random.Random(5).sample(range(8), 8):  # noqa: S311 (no secret)
        turns[number].set()
        people[number].join()
        commands.seal_chain()
        if number % 4 != 3:
            committed.append(f"test.act{number}")
    assert order_in_the_chain() == committed
    assert committed != sorted(committed)
    assert selectors.verify().findings.holds


@pytest.mark.django_db
def test_an_act_that_is_rolled_back_leaves_no_row() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        act(CLERK, "gone")
        _ = 1 // 0
    assert not AuditRow.objects.filter(action="test.gone").exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_command_a_row_and_its_wait_for_the_chain_come_together_or_not_at_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditpending ADD CONSTRAINT refused CHECK (row_id < 0)")
    try:
        with pytest.raises(DatabaseError):
            commands.record(CLERK, "account.signed_in", None)
        assert not AuditRow.objects.exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditpending DROP CONSTRAINT refused")
