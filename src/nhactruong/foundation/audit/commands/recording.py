"""Writing a row: in every act, so as cheap as a row can be."""

from __future__ import annotations

import uuid
from typing import Any, Final, Protocol

from django.db import connection

from nhactruong.foundation.audit import circumstances
from nhactruong.foundation.audit.engine import hashing
from nhactruong.foundation.audit.rules import Keep, Outcome, keep_of
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor

_COLUMNS: Final = (*hashing.ROW_FIELDS, "version", "hash")
_INSERT: Final = (
    f"INSERT INTO audit_auditrow ({', '.join(_COLUMNS)})"  # noqa: S608 (our own words)
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)


class Audited(Protocol):
    """A record that can stand in the audit."""

    public_id: uuid.UUID


def record(
    actor: Actor,
    action: str,
    thing: Audited | None = None,
    *,
    reason: str = "",
    reason_code: str = "",
    outcome: str = Outcome.OK,
    **facts: Any,
) -> uuid.UUID:
    """The identifier of this act's row, written in the caller's transaction if there is one.

    `facts` are JSON values without content. The database puts every new row among those that wait
    for their place in the chain.
    """
    return _write(
        actor,
        action,
        keep_of(action),
        outcome=outcome,
        thing=thing,
        reason=reason,
        reason_code=reason_code,
        facts=facts,
    )


def record_reading(actor: Actor, action: str, thing: Audited) -> None:
    """Note that `actor` opened, downloaded or printed `thing`."""
    _write(actor, action, Keep.READ, thing=thing)


def record_refusal(
    actor: Actor,
    action: str,
    *,
    object_id: uuid.UUID | None,
    reason_code: str,
    object_type: str = "",
    **facts: Any,
) -> None:
    """Note that `actor` was refused what they asked for; the thing is named, never told of."""
    _write(
        actor,
        action,
        keep_of(action),
        outcome=Outcome.DENIED,
        object_id=object_id,
        object_type=object_type,
        reason_code=reason_code,
        facts=facts,
    )


def _write(
    actor: Actor,
    action: str,
    keep: Keep,
    *,
    outcome: str = Outcome.OK,
    thing: Audited | None = None,
    object_id: uuid.UUID | None = None,
    object_type: str = "",
    reason: str = "",
    reason_code: str = "",
    facts: dict[str, Any] | None = None,
) -> uuid.UUID:
    post = actor.post
    came = circumstances.current()
    readers = getattr(thing, "readers", None) or ()
    behalf = actor.on_behalf_of
    lent = actor.stands_before(readers)
    if lent is not None:
        # By its identifier the giver's daily digest finds what was done for him.
        behalf = behalf or lent.named
        facts = {**(facts or {}), "delegation": lent.delegation}
    if thing is not None and not actor.leases.isdisjoint(readers):
        facts = {**(facts or {}), "emergency": True}
    event_id = uuid.uuid4()
    agency_id, secrecy = post.agency_id if post else None, 0
    if thing is not None:
        object_id, object_type = thing.public_id, type(thing).__name__
        agency_id = getattr(thing, "agency_id", None) or agency_id
        secrecy = int(getattr(thing, "secrecy", 0))
    # In the order of `ROW_FIELDS`: what is hashed is what is stored, letter by letter.
    text: list[str | None] = [
        str(event_id),
        hashing.time_text(clock.now()),
        keep.value,
        action,
        str(outcome),
        reason_code[:80],
        object_type,
        _text(object_id),
        _text(agency_id),
        str(secrecy),
        _text(actor.user_id),
        actor.name[:200],
        _text(post.post_id) if post else None,
        f"{post.title}, {post.unit_name or post.agency_name}"[:300] if post else "",
        behalf[:300],
        actor.service,
        actor.session_id[:64],
        came.auth_method[:60],
        actor.client_address[:64],
        came.device[:200],
        came.request_id[:36],
        reason[:1000],
        hashing.facts_text(facts),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*text, hashing.VERSION, hashing.row_hash(hashing.VERSION, text)])
    return event_id


def _text(value: object) -> str | None:
    return None if value is None else str(value)
