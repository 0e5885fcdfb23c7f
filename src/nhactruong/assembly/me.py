"""What the person's own page tells: posts with their time, roles in words, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nhactruong.foundation.notices import selectors as notices
from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.paging import Page, keyset_page
from nhactruong.foundation.thread.cards import RecordCard, cards
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor, HeldPost
from nhactruong.kernel.states import ROLE_LABELS
from nhactruong.masterdata.organization.models import Holding
from nhactruong.masterdata.organization.selectors import agency_names


@dataclass(frozen=True, slots=True)
class PostLine:
    """A held post: since when, how, and what it may do where."""

    post: HeldPost
    since: date | None
    holding: str
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice; without a card the record is no longer in the reader's sight."""

    notice: Notice
    card: RecordCard | None


def posts_of(actor: Actor) -> list[PostLine]:
    """The posts held today, the main one first."""
    today = clock.today()
    held = {
        row.post_id: row
        for row in Holding.objects.filter(person_id=actor.person_id or 0, valid__contains=today)
    }
    names = agency_names({agency for _, agency in actor.role_reach})
    lines = []
    for post in actor.posts:
        row = held.get(post.post_id)
        reach: dict[str, list[str]] = {}
        for role, agency in sorted(post.roles):
            reach.setdefault(ROLE_LABELS[role], []).append(names.get(agency, ""))
        lines.append(
            PostLine(
                post=post,
                since=row.valid.lower if row and row.valid else None,
                holding=Holding.Kind(row.kind).label if row else "",
                roles=[f"{role}: {', '.join(places)}" for role, places in reach.items()],
            )
        )
    return lines


def notices_of(actor: Actor, cursor: str) -> tuple[Sequence[NoticeLine], Page[Notice]]:
    """A page of the actor's notices, newest first, with the cards still in sight."""
    page = keyset_page(notices.for_actor(actor), order=("-id",), cursor=cursor)
    seen = cards(actor, {(row.object_type, row.object_id) for row in page.rows})
    return [NoticeLine(row, seen.get(row.object_id)) for row in page.rows], page
