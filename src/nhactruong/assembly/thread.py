"""The red thread as a page: knots in their columns, lines between them, and what was done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nhactruong.assembly import act_words
from nhactruong.foundation.audit import selectors as audit
from nhactruong.foundation.thread import selectors as threads
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.thread.selectors import Edge, Thread
from nhactruong.foundation.ui.rules import date_words, when_words
from nhactruong.foundation.ui.shapes import TimelineItem
from nhactruong.foundation.ui.thread_layout import ThreadEdge, ThreadNode
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound
from nhactruong.masterdata.organization.selectors import agency_names
from nhactruong.records.distribution import selectors as distribution
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DeliveryState
from nhactruong.records.dossiers import selectors as dossiers

#: Kinds of document whose place in a matter is known by what they are; the rest keep the place of
#: their register until something earlier moves them on.
_PLACES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("Nghị quyết", "Chiến lược", "Chương trình", "Đề án", "Quy hoạch"), 0),
    **dict.fromkeys(("Tờ trình", "Báo cáo", "Công văn", "Giấy mời"), 1),
    **dict.fromkeys(
        ("Quyết định", "Kết luận", "Thông báo", "Chỉ thị", "Quy định", "Quy chế", "Thông tri"), 2
    ),
    **dict.fromkeys(("Kế hoạch", "Hướng dẫn", "Phương án", "Dự án"), 3),
}
COLUMNS: Final = ("Chủ trương", "Đề nghị", "Quyết định", "Thực hiện", "Kết quả")
_MOST_ACTS: Final = 300
#: So many agencies of one list are named; the rest are counted.
_MOST_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """The page of one record's thread; `story` is newest first."""

    here: RecordCard
    knots: Sequence[RecordCard]
    nodes: Sequence[ThreadNode]
    edges: Sequence[ThreadEdge]
    story: Sequence[TimelineItem]
    dossiers: Sequence[RecordCard]

    @property
    def name(self) -> str:
        """How the record is named in the trail of crumbs."""
        return act_words.name_of(self.here)


def of(actor: Actor, object_id: uuid.UUID) -> ThreadPage:
    """The thread around a document or a dossier.

    Raises: NotFound `thread.not_found` when the actor may not see where it starts.
    """
    found = threads.around(actor, "Document", object_id)
    if not found.knots:
        found = _around_dossier(actor, object_id)
    here = next((card for card in found.knots if card.object_id == object_id), None)
    if here is None:
        raise NotFound("thread.not_found", "Không tìm thấy sợi chỉ này.")
    found = _with_dossiers(actor, found)
    columns = _columns(found)
    by_id = {card.object_id: card for card in found.knots}
    sent = distribution.by_document(
        card.object_id for card in found.knots if card.object_type == "OutgoingDocument"
    )
    return ThreadPage(
        here=here,
        knots=found.knots,
        nodes=[
            _node(card, columns[card.object_id], object_id, sent.get(card.object_id, ()))
            for card in found.knots
        ],
        edges=[
            ThreadEdge(
                str(edge.earlier), str(edge.later), "soft" if edge.kind == "filed_in" else "main"
            )
            for edge in found.edges
        ],
        story=_story(by_id, object_id, sent),
        dossiers=[card for card in found.knots if card.object_type == "Dossier"],
    )


def _around_dossier(actor: Actor, object_id: uuid.UUID) -> Thread:
    found = threads.around(actor, "Dossier", object_id)
    if not found.knots:
        return found
    dossier = dossiers.get_visible(actor, object_id)
    inside = [card for _, card in dossiers.contents(actor, dossier)]
    known = {card.object_id for card in found.knots}
    return replace(
        found, knots=[*found.knots, *(card for card in inside if card.object_id not in known)]
    )


def _with_dossiers(actor: Actor, found: Thread) -> Thread:
    """The thread with the dossiers its documents lie in, as far as the actor may see them."""
    documents = [card.object_id for card in found.knots if card.object_type != "Dossier"]
    filed = dossiers.filed_in(actor, documents)
    known = {card.object_id for card in found.knots}
    fresh = {card.object_id: card for _, card in filed if card.object_id not in known}
    return replace(
        found,
        knots=[*found.knots, *fresh.values()],
        edges=[
            *found.edges,
            *(Edge(document, card.object_id, "filed_in") for document, card in filed),
        ],
    )


