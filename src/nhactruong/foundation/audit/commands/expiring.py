"""Letting go of months that are past their time, so that the chain stays verifiable."""

from __future__ import annotations

import hashlib

from django.db import connection, transaction

from nhactruong.foundation.audit import rules, selectors
from nhactruong.foundation.audit import shelf as shelves
from nhactruong.foundation.audit.commands.recording import record
from nhactruong.foundation.audit.commands.rooting import stamp_shelf
from nhactruong.foundation.audit.engine import roots
from nhactruong.foundation.audit.engine.hashing import time_text
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import RuleBroken


def expire_months(actor: Actor) -> list[roots.ExpiryNote]:
    """The signed notes of the months whose rows left the store now; their links stay.

    A note says how many rows went and the digest over their hashes, and lies on the shelf before
    the rows go. Raises: RuleBroken `audit.harmed_month` when a month is not what its links say:
    then nothing of it goes, since the harm would go with it; OutsideFailure of the shelf.
    Source: security.md 4 (retention).
    """
    notes = []
    for keep, month in selectors.months_past():
        with transaction.atomic():
            note = _expire(actor, keep, month)
        if note is not None:
            notes.append(note)
    stamp_shelf()
    return notes


def _expire(actor: Actor, keep: str, month: str) -> roots.ExpiryNote | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [rules.EXPIRY_LOCK])
        if not cursor.fetchone()[0]:
            return None
        note = roots.ExpiryNote(keep, month, *_told_of(keep, month), time_text(clock.now()))
        lying = next(
            (f for f in shelves.shelf().files(shelves.NOTES) if f.name == f"{keep}-{month}"), None
        )
        if lying is None:
            # A note that lies there already was left by an attempt that ended before the rows went.
            key = shelves.signing_key()
            shelves.shelf().lay(shelves.NOTES, f"{keep}-{month}", roots.sealed(note.body(), key))
        cursor.execute("SELECT audit_drop_month(%s, %s)", [keep, f"{month}-01"])
        record(actor, "audit.expired", keep=keep, month=month, rows=note.rows, digest=note.digest)
    return note


def _told_of(keep: str, month: str) -> tuple[int, str]:
    """How many rows the month has, and the digest over their hashes in the order of the chain."""
    running, rows = hashlib.sha256(), 0
    for row, true in selectors.hashes_of_month(keep, month):
        if row != true:
            raise RuleBroken(
                "audit.harmed_month",
                "Nhật ký tháng %(month)s không khớp với chuỗi nên chưa được đưa ra khỏi kho. "
                "Chạy `nhactruong audit verify` để biết dòng nào bị sửa.",
                month=month,
            )
        rows += 1
        running.update(row.encode())
    return rows, running.hexdigest()
