"""Who an account is, for the record of its own sign-in: the roof says which person holds it."""

from __future__ import annotations

from collections.abc import Callable

from nhactruong.foundation.accounts.models import User
from nhactruong.kernel.actor import Actor

#: (account, short name of the session, address) → the person in today's posts; None without one.
Finder = Callable[[int, str, str], Actor | None]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let `finder` say who an account is; called once at start."""
    _finders[:] = [finder]


def actor_of(user: User, session_key: str, address: str) -> Actor:
    """The person who holds the account, else the account by its name."""
    session_id = session_key[:8]
    for finder in _finders:
        found = finder(user.pk, session_id, address)
        if found is not None:
            return found
    return Actor(name=user.username, user_id=user.pk, session_id=session_id, client_address=address)