def _columns(found: Thread) -> dict[uuid.UUID, int]:
    """The column of each knot: by its kind, but never before what it came from.

    The same kind of record may stand early in one matter and late in another: an answer that
    comes in is registered like a request, yet it follows our letter.
    """
    columns = {card.object_id: _PLACES.get(card.kind, card.stage) for card in found.knots}
    for _ in found.knots:
        moved = False
        for edge in found.edges:
            if columns[edge.later] < columns[edge.earlier]:
                columns[edge.later] = columns[edge.earlier]
                moved = True
        if not moved:
            break
    return columns


def _node(
    card: RecordCard, column: int, here: uuid.UUID, deliveries: Sequence[Delivery]
) -> ThreadNode:
    today, day = clock.today(), card.occurred_on
    when = f"{day:%d/%m}" if day.year == today.year else date_words(day)
    if day == today:
        when = "hôm nay"
    state = card.state[:1].lower() + card.state[1:]
    if deliveries:
        received = sum(row.acknowledged_at is not None for row in deliveries)
        state = f"đã nhận {received}/{len(deliveries)}"
    if card.object_id == here:
        state = "đang xem"
    return ThreadNode(
        key=str(card.object_id),
        label=card.reference or card.kind,
        note=f"{when} · {state}",
        column=column,
        state="here" if card.object_id == here else "",
        url=card.url,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Something the story tells: when, of which record, what, and who or what else."""

    at: datetime
    card: RecordCard
    what: str
    who: str


def _story(
    by_id: Mapping[uuid.UUID, RecordCard],
    here: uuid.UUID,
    sent: Mapping[uuid.UUID, Sequence[Delivery]],
) -> list[TimelineItem]:
    """The acts on the knots and what became of what was sent, newest first."""
    told = _acts(by_id)
    for object_id, deliveries in sent.items():
        told += _receipts(by_id[object_id], deliveries)
    today = clock.today()
    return [
        TimelineItem(
            when=when_words(one.at, today),
            what=one.what,
            who=one.who,
            url=one.card.url,
            state="here" if one.card.object_id == here else "",
        )
        for one in sorted(told, key=lambda one: one.at, reverse=True)
    ]


def _acts(by_id: Mapping[uuid.UUID, RecordCard]) -> list[_Told]:
    rows = audit.acts_on(by_id, limit=_MOST_ACTS)
    agencies = agency_names(row.agency_id for row in rows if row.agency_id)
    told = []
    for row in rows:
        card = by_id[row.object_id] if row.object_id else None
        what = act_words.what_was_done(row, card) if card else None
        if card is not None and what is not None:
            who = act_words.who_did_it(row, agencies.get(row.agency_id or 0, ""))
            told.append(_Told(row.at, card, what, who))
    return told


def _receipts(card: RecordCard, deliveries: Sequence[Delivery]) -> list[_Told]:
    """Where a document went: one entry for the receipts, one for each copy sent back."""
    told = [
        _Told(
            row.delivered_at or row.queued_at,
            card,
            f"{row.recipient_agency.short_name} trả lại {act_words.name_of(card)}",
            row.refused_reason,
        )
        for row in deliveries
        if row.state == DeliveryState.REFUSED
    ]
    received = [row for row in deliveries if row.acknowledged_at is not None]
    waiting = [row for row in deliveries if row.state == DeliveryState.DELIVERED]
    moments = [row.acknowledged_at for row in received if row.acknowledged_at]
    if moments:
        what = f"{len(received)}/{len(deliveries)} nơi đã nhận {act_words.name_of(card)}"
        who = _agencies(received)
        if waiting:
            who = f"{who}. Chưa xác nhận: {_agencies(waiting)}"
        told.append(_Told(max(moments), card, what, who))
    elif waiting:
        arrived = max(row.delivered_at or row.queued_at for row in waiting)
        what = f"{act_words.name_of(card)} đã đến {len(waiting)}/{len(deliveries)} nơi"
        told.append(_Told(arrived, card, what, f"Chưa xác nhận: {_agencies(waiting)}"))
    return told


def _agencies(deliveries: Sequence[Delivery]) -> str:
    names = [row.recipient_agency.short_name for row in deliveries[:_MOST_NAMED]]
    rest = len(deliveries) - len(names)
    return ", ".join(names) + (f" và {rest} nơi nữa" if rest else "")
