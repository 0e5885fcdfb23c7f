"""The telephone of a person in a test: it makes the codes of the secret it was shown."""

from __future__ import annotations

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.accounts import factors
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.accounts.rules import CODE_SECONDS
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD


class Telephone:
    """An application on a telephone that holds the secret of one account."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def code(self, later: int = 0) -> str:
        """The code shown now, or `later` steps of 30 seconds from now."""
        step = int(clock.now().timestamp()) // CODE_SECONDS + later
        return str(format_hotp_value(hotp_value(self.secret, step)))

    def wrong(self) -> str:
        """Six figures that are no code of these minutes."""
        near = {self.code(later) for later in range(-4, 5)}
        return next(f"{one:06d}" for one in range(100) if f"{one:06d}" not in near)


def with_telephone(user: User) -> Telephone:
    """The account with an application and recovery codes, set up long ago."""
    secret = factors.new_secret()
    factors.add_totp(user, secret, 0)
    factors.make_recovery_codes_once(user)
    return Telephone(secret)


def send_password(client: Client, username: str, **more: str) -> str:
    """Where the right password leads to."""
    sent = {"username": username, "password": PASSWORD, **more}
    answer = client.post(reverse("accounts:sign_in"), sent)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer.headers["Location"])


def send_code(client: Client, code: str) -> int:
    """The status the second step answers to that code."""
    return client.post(reverse("accounts:second_step"), {"code": code}).status_code
