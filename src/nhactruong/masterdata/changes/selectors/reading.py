"""Orders the actor may know of, and how they are called."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet
from django.urls import reverse

from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.policies import DECIDING, units_led
from nhactruong.masterdata.changes.rules import KIND_LABELS, STATE_LABELS, Kind
from nhactruong.masterdata.organization import selectors as organization


def reach_of(actor: Actor) -> frozenset[int]:
    """The agencies for which the actor decides: where he heads the office, and all below."""
    headed = actor.agencies_with(DECIDING)
    return organization.with_those_below(headed) if headed else frozenset()


def visible(actor: Actor, reached: frozenset[int] | None = None) -> QuerySet[ChangeOrder]:
    """Orders the actor asked for, decides or administers, and those about his unit; unordered.

    `reached` spares the question where the actor decides when it was asked before.
    """
    seen = (
        Q(requester_id=actor.person_id or 0)
        | Q(agency_id__in=reach_of(actor) if reached is None else reached)
        | Q(agency_id__in=actor.agencies_with(Role.SYSADMIN))
        | Q(unit_id__in=units_led(actor))
    )
    return ChangeOrder.objects.filter(seen).select_related(
        "agency", "unit", "post", "person", "reached", "deciding"
    )


def get_visible(
    actor: Actor, public_id: uuid.UUID, reached: frozenset[int] | None = None
) -> ChangeOrder:
    """The order. Raises: NotFound, as if it were absent."""
    found = visible(actor, reached).filter(public_id=public_id).first()
    if found is None:
        raise _no_order()
    return found


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> ChangeOrder:
    """The order, locked. Raises: NotFound, ConflictingChange."""
    rows = visible(actor).filter(public_id=public_id).select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise _no_order()
    return found.require_version(version)


def _no_order() -> NotFound:
    return NotFound("change.none", "Không tìm thấy phiếu thay đổi này.")


def title_of(order: ChangeOrder) -> str:
    """What the order is called on pages and in the inbox: `Giao vai trò Văn thư: Chuyên viên`."""
    label, said = KIND_LABELS[order.as_kind], order.said
    post = order.post.title if order.post is not None else said.get("title", "")
    if order.role is not None:
        return f"{label} {ROLE_LABELS[Role(order.role)]}: {post}"
    if order.person is not None:
        return f"{label} {post}: {order.person.full_name}"
    if order.as_kind is Kind.FOUND_UNIT:
        return f"{label}: {said['name']}"
    if order.as_kind in (Kind.RENAME_AGENCY, Kind.GIVE_IDENTIFIER):
        return f"{label}: {said.get('short_name') or said.get('value')}"
    return f"{label}: {post}"


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted orders that the actor may see."""
    return {
        order.public_id: RecordCard(
            object_type=ChangeOrder.type_name(),
            object_id=order.public_id,
            title=title_of(order),
            reference="",
            kind="Phiếu thay đổi",
            url=reverse("changes:detail", args=[order.public_id]),
            occurred_on=clock.local(order.requested_at).date(),
            state=STATE_LABELS[order.as_state],
        )
        for order in visible(actor).filter(public_id__in=list(ids))
    }
