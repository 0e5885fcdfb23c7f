"""Code lists and their entries as of a day; changes and who approves them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role
from nhactruong.kernel.text import fold
from nhactruong.masterdata.codelists.models import CodeChange, CodeEntry, CodeList
from nhactruong.masterdata.codelists.policies import APPROVING, PROPOSING
from nhactruong.masterdata.codelists.rules import STATE_LABELS, VERB_LABELS, Standing, State
from nhactruong.masterdata.codelists.shipped import CLOSED
from nhactruong.masterdata.organization.models import Agency, PostRole


@dataclass(frozen=True, slots=True)
class ListCard:
    """A list as the catalogue shows it; `waiting` proposals, `entries` in force today."""

    slug: str
    name: str
    owner: str
    meaning: str
    basis: str
    is_closed: bool
    entries: int = 0
    waiting: int = 0
    #: The list that says where an entry lies; empty when entries lie in nothing.
    within: str = ""


@dataclass(frozen=True, slots=True)
class EntryCard:
    """A code and its name on the day asked; without `since` it holds as long as the regulation."""

    code: str
    name: str
    abbreviation: str
    position: int
    since: date | None = None
    until: date | None = None
    within: str = ""


def lists(on: date | None = None) -> Sequence[ListCard]:
    """Every list: those the office may change, then the closed ones."""
    day = on or clock.today()
    in_force = Q(entries__valid__contains=day, entries__superseded_at=None)
    rows = CodeList.objects.annotate(
        in_force=Count("entries", filter=in_force, distinct=True),
        waiting=Count("changes", filter=Q(changes__state=State.PROPOSED), distinct=True),
    ).order_by("position")
    own = [
        ListCard(
            row.slug, row.name, row.owner, row.meaning, row.basis, False, row.in_force, row.waiting
        )
        for row in rows
    ]
    closed = [
        ListCard(
            one.slug,
            one.name,
            one.owner,
            one.meaning,
            one.basis,
            is_closed=True,
            entries=sum(entry.holds_on(day) for entry in one.read()),
            within=one.within,
        )
        for one in CLOSED.values()
    ]
    return [*own, *closed]


def card_of(slug: str) -> ListCard:
    """The list of that slug. Raises: NotFound `code_list.not_found`."""
    closed = CLOSED.get(slug)
    if closed is not None:
        return ListCard(
            closed.slug,
            closed.name,
            closed.owner,
            closed.meaning,
            closed.basis,
            is_closed=True,
            within=closed.within,
        )
    row = changeable(slug)
    return ListCard(row.slug, row.name, row.owner, row.meaning, row.basis, is_closed=False)


def changeable(slug: str) -> CodeList:
    """The list of that slug that the office may change. Raises: NotFound."""
    row = CodeList.objects.filter(slug=slug).first()
    if row is None:
        raise NotFound("code_list.not_found", "Không có danh mục này.")
    return row


def list_name(slug: str) -> str:
    """The name of a list, for texts; its slug when there is none."""
    closed = CLOSED.get(slug)
    if closed is not None:
        return closed.name
    return CodeList.objects.filter(slug=slug).values_list("name", flat=True).first() or slug


def entries(slug: str, on: date | None = None) -> Sequence[EntryCard]:
    """The entries in force on that day, in their order. Raises: NotFound."""
    closed, day = CLOSED.get(slug), on or clock.today()
    if closed is not None:
        return [
            EntryCard(one.code, one.name, one.abbreviation, place, one.since, one.until, one.within)
            for place, one in enumerate(closed.read())
            if one.holds_on(day)
        ]
    rows = CodeEntry.objects.filter(
        code_list=changeable(slug), superseded_at=None, valid__contains=day
    ).order_by("position", "code")
    return [
        EntryCard(row.code, row.name, "", row.position, row.valid.lower, row.valid.upper)
        for row in rows
    ]


def found(
    entries: Sequence[EntryCard], *, words: str = "", within: str = ""
) -> Sequence[EntryCard]:
    """Those that lie within the place and bear the words in code or name, accents or not."""
    wanted = fold(words)
    return [
        one
        for one in entries
        if within in ("", one.within) and (wanted in fold(one.name) or words == one.code)
    ]


def coming(slug: str, after: date) -> Sequence[EntryCard]:
    """Entries that begin to hold after that day, the first first."""
    rows = CodeEntry.objects.filter(
        code_list__slug=slug, superseded_at=None, valid__startswith__gt=after
    ).order_by("valid", "code")
    return [
        EntryCard(row.code, row.name, "", row.position, row.valid.lower, row.valid.upper)
        for row in rows
    ]


def standing(code_list: CodeList, code: str, on: date) -> CodeEntry | None:
    """The entry of that code in force on that day."""
    return CodeEntry.objects.filter(
        code_list=code_list, code=code, superseded_at=None, valid__contains=on
    ).first()


def as_standing(entry: CodeEntry | None) -> Standing | None:
    """What the rules ask of an entry."""
    return Standing(entry.name, entry.valid.lower, entry.valid.upper) if entry else None


def keeping_agency(asked_of: Role | None = None) -> int | None:
    """The agency of the highest level here whose head of office decides; None while there is none.

    `asked_of` narrows to agencies that have somebody in that role today.
    """
    ranks = {level: rank for rank, level in enumerate(Agency.Level.values)}
    roles = [asked_of] if asked_of is not None else list(APPROVING)
    reaching = PostRole.objects.filter(
        role__in=roles,
        valid__contains=clock.today(),
        post__holdings__valid__contains=clock.today(),
    )
    found = reaching.values_list("agency__level", "agency_id").distinct()
    ordered = sorted((ranks[level], agency) for level, agency in found)
    return ordered[0][1] if ordered else None


def visible_changes(actor: Actor) -> QuerySet[CodeChange]:
    """Changes of whoever works with the lists: everybody who may propose, those who decide too."""
    if actor.person_id is None or not actor.agencies_with(*PROPOSING):
        return CodeChange.objects.none()
    return CodeChange.objects.all()


def get_change(actor: Actor, public_id: uuid.UUID) -> CodeChange:
    """The change. Raises: NotFound."""
    rows = visible_changes(actor).select_related("code_list", "agency")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("code_list.no_change", "Không tìm thấy đề nghị này.")
    return found


def lock_change(actor: Actor, public_id: uuid.UUID, version: int | None) -> CodeChange:
    """The change, locked. Raises: NotFound, ConflictingChange."""
    rows = visible_changes(actor).select_related("code_list")
    found = rows.filter(public_id=public_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound("code_list.no_change", "Không tìm thấy đề nghị này.")
    return found.require_version(version)


def changes_of(actor: Actor, slug: str) -> Sequence[CodeChange]:
    """The latest fifty changes of a list, newest first."""
    return list(visible_changes(actor).filter(code_list__slug=slug).order_by("-pk")[:50])


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted changes that the actor may see."""
    rows = visible_changes(actor).filter(public_id__in=list(ids)).select_related("code_list")
    return {
        row.public_id: RecordCard(
            object_type=CodeChange.type_name(),
            object_id=row.public_id,
            title=f"{VERB_LABELS[row.as_verb]} {row.name or row.code}: {row.code_list.name}",
            reference="",
            kind="Đề nghị sửa danh mục mã",
            url=reverse("codelists:change", args=[row.public_id]),
            occurred_on=clock.local(row.proposed_at).date(),
            state=STATE_LABELS[row.as_state],
        )
        for row in rows
    }
