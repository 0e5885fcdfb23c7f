"""Where the code stands that an approved order about an account leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nhactruong.foundation.accounts import selectors as accounts
from nhactruong.kernel import clock
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import ABOUT_ACCOUNTS, CodeStage, State, code_stage


@dataclass(frozen=True, slots=True)
class Code:
    """The code of an order: never its letters."""

    stage: CodeStage
    username: str
    expires_at: datetime | None
    used_at: datetime | None


def code_of(order: ChangeOrder) -> Code | None:
    """Where the code stands; None when the order leads to none. Two queries."""
    if order.as_kind not in ABOUT_ACCOUNTS or order.as_state is not State.APPROVED:
        return None
    user = accounts.account(order.the_person.account_id)
    if user is None or order.decided_at is None:
        return None
    last = accounts.last_invitation(user.pk)
    made_at, expires_at, used_at = (
        (last.made_at, last.expires_at, last.used_at) if last else (None, None, None)
    )
    stage = code_stage(
        order.decided_at, clock.now(), made_at=made_at, expires_at=expires_at, used_at=used_at
    )
    if stage is CodeStage.TO_COLLECT:
        expires_at = used_at = None
    return Code(stage, user.username, expires_at, used_at)
