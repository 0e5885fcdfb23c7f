"""Which months are past their time, and what their rows are worth."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from nhactruong.foundation.audit.engine.hashing import row_hash
from nhactruong.foundation.audit.selectors.streaming import MISSING, month_with_links


def months_past() -> list[tuple[str, str]]:
    """(kind, `2024-11`) of the months that may leave the store, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kept, to_char(month, 'YYYY-MM') FROM ("
            " SELECT split_part(relname, '_', 3) AS kept, to_date(right(relname, 6), 'YYYYMM') AS month"
            " FROM pg_partition_tree('audit_auditrow') JOIN pg_class ON oid = relid"
            r" WHERE isleaf AND relname ~ '_\d{6}$') months"
            " WHERE month::timestamp AT TIME ZONE 'UTC'"
            " + make_interval(months => audit_keep_months(kept) + 1) <= now() ORDER BY month, kept"
        )
        return [(str(kept), str(month)) for kept, month in cursor.fetchall()]


def hashes_of_month(keep: str, month: str) -> Iterator[tuple[str, str]]:
    """The hash in the chain and the true one of every link and row of the month, in chain order.

    What has no row, or no link, comes with an empty one.
    """
    for linked, row in month_with_links(keep, month):
        if row is None:
            yield linked, MISSING
        else:
            yield linked, row_hash(row.version, row.text)
