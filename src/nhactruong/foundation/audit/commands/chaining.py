"""Giving committed rows their place in the chain."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from nhactruong.foundation.audit.engine.hashing import GENESIS, link_hash
from nhactruong.kernel import clock

#: Rows chained in one transaction; as many as that means that more may wait.
AT_ONCE: Final = 2000
_CHAIN_LOCK: Final = 4_711_001


def seal_chain(limit: int = AT_ONCE) -> int:
    """The number of committed rows that got their place in the chain now.

    One sealer at a time (advisory lock); rows are linked in the order in which they became
    visible, so a transaction that commits late is linked late, never inserted before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "SELECT row_id, keep, at, hash FROM audit_auditpending ORDER BY row_id LIMIT %s",
            [limit],
        )
        pending = cursor.fetchall()
        if not pending:
            return 0
        cursor.execute("SELECT position, hash FROM audit_auditlink ORDER BY position DESC LIMIT 1")
        position, previous = cursor.fetchone() or (0, GENESIS)
        now = clock.now()
        with cursor.copy(
            "COPY audit_auditlink (position, row_id, keep, at, previous, row_hash, hash, sealed_at)"
            " FROM STDIN"
        ) as links:
            for row_id, keep, at, own in pending:
                position += 1
                link = link_hash(previous, own)
                links.write_row((position, row_id, keep, at, previous, own, link, now))
                previous = link
        cursor.execute(
            "DELETE FROM audit_auditpending WHERE row_id = ANY(%s)", [[row[0] for row in pending]]
        )
        return len(pending)
