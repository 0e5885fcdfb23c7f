from __future__ import annotations

import hashlib
import importlib
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.state import ProjectState

from nhactruong.foundation.audit import commands, selectors
from nhactruong.foundation.audit.models import AuditLink, AuditRow
from nhactruong.kernel.actor import service_actor

pytestmark = pytest.mark.django_db

_STEPS = ("0001_initial", "0002_append_only", "0003_every_row_waits", "0004_partitions")
_NEWEST = "0005_never_emptied"
_THING = uuid.UUID(int=7)
_BEGUN = datetime(2026, 9, 30, 23, 59, 59, 5, tzinfo=UTC)


def take_away() -> None:
    """The database is as it was before the record had any table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE audit_auditrow, audit_auditpending, audit_auditlink")
        cursor.execute(
            "DROP FUNCTION audit_refuse_change, audit_wait_for_chain, audit_keep_months,"
            " audit_open_month, audit_open_months, audit_drop_month"
        )


def apply(state: ProjectState, *names: str) -> ProjectState:
    for name in names:
        module = importlib.import_module(f"nhactruong.foundation.audit.migrations.{name}")
        with connection.schema_editor(atomic=False) as editor:
            state = module.Migration(name, "audit").apply(state, editor)
    return state


def stage_one_rows(number: int) -> list[str]:
    """So many rows as stage 1 wrote them; their hashes."""
    told = []
    for n in range(number):
        fields = {
            **{"event_id": str(uuid.UUID(int=n)), "outcome": "ok", "object_type": "Thing"},
            **{"at": (_BEGUN + timedelta(seconds=n)).isoformat(), "object_id": str(_THING)},
            **{"action": ("incoming.received", "outgoing.signed")[n % 2], "agency_id": 3},
            **{"secrecy": n % 2, "user_id": None, "person_name": "Đỗ Minh Khuê", "post_id": 7},
            **{"post_title": "Văn thư", "on_behalf_of": "", "service": "", "session_id": "s"},
            **{"client_address": "10.0.0.7", "reason": "vì\tthế", "facts": {"mã": n, "a": [1]}},
        }
        text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        told.append(hashlib.sha256(text.encode()).hexdigest())
        row = {**fields, "facts": json.dumps(fields["facts"]), "hash": told[-1]}
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO audit_auditrow ({', '.join(row)})"  # noqa: S608 (names of columns)
                f" VALUES ({', '.join(['%s'] * len(row))})",
                list(row.values()),
            )
    return told


def chained(hashes: list[str]) -> None:
    """These rows have their places in the chain, as the sealer of stage 1 gave them."""
    previous = "0" * 64
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_auditrow ORDER BY id LIMIT %s", [len(hashes)])
        for position, ((row_id,), own) in enumerate(zip(cursor.fetchall(), hashes, strict=True), 1):
            link = hashlib.sha256(f"{previous}{own}".encode()).hexdigest()
            cursor.execute(
                "INSERT INTO audit_auditlink (position, row_id, previous, row_hash, hash, sealed_at)"
                " VALUES (%s, %s, %s, %s, %s, now())",
                [position, row_id, previous, own, link],
            )
            cursor.execute("DELETE FROM audit_auditpending WHERE row_id = %s", [row_id])
            previous = link


def test_a_record_of_stage_1_is_taken_over_whole_and_goes_on() -> None:
    take_away()
    state = apply(ProjectState(), *_STEPS[:3])
    hashes = stage_one_rows(6)
    chained(hashes[:4])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_reading (at, action, object_type, object_id, person_name)"
            " SELECT %s::timestamptz + make_interval(days => n), 'incoming.opened', 'Thing', %s,"
            " 'Trần Thị Sương' FROM generate_series(1, 40) AS n",
            [_BEGUN, _THING],
        )
    apply(state, _STEPS[3], _NEWEST)
    old = AuditRow.objects.filter(version=1).order_by("pk")
    assert [row.hash for row in old] == hashes
    assert [row.keep for row in old] == ["short", "long"] * 3
    assert AuditLink.objects.count() == 4
    commands.record(service_actor("test", "Văn thư thử"), "test.after")
    assert commands.seal_chain() == 2 + 40 + 1
    found = selectors.verify().findings
    assert (found.harms, found.links, found.rows) == ([], 47, 47)
    seen = selectors.record_page(selectors.RecordFilter(object_ids=(_THING,), readings=True))
    assert {row.person_name for row in seen.rows} == {"Trần Thị Sương"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_auditrow WHERE tableoid::regclass::text LIKE '%%rest'"
        )
        assert cursor.fetchone() == (0,)
