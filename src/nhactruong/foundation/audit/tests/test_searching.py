from __future__ import annotations

import json
import random
import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection

from nhactruong.foundation.audit import circumstances, commands, selectors
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.audit.selectors import RecordFilter, record_page
from nhactruong.foundation.audit.tests.harming import Thing
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor

pytestmark = pytest.mark.django_db


def person(number: int) -> Actor:
    return Actor(f"Người thứ {number}", user_id=number)


def a_busy_month() -> tuple[list[Thing], datetime]:
    """Acts, readings and refusals of five people on nine things in three agencies."""
    chance = random.Random(2)  # noqa: S311 (no secret)
    things = [Thing(uuid.UUID(int=n + 1), agency_id=n % 3) for n in range(9)]
    begun = clock.now() - timedelta(hours=5)
    for n in range(120):
        with clock.frozen_at(begun + timedelta(minutes=n // 2)):
            who, thing = person(chance.randrange(5)), chance.choice(things)
            if n % 4 == 0:
                commands.record_reading(who, "incoming.opened", thing)
            elif n % 10 == 1:
                commands.record_refusal(
                    who, "access.denied", object_id=thing.public_id, reason_code="r"
                )
            else:
                action = chance.choice(("incoming.assigned", "outgoing.signed", "audit.exported"))
                commands.record(who, action, thing)
    return things, begun


def walked(wanted: RecordFilter) -> list[int]:
    """The identifiers on all pages, eleven a page, forward; each page's way back is checked."""
    found: list[int] = []
    cursor = ""
    while True:
        page = record_page(wanted, cursor, rows=11)
        if page.newer:
            back = record_page(wanted, page.newer, rows=11)
            assert [row.pk for row in back.rows] == found[-11:]
        found += [row.pk for row in page.rows]
        if not page.older:
            return found
        cursor = page.older


def test_every_filter_finds_what_a_walk_over_all_rows_finds_page_by_page() -> None:
    things, begun = a_busy_month()
    everything = list(AuditRow.objects.order_by("-at", "-id"))
    thing, since = things[3].public_id, begun + timedelta(minutes=20)
    until = since + timedelta(minutes=25)
    cases = {
        RecordFilter(): lambda row: True,
        RecordFilter(object_ids=(thing,)): lambda row: row.object_id == thing,
        RecordFilter(object_ids=(thing,), readings=True): lambda row: (
            row.object_id == thing and row.action == "incoming.opened"
        ),
        RecordFilter(user_id=2, readings=False): lambda row: (
            row.user_id == 2 and row.action != "incoming.opened"
        ),
        RecordFilter(action_prefix="incoming."): lambda row: row.action.startswith("incoming."),
        RecordFilter(outcome="denied"): lambda row: row.action == "access.denied",
        RecordFilter(outcome="refused", user_id=1): lambda row: (
            row.outcome != "ok" and row.user_id == 1
        ),
        RecordFilter(since=since, until=until): lambda row: since <= row.at < until,
        RecordFilter(agency_ids=(1,)): lambda row: row.agency_id == 1,
        RecordFilter(agency_ids=(1, 2), since=since): lambda row: (
            row.agency_id in (1, 2) and row.at >= since
        ),
    }
    for wanted, belongs in cases.items():
        expected = [row.pk for row in everything if belongs(row)]
        assert walked(wanted) == expected, wanted
        assert expected


#: What is asked → the index that answers it.
_ANSWERS = [
    (RecordFilter(object_ids=(uuid.UUID(int=3),)), "object_id_at_id"),
    (RecordFilter(object_ids=(uuid.UUID(int=3),), readings=True), "object_id_at_id"),
    (RecordFilter(user_id=3), "user_id_at_id"),
    (RecordFilter(agency_ids=(2,)), "agency_id_at_id"),
    (RecordFilter(action_prefix="outgoing.void"), "action_at_id"),
    (RecordFilter(outcome="denied"), "at_id"),
    (RecordFilter(), "pkey"),
    (RecordFilter(since=datetime.fromisoformat("2026-01-01T00:00:00+00:00")), "pkey"),
]


def test_every_filter_walks_an_index_of_the_partitions() -> None:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditrow (event_id, at, keep, action, outcome, reason_code,"
            " object_type, object_id, agency_id, secrecy, user_id, person_name, post_title,"
            " on_behalf_of, service, session_id, auth_method, client_address, device, request_id,"
            " reason, facts, version, hash)"
            " SELECT gen_random_uuid(), %s::timestamptz - make_interval(secs => n),"
            " (ARRAY['short', 'long', 'read'])[1 + n %% 3],"
            " (ARRAY['incoming.assigned', 'outgoing.signed', 'outgoing.voided'])[1 + (n %% 99) / 49],"
            " CASE WHEN n %% 500 = 0 THEN 'denied' ELSE 'ok' END, '', '',"
            " ('00000000-0000-0000-0000-' || lpad((n %% 3000)::text, 12, '0'))::uuid, n %% 40, 0,"
            " n %% 300, 'Trần Thị Sương', '', '', '', '', '', '', '', '', '', '{}', 2, ''"
            " FROM generate_series(1, 12000) AS n",
            [now],
        )
        cursor.execute("ANALYZE audit_auditrow")
        for wanted, index in _ANSWERS:
            query, values = (
                selectors.rows_of(wanted).order_by("-at", "-id")[:51].query.sql_with_params()
            )
            cursor.execute(f"EXPLAIN (FORMAT JSON) {query}", values)
            plan = json.dumps(cursor.fetchone()[0])
            walked_over = re.findall(
                r'"Node Type": "Seq Scan"[^{}]*?"Relation Name": "(audit_auditrow_[a-z]+_\d+)"',
                plan,
            )
            filled = [leaf for leaf in walked_over if leaf.endswith(f"{now:%Y%m}")]
            assert filled == [], (wanted, filled)
            assert f"{now:%Y%m}_{index}" in plan, (wanted, plan[:3000])


def test_rows_of_a_request_tell_how_it_came_in() -> None:
    came = circumstances.Circumstances("abc", "password+totp", "Firefox")
    with circumstances.within(came):
        commands.record(person(1), "test.inside", reason_code="four_eyes")
    commands.record(person(1), "test.outside")
    inside, outside = AuditRow.objects.order_by("pk")
    assert (inside.request_id, inside.auth_method, inside.device, inside.reason_code) == (
        *("abc", "password+totp", "Firefox"),
        "four_eyes",
    )
    assert (outside.request_id, outside.auth_method, outside.device) == ("", "", "")
