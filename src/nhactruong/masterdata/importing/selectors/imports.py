"""Imports the actor may see, and their rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.access.rules import post_token, role_token
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.masterdata.importing.models import ImportRow, ListImport
from nhactruong.masterdata.importing.policies import APPROVING, PROPOSING, TECHNICAL
from nhactruong.masterdata.importing.rules import STATE_LABELS, ListCode, Outcome
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Holding, Person, Post, PostRole

_STEP: Final = 1000


def reach_of(actor: Actor, roles: Iterable[Role]) -> frozenset[int]:
    """The agencies the actor reaches with one of the roles, and all below them; one query."""
    return organization.with_those_below(actor.agencies_with(*roles))


def is_about(actor: Actor, list_import: ListImport) -> bool:
    """Whether the list would change something of the actor or of a post the actor holds."""
    if list_import.kind.code is not ListCode.PEOPLE:
        return False
    person, post = (list_import.kind.keys.index(key) for key in ("person", "post"))
    keys = Person.objects.filter(pk=actor.person_id or 0).values("key")
    codes = Post.objects.filter(pk__in=[held.post_id for held in actor.posts]).values("key")
    own = Q(**{f"cells__{person}__in": keys}) | Q(**{f"cells__{post}__in": codes})
    return ImportRow.objects.filter(own, list_import=list_import).exists()


def approving_tokens(list_import: ListImport) -> Sequence[int]:
    """Before whom the list waits: the roles that approve it, and never whoever brought it in.

    Where the proposer bears such a role himself, the other posts that carry it stand for it.
    """
    today, agency_id = clock.today(), list_import.agency_id
    carried = PostRole.objects.filter(
        role__in=APPROVING, agency_id=agency_id, valid__contains=today
    ).values_list("role", "post_id")
    own = set(
        Holding.objects.filter(
            person_id=list_import.proposer_id, valid__contains=today
        ).values_list("post_id", flat=True)
    )
    borne = {role for role, post in carried if post in own}
    return sorted(
        {
            *(role_token(role, agency_id) for role in APPROVING if role not in borne),
            *(post_token(post) for role, post in carried if role in borne and post not in own),
        }
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
    """Imports of the actor's agencies; unordered."""
    seen = actor.agencies_with(*PROPOSING, *TECHNICAL)
    return ListImport.objects.filter(agency_id__in=seen).select_related("agency")


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
    return ListImport.objects.filter(agency_id__in=actor.agencies_with(*PROPOSING))


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
