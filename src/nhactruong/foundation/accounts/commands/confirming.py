"""The confirmation before an act of force: signing, numbering, sealing, exports, administration."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.hashers import check_password

from nhactruong.foundation.accounts import factors, selectors
from nhactruong.foundation.accounts.commands.guarding import Guard, hour, tried
from nhactruong.foundation.accounts.models import Confirmation, User
from nhactruong.foundation.accounts.rules import TICKET_LIFE, TICKET_MARK, TRIES, token_hash
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.persistence.operations import is_carried_out
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.errors import AccessDenied, ConfirmationNeeded, InvalidInput, RuleBroken

#: The way from the confirmation back to what is taken out, whatever the setting says.
_LEAST: Final = timedelta(minutes=1)
_NO_CODE: Final = "Thiếu Mã xác nhận. Đồng chí nhập mã rồi bấm lại."


def confirm(actor: Actor, code: str, *, anew: bool = False) -> None:
    """Nothing when `code` is the actor's own; otherwise the act must not go on.

    Without a second factor the code is the password and is asked for every act. With one it is a
    code of the application, a recovery code, or what `give_ticket` gave for a security key; it
    then holds for some minutes (`STEP_UP_MINUTES`) in the same session, unless the act asks
    `anew`, as signing does. Failed tries are counted in their own transaction, so that refusing
    the act cannot forget them; an empty code is no try.

    Raises: InvalidInput `confirmation.missing`, RuleBroken `confirmation.wrong` or
    `confirmation.locked`, AccessDenied for services.
    Source: security.md 6 V6 (step-up before sign and seal), screens.md sentence 12.
    """
    if actor.user_id is None:
        raise AccessDenied("confirmation.person_only", "Chỉ người có tài khoản mới xác nhận được.")
    way = selectors.way_to_confirm(actor)
    if not code:
        if way.valid_until is not None and not anew:
            return
        raise InvalidInput("confirmation.missing", _NO_CODE)
    if way.by_factor:
        _try(actor, Guard.SECOND_FACTOR, lambda user: _is_confirmed(actor, user, code))
    else:
        _try(actor, Guard.PASSWORD, lambda user: check_password(code, user.password))


def confirm_act(
    actor: Actor,
    act: Callable[..., Any],
    code: str,
    may: Callable[[], Decision] | None = None,
    *,
    anew: bool = False,
) -> None:
    """Nothing when the command `act` may go on: the reason against it first, then the code.

    A repetition of what is carried out needs neither: the act itself has changed the answers.

    Raises: AccessDenied; InvalidInput and RuleBroken of `confirm`.
    """
    if is_carried_out(act):
        return
    if may is not None:
        may().require()
    confirm(actor, code, anew=anew)


def require_confirmed(actor: Actor) -> None:
    """Nothing when the actor may take data out now; otherwise the edge asks to confirm first.

    Asked of whoever has a second factor; the confirmation holds as `confirm` says.
    Raises: ConfirmationNeeded. Source: security.md 6 V6 (step-up before export).
    """
    way = selectors.way_to_confirm(actor, _LEAST)
    if way.by_factor and way.valid_until is None:
        raise ConfirmationNeeded(
            "confirmation.needed", "Việc này cần Mã xác nhận. Đồng chí xác nhận rồi làm lại."
        )


def give_ticket(actor: Actor, state: Mapping[str, Any], answer: Any) -> str:
    """What stands for one confirmation by security key in the next act of this session.

    Raises: AccessDenied outside a session, RuleBroken as `confirm`.
    """
    if actor.user_id is None or not actor.session_id:
        raise AccessDenied("confirmation.person_only", "Chỉ người có tài khoản mới xác nhận được.")
    ticket = f"{TICKET_MARK}{secrets.token_urlsafe(24)}"

    def is_right(user: User) -> bool:
        if not factors.use_key(user, state, answer):
            return False
        _keep(actor, user, ticket_hash=token_hash(ticket), ticket_made_at=clock.now())
        return True

    _try(actor, Guard.SECOND_FACTOR, is_right)
    return ticket


def _is_confirmed(actor: Actor, user: User, code: str) -> bool:
    if code.startswith(TICKET_MARK):
        right = bool(
            Confirmation.objects.filter(
                user=user,
                session_id=actor.session_id,
                ticket_hash=token_hash(code),
                ticket_made_at__gt=clock.now() - TICKET_LIFE,
            ).exists()
        )
    else:
        right = bool(factors.use_code(user, code))
    if right and actor.session_id:
        _keep(actor, user, confirmed_at=clock.now(), ticket_hash="")
    return right


def _keep(actor: Actor, user: User, **values: Any) -> None:
    Confirmation.objects.update_or_create(user=user, session_id=actor.session_id, defaults=values)


def _try(actor: Actor, guard: Guard, is_right: Callable[[User], bool]) -> None:
    outcome = tried(actor, actor.user_id or 0, guard, is_right)
    if outcome.right:
        return
    with writes_allowed():
        audit.record(actor, "account.confirmation_failed", None, outcome="denied")
    if outcome.locked_until is None:
        raise RuleBroken(
            "confirmation.wrong",
            "Mã xác nhận không đúng. Còn %(left)s lần thử trước khi khóa 15 phút.",
            left=outcome.left,
        )
    raise RuleBroken(
        "confirmation.locked",
        "Đã nhập sai mã xác nhận %(tries)s lần nên việc ký, đóng dấu bị khóa đến %(until)s.",
        tries=TRIES,
        until=hour(outcome.locked_until),
    )
