"""The code with which the person comes in: made by the administrator, handed over on paper."""

from __future__ import annotations

import uuid
from typing import Final

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.accounts.rules import Purpose
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.changes import policies, selectors
from nhactruong.masterdata.changes.models import ChangeOrder
from nhactruong.masterdata.changes.rules import Kind

COLLECT: Final = "changes.collect"


@command
def collect(
    actor: Actor, public_id: uuid.UUID, *, version: int | None, code_hash: str
) -> ChangeOrder:
    """The order, whose person comes in with the code of that hash within seven days.

    The code is made by the caller and shown once: the result of a command is kept.
    Raises: NotFound, ConflictingChange, AccessDenied (who may, and not while a code is open or used).
    """
    order = selectors.lock_visible(actor, public_id, version)
    code = selectors.code_of(order)
    policies.can_collect(actor, order, code.stage if code else None).require()
    is_first = order.as_kind is Kind.GIVE_ACCOUNT
    purpose = Purpose.FIRST if is_first else Purpose.AGAIN
    user_id = order.the_person.account_id or 0
    accounts.invite(actor, user_id, purpose=purpose, code_hash=code_hash)
    workitems.close(actor, order, [COLLECT])
    audit.record(actor, "changes.code_collected", order, kind=order.kind)
    return order
