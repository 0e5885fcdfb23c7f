"""Sixty random organizations: everybody sees what the law of the office says, nothing more."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from nhactruong.foundation.access import base
from nhactruong.foundation.access import rules as tokens
from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.search.models import SearchCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import delegating, rules
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Delegation, PostRole
from nhactruong.masterdata.organization.selectors import actors
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.incoming.models import IncomingDocument
from tests.sight import organizations as facts
from tests.sight.many import differences
from tests.sight.organizations import organizations, share_seen
from tests.sight.writing import Written, write

COUNT = 30
#: So many of them are asked once more in the other form of lists.
AGAIN = 15


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any) -> Iterator[Written]:
    """The organizations, once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        today, now = clock.today(), clock.now().replace(microsecond=0)
        yield write(organizations(0, COUNT, seed=1, today=today, now=now), today, now)
        transaction.set_rollback(True)


def compared(written: Written, **shares: float) -> Iterator[str]:
    asked = {"by_program": 0.0, "by_page": 0.0, **shares}
    return differences(written, rng=random.Random(1), **asked)  # noqa: S311  # a sample


def test_the_facts_know_nothing_of_the_product() -> None:
    tree = ast.parse(Path(facts.__file__).read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    }
    assert not [name for name in imported if name.startswith(("nhactruong", "django"))]


def test_a_fair_share_is_seen_and_a_fair_share_is_not(written: Written) -> None:
    seen, pairs = share_seen(written.organizations, written.today, written.now)
    assert 0.3 <= seen / pairs <= 0.7
    lent = [
        person
        for one in written.organizations
        for person in one.office_at(written.today, written.now).lent
    ]
    assert len(lent) >= 5
    verbs = {deed.verb for one in written.organizations for deed in one.deeds}
    assert len(verbs) == 14


@pytest.mark.django_db
def test_everybody_sees_what_the_law_of_the_office_says(written: Written) -> None:
    assert list(compared(written, by_program=0.15, by_page=0.03)) == []


@pytest.mark.django_db
def test_lists_that_walk_the_newest_show_the_same(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "is_narrow", lambda *_: False)
    some = replace(written, organizations=written.organizations[:AGAIN])
    assert list(compared(some)) == []


# Holes, each of which must be noticed.


def ignore_secrecy(patch: pytest.MonkeyPatch) -> None:
    """Lists forget the marking."""
    patch.setattr(
        base.SightedQuerySet,
        "visible_to",
        lambda rows, actor: rows.filter(readers__overlap=list(actor.tokens)),
    )


def search_everything(patch: pytest.MonkeyPatch) -> None:
    """Search forgets the readers."""
    patch.setattr(
        search, "recent", lambda actor: SearchCard.objects.filter(secrecy__lte=actor.clearance)
    )


def units_seen_by_members(patch: pytest.MonkeyPatch) -> None:
    """What a unit is given is seen by all who work there."""
    patch.setattr(rules, "UNIT_HEADS", frozenset(Role))


def posts_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A post that was left, or is not taken up yet, opens what it opens."""
    text, held = actors._HELD, "AND holding.valid @> %(day)s"
    assert held in text
    patch.setattr(actors, "_HELD", text.replace(held, ""))


def roles_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A role that has ended still counts."""
    _with_more_tokens(
        patch,
        lambda actor: [
            tokens.role_token(row.as_role, row.agency_id)
            for row in PostRole.objects.filter(post_id__in=[post.post_id for post in actor.posts])
        ],
    )


def roles_everywhere(patch: pytest.MonkeyPatch) -> None:
    """A role reaches the agency next door."""
    _with_more_tokens(
        patch,
        lambda actor: [tokens.role_token(role, near + 1) for role, near in actor.role_reach],
    )


def last_day_counts(patch: pytest.MonkeyPatch) -> None:
    """The day on which a post ends is still a day in it."""
    original = organization.actor_for_account
    patch.setattr(
        organization,
        "actor_for_account",
        lambda user_id, **more: original(user_id, on=clock.today() - timedelta(days=1), **more),
    )


def _with_more_tokens(patch: pytest.MonkeyPatch, more: Any) -> None:
    original = organization.actor_for_account

    def widened(user_id: int, **how: Any) -> Actor:
        actor = original(user_id, **how)
        return replace(actor, tokens=tuple(sorted({*actor.tokens, *more(actor)})))

    patch.setattr(organization, "actor_for_account", widened)


def lent_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A delegation that is over, withdrawn or still to come lends sight all the same."""
    patch.setattr(
        delegating,
        "in_force",
        lambda person: Delegation.objects.filter(delegate_id=person),
    )


def lent_above_the_post(patch: pytest.MonkeyPatch) -> None:
    """Whoever is cleared above a post sees by it what the post itself does not."""
    patch.setattr(rules, "shown_up_to", lambda _, highest: highest)


def lent_above_the_mark(patch: pytest.MonkeyPatch) -> None:
    """The giver's mark of secrecy is forgotten."""
    patch.setattr(rules, "shown_up_to", lambda post, _: post)


def lent_of_never(patch: pytest.MonkeyPatch) -> None:
    """A post that keeps seal and books is lent all the same."""
    patch.setattr(rules, "may_be_lent", lambda _: True)


def nothing_is_lent(patch: pytest.MonkeyPatch) -> None:
    """A delegate does not see what he should."""
    patch.setattr(actors, "lent_posts", lambda *_: ())


def details_of_everybody(patch: pytest.MonkeyPatch) -> None:
    """A record opens for whoever knows its address."""
    patch.setattr(
        incoming,
        "get_visible",
        lambda actor, public_id: IncomingDocument.objects.get(public_id=public_id),
    )


HOLES = [
    ignore_secrecy,
    search_everything,
    units_seen_by_members,
    posts_for_ever,
    roles_for_ever,
    roles_everywhere,
    last_day_counts,
    lent_for_ever,
    lent_above_the_post,
    lent_above_the_mark,
    lent_of_never,
    nothing_is_lent,
    details_of_everybody,
]


@pytest.mark.django_db
@pytest.mark.parametrize("hole", HOLES)
def test_every_hole_is_noticed(
    written: Written, monkeypatch: pytest.MonkeyPatch, hole: Any
) -> None:
    hole(monkeypatch)
    assert next(compared(written, by_program=1.0 if hole is details_of_everybody else 0.0), "")
