"""A made-up province stands as its list of communes says, once, and neighbours stay strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import pytest
from django.db import transaction

from nhactruong.assembly import sample
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.files import store
from nhactruong.foundation.jobs import commands as jobs
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound, RuleBroken
from nhactruong.masterdata.codelists import territory
from nhactruong.masterdata.organization import selectors
from nhactruong.masterdata.organization.models import (
    Agency,
    Holding,
    Organ,
    Person,
    Post,
    Registry,
    Unit,
)
from nhactruong.masterdata.organization.rules import require_identifier
from nhactruong.records.incoming import commands as receiving
from nhactruong.records.incoming.models import IncomingDocument

pytestmark = pytest.mark.django_db

#: Lai Châu, with the fewest communes of all: 38.
SMALLEST: Final = "12"
SEED: Final = 7
DAY: Final = datetime(2026, 11, 23, 9, 0, tzinfo=clock.OFFICE_ZONE)


def _communes() -> list[territory.Place]:
    places = territory.in_force(territory.communes(), DAY.date())
    return [one for one in places if one.province == SMALLEST]


def _counts() -> dict[str, int]:
    models = (Agency, Unit, Organ, Post, Person, Holding, Registry, User, AuditRow)
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: object) -> Iterator[list[str]]:
    """What was said while the smallest province was founded; it stands until the end."""
    lines: list[str] = []
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        transaction.atomic(),
        clock.frozen_at(DAY),
    ):
        assert sample.load_province(SMALLEST, SEED, lines.append)
        yield lines
        transaction.set_rollback(True)


def _actor(username: str) -> Actor:
    return selectors.actor_for_account(User.objects.get(username=username).pk)


def test_every_commune_of_the_list_has_its_committee_with_office_posts_and_books(
    told: list[str],
) -> None:
    communes = _communes()
    assert len(communes) == 38
    stand = {agency.key: agency for agency in Agency.objects.filter(level="commune")}
    assert {f"tinh-{SMALLEST}-{one.code}" for one in communes} == set(stand)
    place = communes[0]
    first = stand[f"tinh-{SMALLEST}-{place.code}"]
    assert first.name == f"Đảng ủy {territory.KINDS[place.kind].lower()} {place.name}"
    assert first.parent == Agency.objects.get(key=f"tinh-{SMALLEST}")
    for agency in Agency.objects.all():
        assert require_identifier(agency.identifier, is_old=False) == agency.identifier
        assert Organ.objects.filter(agency=agency).exists()
        assert Post.objects.filter(agency=agency).count() >= 3
    for agency in stand.values():
        titles = set(Post.objects.filter(agency=agency).values_list("title", flat=True))
        assert {f"Bí thư {agency.name}", f"Chánh Văn phòng {agency.name}"} <= titles
        assert Registry.objects.filter(agency=agency).count() == 1
    assert any(re.search(r"Đã lập 25/\d+ cơ quan", line) for line in told)


def test_every_post_is_held_and_some_by_whoever_holds_another(told: list[str]) -> None:
    assert Holding.objects.count() == Post.objects.count()
    concurrent = Holding.objects.filter(kind=Holding.Kind.CONCURRENT)
    assert concurrent.count() >= 3
    assert Person.objects.count() == Post.objects.count() - concurrent.count()
    main = Holding.objects.filter(kind=Holding.Kind.MAIN).values("person_id")
    assert set(concurrent.values_list("person_id")) <= {(row["person_id"],) for row in main}
    names = list(Person.objects.values_list("full_name", flat=True))
    assert len(set(names)) == len(names)


def test_the_second_run_changes_nothing_and_another_seed_is_refused(told: list[str]) -> None:
    before = _counts()
    lines: list[str] = []
    assert not sample.load_province(SMALLEST, SEED, lines.append)
    assert len(lines) == 1 and "không thay đổi gì" in lines[0]
    with pytest.raises(RuleBroken, match=f"--seed {SEED}") as refused:
        sample.load_province(SMALLEST, SEED + 1)
    assert refused.value.code == "sample.other_seed"
    with pytest.raises(NotFound, match="“99”"):
        sample.load_province("99", SEED)
    assert _counts() == before


def test_a_clerk_sees_nothing_of_the_commune_next_door(told: list[str]) -> None:
    codes = [one.code for one in _communes()[:2]]
    here, there = (_actor(f"van-thu.{SMALLEST}-{code}") for code in codes)
    province = _actor(f"van-thu.{SMALLEST}-vp")
    assert here.tokens and not set(here.tokens) & {*there.tokens, *province.tokens}
    with jobs.taken_by(lambda _event, _handler: None):
        received = receiving.receive_file(
            here,
            agency_id=Agency.objects.get(key=f"tinh-{SMALLEST}-{codes[0]}").pk,
            stored=store.write([b"%PDF-1.7 Cong van ve viec de bao"]),
            media_type="application/pdf",
            file_name="cong-van.pdf",
            page_count=1,
        )
    assert list(IncomingDocument.objects.visible_to(here)) == [received]
    assert not IncomingDocument.objects.visible_to(there).exists()
    assert not IncomingDocument.objects.visible_to(province).exists()
