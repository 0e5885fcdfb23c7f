from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from nhactruong.foundation.audit import commands, selectors
from nhactruong.foundation.audit.engine.verification import HarmKind
from nhactruong.foundation.audit.models import AuditLink, AuditRow
from nhactruong.foundation.audit.rules import KEEP_MONTHS
from nhactruong.foundation.audit.tests import harming
from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db

CLERK = service_actor("test", "Văn thư thử")
LONG_AGO = datetime(2019, 5, 31, 23, 59, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Path:
    """A shelf and a key of this test's own."""
    settings.AUDIT_SHELF = tmp_path / "shelf"
    settings.AUDIT_KEY = tmp_path / "root-key.pem"
    return tmp_path


def partitions_of_rows() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, action FROM audit_auditrow ORDER BY id")
        return cursor.fetchall()


def month(instant: datetime) -> str:
    return f"{instant:%Y%m}"


def test_a_row_lies_with_its_kind_and_month_and_moves_there_when_the_month_is_opened_late() -> None:
    now = clock.now()
    commands.record(CLERK, "incoming.directed")
    commands.record(CLERK, "outgoing.signed")
    with clock.frozen_at(LONG_AGO):
        commands.record(CLERK, "incoming.assigned")
    late = ("audit_auditrow_short_rest", "incoming.assigned")
    assert partitions_of_rows() == [
        (f"audit_auditrow_short_{month(now)}", "incoming.directed"),
        (f"audit_auditrow_long_{month(now)}", "outgoing.signed"),
        late,
    ]
    assert commands.open_months() == 1
    assert partitions_of_rows()[2] == ("audit_auditrow_short_201905", "incoming.assigned")
    assert commands.seal_chain() == 3
    assert selectors.verify().findings.holds
    assert commands.open_months() == 0


def test_the_record_cannot_be_emptied_by_its_owner_either() -> None:
    commands.record(CLERK, "incoming.directed")
    commands.seal_chain()
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_open_month('short', '2031-05-17')")
        cursor.execute("SELECT relid::regclass::text FROM pg_partition_tree('audit_auditrow')")
        tables = [name for (name,) in cursor.fetchall()]
        assert "audit_auditrow_short_203105" in tables
        for table in (*tables, "audit_auditlink"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table}")
    assert AuditLink.objects.exists()


def test_the_database_keeps_each_kind_as_long_as_the_rules_say() -> None:
    with connection.cursor() as cursor:
        for keep, months in KEEP_MONTHS.items():
            cursor.execute("SELECT audit_keep_months(%s)", [keep.value])
            assert cursor.fetchone() == (months,)


def test_what_is_past_its_time_goes_and_is_known_to_have_expired_not_to_be_missing(
    shelf: Path,
) -> None:
    with clock.frozen_at(LONG_AGO):
        for name in ("one", "two"):
            commands.record(CLERK, f"test.{name}")
        commands.record(CLERK, "outgoing.signed")
        commands.seal_chain()
    commands.record(CLERK, "test.today")
    commands.seal_chain()
    commands.seal_roots(CLERK, today_too=True)
    commands.open_months()
    assert selectors.months_past() == [("short", "2019-05")]
    (note,) = commands.expire_months(CLERK)
    assert (note.keep, note.month, note.rows) == ("short", "2019-05", 2)
    kept = set(AuditRow.objects.values_list("action", flat=True))
    assert {"outgoing.signed", "test.today", "audit.expired"} < kept
    assert not kept & {"test.one", "test.two"}
    assert AuditLink.objects.count() == 4
    commands.seal_chain()
    found = selectors.verify().findings
    assert (found.harms, found.expired) == ([], 2)
    assert harming.named_by_both(shelf / "export", harming.stand_alone()) == (set(), set())
    (shelf / "shelf" / "expired" / "short-2019-05.json").unlink()
    missing = {(harm.kind, harm.position) for harm in selectors.verify().findings.harms}
    assert missing == {(HarmKind.DELETED, 1), (HarmKind.DELETED, 2)}


def test_a_month_that_was_harmed_is_not_let_go_with_its_harm(shelf: Path) -> None:
    with clock.frozen_at(LONG_AGO):
        commands.record(CLERK, "test.one")
        commands.seal_chain()
    commands.open_months()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_auditrow SET reason = 'khác'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(RuleBroken) as refused:
        commands.expire_months(CLERK)
    assert refused.value.code == "audit.harmed_month"
    assert AuditRow.objects.filter(action="test.one").exists()


@pytest.mark.parametrize(("keep", "months"), [("read", 24), ("short", 24), ("long", 120)])
def test_the_database_does_not_drop_a_month_before_its_time(keep: str, months: int) -> None:
    young = clock.now() - timedelta(days=30 * months)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_open_month(%s, %s)", [keep, young.date()])
        with pytest.raises(DatabaseError, match="still to be kept"), transaction.atomic():
            cursor.execute("SELECT audit_drop_month(%s, %s)", [keep, young.date()])


def test_days_are_sealed_once_each_with_a_stamp_and_name_the_root_before(shelf: Path) -> None:
    made = []
    for day in (1, 2, 3):
        with clock.frozen_at(datetime(2026, 4, day, 5, tzinfo=UTC)):
            commands.record(CLERK, f"test.day{day}")
            commands.seal_chain()
            made += commands.seal_roots(CLERK)
            assert commands.seal_roots(CLERK) == []
    assert [(root.number, root.day) for root in made] == [(1, "2026-04-01"), (2, "2026-04-02")]
    # What says that a day was sealed is chained on the day it was done.
    assert [(root.first_position, root.last_position) for root in made] == [(1, 1), (2, 2)]
    last = selectors.last_root()
    assert last is not None
    assert (last.number, last.is_stamped) == (2, True)
    files = sorted(path.name for path in (shelf / "shelf" / "roots").iterdir())
    assert files == ["000001.json", "000001.tsr", "000002.json", "000002.tsr"]
    assert (shelf / "root-key.pem").stat().st_mode & 0o777 == 0o600
