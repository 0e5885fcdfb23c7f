"""Keys as the edge and the pages of those who keep them need them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import token_hash
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.gateways.http_api import policies
from nhactruong.gateways.http_api.models import CallerWindow, ServiceKey
from nhactruong.gateways.http_api.rules import (
    SCOPE_LABELS,
    STAGE_LABELS,
    Scope,
    Stage,
    comes_from,
)
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import Role


@dataclass(frozen=True, slots=True)
class Service:
    """The program behind a key, as one request of it needs it."""

    key_id: uuid.UUID
    name: str
    agency_id: int
    scopes: frozenset[str]
    requests_per_minute: int

    def as_clerk(self, actor: Actor) -> Actor:
        """The same caller for the one act of putting a file into its agency's intake."""
        return replace(actor, role_reach=frozenset({(Role.CLERK, self.agency_id)}))


def service_of(token: str, address: str) -> tuple[Service, User, Actor] | None:
    """The program whose valid key this is, calling from where it may; None otherwise.

    Its actor holds no post and no token: it sees no record of the office.
    """
    key = (
        ServiceKey.objects.select_related("account")
        .filter(
            token_hash=token_hash(token),
            revoked_at=None,
            expires_at__gt=clock.now(),
            account__is_active=True,
        )
        .first()
    )
    if key is None or key.account is None or not comes_from(address, key.networks):
        return None
    service = Service(
        key_id=key.public_id,
        name=key.name,
        agency_id=key.agency_id,
        scopes=frozenset(key.scopes),
        requests_per_minute=key.requests_per_minute,
    )
    actor = Actor(
        name=key.name,
        user_id=key.account_id,
        service=f"key:{key.public_id}",
        session_id=token_hash(token)[:8],
        client_address=address,
    )
    return service, key.account, actor


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the page shows it, with what the reader may do to it."""

    key: ServiceKey
    scopes: Sequence[str]
    state: tuple[str, str, str]
    may_decide: Decision
    may_collect: Decision
    may_revoke: Decision
    last_called_at: datetime | None


def visible(actor: Actor) -> QuerySet[ServiceKey]:
    """The keys of the agencies the actor administers or answers for."""
    reached = actor.agencies_with(Role.SYSADMIN, *policies.DECIDING)
    return ServiceKey.objects.filter(agency_id__in=reached).select_related("agency")


def key_lines(keys: Iterable[ServiceKey], actor: Actor) -> Sequence[KeyLine]:
    """The keys with what the actor may do; one query."""
    keys = list(keys)
    called = dict(
        CallerWindow.objects.filter(
            caller__in=[f"key:{key.token_hash}" for key in keys if key.token_hash]
        ).values_list("caller", "minute")
    )
    return [
        KeyLine(
            key=key,
            scopes=[SCOPE_LABELS[Scope(scope)] for scope in key.scopes],
            state=(STAGE_LABELS[key.stage], *_LOOKS[key.stage]),
            may_decide=policies.can_decide(actor, key),
            may_collect=policies.can_collect(actor, key),
            may_revoke=policies.can_revoke(actor, key),
            last_called_at=_instant(called.get(f"key:{key.token_hash}")),
        )
        for key in keys
    ]


def _instant(minute: int | None) -> datetime | None:
    return None if minute is None else datetime.fromtimestamp(minute * 60, tz=UTC)


_LOOKS: Final[Mapping[Stage, tuple[str, str]]] = {
    Stage.ASKED: ("soon", "clock"),
    Stage.REFUSED: ("neutral", "close"),
    Stage.TO_COLLECT: ("info", "info"),
    Stage.LAPSED: ("neutral", "clock"),
    Stage.OPEN: ("ok", "ok"),
    Stage.EXPIRED: ("neutral", "clock"),
    Stage.REVOKED: ("neutral", "close"),
}


def get_visible(actor: Actor, public_id: uuid.UUID) -> ServiceKey:
    """A key of the actor's agencies. Raises: NotFound."""
    return _found(visible(actor).filter(public_id=public_id).first())


def lock_visible(actor: Actor, public_id: uuid.UUID) -> ServiceKey:
    """The key, locked for change. Raises: NotFound."""
    rows = visible(actor).select_related(None).select_for_update(of=("self",))
    return _found(rows.filter(public_id=public_id).first())


def _found(key: ServiceKey | None) -> ServiceKey:
    if key is None:
        raise NotFound("key.not_found", "Không tìm thấy khóa này.")
    return key


def record_cards(actor: Actor, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, RecordCard]:
    """Cards of the wanted keys that the actor may see."""
    return {
        key.public_id: RecordCard(
            object_type=ServiceKey.type_name(),
            object_id=key.public_id,
            title=f"Khóa truy cập cho {key.name}",
            reference="",
            kind="Khóa truy cập",
            url=reverse("keys:detail", args=[key.public_id]),
            occurred_on=clock.local(key.asked_at).date(),
            state=STAGE_LABELS[key.stage],
        )
        for key in visible(actor).filter(public_id__in=list(ids))
    }
