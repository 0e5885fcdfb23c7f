"""Setting up and giving up second factors; the page asks to confirm before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from nhactruong.foundation.accounts import factors
from nhactruong.foundation.accounts.commands.guarding import tell_owner
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command, writes_allowed
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import InvalidInput, NotFound, RuleBroken

_ADDED: Final = "account.second_factor_added"


@command
def add_application(actor: Actor, secret: str, code: str) -> None:
    """The application that holds `secret` makes the account's codes; recovery codes are made.

    Raises: InvalidInput at `code`, RuleBroken `factor.there_already`.
    """
    user = _me(actor)
    if factors.has_application(user):
        raise RuleBroken(
            "factor.there_already",
            "Tài khoản đã có ứng dụng xác thực. Muốn đổi máy, đồng chí gỡ ứng dụng cũ trước.",
        )
    counter = factors.counter_of(secret, code)
    if counter is None:
        raise InvalidInput.at(
            "code",
            "factor.wrong_code",
            "Mã không đúng. Đồng chí xem lại giờ của điện thoại và nhập mã đang hiện.",
        )
    factors.add_totp(user, secret, counter)
    _added(actor, user, str(factors.TOTP), "Ứng dụng xác thực")


@command
def add_security_key(actor: Actor, name: str, state: Mapping[str, Any], answer: Any) -> None:
    """The security key that gave `answer` opens the account's second step.

    Raises: RuleBroken `factor.key_refused`.
    """
    user = _me(actor)
    if not factors.add_key(user, name, state, answer):
        raise RuleBroken(
            "factor.key_refused", "Chưa đăng ký được khóa bảo mật. Đồng chí làm lại từ đầu."
        )
    _added(actor, user, str(factors.KEY), f"Khóa bảo mật “{name}”")


def _added(actor: Actor, user: User, kind: str, what: str) -> None:
    factors.make_recovery_codes_once(user)
    audit.record(actor, _ADDED, None, username=user.username, kind=kind)
    tell_owner(
        user,
        "Thêm bước xác nhận thứ hai",
        f"{what} đã được thêm làm bước xác nhận thứ hai của tài khoản “{user.username}”.",
    )


@command
def renew_recovery_codes(actor: Actor) -> None:
    """Ten fresh recovery codes, shown once; the former are void.

    Raises: RuleBroken `factor.none_yet`.
    """
    user = _me(actor)
    if not factors.exist(user):
        raise RuleBroken(
            "factor.none_yet", "Chưa có bước xác nhận thứ hai nên chưa lập mã dự phòng được."
        )
    factors.new_recovery_codes(user)
    audit.record(actor, "account.recovery_codes_renewed", None, username=user.username)


def show_recovery_codes(actor: Actor) -> Sequence[str]:
    """The recovery codes, the one time they are shown; empty ever after."""
    with writes_allowed(), transaction.atomic():
        user = _me(actor)
        codes = factors.codes_not_yet_shown(user)
        if codes:
            audit.record(actor, "account.recovery_codes_shown", None, username=user.username)
        return codes


@command
def remove_factor(actor: Actor, factor_id: int) -> None:
    """The account without that second factor; the last one takes the recovery codes with it.

    Raises: NotFound `factor.none`.
    """
    user = _me(actor)
    kind = factors.forget(user, factor_id)
    if not kind:
        raise NotFound("factor.none", "Không còn bước xác nhận này.")
    audit.record(actor, "account.second_factor_removed", None, username=user.username, kind=kind)
    tell_owner(
        user,
        "Gỡ bước xác nhận thứ hai",
        f"Một bước xác nhận thứ hai của tài khoản “{user.username}” đã được gỡ.",
    )


def _me(actor: Actor) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=actor.user_id or 0)
