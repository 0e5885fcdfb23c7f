"""Requests one made or may decide, and whether a table may be made now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, NotFound
from nhactruong.records.releases.models import Release
from nhactruong.records.releases.policies import DECIDING
from nhactruong.records.releases.rules import FREE_ROWS, STATE_LABELS, VALID_FOR, State

_SALT = "nhactruong.releases"


def visible(actor: Actor) -> QuerySet[Release]:
    """The actor's own requests and those of the agencies for which the actor decides."""
    mine = Q(asked_person_id=actor.person_id or 0)
    return Release.objects.filter(mine | Q(agency_id__in=actor.agencies_with(*DECIDING)))


def get_visible(actor: Actor, public_id: uuid.UUID) -> Release:
    """The request. Raises: NotFound."""
    found = visible(actor).filter(public_id=public_id).select_related("agency").first()
    if found is None:
        raise NotFound("release.not_found", "Không tìm thấy đề nghị này.")
    return found


def lock_visible(actor: Actor, public_id: uuid.UUID, version: int | None) -> Release:
    """The request, locked for change. Raises: NotFound, ConflictingChange."""
    found = visible(actor).filter(public_id=public_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound("release.not_found", "Không tìm thấy đề nghị này.")
    return found.require_version(version)


def is_released(actor: Actor, address: str, rows: int) -> bool:
    """Whether a table of so many rows may be made at that address now: small, or allowed."""
    if rows <= FREE_ROWS:
        return True
    return Release.objects.filter(
        asked_person_id=actor.person_id or 0,
        address=address,
        state=State.ALLOWED,
        decided_at__gt=clock.now() - VALID_FOR,
    ).exists()


def is_open(release: Release) -> bool:
    """Whether the table may still be made."""
    decided = release.decided_at
    allowed = release.as_state == State.ALLOWED and decided is not None
    return bool(allowed and decided and decided > clock.now() - VALID_FOR)


def asking_address(*, agency_id: int, title: str, address: str, rows: int) -> str:
    """The page that asks for this table; what the register counted cannot be changed on the way."""
    told = signing.dumps([agency_id, title, address, rows], salt=_SALT, compress=True)
    return f"{reverse('releases:ask')}?{urlencode({'bang': told})}"


def asked_for(told: str) -> tuple[int, str, str, int]:
    """Agency, title, address and rows of an `asking_address`. Raises: InvalidInput."""
    try:
        parts: Any = signing.loads(told, salt=_SALT)
    except signing.BadSignature:
        raise InvalidInput(
            "release.unknown_table", "Chưa rõ xuất bảng nào. Đồng chí mở lại sổ rồi bấm xuất."
        ) from None
    agency_id, title, address, rows = parts
    return int(agency_id), str(title), str(address), int(rows)


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted requests that the actor may see."""
    return {
        row.public_id: RecordCard(
            object_type=Release.type_name(),
            object_id=row.public_id,
            title=row.title,
            reference="",
            kind="Đề nghị xuất dữ liệu",
            url=reverse("releases:detail", args=[row.public_id]),
            occurred_on=clock.local(row.asked_at).date(),
            state=STATE_LABELS[row.as_state],
        )
        for row in visible(actor).filter(public_id__in=list(ids))
    }
