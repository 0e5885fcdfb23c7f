"""The steps of signing in: name and password, the second factor, an identity from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import check_password, make_password

from nhactruong.foundation.accounts import factors, selectors
from nhactruong.foundation.accounts.commands.at_the_door import STRANGERS, tried_at_door
from nhactruong.foundation.accounts.commands.guarding import (
    Guard,
    Tried,
    hour,
    tried,
    whose_door,
)
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import OUTSIDE_PROVIDER
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, RuleBroken

_WRONG_SIGN_IN: Final = (
    "Tên đăng nhập hoặc mật khẩu không đúng. Đồng chí nhập lại; sai 5 lần sẽ bị khóa 15 phút."
)
_FIRST_STEP: Final = "account.first_step_passed"


def sign_in(username: str, password: str, *, client_address: str, device: str = STRANGERS) -> User:
    """The account whose name and password these are; it may still have to pass the second step.

    The answer for an unknown name takes as long as for a wrong password and reads the same, the
    lock too. `device` as for `tried_at_door`.
    Raises: RuleBroken `sign_in.wrong`, `sign_in.locked`. Source: security.md 1.2 (five tries).
    """
    user, who = whose_door(username, client_address)

    def is_right() -> bool:
        if user is None:
            make_password(password)
            return False
        return check_password(password, user.password)

    outcome = tried_at_door(who, username, user, is_right, device=device)
    if outcome.right and user is not None:
        if selectors.has_second_factor(user.pk):
            _record(who, _FIRST_STEP)
        return user
    _record(who, "account.sign_in_failed", outcome="denied")
    if outcome.locked_until is None:
        raise RuleBroken("sign_in.wrong", _WRONG_SIGN_IN)
    raise RuleBroken(
        "sign_in.locked",
        "Đã nhập sai nhiều lần nên tên đăng nhập này tạm khóa đến %(until)s. Đồng chí thử lại sau giờ "
        "đó, hoặc vào từ máy vẫn dùng.",
        until=hour(outcome.locked_until),
    )


def pass_by_code(user: User, code: str, *, client_address: str) -> str:
    """With what the second step was passed: a code of the application, or a recovery code.

    Raises: InvalidInput `second_step.missing`, RuleBroken `second_step.wrong`, `second_step.locked`.
    """
    if not code.strip():
        raise InvalidInput("second_step.missing", "Thiếu mã. Đồng chí nhập mã rồi bấm lại.")
    who = Actor(name=user.username, user_id=user.pk, client_address=client_address)
    used: list[str] = []
    _judge(who, tried(who, user.pk, Guard.SECOND_FACTOR, lambda locked: _keep(used, locked, code)))
    return used[-1]


def pass_by_key(user: User, state: Mapping[str, Any], answer: Any, *, client_address: str) -> str:
    """With what key the second step was passed; `state` belongs to the question.

    Raises: RuleBroken `second_step.wrong`, `second_step.locked`.
    """
    used: list[str] = []
    who = Actor(name=user.username, user_id=user.pk, client_address=client_address)

    def is_right(locked: User) -> bool:
        used.append(factors.use_key(locked, state, answer))
        return bool(used[-1])

    _judge(who, tried(who, user.pk, Guard.SECOND_FACTOR, is_right))
    return used[-1]


def _keep(used: list[str], user: User, code: str) -> bool:
    used.append(factors.use_code(user, code))
    return bool(used[-1])


def _judge(who: Actor, outcome: Tried) -> None:
    if outcome.right:
        return
    _record(who, "account.second_step_failed", outcome="denied")
    if outcome.locked_until is None:
        raise RuleBroken(
            "second_step.wrong",
            "Mã không đúng hoặc đã dùng rồi. Còn %(left)s lần thử trước khi khóa 15 phút.",
            left=outcome.left,
        )
    raise RuleBroken(
        "second_step.locked",
        "Đã nhập sai mã nhiều lần nên bước xác nhận của tài khoản này tạm khóa đến %(until)s. "
        "Đồng chí thử lại sau giờ đó.",
        until=hour(outcome.locked_until),
    )


def sign_in_from_outside(subject: str, *, client_address: str) -> User:
    """The account to which an administrator attached this identity of the provider.

    Raises: RuleBroken `sign_in.identity_unknown`. Source: security.md 6 V10.
    """
    found = (
        SocialAccount.objects.filter(provider=OUTSIDE_PROVIDER, uid=subject, user__is_active=True)
        .select_related("user")
        .first()
    )
    who = Actor(name=subject[:60], client_address=client_address)
    if found is None:
        _record(who, "account.sign_in_failed", outcome="denied", by="provider")
        raise RuleBroken(
            "sign_in.identity_unknown",
            "Danh tính này chưa được gắn với tài khoản nào ở đây. Đề nghị liên hệ quản trị hệ thống.",
        )
    user: User = found.user
    who = replace(who, name=user.username, user_id=user.pk)
    if selectors.has_second_factor(user.pk):
        _record(who, _FIRST_STEP, by="provider")
    return user


def _record(who: Actor, action: str, outcome: str = "ok", **facts: Any) -> None:
    with writes_allowed():
        audit.record(who, action, None, outcome=outcome, **facts)
