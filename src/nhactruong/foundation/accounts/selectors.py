"""Accounts as others need them."""

from __future__ import annotations

from typing import Any

from nhactruong.foundation.accounts.models import ApiToken, User
from nhactruong.foundation.accounts.rules import token_hash
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
