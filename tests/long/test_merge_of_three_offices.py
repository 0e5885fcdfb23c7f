"""Three offices with thirty thousand open work items become one, by one command within a minute.

`NHACTRUONG_OPEN_THINGS` (34200: the items, and drafts and dossiers beside them) may be set; seconds,
rate and what moved are printed.
"""

from __future__ import annotations

import os
import time
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from nhactruong.foundation.access.models import Grant
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.foundation.workitems.selectors import count_waiting
from nhactruong.masterdata.organization.models import Holding
from nhactruong.masterdata.reorganization import commands, selectors
from nhactruong.masterdata.reorganization.tests import papers
from nhactruong.masterdata.reorganization.tests.offices import (
    OLD,
    Offices,
    approved,
    offices,
    proposal,
)
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.outgoing.models import OutgoingDocument
from tests.long import multiplying

pytestmark = [pytest.mark.long, pytest.mark.django_db]

THINGS = int(os.environ.get("NHACTRUONG_OPEN_THINGS", "34200"))
#: Promised for thirty thousand.
SECONDS = 60.0
#: Of a thousand open things of an office: where they stand.
_ARRIVED, _SUBMITTED, _DIRECTED, _ASSIGNED = 50, 200, 250, 300
_DRAFTS, _REVIEWED, _PRESENTED, _DOSSIERS = 70, 30, 50, 50


def _share(of_thousand: int) -> int:
    return THINGS * of_thousand // 1000 // len(OLD)


def _fill(made: Offices, agency: str) -> None:
    """The open things of one office: one of each by commands, the others copied from it."""
    taken = 0
    multiplying.incoming(papers.arrived(made, agency), _share(_ARRIVED) - 1)
    for make, share in (
        (papers.registered, _SUBMITTED),
        (papers.directed, _DIRECTED),
        (papers.assigned, _ASSIGNED),
    ):
        paper = make(made, agency)
        multiplying.incoming(paper, _share(share) - 1, numbered_from=1_000_000 + taken)
        taken += THINGS
    multiplying.outgoing(papers.draft(made, agency), _share(_DRAFTS) - 1)
    reviewed = papers.draft(made, agency)
    papers.outgoing.submit(made.actor(f"{agency}-cv"), reviewed.public_id, version=None)
    reviewed.refresh_from_db()
    multiplying.outgoing(reviewed, _share(_REVIEWED) - 1)
    multiplying.outgoing(papers.presented(made, agency), _share(_PRESENTED) - 1)
    multiplying.dossiers(
        dossiers.open_dossier(
            made.actor(f"{agency}-cv"),
            agency_id=made.agency(agency).pk,
            code="01.NV",
            title="Hồ sơ báo cáo",
            retention="10",
        ),
        _share(_DOSSIERS) - 1,
    )


def _seen(made: Offices, person: str) -> dict[str, int]:
    """How much somebody sees, and how much waits for him."""
    actor = made.actor(person)
    return {
        "incoming": IncomingDocument.objects.visible_to(actor).count(),
        "outgoing": OutgoingDocument.objects.visible_to(actor).count(),
        "dossiers": Dossier.objects.visible_to(actor).count(),
        "waiting": count_waiting(actor),
    }


def _orphans(made: Offices) -> dict[str, int]:
    """Asked of the tables alone, without what the command itself asks."""
    old_posts = [
        made.post(f"{key}-{post}") for key in OLD for post in ("chanh", "truong", "cv", "vt")
    ]
    old_units = [made.unit(key) for key in OLD]
    old = [made.agency(key).pk for key in OLD]
    tokens = {post * 4 for post in old_posts} | {unit * 4 + 1 for unit in old_units}
    unsigned = ["draft", "returned", "content_review", "appraisal", "awaiting_signature"]
    desks = Q(post_id__in=old_posts) | Q(unit_id__in=old_units)
    return {
        "work": WorkItem.objects.filter(is_open=True, token__in=tokens).count(),
        "parts": Handling.objects.filter(desks, ended_at=None).count(),
        "intake": IncomingDocument.objects.filter(state="received", agency_id__in=old).count(),
        "drafts": OutgoingDocument.objects.filter(
            Q(agency_id__in=old) | Q(drafter_post_id__in=old_posts), state__in=unsigned
        ).count(),
        "dossiers": Dossier.objects.filter(state="open", keeper_post_id__in=old_posts).count(),
        "holders": Holding.objects.filter(
            post_id__in=old_posts, valid__contains=papers.clock.today()
        ).count(),
    }


