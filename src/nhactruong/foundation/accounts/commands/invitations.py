"""Codes with which people set their own password: given out on paper, taken up once."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.hashers import make_password

from nhactruong.foundation.accounts.commands.accounts import require_strong
from nhactruong.foundation.accounts.commands.at_the_door import STRANGERS, tried_at_door
from nhactruong.foundation.accounts.commands.guarding import hour, tell_owner, whose_door
from nhactruong.foundation.accounts.commands.sessions import end_sessions_of
from nhactruong.foundation.accounts.models import Invitation, User
from nhactruong.foundation.accounts.rules import INVITATION_LIFE, Purpose, invitation_hash
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command, writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound, RuleBroken

_WRONG: Final = (
    "Tên đăng nhập hoặc mã không đúng, đã dùng hoặc hết hạn. Đồng chí nhập lại; sai 5 lần sẽ bị khóa "
    "15 phút."
)


@command
def invite(actor: Actor, user_id: int, *, purpose: Purpose, code_hash: str) -> Invitation:
    """The invitation, open for seven days; every earlier one of the account is over.

    The code is made by the caller and shown once: the result of a command is kept. Whether the
    actor may, the caller has asked. Raises: NotFound, RuleBroken when a password is there already.
    """
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound("account.unknown", "Không có tài khoản này.")
    if purpose is Purpose.FIRST and user.has_usable_password():
        raise RuleBroken(
            "invitation.not_first",
            "Người này đã tự đặt mật khẩu. Quên mật khẩu thì lập phiếu cấp lại mật khẩu.",
        )
    now = clock.now()
    _end_open_ones(user)
    made = Invitation.objects.create(
        user=user,
        purpose=purpose,
        code_hash=code_hash,
        made_by_id=actor.user_id,
        made_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    audit.record(actor, "account.invited", None, username=user.username, purpose=purpose.value)
    tell_owner(
        user,
        "Mã đặt mật khẩu",
        f"Mã để tự đặt mật khẩu cho tài khoản “{user.username}” đã được lập; mã in trên giấy, giao "
        "tận tay, không gửi qua thư.",
    )
    return made


def take_up(username: str, code: str, new: str, *, client_address: str) -> User:
    """The account with the password its owner has set; sessions and other invitations are over.

    The answer for an unknown name takes as long as for a wrong code and reads the same.
    Raises: InvalidInput at `new`, RuleBroken `invitation.wrong`, `sign_in.locked`.
    Source: security.md 1.2.
    """
    require_strong(new, username)
    # Before anything is looked up: a third of a second that hides what was found.
    encoded = make_password(new)
    user, who = whose_door(username, client_address)
    wanted = invitation_hash(code)
    outcome = tried_at_door(
        who,
        username,
        user,
        lambda: user is not None and _is_open(user, wanted),
        device=STRANGERS,
    )
    if outcome.locked_until is not None:
        _record_failure(who)
        raise RuleBroken(
            "sign_in.locked",
            "Đã nhập sai nhiều lần nên tên đăng nhập này tạm khóa đến %(until)s. Đồng chí thử lại sau "
            "giờ đó.",
            until=hour(outcome.locked_until),
        )
    if not outcome.right or user is None:
        raise _wrong(who)
    return _taken_up(who, user.pk, wanted, encoded)


def _is_open(user: User, code_hash: str) -> bool:
    rows = Invitation.objects.filter(
        user=user, code_hash=code_hash, used_at=None, expires_at__gt=clock.now()
    )
    return rows.exists()


def _end_open_ones(user: User) -> None:
    now = clock.now()
    Invitation.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)


@command
def _taken_up(actor: Actor, user_id: int, code_hash: str, encoded: str) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not _is_open(user, code_hash):
        # Somebody pressed at the same time with the same code.
        raise RuleBroken("invitation.wrong", _WRONG)
    invitation = Invitation.objects.get(code_hash=code_hash)
    invitation.used_at = clock.now()
    invitation.save(update_fields=["used_at"])
    _end_open_ones(user)
    user.password = encoded
    user.save(update_fields=["password"])
    end_sessions_of(actor, user.pk)
    audit.record(
        actor, "account.taken_up", None, username=user.username, purpose=invitation.purpose
    )
    tell_owner(
        user,
        "Đã đặt mật khẩu",
        f"Mật khẩu của tài khoản “{user.username}” đã được đặt bằng mã giao tận tay, từ địa chỉ "
        f"{actor.client_address or 'không rõ'}.",
    )
    return user


def _wrong(who: Actor) -> RuleBroken:
    _record_failure(who)
    return RuleBroken("invitation.wrong", _WRONG)


def _record_failure(who: Actor) -> None:
    with writes_allowed():
        audit.record(who, "account.take_up_failed", None, outcome="denied")
