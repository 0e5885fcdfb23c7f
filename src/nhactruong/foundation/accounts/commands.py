"""Accounts made and changed, keys given out, and the confirmation before an act of force."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from nhactruong.foundation.accounts.models import ApiToken, User
from nhactruong.foundation.accounts.rules import token_hash
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command, writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput, RuleBroken

_TRIES: Final = 5
_LOCK: Final = timedelta(minutes=15)
_TOKEN_LIFE: Final = timedelta(days=90)
#: Code of a validator → what to do.
_PASSWORD_FAULTS: Final = {
    "password_too_short": "Mật khẩu mới ngắn quá. Đồng chí đặt từ 14 ký tự trở lên.",
    "password_too_common": "Mật khẩu này nhiều người dùng nên dễ đoán. Đồng chí đặt câu khác.",
    "": "Mật khẩu này chưa đủ mạnh. Đồng chí đặt câu khác.",
}
_NO_CODE: Final = "Thiếu Mã xác nhận. Đồng chí nhập mã rồi bấm lại."
_WRONG_SIGN_IN: Final = (
    "Tên đăng nhập hoặc mật khẩu không đúng. Đồng chí nhập lại; sai 5 lần sẽ bị khóa 15 phút."
)


@command
def create_account(
    actor: Actor,
    *,
    username: str,
    password: str,
    email: str = "",
    is_sample: bool = False,
    encoded: str = "",
) -> User:
    """The new account; its password is kept as an Argon2 hash only.

    `encoded` is the hash of `password` when it was made before: the many accounts of a sample
    office share one password, and each hash takes a third of a second on purpose.
    """
    user = User(username=username, email=email, is_sample=is_sample, created_at=clock.now())
    user.password = encoded or make_password(password)
    user.save()
    audit.record(actor, "account.created", None, username=username)
    return user


@command
def issue_api_token(actor: Actor, user: User, label: str) -> str:
    """A new key in clear, shown this once; the store keeps its hash."""
    token = f"nt_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        user=user,
        label=label,
        token_hash=token_hash(token),
        created_at=clock.now(),
        expires_at=clock.now() + _TOKEN_LIFE,
    )
    audit.record(actor, "account.api_token_issued", None, username=user.username, label=label)
    return token


def sign_in(username: str, password: str, *, client_address: str) -> User:
    """The account whose name and password these are.

    The answer for an unknown name takes as long as for a wrong password and reads the same.
    Raises: RuleBroken `sign_in.wrong`, `sign_in.locked`. Source: security.md 1.2 (five tries).
    """
    user = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    who = Actor(name=username[:60], client_address=client_address)
    if user is None:
        make_password(password)
        with writes_allowed():
            audit.record(who, "account.sign_in_failed", None, outcome="denied")
        raise RuleBroken("sign_in.wrong", _WRONG_SIGN_IN)
    tried = _try_code(user.pk, password)
    with writes_allowed():
        outcome = "ok" if tried.right else "denied"
        action = "account.signed_in" if tried.right else "account.sign_in_failed"
        audit.record(replace(who, user_id=user.pk), action, None, outcome=outcome)
    if tried.right:
        return user
    if tried.locked_until is None:
        raise RuleBroken("sign_in.wrong", _WRONG_SIGN_IN)
    raise RuleBroken(
        "sign_in.locked",
        "Đã nhập sai mật khẩu nhiều lần nên tài khoản tạm khóa đến %(until)s. Đồng chí thử lại sau "
        "giờ đó.",
        until=_hour(tried.locked_until),
    )


def confirm(actor: Actor, code: str) -> None:
    """Nothing when `code` is the actor's own; otherwise the act must not go on.

    Failed tries are counted in their own transaction, so that refusing the act cannot forget
    them; an empty code is no try. Raises: InvalidInput `confirmation.missing`, RuleBroken
    `confirmation.wrong` or `confirmation.locked`, AccessDenied for services.
    Source: security.md 6 V6 (step-up before sign and seal), screens.md sentence 12.
    """
    if actor.user_id is None:
        raise AccessDenied("confirmation.person_only", "Chỉ người có tài khoản mới xác nhận được.")
    if not code:
        raise InvalidInput("confirmation.missing", _NO_CODE)
    tried = _try_code(actor.user_id, code)
    if tried.right:
        return
    with writes_allowed():
        audit.record(actor, "account.confirmation_failed", None, outcome="denied")
    if tried.locked_until is None:
        raise RuleBroken(
            "confirmation.wrong",
            "Mã xác nhận không đúng. Còn %(left)s lần thử trước khi khóa 15 phút.",
            left=tried.left,
        )
    raise RuleBroken(
        "confirmation.locked",
        "Đã nhập sai mã xác nhận %(tries)s lần nên việc ký, đóng dấu bị khóa đến %(until)s.",
        tries=_TRIES,
        until=_hour(tried.locked_until),
    )


@dataclass(frozen=True, slots=True)
class _Tried:
    right: bool
    left: int
    #: Tries are refused unread until then; None while there are tries left.
    locked_until: datetime | None = None


@transaction.atomic
def _try_code(user_id: int, code: str) -> _Tried:
    # Not a command: an operation sent again answers as the first time, and what was once
    # confirmed would then pass with any code.
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if user.locked_until and user.locked_until > clock.now():
        return _Tried(False, 0, user.locked_until)
    if check_password(code, user.password):
        if user.failed_confirmations or user.locked_until:
            user.failed_confirmations, user.locked_until = 0, None
            user.save(update_fields=["failed_confirmations", "locked_until"])
        return _Tried(True, _TRIES)
    user.failed_confirmations += 1
    left = _TRIES - user.failed_confirmations
    if left <= 0:
        user.failed_confirmations, user.locked_until = 0, clock.now() + _LOCK
    user.save(update_fields=["failed_confirmations", "locked_until"])
    return _Tried(False, left, user.locked_until if left <= 0 else None)


def _hour(until: datetime) -> str:
    """`14:06` on the office's clock, the first full minute in which the lock is over."""
    return f"{clock.local(until + timedelta(minutes=1)):%H:%M}"


