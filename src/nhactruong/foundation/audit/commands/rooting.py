"""Sealing the days of the chain on the shelf outside the database."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from nhactruong.foundation.audit import rules
from nhactruong.foundation.audit import shelf as shelves
from nhactruong.foundation.audit.commands.recording import record
from nhactruong.foundation.audit.engine import roots
from nhactruong.foundation.audit.engine.hashing import GENESIS, leaf, time_text
from nhactruong.foundation.audit.engine.merkle import MerkleTree
from nhactruong.foundation.audit.ports import time_stamper
from nhactruong.foundation.audit.selectors.streaming import links_between
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import OutsideFailure

logger = logging.getLogger("nhactruong.audit")


def open_months() -> int:
    """The number of monthly partitions opened now: the coming months', and late rows' own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_open_months()")
        return int(cursor.fetchone()[0])


def seal_roots(actor: Actor, *, today_too: bool = False) -> list[roots.Root]:
    """The roots laid on the shelf now: of every day that is over and has none yet.

    With `today_too` what is chained of today is sealed at once; the rest of today gets a root of
    its own. One maker at a time; the record says which root was made.
    Raises: OutsideFailure when the shelf or the key cannot be used.
    """
    made = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [rules.ROOT_LOCK])
        if not cursor.fetchone()[0]:
            return []
        shelf, key = shelves.shelf(), shelves.signing_key()
        shelf.lay_key(key.public_key())
        before = shelf.last_root()
        told: dict[str, Any] = json.loads(before.content)["body"] if before else {}
        number, first = told.get("number", 0) + 1, told.get("last_position", 0) + 1
        previous = roots.digest(before.content) if before else GENESIS
        for day, last in list(_days_open(cursor, first, today_too=today_too)):
            root = _root(number, day, first, last, previous)
            content = roots.sealed(root.body(), key)
            shelf.lay(shelves.ROOTS, f"{number:06d}", content)
            previous = roots.digest(content)
            record(
                actor,
                "audit.root_sealed",
                number=number,
                day=root.day,
                last_position=last,
                digest=previous,
            )
            made.append(root)
            number, first = number + 1, last + 1
    stamp_shelf()
    return made


def _days_open(cursor: Any, first: int, *, today_too: bool) -> Iterator[tuple[date, int]]:
    """Each day with links from `first` on, and the last position of it."""
    cursor.execute(
        "SELECT (sealed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, max(position)"
        " FROM audit_auditlink WHERE position >= %s GROUP BY 1 ORDER BY 1",
        [first],
    )
    reached = first - 1
    for day, last in cursor.fetchall():
        is_over = day < clock.today() or today_too
        if is_over and last > reached:
            yield day, last
            reached = last


def _root(number: int, day: date, first: int, last: int, previous: str) -> roots.Root:
    tree, end = MerkleTree(), ""
    for position, row_id, keep, at, _, row, end, sealed_at in links_between(first, last):
        tree.add(leaf(position, row_id, keep, at, row, end, sealed_at))
    return roots.Root(
        number=number,
        day=day.isoformat(),
        first_position=first,
        last_position=last,
        last_link=end,
        merkle=tree.root(),
        previous_root=previous,
        made_at=time_text(clock.now()),
    )


def stamp_shelf() -> int:
    """The number of roots and notes that got their time stamp now.

    An authority that does not answer is tried again the next time; the roots stand meanwhile.
    """
    stamper = time_stamper()
    if stamper is None:
        return 0
    shelf, stamped = shelves.shelf(), 0
    for kind in (shelves.ROOTS, shelves.NOTES):
        for file in shelf.files(kind):
            if file.stamp is not None:
                continue
            try:
                shelf.lay_stamp(file, stamper.stamp(bytes.fromhex(roots.digest(file.content))))
            except OutsideFailure as failure:
                logger.warning("no time stamp for %s: %s", file.path.name, failure.code)
                return stamped
            stamped += 1
    return stamped
