"""Accounts made and changed, keys given out, identities attached, lost factors forgotten."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Final

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from nhactruong.foundation.accounts import factors
from nhactruong.foundation.accounts.commands.at_the_door import open_door
from nhactruong.foundation.accounts.commands.guarding import Guard, hour, tell_owner, tried
from nhactruong.foundation.accounts.models import ApiToken, User
from nhactruong.foundation.accounts.rules import OUTSIDE_PROVIDER, token_hash
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command, writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleBroken

_TOKEN_LIFE: Final = timedelta(days=90)
#: Code of a validator → what to do.
_PASSWORD_FAULTS: Final = {
    "password_too_short": "Mật khẩu mới ngắn quá. Đồng chí đặt từ 14 ký tự trở lên.",
    "password_too_common": "Mật khẩu này nhiều người dùng nên dễ đoán. Đồng chí đặt câu khác.",
    "password_entirely_numeric": "Mật khẩu chỉ gồm chữ số nên dễ đoán. Đồng chí đặt một câu có chữ.",
    "password_few_letters": "Mật khẩu có ít ký tự khác nhau nên dễ đoán. Đồng chí đặt câu khác.",
    "password_repeated": "Mật khẩu lặp lại một từ nên dễ đoán. Đồng chí đặt một câu nhiều từ khác nhau.",
    "password_common_words": "Mật khẩu chỉ gồm từ thông dụng và chữ số nên dễ đoán. Đồng chí đặt câu "
    "khác.",
    "password_too_similar": "Mật khẩu chứa tên đăng nhập nên dễ đoán. Đồng chí đặt câu khác.",
    "": "Mật khẩu này chưa đủ mạnh. Đồng chí đặt câu khác.",
}


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


def change_password(actor: Actor, *, current: str, new: str) -> User:
    """The account with its new password; the other sessions end with the old one.

    A wrong current password counts as a failed try, like one at sign-in.
    Raises: InvalidInput naming the field, RuleBroken when locked, AccessDenied for services.
    Source: security.md 1.2.
    """
    if actor.user_id is None:
        raise AccessDenied("password.person_only", "Chỉ người có tài khoản mới đổi mật khẩu được.")
    outcome = tried(
        actor, actor.user_id, Guard.PASSWORD, lambda user: check_password(current, user.password)
    )
    if not outcome.right:
        with writes_allowed():
            audit.record(actor, "account.password_change_failed", None, outcome="denied")
        if outcome.locked_until is not None:
            raise RuleBroken(
                "password.locked",
                "Đã nhập sai mật khẩu nhiều lần nên việc này bị khóa đến %(until)s. Đồng chí thử lại "
                "sau giờ đó.",
                until=hour(outcome.locked_until),
            )
        raise _faulty("current", "Mật khẩu hiện tại không đúng. Đồng chí nhập lại.")
    if current == new:
        raise _faulty("new", "Mật khẩu mới phải khác mật khẩu hiện tại.")
    require_strong(new, User.objects.values_list("username", flat=True).get(pk=actor.user_id))
    return _set_password(actor, actor.user_id, new)


def require_strong(new: str, username: str) -> None:
    """Nothing when the password of that account is hard to guess. Raises: InvalidInput at `new`."""
    try:
        validate_password(new, User(username=username))
    except ValidationError as fault:
        code = fault.error_list[0].code or ""
        raise _faulty("new", _PASSWORD_FAULTS.get(code, _PASSWORD_FAULTS[""])) from None


def _faulty(field: str, sentence: str) -> InvalidInput:
    return InvalidInput.at(field, f"password.{field}", sentence)


@command
def _set_password(actor: Actor, user_id: int, new: str) -> User:
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    user.set_password(new)
    user.save(update_fields=["password"])
    audit.record(actor, "account.password_changed", None, username=user.username)
    tell_owner(user, "Đã đổi mật khẩu", f"Mật khẩu của tài khoản “{user.username}” đã được đổi.")
    return user


@command
def remember(actor: Actor, key: str, value: Any) -> None:
    """A small preference of the person (chosen columns, last tab), kept with the account."""
    if actor.user_id is None:
        return
    user = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
    user.preferences = {**user.preferences, key: value}
    user.save(update_fields=["preferences"])


@command
def attach_identity(actor: Actor, username: str, subject: str) -> User:
    """The account that the provider's identity `subject` opens from now on; empty detaches it.

    Raises: NotFound `account.unknown`, RuleBroken `identity.taken`. Source: security.md 6 V10.
    """
    user = _locked(username)
    mine = SocialAccount.objects.filter(user=user, provider=OUTSIDE_PROVIDER)
    others = SocialAccount.objects.filter(provider=OUTSIDE_PROVIDER, uid=subject).exclude(user=user)
    if others.exists():
        raise RuleBroken("identity.taken", "Danh tính này đã gắn với một tài khoản khác.")
    mine.exclude(uid=subject).delete()
    if subject:
        SocialAccount.objects.get_or_create(user=user, provider=OUTSIDE_PROVIDER, uid=subject)
    audit.record(
        actor,
        "account.identity_attached" if subject else "account.identity_detached",
        None,
        username=username,
        subject=subject,
    )
    tell_owner(
        user,
        "Danh tính đăng nhập thay đổi",
        f"Danh tính dùng để đăng nhập tài khoản “{username}” đã được quản trị hệ thống thay đổi.",
    )
    return user


@command
def forget_second_factors(actor: Actor, username: str) -> User:
    """The account without any second factor, for somebody who lost them; it is told by mail.

    Raises: NotFound `account.unknown`.
    """
    user = _locked(username)
    factors.forget(user)
    audit.record(actor, "account.second_factor_removed", None, username=username, kind="all")
    tell_owner(
        user,
        "Bước xác nhận thứ hai đã được gỡ",
        f"Quản trị hệ thống đã gỡ bước xác nhận thứ hai của tài khoản “{username}”.",
    )
    return user


@command
def unlock(actor: Actor, username: str) -> User:
    """The account with all its tries again. Raises: NotFound `account.unknown`."""
    user = _locked(username)
    user.failed_confirmations = user.failed_second_factors = 0
    user.locked_until = user.second_factor_locked_until = None
    user.save(
        update_fields=[
            "failed_confirmations",
            "failed_second_factors",
            "locked_until",
            "second_factor_locked_until",
        ]
    )
    open_door(username)
    audit.record(actor, "account.unlocked", None, username=username)
    return user


def _locked(username: str) -> User:
    user = User.objects.select_for_update(of=("self",)).filter(username=username).first()
    if user is None:
        raise NotFound("account.unknown", "Không có tài khoản này.")
    return user
