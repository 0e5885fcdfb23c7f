"""What the product shows is what security.md 8 says, after any story of acts."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nhactruong.foundation.access import base
from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.access.commands import grant as access_grant
from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Unit
from nhactruong.records.incoming import selectors as incoming_selectors
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.selectors import register as incoming_register
from tests.sight import oracle
from tests.sight.comparing import both_forms, differences, differences_over_http
from tests.sight.walk import walked

STEPS = 90
SHORT = range(3)
LONG = range(3, 23)


def test_the_oracle_knows_nothing_of_the_product() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported == {"__future__", "collections.abc", "dataclasses"}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SHORT)
def test_everybody_sees_what_the_law_of_the_office_says(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = walked(seed, STEPS)
    assert len({deed.verb for deed in walk.deeds}) >= 10, "the story is too thin to prove anything"
    assert both_forms(monkeypatch, walk) == []


@pytest.mark.django_db
def test_the_interface_and_the_threads_tell_the_same() -> None:
    assert list(differences_over_http(walked(100, STEPS), samples=40)) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("seed", LONG)
def test_the_same_over_many_longer_stories(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walked(seed, 3 * STEPS)
    assert both_forms(monkeypatch, walk) == []
    assert list(differences_over_http(walk, samples=120)) == []


# The comparison is worth something only if it notices a hole. Each of these is one.


def ignore_secrecy(patch: pytest.MonkeyPatch) -> None:
    """Lists forget the marking."""

    def visible_to(rows: Any, actor: Actor) -> Any:
        return rows.filter(readers__overlap=list(actor.tokens))

    patch.setattr(base.SightedQuerySet, "visible_to", visible_to)


def search_everything(patch: pytest.MonkeyPatch) -> None:
    """Search forgets the readers."""
    everything = lambda actor: SearchCard.objects.filter(secrecy__lte=actor.clearance)  # noqa: E731
    patch.setattr(search, "recent", everything)


def search_above_clearance(patch: pytest.MonkeyPatch) -> None:
    """Search forgets the marking."""
    readable = lambda actor: SearchCard.objects.filter(readers__overlap=list(actor.tokens))  # noqa: E731
    patch.setattr(search, "recent", readable)


def inbox_of_everybody(patch: pytest.MonkeyPatch) -> None:
    """The inbox forgets for whom work waits."""
    patch.setattr(workitems, "waiting", lambda actor: WorkItem.objects.filter(is_open=True))


def cards_of_everything(patch: pytest.MonkeyPatch) -> None:
    """The thread shows the card of whatever hangs on it."""
    patch.setattr(incoming_register, "visible", lambda actor: IncomingDocument.objects.all())


def heads_of_other_units(patch: pytest.MonkeyPatch) -> None:
    """A person's tokens name a unit that is not his."""
    original = organization.actor_for_account

    def widened(user_id: int, **more: Any) -> Actor:
        actor = original(user_id, **more)
        units = Unit.objects.values_list("pk", flat=True)
        return replace(actor, tokens=(*actor.tokens, *map(tokens.unit_token, units)))

    patch.setattr(organization, "actor_for_account", widened)


READING_HOLES = [
    ignore_secrecy,
    search_everything,
    search_above_clearance,
    inbox_of_everybody,
    cards_of_everything,
    heads_of_other_units,
]


@pytest.mark.django_db
def test_every_hole_in_reading_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walked(1, STEPS)
    assert list(differences(walk)) == []
    for hole in READING_HOLES:
        with monkeypatch.context() as patch:
            hole(patch)
            assert any(differences(walk)), hole.__name__


@pytest.mark.django_db
def test_an_interface_that_skips_sight_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walked(1, STEPS // 2)
    monkeypatch.setattr(
        incoming_selectors,
        "get_visible",
        lambda actor, public_id: IncomingDocument.objects.get(public_id=public_id),
    )
    told = differences_over_http(walk, samples=60)
    assert any("/api/v1/incoming-documents/" in line and "not 404" in line for line in told)


def grant_to_specialists_too(
    actor: Actor, thing: Any, granted: Iterable[int], because: str
) -> None:
    """Whatever is granted is granted to every specialist as well."""
    access_grant(
        actor, thing, [*granted, tokens.role_token(Role.SPECIALIST, thing.agency_id)], because
    )


def grant_nothing_to_the_informed(
    actor: Actor, thing: Any, granted: Iterable[int], because: str
) -> None:
    """A part in the work comes without sight of it."""
    if because != "inform":
        access_grant(actor, thing, granted, because)


@pytest.mark.django_db
@pytest.mark.parametrize("hole", [grant_to_specialists_too, grant_nothing_to_the_informed])
def test_every_hole_in_granting_is_noticed(hole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "grant", hole)
    assert any(differences(walked(1, STEPS)))
