"""Second factors: codes of an application, recovery codes and security keys, checked and used up.

The tables and the mathematics are allauth's and fido2's. What is ours: a code counts once in all
processes (allauth remembers used codes in the memory of one), a key whose counter runs backwards
is refused, and nothing here reads a session: the challenge is handed in. Called with the account's
row locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from fido2.webauthn import (
    AuthenticationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import counters_around
from nhactruong.kernel import clock

TOTP: Final = Authenticator.Type.TOTP
KEY: Final = Authenticator.Type.WEBAUTHN
RECOVERY: Final = Authenticator.Type.RECOVERY_CODES
_LAST_COUNTER: Final = "last_counter"
_SIGN_COUNT: Final = "sign_count"
#: What fido2 and allauth raise for an answer that is not what was asked for.
_WRONG: Final = (ValueError, TypeError, KeyError, AttributeError, ValidationError)


def new_secret() -> str:
    """A fresh secret for an application that makes codes, 160 bits in base32."""
    secret: str = totp.generate_totp_secret()
    return secret


def counter_of(secret: str, code: str) -> int | None:
    """The step of 30 seconds whose code this is now, None for a wrong one."""
    for counter in counters_around(clock.now()):
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected):
            return counter
    return None


def add_totp(user: User, secret: str, counter: int) -> None:
    """The account has the application; the code that proved it counts no more."""
    Authenticator.objects.create(
        user=user, type=TOTP, data={"secret": encrypt(secret), _LAST_COUNTER: counter}
    )


def use_code(user: User, code: str) -> str:
    """The kind of factor whose code this is, now used up; empty for a wrong one."""
    if not normalize_user_code(code):
        return ""
    for row in Authenticator.objects.filter(user_id=user.pk, type__in=(TOTP, RECOVERY)):
        is_recovery = row.type == RECOVERY
        if RecoveryCodes(row).validate_code(code) if is_recovery else _use_totp(row, code):
            Authenticator.objects.filter(pk=row.pk).update(last_used_at=clock.now())
            return str(row.type)
    return ""


def _use_totp(row: Authenticator, code: str) -> bool:
    counter = counter_of(decrypt(row.data["secret"]), code)
    if counter is None or counter <= row.data.get(_LAST_COUNTER, 0):
        return False
    row.data[_LAST_COUNTER] = counter
    row.save(update_fields=["data"])
    return True


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is asked, and what must be kept to judge its answer."""

    options: dict[str, Any]
    state: dict[str, Any]


def ask_for_key(user: User) -> Asked:
    """The question to one of the account's security keys."""
    options, state = webauthn.get_server().authenticate_begin(
        credentials=webauthn.get_credentials(user),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Asked(dict(options), state)


def use_key(user: User, state: Mapping[str, Any], answer: Any) -> str:
    """`webauthn` when one of the account's keys gave this answer to that question; else empty."""
    try:
        found = webauthn.get_server().authenticate_complete(
            state, webauthn.get_credentials(user), answer
        )
        count = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except _WRONG:
        return ""
    row = webauthn.get_authenticator_by_credential_id(user, found.credential_id)
    if row is None or 0 < count <= row.data.get(_SIGN_COUNT, 0):
        # A counter that does not grow: there are two of this key.
        return ""
    row.data[_SIGN_COUNT] = count
    row.last_used_at = clock.now()
    row.save(update_fields=["data", "last_used_at"])
    return str(KEY)


def ask_for_new_key(user: User) -> Asked:
    """The question that makes a security key for this account."""
    options, state = webauthn.get_server().register_begin(
        user=webauthn.build_user_payload(user),
        credentials=webauthn.get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Asked(dict(options), state)


def add_key(user: User, name: str, state: Mapping[str, Any], answer: Any) -> bool:
    """Whether the answer is a new key, now the account's."""
    try:
        webauthn.get_server().register_complete(state, answer)
    except _WRONG:
        return False
    webauthn.WebAuthn.add(user, name, answer)
    return True


def new_recovery_codes(user: User) -> None:
    """Ten fresh recovery codes, not yet shown; former ones are void."""
    Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).delete()
    RecoveryCodes.activate(user)


def make_recovery_codes_once(user: User) -> None:
    """The account has recovery codes; those it has stay."""
    RecoveryCodes.activate(user)


def exist(user: User) -> bool:
    """Whether the account has a second factor (recovery codes alone are none)."""
    return bool(Authenticator.objects.filter(user_id=user.pk).exclude(type=RECOVERY).exists())


def has_application(user: User) -> bool:
    """Whether an application makes codes for the account."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type=TOTP).exists())


def codes_not_yet_shown(user: User) -> list[str]:
    """The recovery codes, the one time they are shown; empty ever after."""
    row = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=RECOVERY).first()
    if row is None or RecoveryCodes(row).did_view:
        return []
    codes: list[str] = RecoveryCodes(row).get_unused_codes()
    RecoveryCodes(row).mark_as_viewed()
    return codes


def forget(user: User, factor_id: int | None = None) -> str:
    """The kind of the factor taken away (all of them for None: `all`); empty when there is none.

    Recovery codes stay only beside another factor.
    """
    rows = Authenticator.objects.filter(user_id=user.pk)
    chosen = rows if factor_id is None else rows.filter(pk=factor_id).exclude(type=RECOVERY)
    kinds = list(chosen.values_list("type", flat=True))
    chosen.delete()
    if not rows.exclude(type=RECOVERY).exists():
        rows.delete()
    if not kinds:
        return ""
    return "all" if factor_id is None else str(kinds[0])