def _drift() -> int:
    """Papers whose readers, or whose card's readers, are not what was granted."""
    drifted = 0
    with connection.cursor() as cursor:
        for model in (IncomingDocument, OutgoingDocument, Dossier):
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table} thing LEFT JOIN"  # noqa: S608 (our own names)
                " (SELECT object_id, array_agg(DISTINCT token ORDER BY token) AS granted"
                f" FROM {Grant._meta.db_table} WHERE revoked_at IS NULL GROUP BY object_id) had"
                " ON had.object_id = thing.public_id"
                f" LEFT JOIN {SearchCard._meta.db_table} card ON card.object_id = thing.public_id"
                " WHERE NOT (thing.readers @> had.granted AND had.granted @> thing.readers)"
                " OR card.readers <> thing.readers OR card.agency_id <> thing.agency_id"
            )
            drifted += cursor.fetchone()[0]
    return drifted


def test_thirty_thousand_open_work_items_pass_on_within_a_minute(
    django_assert_max_num_queries: Any,
) -> None:
    made = offices()
    old = {key: papers.issued(made, key) for key in OLD}
    with writes_allowed():
        for agency in OLD:
            _fill(made, agency)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    before = {
        person: sum(_seen(made, f"{key}-{person}")[kind] for key in OLD)
        for person, kind in (("cv", "waiting"), ("truong", "waiting"), ("vt", "waiting"))
    }
    seen_before = [sum(_seen(made, f"{key}-cv")[kind] for key in OLD) for kind in ("incoming",)]
    items = WorkItem.objects.filter(is_open=True).count()
    drafted = approved(made, proposal(made))
    read = selectors.planned(drafted)
    counting = time.perf_counter()
    counted = {one.name: one.how_many for one in selectors.counted(read.plan)}
    counting = time.perf_counter() - counting
    opened = sum(counted[name] for name in counted if name != "books")
    assert opened >= THINGS * 0.99
    assert items >= THINGS * 0.877
    started = time.perf_counter()
    # As many statements for thirty thousand as for thirty.
    with django_assert_max_num_queries(260):
        done = commands.carry_out(made.actor("quan"), drafted.public_id, version=None)
    seconds = time.perf_counter() - started
    print(  # noqa: T201
        f"{opened} open things, {items} open work items: moved in {seconds:.1f} s"
        f" ({items / seconds:.0f} items/s);"
        f" preview counted in {counting:.2f} s; {dict(done.result)}"
    )
    assert dict(done.result)["Việc đang chờ trong Hộp việc"] == items
    assert set(_orphans(made).values()) == {0}, _orphans(made)
    assert _drift() == 0
    after = {person: _seen(made, f"b-{person}") for person in ("chanh", "truong", "cv", "vt")}
    # What waited for the three waits for the one; what was before a signer waits for its drafter.
    assert after["cv"]["waiting"] == before["cv"] + _share(_PRESENTED) * len(OLD)
    assert after["truong"]["waiting"] == before["truong"]
    assert after["vt"]["waiting"] == before["vt"]
    assert after["cv"]["incoming"] == seen_before[0]
    for person in ("may", "mien", "a1-cv", "a1-chanh", "c-chanh"):
        assert set(_seen(made, person).values()) == {0}, person
    for key, paper in old.items():
        kept = OutgoingDocument.objects.get(pk=paper.pk)
        assert kept.issuer_printed == f"BAN {key.upper()} TỈNH ỦY"
        assert kept.agency_id == made.agency(key).pk
        for person in ("b-chanh", "b-vt"):
            assert OutgoingDocument.objects.visible_to(made.actor(person)).filter(pk=kept.pk)
    assert seconds < SECONDS * max(1.0, THINGS / 34_200)
