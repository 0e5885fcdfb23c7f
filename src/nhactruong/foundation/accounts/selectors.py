"""Accounts as others need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings

from nhactruong.foundation.accounts import factors
from nhactruong.foundation.accounts.models import ApiToken, Confirmation, Invitation, User
from nhactruong.foundation.accounts.rules import browser_words, token_hash
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor


def user_of_token(token: str) -> User | None:
    """The active account behind a valid, unexpired, unrevoked key."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(
            token_hash=token_hash(token),
            revoked_at=None,
            expires_at__gt=clock.now(),
            user__is_active=True,
        )
        .first()
    )
    return found.user if found else None


def preference(actor: Actor, key: str, default: Any) -> Any:
    """What the person chose last under `key`."""
    if actor.user_id is None:
        return default
    chosen = User.objects.filter(pk=actor.user_id).values_list("preferences", flat=True).first()
    return (chosen or {}).get(key, default)


def account(user_id: int | None) -> User | None:
    """The active account of that key."""
    return User.objects.filter(pk=user_id, is_active=True).first() if user_id else None


def is_username_taken(username: str) -> bool:
    """Whether an account has that name, closed ones too."""
    return User.objects.filter(username=username).exists()


def last_invitation(user_id: int) -> Invitation | None:
    """The newest code made for the account, whatever became of it."""
    return Invitation.objects.filter(user_id=user_id).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class WayToConfirm:
    """With what a person confirms an act of force.

    Neither code nor key: the password. `valid_until`: an act of this session needs no further
    confirmation till then, unless it always asks.
    """

    by_code: bool = False
    by_key: bool = False
    valid_until: datetime | None = None

    @property
    def by_factor(self) -> bool:
        """Whether the second factor is asked instead of the password."""
        return self.by_code or self.by_key


def way_to_confirm(actor: Actor, at_least: timedelta = timedelta(0)) -> WayToConfirm:
    """How this person confirms now, a confirmation holding `at_least` so long; two queries."""
    if actor.user_id is None:
        return WayToConfirm()
    kinds = set(
        Authenticator.objects.filter(user_id=actor.user_id).values_list("type", flat=True)
    ) - {factors.RECOVERY}
    if not kinds:
        return WayToConfirm()
    return WayToConfirm(
        # Recovery codes are typed where a code is.
        by_code=True,
        by_key=factors.KEY in kinds,
        valid_until=_valid_until(actor, at_least),
    )


def _valid_until(actor: Actor, at_least: timedelta) -> datetime | None:
    lasting = max(timedelta(minutes=settings.STEP_UP_MINUTES), at_least)
    if not actor.session_id or not lasting:
        return None
    confirmed = (
        Confirmation.objects.filter(
            user_id=actor.user_id or 0,
            session_id=actor.session_id,
            confirmed_at__gt=clock.now() - lasting,
        )
        .values_list("confirmed_at", flat=True)
        .first()
    )
    return confirmed + lasting if confirmed else None


def has_second_factor(user_id: int) -> bool:
    """Whether sign-in asks the account for a second step."""
    rows = Authenticator.objects.filter(user_id=user_id).exclude(type=factors.RECOVERY)
    return bool(rows.exists())


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One second factor of an account, as its owner sees it."""

    factor_id: int
    is_key: bool
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account."""

    lines: Sequence[FactorLine]
    codes_left: int

    @property
    def has_totp(self) -> bool:
        """Whether an application makes codes for the account."""
        return any(not line.is_key for line in self.lines)


def factors_of(user_id: int) -> Factors:
    """What the account has set up, oldest first; one query."""
    rows = list(Authenticator.objects.filter(user_id=user_id).order_by("pk"))
    lines = [
        FactorLine(
            factor_id=row.pk,
            is_key=row.type == factors.KEY,
            name=row.data.get("name", "") or "Ứng dụng xác thực",
            added_at=row.created_at,
            used_at=row.last_used_at,
        )
        for row in rows
        if row.type != factors.RECOVERY
    ]
    left = sum(len(row.wrap().get_unused_codes()) for row in rows if row.type == factors.RECOVERY)
    return Factors(lines, left)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One open session of an account."""

    line_id: int
    is_this: bool
    address: str
    browser: str
    opened_at: datetime
    seen_at: datetime


def sessions_of(user_id: int, current_key: str) -> Sequence[SessionLine]:
    """The sessions that are open, this one first, then the one used last; ended ones are gone."""
    rows = UserSession.objects.filter(user_id=user_id).order_by("-last_seen_at")
    lines = [
        SessionLine(
            line_id=row.pk,
            is_this=row.session_key == current_key,
            address=str(row.ip),
            browser=browser_words(str(row.user_agent)),
            opened_at=row.created_at,
            seen_at=row.last_seen_at,
        )
        for row in rows
        if row.exists()
    ]
    return sorted(lines, key=lambda line: not line.is_this)
