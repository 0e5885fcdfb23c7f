"""Open sessions of an account and their end."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from nhactruong.foundation.accounts.models import Confirmation, User
from nhactruong.foundation.accounts.rules import FROM_OUTSIDE, OUTSIDE_PROVIDER
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import NotFound

_OLD: Final = timedelta(days=1)
_ENDED: Final = "account.session_ended"


def note_session(
    user: User, key: str, *, address: str, browser: str, from_outside: bool = False
) -> None:
    """The session is listed among those of the account; lines of ended ones go."""
    for row in UserSession.objects.filter(user=user):
        if not row.exists():
            row.delete()
    Confirmation.objects.filter(user=user, confirmed_at__lt=clock.now() - _OLD).delete()
    UserSession.objects.get_or_create(
        session_key=key,
        defaults={
            "user": user,
            "ip": address or "0.0.0.0",  # noqa: S104  # unknown, not bound
            "user_agent": browser[: UserSession._meta.get_field("user_agent").max_length],
            "created_at": clock.now(),
            "last_seen_at": clock.now(),
            "data": {FROM_OUTSIDE: from_outside},
        },
    )


@command
def note_signed_in(actor: Actor, **how: str) -> None:
    """The record says who has opened which session, and `how`: factor, provider."""
    audit.record(actor, "account.signed_in", None, **how)


def note_seen(key: str) -> None:
    """The session was used now; one query."""
    UserSession.objects.filter(session_key=key).update(last_seen_at=clock.now())


@command
def end_session(actor: Actor, line_id: int) -> None:
    """That session of the actor's own is over. Raises: NotFound `session.none`."""
    row = UserSession.objects.filter(user_id=actor.user_id, pk=line_id).first()
    if row is None:
        raise NotFound("session.none", "Phiên làm việc này đã kết thúc.")
    row.end()
    audit.record(actor, _ENDED, None, address=str(row.ip))


@command
def end_other_sessions(actor: Actor, kept_key: str) -> int:
    """How many other sessions of the actor's own are over now."""
    rows = UserSession.objects.filter(user_id=actor.user_id).exclude(session_key=kept_key)
    ended = 0
    for row in rows:
        ended += row.exists()
        row.end()
    if ended:
        audit.record(actor, _ENDED, None, others=ended)
    return ended


@command
def end_sessions_of(actor: Actor, user_id: int) -> int:
    """How many sessions of somebody who has left are over now; every one is."""
    ended = 0
    for row in UserSession.objects.filter(user_id=user_id):
        ended += row.exists()
        row.end()
    if ended:
        audit.record(actor, _ENDED, None, others=ended)
    return ended


@command
def end_sessions_from_outside(actor: Actor, subject: str) -> int:
    """How many sessions, opened by that identity of the provider, are over now."""
    accounts = SocialAccount.objects.filter(provider=OUTSIDE_PROVIDER, uid=subject)
    rows = UserSession.objects.filter(
        user_id__in=accounts.values("user_id"), data__contains={FROM_OUTSIDE: True}
    )
    ended = 0
    for row in rows:
        ended += row.exists()
        row.end()
    if ended:
        audit.record(actor, _ENDED, None, subject=subject, others=ended)
    return ended
