"""Both forms of a list ask the same question; only the way to the rows differs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhactruong.foundation.access import base, breadth
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.states import Secrecy
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.dossiers.models import Dossier

FIRST = date(2026, 1, 1)


def make(office: SmallOffice, plans: list[tuple[str, int, list[int], int]]) -> None:
    with writes_allowed():
        Dossier.objects.bulk_create(
            [
                Dossier(
                    agency=office.agencies[agency],
                    code=f"{number}",
                    year=2026,
                    title=f"Hồ sơ {number}",
                    retention="10",
                    keeper_post=office.posts["suong"],
                    opened_on=FIRST + timedelta(days=day),
                    readers=sorted(set(readers)),
                    secrecy=secrecy,
                )
                for number, (agency, day, readers, secrecy) in enumerate(plans)
            ]
        )


def reader(office: SmallOffice, tokens: list[int], clearance: Secrecy) -> Actor:
    posts = tuple(
        HeldPost(post_id=n, title="", agency_id=office.agencies[key].pk, agency_name=key)
        for n, key in enumerate(("tu", "vptu"), start=1)
    )
    return Actor(name="", posts=posts, tokens=tuple(tokens), clearance=clearance)


def walk_all(actor: Actor, *, forward_only: bool = True) -> list[int]:
    seen: list[int] = []
    cursor = ""
    while True:
        page = Dossier.objects.visible_to(actor).newest_page(
            actor, by="opened_on", cursor=cursor, rows=3
        )
        seen += [row.pk for row in page.rows]
        cursor = page.older
        if not cursor:
            return seen


plans = st.lists(
    st.tuples(
        st.sampled_from(["tu", "vptu", "dm"]),
        st.integers(0, 5),
        st.lists(st.integers(1, 6), min_size=1, max_size=3),
        st.sampled_from([0, 1, 2]),
    ),
    max_size=20,
)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plans, st.lists(st.integers(1, 6), min_size=1, max_size=3), st.sampled_from([0, 1, 2]))
def test_walk_and_fetch_show_the_same_pages_as_a_naive_reader(
    monkeypatch: pytest.MonkeyPatch,
    planned: list[tuple[str, int, list[int], int]],
    tokens: list[int],
    clearance: int,
) -> None:
    with transaction.atomic():
        office = small_office()
        make(office, planned)
        actor = reader(office, tokens, Secrecy(clearance))
        own = {office.agencies["tu"].pk, office.agencies["vptu"].pk}
        expected = [
            row.pk
            for row in sorted(
                Dossier.objects.all(), key=lambda row: (row.opened_on, row.pk), reverse=True
            )
            if row.agency_id in own and set(row.readers) & set(tokens) and row.secrecy <= clearance
        ]
        for narrow_at in (own, set(), {office.agencies["tu"].pk}):
            monkeypatch.setattr(base, "is_narrow", lambda *at, n=narrow_at: at[-1] in n)
            assert walk_all(actor) == expected
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_going_back_shows_the_page_one_came_from() -> None:
    office = small_office()
    make(office, [("tu", day, [1], 0) for day in range(8)])
    actor = reader(office, [1], Secrecy.ORDINARY)

    def page(cursor: str = "") -> base.Page[Dossier]:
        return Dossier.objects.visible_to(actor).newest_page(
            actor, by="opened_on", cursor=cursor, rows=3
        )

    first = page()
    second = page(first.older)
    back = page(second.newer)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert first.newer == ""
    assert back.newer == ""


@pytest.mark.django_db
def test_statistics_of_an_unknown_table_make_everybody_narrow() -> None:
    breadth.forget_statistics()
    assert breadth.is_narrow("no_such_table", [1], 1)


@pytest.mark.django_db(transaction=True)
def test_breadth_is_read_from_the_statistics_of_a_real_table() -> None:
    office = small_office()
    make(office, [("tu", day % 6, [1, 2 if day % 50 == 0 else 3], 0) for day in range(400)])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dossiers_dossier")
    breadth.forget_statistics()
    agency = office.agencies["tu"].pk
    assert not breadth.is_narrow("dossiers_dossier", [1], agency)
    assert not breadth.is_narrow("dossiers_dossier", [2], agency)
    assert breadth.is_narrow("dossiers_dossier", [77], agency)
    actor = reader(office, [1], Secrecy.ORDINARY)
    page = Dossier.objects.visible_to(actor).newest_page(actor, by="opened_on")
    assert len(page.rows) == 50
    breadth.forget_statistics()
