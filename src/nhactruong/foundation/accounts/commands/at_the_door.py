"""Tries at the door, where nobody is signed in: counted by name and by whence they come.

A browser in which the account was opened before has a count of its own, and everybody else shares
one: strangers who guess lock the name for strangers, not for its owner at the usual PC, and never
the acts of an open session. A name that no account has is counted and locked just the same.
Source: security.md 1.2 (five tries).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.utils.crypto import salted_hmac

from nhactruong.foundation.accounts.commands.guarding import Guard, Tried, tell_lock
from nhactruong.foundation.accounts.models import DoorTry, User
from nhactruong.foundation.accounts.rules import LOCK, TRIES
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor

#: Where everybody comes from who has not opened the account in that browser before.
STRANGERS = ""


def name_hash(typed: str) -> str:
    """What is kept of a name typed at the door: a keyed hash, in hex."""
    return salted_hmac("door", typed.strip().lower(), algorithm="sha256").hexdigest()


@transaction.atomic
def tried_at_door(
    who: Actor, typed: str, user: User | None, is_right: Callable[[], bool], *, device: str
) -> Tried:
    """One counted try under the name `typed`, in its own transaction, with its count locked.

    `device` is the browser's own name where it is known to the account, else `STRANGERS`.
    """
    now = clock.now()
    DoorTry.objects.filter(at__lt=now - 2 * LOCK).delete()
    row, _ = DoorTry.objects.select_for_update(of=("self",)).get_or_create(
        name_hash=name_hash(typed), device=device, defaults={"at": now}
    )
    if row.locked_until and row.locked_until > now:
        return Tried(False, 0, row.locked_until)
    if is_right():
        row.delete()
        return Tried(True, TRIES)
    row.at = now
    row.failed = 0 if row.locked_until else row.failed
    row.failed += 1
    row.locked_until = now + LOCK if row.failed >= TRIES else None
    row.save()
    if row.locked_until is None:
        return Tried(False, TRIES - row.failed)
    if user is not None:
        tell_lock(replace(who, user_id=user.pk), user, Guard.PASSWORD, row.locked_until)
    return Tried(False, 0, row.locked_until)


def open_door(username: str) -> None:
    """Nothing is counted under that name any more."""
    DoorTry.objects.filter(name_hash=name_hash(username)).delete()
