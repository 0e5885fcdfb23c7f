"""Counted tries: five wrong ones lock for a quarter of an hour, and the owner is told by mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.db import transaction

from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import LOCK, TRIES
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.mail import commands as mail
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor

#: How the record names who tried the door under a name that no account has.
UNKNOWN_ACCOUNT: Final = "Không rõ tài khoản"


class Guard(Enum):
    """What is guessed: (field of the count, field of the lock, its name in a sentence).

    Each has its own count. A right password does not clear the count of the second factor, or
    whoever knows the password could guess codes without end.
    """

    PASSWORD = ("failed_confirmations", "locked_until", "mật khẩu")
    SECOND_FACTOR = ("failed_second_factors", "second_factor_locked_until", "mã xác nhận")


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one try."""

    right: bool
    left: int
    #: Tries are refused unread until then; None while there are tries left.
    locked_until: datetime | None = None


def whose_door(typed: str, client_address: str) -> tuple[User | None, Actor]:
    """The active account of a typed name, and who is named in the record of the try.

    What was typed is never recorded: people type their password there.
    """
    user = User.objects.filter(username=typed.strip().lower()).first()
    if user is None or not user.is_active:
        name = user.username if user else UNKNOWN_ACCOUNT
        return None, Actor(name=name, client_address=client_address)
    return user, Actor(name=user.username, user_id=user.pk, client_address=client_address)


@transaction.atomic
def tried(actor: Actor, user_id: int, guard: Guard, is_right: Callable[[User], bool]) -> Tried:
    """One counted try on the account, in its own transaction, with the account's row locked.

    Not a command: an operation sent again answers as the first time, and what was once confirmed
    would then pass with any code.
    """
    count_field, lock_field, _ = guard.value
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    locked_until: datetime | None = getattr(user, lock_field)
    if locked_until and locked_until > clock.now():
        return Tried(False, 0, locked_until)
    if is_right(user):
        if getattr(user, count_field) or locked_until:
            _note(user, guard, 0, None)
        return Tried(True, TRIES)
    failed = getattr(user, count_field) + 1
    if failed < TRIES:
        _note(user, guard, failed, locked_until)
        return Tried(False, TRIES - failed)
    until = clock.now() + LOCK
    _note(user, guard, 0, until)
    tell_lock(replace(actor, user_id=user.pk), user, guard, until)
    return Tried(False, 0, until)


def _note(user: User, guard: Guard, failed: int, until: datetime | None) -> None:
    count_field, lock_field, _ = guard.value
    setattr(user, count_field, failed)
    setattr(user, lock_field, until)
    user.save(update_fields=[count_field, lock_field])


def tell_lock(actor: Actor, user: User, guard: Guard, until: datetime) -> None:
    """The lock in the record, and a letter about it to the owner."""
    with writes_allowed():
        audit.record(
            actor,
            "account.locked",
            None,
            outcome="denied",
            username=user.username,
            guessed=guard.name.lower(),
            until=until.isoformat(),
        )
    tell_owner(
        user,
        "Tài khoản tạm khóa",
        f"Tài khoản “{user.username}” bị nhập sai {guard.value[2]} {TRIES} lần từ địa chỉ "
        f"{actor.client_address or 'không rõ'} nên tạm khóa đến {hour(until)}.",
    )


def tell_owner(user: User, subject: str, sentence: str) -> None:
    """A letter to the owner of the account about what was done to it, if it has an address."""
    mail.write(
        user.email,
        subject,
        f"Kính gửi đồng chí,\n\nLúc {clock.local(clock.now()):%H:%M ngày %d/%m/%Y}: {sentence}\n\n"
        "Nếu việc này không phải do đồng chí làm, đề nghị báo ngay bộ phận Cơ yếu – Công nghệ thông "
        "tin của cơ quan.\n\nThư này do Nhạc Trưởng tự gửi; đồng chí không cần trả lời.\n",
    )


def hour(until: datetime) -> str:
    """`14:06` on the office's clock, the first full minute in which the lock is over."""
    return f"{clock.local(until + timedelta(minutes=1)):%H:%M}"
