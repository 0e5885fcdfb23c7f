"""Why somebody sees a record or not, who owns it, and what an emergency lends."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.apps import apps

from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.access.models import Grant, Lease
from nhactruong.foundation.access.rules import TokenKind, meaning_of
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.search.rules import asked_code
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Role

#: Reasons of grants that make a post or unit answer for the record.
OWNING: Final = frozenset({"drafter", "keeper", "lead", "do"})

#: The leases that run at `%(now)s` for `{person}`, as a column of a statement written by hand.
LEASES_OF: Final = (
    "ARRAY(SELECT id FROM access_lease WHERE person_id = {person}"
    " AND begins_at <= %(now)s AND ends_at > %(now)s)"
)


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, type[SightedRecord]]:
    return {
        model.type_name(): model for model in apps.get_models() if issubclass(model, SightedRecord)
    }


def find_thing(public_id: uuid.UUID) -> SightedRecord | None:
    """The record of that identifier, whoever may see it: for explaining and for emergencies only.

    The caller shows nothing of its content.
    """
    for model in _kinds().values():
        found: Any = model._default_manager.filter(public_id=public_id).first()
        if found is not None:
            return found  # type: ignore[no-any-return]  # a SightedRecord by `_kinds`
    return None


def find_things(asked: str, agency_ids: Iterable[int]) -> Sequence[SightedRecord]:
    """Records of these agencies with that identifier or exactly that number and symbol, at most 20.

    As `find_thing`: regardless of sight.
    """
    agencies = set(agency_ids)
    try:
        thing = find_thing(uuid.UUID(asked.strip()))
        ids = [thing.public_id] if thing is not None else []
    except ValueError:
        code = asked_code(asked)
        cards = SearchCard.objects.filter(code=code, agency_id__in=agencies)
        ids = list(cards.order_by("-occurred_on").values_list("object_id", flat=True)[:20])
        ids = ids if code else []
    found = [thing for one in ids if (thing := find_thing(one)) is not None]
    return [thing for thing in found if getattr(thing, "agency_id", None) in agencies]


def hidden_of(actor: Actor, things: Iterable[tuple[str, uuid.UUID]]) -> set[uuid.UUID]:
    """Of these (kind, identifier), the records that the actor may not see.

    What has no readers of its own is never among them.
    """
    by_kind: dict[str, set[uuid.UUID]] = {}
    for kind, public_id in things:
        if kind in _kinds():
            by_kind.setdefault(kind, set()).add(public_id)
    hidden: set[uuid.UUID] = set()
    for kind, ids in by_kind.items():
        model: Any = _kinds()[kind]
        seen = model.objects.visible_to(actor).filter(public_id__in=ids)
        hidden |= ids - set(seen.values_list("public_id", flat=True))
    return hidden


def reference_of(thing: SightedRecord) -> str:
    """Number and symbol of a record, empty while it has none; never its title."""
    card = SearchCard.objects.filter(object_id=thing.public_id).values_list("reference", flat=True)
    return card.first() or ""


@dataclass(frozen=True, slots=True)
class StandingGrant:
    """A reason that stands: which token sees the record, because of what, given by whom."""

    token: int
    because: str
    granted_by: str


def grants_of(public_id: uuid.UUID) -> Sequence[StandingGrant]:
    """The reasons for which anybody sees the record now, oldest first."""
    rows = Grant.objects.filter(object_id=public_id, revoked_at=None).order_by("granted_at", "pk")
    return [StandingGrant(row.token, row.because, row.granted_by) for row in rows]


def owns(actor: Actor, public_id: uuid.UUID) -> bool:
    """Whether one of the actor's posts or units answers for the record: drafts, keeps, handles it."""
    own = [
        token
        for token in actor.own_tokens
        if meaning_of(token).kind in (TokenKind.POST, TokenKind.UNIT)
    ]
    return Grant.objects.filter(
        object_id=public_id, token__in=own, because__in=OWNING, revoked_at=None
    ).exists()


def may_ask_who_saw(actor: Actor, thing: SightedRecord) -> bool:
    """Whether the actor, who sees the record, may know who has: its owner and the head of office.

    Source: security.md 4 (review screens).
    """
    agency_id = int(getattr(thing, "agency_id", 0) or 0)
    return actor.has_role(Role.CHIEF_OF_OFFICE, agency_id) or owns(actor, thing.public_id)


def owner_tokens(public_id: uuid.UUID) -> Sequence[int]:
    """The tokens of whoever answers for the record."""
    rows = Grant.objects.filter(object_id=public_id, because__in=OWNING, revoked_at=None)
    return sorted(set(rows.values_list("token", flat=True)))


def running_leases(actor: Actor) -> Sequence[Lease]:
    """What is lent to the actor now, the first to end first."""
    if not actor.leases:
        return []
    return list(Lease.objects.filter(pk__in=[-token for token in actor.leases]).order_by("ends_at"))
