"""Imports the actor may see, and their rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.importing.models import ImportRow, ListImport
from nhactruong.masterdata.importing.policies import (
    APPROVING_ROLES,
    PROPOSING,
    TECHNICAL,
    approving,
)
from nhactruong.masterdata.importing.rules import STATE_LABELS, ListCode, Outcome
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Agency, Holding, Person, Post

_STEP: Final = 1000


def reach_of(actor: Actor, roles: Iterable[Role]) -> frozenset[int]:
    """The agencies the actor reaches with one of the roles, and all below them; one query."""
    return organization.with_those_below(actor.agencies_with(*roles))


def is_about(actor: Actor, list_import: ListImport) -> bool:
    """Whether the list would change something of the actor or of a post the actor holds."""
    return _concerns(list_import, actor.person_id or 0, [held.post_id for held in actor.posts])


def _concerns(list_import: ListImport, person_id: int, post_ids: Iterable[int]) -> bool:
    if list_import.kind.code is not ListCode.PEOPLE:
        return False
    person, post = (list_import.kind.keys.index(key) for key in ("person", "post"))
    keys = Person.objects.filter(pk=person_id).values("key")
    codes = Post.objects.filter(pk__in=list(post_ids)).values("key")
    own = Q(**{f"cells__{person}__in": keys}) | Q(**{f"cells__{post}__in": codes})
    return ImportRow.objects.filter(own, list_import=list_import).exists()


def approving_tokens(list_import: ListImport) -> Sequence[int]:
    """Before whom the list waits: the roles that approve it, and never whoever brought it in.

    Where the proposer bears such a role himself, the other posts that carry it stand for it. One
    that gives roles waits before the next head of office above, when there is no other here.
    """
    agency: Agency | None = list_import.agency
    seen: set[int] = set()
    while agency is not None and agency.pk not in seen:
        seen.add(agency.pk)
        if not list_import.gives_roles or _others_lead(list_import, agency.pk):
            return _tokens_at(list_import, agency.pk)
        agency = agency.parent
    return _tokens_at(list_import, list_import.agency_id)


def _others_lead(list_import: ListImport, agency_id: int) -> bool:
    """Whether somebody bears a role that approves the list there and may use it for this one."""
    today = clock.today()
    held = Holding.objects.filter(
        valid__contains=today,
        post__roles__role__in=approving(list_import),
        post__roles__agency_id=agency_id,
        post__roles__valid__contains=today,
    )
    bearers = held.exclude(person_id=list_import.proposer_id).values_list("person_id", "post_id")
    return any(not _concerns(list_import, person, [post]) for person, post in set(bearers))


def _tokens_at(list_import: ListImport, agency_id: int) -> Sequence[int]:
    return organization.tokens_apart_from(
        [list_import.proposer_id], approving(list_import), agency_id
    )


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted imports whose content the actor may see."""
    rows = _readable(actor).filter(public_id__in=list(ids)).select_related("agency")
    return {
        found.public_id: RecordCard(
            object_type=ListImport.type_name(),
            object_id=found.public_id,
            title=found.title,
            reference="",
            kind="Danh sách",
            url=reverse("importing:detail", args=[found.public_id]),
            occurred_on=clock.local(found.proposed_at).date(),
            state=STATE_LABELS[found.as_state],
            agency=found.agency.short_name,
        )
        for found in rows
    }


def agencies_for(actor: Actor) -> list[tuple[int, str]]:
    """The agencies the actor may bring a list in for, by name."""
    served = organization.agencies(actor.agencies_with(*PROPOSING))
    return [(agency.pk, agency.short_name) for agency in served]


def is_technical_only(actor: Actor) -> bool:
    """Whether the actor sees that imports run, but nothing of what is in them."""
    return not actor.agencies_with(*PROPOSING)


def imports(actor: Actor) -> QuerySet[ListImport]:
    """Imports whose content the actor may see, and those that run where he administers; unordered."""
    technical = Q(agency_id__in=actor.agencies_with(*TECHNICAL))
    return ListImport.objects.filter(_reading(actor) | technical).select_related("agency")


def get_import(actor: Actor, public_id: uuid.UUID) -> ListImport:
    """An import whose content the actor may see. Raises: NotFound, as if it were absent."""
    found = _readable(actor).filter(public_id=public_id).select_related("agency").first()
    if found is None:
        raise _no_import()
    return found


def lock_import(actor: Actor, public_id: uuid.UUID, version: int | None) -> ListImport:
    """A readable import, locked for change. Raises: NotFound, ConflictingChange."""
    rows = _readable(actor).filter(public_id=public_id).select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise _no_import()
    return found.require_version(version)


def _readable(actor: Actor) -> QuerySet[ListImport]:
    """What the inbox leads to and the index names: one rule for both."""
    return ListImport.objects.filter(_reading(actor))


def _reading(actor: Actor) -> Q:
    """Those of the actor's agencies; the head of office above reads those that give roles below."""
    own = Q(agency_id__in=actor.agencies_with(*PROPOSING))
    if actor.agencies_with(*APPROVING_ROLES):
        own |= Q(gives_roles=True, agency_id__in=reach_of(actor, APPROVING_ROLES))
    return own


def _no_import() -> NotFound:
    return NotFound("importing.not_found", "Không tìm thấy lần nhập này.")


def rows_shown(
    list_import: ListImport, outcome: Outcome | None, *, moved: bool = False
) -> QuerySet[ImportRow]:
    """The rows of an import that came to `outcome`; `moved`: those that stopped the writing."""
    rows = ImportRow.objects.filter(list_import=list_import)
    if moved:
        return rows.filter(has_moved=True)
    return rows if outcome is None else rows.filter(outcome=outcome)


def faulty_rows(list_import: ListImport) -> Iterator[ImportRow]:
    """The rows with faults in the order of the file, read a thousand at a time."""
    rows = rows_shown(list_import, Outcome.FAULTY).order_by("number")
    last = 0
    while found := list(rows.filter(number__gt=last)[:_STEP]):
        yield from found
        last = found[-1].number


def written_rows(list_import: ListImport) -> Iterator[Sequence[ImportRow]]:
    """Rows that are new or change something, in the order of the file and the sets of its check."""
    rows = ImportRow.objects.filter(
        list_import=list_import, outcome__in=[Outcome.NEW, Outcome.CHANGED]
    )
    last = 0
    while (first := rows.filter(number__gt=last).order_by("number").first()) is not None:
        found = list(rows.filter(number__gt=last, set_number=first.set_number).order_by("number"))
        yield found
        last = found[-1].number
