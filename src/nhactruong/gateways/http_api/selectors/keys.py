"""Keys as the edge and the page of the administrator need them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import token_hash
from nhactruong.gateways.http_api.models import CallerWindow, ServiceKey
from nhactruong.gateways.http_api.rules import SCOPE_LABELS, Scope, comes_from
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
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
    if key is None or not comes_from(address, key.networks):
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
        session_id=key.token_hash[:8],
        client_address=address,
    )
    return service, key.account, actor


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the administrator's page shows it."""

    key: ServiceKey
    scopes: Sequence[str]
    state: tuple[str, str, str]
    last_called_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be revoked."""
        return self.key.revoked_at is None and self.key.expires_at > clock.now()


def keys_kept_by(actor: Actor) -> Sequence[KeyLine]:
    """The keys of the agencies the administrator serves, the newest first; two queries."""
    keys = list(
        ServiceKey.objects.filter(agency_id__in=actor.agencies_with(Role.SYSADMIN))
        .select_related("agency")
        .order_by("-pk")
    )
    called = dict(
        CallerWindow.objects.filter(
            caller__in=[f"key:{key.token_hash}" for key in keys]
        ).values_list("caller", "minute")
    )
    return [
        KeyLine(
            key=key,
            scopes=[SCOPE_LABELS[Scope(scope)] for scope in key.scopes],
            state=_state(key),
            last_called_at=_instant(called.get(f"key:{key.token_hash}")),
        )
        for key in keys
    ]


def _instant(minute: int | None) -> datetime | None:
    return None if minute is None else datetime.fromtimestamp(minute * 60, tz=UTC)


def _state(key: ServiceKey) -> tuple[str, str, str]:
    if key.revoked_at is not None:
        return "Đã thu hồi", "neutral", "close"
    if key.expires_at <= clock.now():
        return "Hết hạn", "neutral", "clock"
    return "Đang dùng", "ok", "ok"


def kept_key(actor: Actor, public_id: uuid.UUID) -> ServiceKey:
    """A key of the administrator's agencies. Raises: NotFound."""
    key = (
        ServiceKey.objects.filter(
            public_id=public_id, agency_id__in=actor.agencies_with(Role.SYSADMIN)
        )
        .select_related("agency")
        .first()
    )
    if key is None:
        raise NotFound("key.not_found", "Không tìm thấy khóa này.")
    return key
