from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from nhactruong.foundation.audit import commands, selectors
from nhactruong.foundation.audit.models import AuditLink, AuditRow
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel.actor import Actor, service_actor

CLERK = service_actor("test", "Văn thư thử")


@command
def act(actor: Actor, name: str) -> None:
    """One act on the record."""
    commands.record(actor, f"test.{name}", None)


@pytest.mark.django_db
def test_the_chain_holds_and_breaks_when_a_row_is_altered() -> None:
    for name in ("one", "two", "three"):
        act(CLERK, name)
    assert commands.seal_chain() == 3
    assert selectors.chain_fault() is None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditrow DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE audit_auditrow SET person_name = 'kẻ khác' WHERE action = 'test.two'"
        )
        cursor.execute("ALTER TABLE audit_auditrow ENABLE TRIGGER USER")
    fault = selectors.chain_fault()
    assert fault is not None
    assert (fault.position, fault.reason) == (2, "altered")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditrow SET reason = 'x'", "DELETE FROM audit_auditrow"],
)
def test_the_database_itself_refuses_to_change_the_record(statement: str) -> None:
    act(CLERK, "one")
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
    order = [
        link.row.action for link in AuditLink.objects.select_related("row").order_by("position")
    ]
    assert order == ["test.quick", "test.slow"]
    assert selectors.chain_fault() is None
    assert selectors.unchained_too_long() == 0


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
