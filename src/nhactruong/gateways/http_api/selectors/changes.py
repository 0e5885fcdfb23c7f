"""What changed in the directory since a cursor; no change is ever passed over.

Transactions commit in another order than they began. A change therefore carries the number of its
transaction, and only changes of transactions older than every one still running are told: what may
yet commit has a higher place than every cursor handed out. A store that was restored into another
database cluster counts transactions anew; its older changes belong to a finished lineage.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from nhactruong.gateways.http_api.selectors.directory import Reach
from nhactruong.kernel.errors import InvalidInput

_START: Final = (0, 0, 0)
_MOST: Final = 2**63 - 1

_SETTLED: Final = """
SELECT change.lineage_id, change.xid, change.id, change.kind, change.object_id, change.agency_id,
       change.changed_at
FROM http_api_directorychange change
WHERE (change.lineage_id, change.xid, change.id) > (%(lineage)s, %(xid)s, %(id)s)
  AND (change.lineage_id <> COALESCE((
         SELECT id FROM http_api_changelineage
         WHERE system_identifier = (SELECT system_identifier FROM pg_control_system())), 0)
       OR change.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
  AND (%(everywhere)s OR change.agency_id = ANY(%(agencies)s))
ORDER BY change.lineage_id, change.xid, change.id
LIMIT %(rows)s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is no longer as it was; what it is now, its own address tells."""

    kind: str
    object_id: UUID
    agency_id: int | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes in their settled order, and the cursor behind the last of them."""

    changes: Sequence[Change]
    cursor: str
    more: bool


def _decode(cursor: str) -> tuple[int, int, int]:
    if not cursor:
        return _START
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split(".")
        lineage, xid, row = (int(part) for part in parts if part.isdigit())
    except (ValueError, binascii.Error):
        raise _bad_cursor() from None
    if len(parts) != 3 or max(lineage, xid, row) > _MOST:
        raise _bad_cursor()
    return lineage, xid, row


def _bad_cursor() -> InvalidInput:
    return InvalidInput("page.bad_cursor", "Con trỏ không đúng. Đồng chí lấy lại từ đầu.")


def _encode(place: tuple[int, int, int]) -> str:
    raw = ".".join(str(part) for part in place).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def changes_since(reach: Reach, cursor: str, rows: int) -> ChangePage:
    """The next changes after `cursor` (empty: from the first) within `reach`; one query.

    Raises: InvalidInput `page.bad_cursor`.
    """
    lineage, xid, row_id = _decode(cursor)
    with connection.cursor() as asked:
        asked.execute(
            _SETTLED,
            {
                "lineage": lineage,
                "xid": xid,
                "id": row_id,
                "everywhere": reach.agencies is None,
                "agencies": sorted(reach.agencies or ()),
                "rows": rows + 1,
            },
        )
        found = asked.fetchall()
    shown = found[:rows]
    return ChangePage(
        changes=[Change(*row[3:]) for row in shown],
        cursor=_encode(shown[-1][:3]) if shown else cursor,
        more=len(found) > rows,
    )
