"""Writing the record and chaining it."""

from __future__ import annotations

import uuid
from typing import Any, Protocol

from django.db import connection, transaction

from nhactruong.foundation.audit import rules
from nhactruong.foundation.audit.models import AuditLink, AuditPending, AuditRow
from nhactruong.foundation.persistence.inserting import insert
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor

_CHAIN_LOCK = 4_711_001


class Audited(Protocol):
    """A record that can stand in the audit."""

    public_id: uuid.UUID


def record(
    actor: Actor,
    action: str,
    thing: Audited | None = None,
    *,
    reason: str = "",
    outcome: str = "ok",
    **facts: Any,
) -> AuditRow:
    """The row of this act, in the caller's transaction if there is one.

    `facts` are JSON values without content. The database puts every new row among those that wait
    for their place in the chain.
    """
    post = actor.post
    row = AuditRow(
        event_id=uuid.uuid4(),
        at=clock.now(),
        action=action,
        outcome=outcome,
        object_type=type(thing).__name__ if thing is not None else "",
        object_id=thing.public_id if thing is not None else None,
        agency_id=getattr(thing, "agency_id", None) or (post.agency_id if post else None),
        secrecy=getattr(thing, "secrecy", 0),
        user_id=actor.user_id,
        person_name=actor.name,
        post_id=post.post_id if post else None,
        post_title=_post_words(actor),
        on_behalf_of=actor.on_behalf_of,
        service=actor.service,
        session_id=actor.session_id,
        client_address=actor.client_address,
        reason=reason[:1000],
        facts=facts,
    )
    row.hash = rules.row_hash(row.hashed_fields())
    insert(row)
    return row


def _post_words(actor: Actor) -> str:
    post = actor.post
    if post is None:
        return ""
    return f"{post.title}, {post.unit_name or post.agency_name}"


def record_reading(actor: Actor, action: str, thing: Audited) -> None:
    """Note that `actor` opened, downloaded or printed `thing`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_reading (at, action, object_type, object_id, agency_id, secrecy,"
            " user_id, person_name, session_id, client_address)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                clock.now(),
                action,
                type(thing).__name__,
                thing.public_id,
                getattr(thing, "agency_id", None),
                getattr(thing, "secrecy", 0),
                actor.user_id,
                actor.name,
                actor.session_id,
                actor.client_address,
            ],
        )


def seal_chain(limit: int = 2000) -> int:
    """The number of committed rows that got their place in the chain now.

    One sealer at a time (advisory lock); rows are linked in the order in which they became
    visible, so a transaction that commits late is linked late, never inserted before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        pending = list(
            AuditRow.objects.filter(pk__in=AuditPending.objects.order_by("pk").values("pk")[:limit])
            .order_by("pk")
            .values_list("pk", "hash")
        )
        if not pending:
            return 0
        last = AuditLink.objects.order_by("-position").values_list("position", "hash").first()
        position, previous = last if last else (0, rules.GENESIS)
        now = clock.now()
        links = []
        for row_id, own in pending:
            position += 1
            link = rules.link_hash(previous, own)
            links.append(
                AuditLink(
                    position=position,
                    row_id=row_id,
                    previous=previous,
                    row_hash=own,
                    hash=link,
                    sealed_at=now,
                )
            )
            previous = link
        AuditLink.objects.bulk_create(links)
        AuditPending.objects.filter(pk__in=[row_id for row_id, _ in pending]).delete()
        return len(links)
