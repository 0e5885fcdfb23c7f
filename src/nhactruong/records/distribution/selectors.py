"""Reading deliveries; the caller has checked sight of the document."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Q

from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DeliveryState


def delivery(delivery_id: uuid.UUID) -> Delivery:
    """The delivery with its document and agencies."""
    return Delivery.objects.select_related("document", "sender_agency", "recipient_agency").get(
        public_id=delivery_id
    )


def of_document(document_id: int) -> Sequence[Delivery]:
    """The deliveries of a document, by recipient."""
    return list(
        Delivery.objects.filter(document_id=document_id)
        .select_related("recipient_agency")
        .order_by("recipient_agency__level", "recipient_agency__sort_key")
    )


def by_document(document_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[Delivery]]:
    """The deliveries of several documents known by their shared identifiers, by recipient."""
    found: dict[uuid.UUID, list[Delivery]] = {}
    for row in (
        Delivery.objects.filter(document__public_id__in=list(document_ids))
        .select_related("document", "recipient_agency")
        .order_by("recipient_agency__level", "recipient_agency__sort_key")
    ):
        found.setdefault(row.document.public_id, []).append(row)
    return found


def tallies(document_ids: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """(acknowledged, all) deliveries by document."""
    rows = (
        Delivery.objects.filter(document_id__in=list(document_ids))
        .values("document_id")
        .annotate(
            received=Count("pk", filter=Q(state=DeliveryState.ACKNOWLEDGED)), total=Count("pk")
        )
    )
    return {row["document_id"]: (row["received"], row["total"]) for row in rows}