def change_password(actor: Actor, *, current: str, new: str) -> User:
    """The account with its new password; the other sessions end with the old one.

    A wrong current password counts as a failed try, like one at sign-in.
    Raises: InvalidInput naming the field, RuleBroken when locked, AccessDenied for services.
    Source: security.md 1.2.
    """
    if actor.user_id is None:
        raise AccessDenied("password.person_only", "Chỉ người có tài khoản mới đổi mật khẩu được.")
    tried = _try_code(actor.user_id, current)
    if not tried.right:
        with writes_allowed():
            audit.record(actor, "account.password_change_failed", None, outcome="denied")
        if tried.locked_until is not None:
            raise RuleBroken(
                "password.locked",
                "Đã nhập sai mật khẩu nhiều lần nên việc này bị khóa đến %(until)s. Đồng chí thử lại "
                "sau giờ đó.",
                until=_hour(tried.locked_until),
            )
        raise _faulty("current", "Mật khẩu hiện tại không đúng. Đồng chí nhập lại.")
    if current == new:
        raise _faulty("new", "Mật khẩu mới phải khác mật khẩu hiện tại.")
    try:
        validate_password(new)
    except ValidationError as fault:
        code = fault.error_list[0].code or ""
        raise _faulty("new", _PASSWORD_FAULTS.get(code, _PASSWORD_FAULTS[""])) from None
    return _set_password(actor, actor.user_id, new)


def _faulty(field: str, sentence: str) -> InvalidInput:
    return InvalidInput.at(field, f"password.{field}", sentence)


@command
def _set_password(actor: Actor, user_id: int, new: str) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    user.set_password(new)
    user.save(update_fields=["password"])
    audit.record(actor, "account.password_changed", None, username=user.username)
    return user


@command
def remember(actor: Actor, key: str, value: Any) -> None:
    """A small preference of the person (chosen columns, last tab), kept with the account."""
    if actor.user_id is None:
        return
    user = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
    user.preferences = {**user.preferences, key: value}
    user.save(update_fields=["preferences"])
