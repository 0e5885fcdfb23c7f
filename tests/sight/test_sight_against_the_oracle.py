"""What the product shows is what security.md 8 says, after any story of acts."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nhactruong.foundation.access import base
from nhactruong.foundation.access import commands as access
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.access.commands import grant as access_grant
from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.rules import asked_code
from nhactruong.foundation.workitems import commands as workitem_commands
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Unit
from nhactruong.records.dossiers import views as dossier_views
from nhactruong.records.incoming import selectors as incoming_selectors
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.selectors import register as incoming_register
from nhactruong.records.incoming.views import lists as incoming_lists
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.views import registers as outgoing_registers
from tests.sight import oracle
from tests.sight.comparing import both_forms, differences, differences_over_http
from tests.sight.pages import differences_on_pages
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


@pytest.mark.django_db
def test_pages_exports_prints_and_suggestions_tell_the_same() -> None:
    assert list(differences_on_pages(walked(100, STEPS), samples=4)) == []


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("seed", LONG)
def test_the_same_over_many_longer_stories(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walked(seed, 3 * STEPS)
    assert both_forms(monkeypatch, walk) == []
    assert list(differences_over_http(walk, samples=120)) == []
    assert list(differences_on_pages(walk, samples=20)) == []


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


def best_of_everybody(patch: pytest.MonkeyPatch) -> None:
    """A number that is asked for is found whoever may see it."""
    numbered = lambda actor, query: SearchCard.objects.filter(code=asked_code(query))  # noqa: E731
    patch.setattr(search, "best", numbered)


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


def posts_given_away(patch: pytest.MonkeyPatch) -> None:
    """A post that was given to somebody else still opens what it opened."""
    original = organization.actor_for_account
    yesterday = clock.today() - timedelta(days=1)
    patch.setattr(
        organization,
        "actor_for_account",
        lambda user_id, **more: original(user_id, **{**more, "on": yesterday}),
    )


READING_HOLES = [
    ignore_secrecy,
    search_everything,
    search_above_clearance,
    best_of_everybody,
    inbox_of_everybody,
    cards_of_everything,
    heads_of_other_units,
    posts_given_away,
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


def incoming_book_of_everybody(patch: pytest.MonkeyPatch) -> None:
    """The book of incoming documents is handed out whole, whoever asks for it."""
    original = incoming_lists._export
    everything = IncomingDocument.objects.filter(arrival_number__isnull=False)
    patch.setattr(
        incoming_lists,
        "_export",
        lambda request, rows, chosen: original(request, everything, chosen),
    )


def outgoing_book_of_everybody(patch: pytest.MonkeyPatch) -> None:
    """The book of outgoing documents is handed out whole, whoever asks for it."""
    original = outgoing_registers._exported
    everything = OutgoingDocument.objects.filter(number__isnull=False).select_related(
        "drafting_unit", "drafter_person"
    )
    patch.setattr(
        outgoing_registers, "_exported", lambda actor, rows, book: original(actor, everything, book)
    )


def suggestions_from_everywhere(patch: pytest.MonkeyPatch) -> None:
    """A dossier suggests papers to put into it that its keeper may not see."""
    patch.setattr(
        dossier_views, "search", SimpleNamespace(recent=lambda _: SearchCard.objects.all())
    )


@pytest.mark.django_db
def test_every_hole_in_what_is_handed_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = walked(100, STEPS)
    for hole, where in (
        (incoming_book_of_everybody, "van-ban-den/so/"),
        (outgoing_book_of_everybody, "van-ban-di/so/"),
        (suggestions_from_everywhere, "tim-van-ban/"),
    ):
        with monkeypatch.context() as patch:
            hole(patch)
            told = differences_on_pages(walk, samples=20)
            assert any(where in line for line in told), hole.__name__


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
def test_work_that_outlives_its_act_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was withdrawn, returned or done still lies in somebody's inbox."""
    monkeypatch.setattr(workitem_commands, "close", lambda *_, **__: 0)
    assert any("inbox for" in line for line in differences(walked(1, STEPS)))


@pytest.mark.django_db
@pytest.mark.parametrize("hole", [grant_to_specialists_too, grant_nothing_to_the_informed])
def test_every_hole_in_granting_is_noticed(hole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "grant", hole)
    assert any(differences(walked(1, STEPS)))
