"""Links and rows as text, in blocks: a million of them never lie in memory at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection

from nhactruong.foundation.audit.engine.hashing import ROW_FIELDS, RowText, row_hash

#: Links joined with their rows at once.
BLOCK: Final = 20_000

#: position, row, keep, at, previous, row hash, hash, sealed at
LinkText = tuple[int, int, str, str, str, str, str, str]


def _utc(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


_LINK: Final = (
    f"l.position, l.row_id, l.keep, {_utc('l.at')}, l.previous, l.row_hash, l.hash,"
    f" {_utc('l.sealed_at')}"
)
_LINK_WIDTH: Final = 8
_ROW: Final = ", ".join(
    ("r.version", "r.hash", *(_utc("r.at") if f == "at" else f"r.{f}" for f in ROW_FIELDS))
)
_NULL: Final = "\\N"
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class StoredRow:
    """A row as it lies in the store, and the hash it truly has."""

    __slots__ = ("kept_hash", "text", "version")

    def __init__(self, version: int, kept_hash: str, text: RowText) -> None:
        self.version = version
        self.kept_hash = kept_hash
        self.text = text

    def hash_against(self, expected: str) -> str:
        """The true hash of the row, to be compared with `expected`.

        When that agrees but the row bears another hash, that other one, since the row was changed.
        """
        true = row_hash(self.version, self.text)
        return self.kept_hash if true == expected else true


def _lines(query: str) -> Iterator[list[str | None]]:
    """The rows of a query as text columns."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT") as lines,
    ):
        for line in lines:
            text = bytes(line).decode()[:-1]
            columns = text.split("\t")
            marks = text.count("\\")
            if marks and marks != text.count(_NULL):
                yield [None if c == _NULL else _plain(c) for c in columns]
            elif marks:
                yield [None if c == _NULL else c for c in columns]
            else:
                yield columns  # type: ignore[misc]  # a list of text is one of text or None


def _plain(column: str) -> str:
    if "\\" not in column:
        return column
    parts = column.split("\\")
    text, rest = [parts[0]], iter(parts[1:])
    for part in rest:
        if part:
            text.append(_ESCAPES.get(part[0], part[0]) + part[1:])
        else:
            text.append("\\" + next(rest, ""))
    return "".join(text)


def bounds() -> tuple[int, int]:
    """The first and last position of the chain; (1, 0) of an empty one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(position), max(position) FROM audit_auditlink")
        first, last = cursor.fetchone()
    return (first, last) if first is not None else (1, 0)


def links_between(first: int, last: int) -> Iterator[LinkText]:
    """The links of these positions, in order."""
    query = (
        f"SELECT {_LINK} FROM audit_auditlink l"  # noqa: S608 (numbers and our own words)
        f" WHERE position BETWEEN {int(first)} AND {int(last)} ORDER BY position"
    )
    for columns in _lines(query):
        yield _link(columns)


def _link(columns: list[Any]) -> LinkText:
    position, row_id, keep, at, previous, row, link, sealed_at = columns[:_LINK_WIDTH]
    return int(position), int(row_id), keep, at, previous, row, link, sealed_at


def links_with_rows(first: int, last: int) -> Iterator[tuple[LinkText, StoredRow | None]]:
    """The links of these positions in order, each with the row it names if that is there."""
    for low in range(first, last + 1, BLOCK):
        high = min(low + BLOCK - 1, last)
        span = _time_span(low, high)
        if span is None:
            continue
        query = (
            f"SELECT {_LINK}, {_ROW} FROM (SELECT * FROM audit_auditlink"  # noqa: S608 (as above)
            f" WHERE position BETWEEN {low} AND {high}) l LEFT JOIN (SELECT * FROM audit_auditrow"
            f" WHERE at BETWEEN '{span[0]}' AND '{span[1]}') r"
            " ON r.at = l.at AND r.id = l.row_id AND r.keep = l.keep ORDER BY l.position"
        )
        for columns in _lines(query):
            yield _link(columns), _row(columns[_LINK_WIDTH:])


def _time_span(low: int, high: int) -> tuple[str, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(at)::text, max(at)::text FROM audit_auditlink"
            " WHERE position BETWEEN %s AND %s",
            [low, high],
        )
        earliest, latest = cursor.fetchone()
    return None if earliest is None else (earliest, latest)


def _row(columns: list[str | None]) -> StoredRow | None:
    version, kept_hash, *text = columns
    if version is None:
        return None
    return StoredRow(int(version), str(kept_hash), text)


def rows_by_id(ids: Sequence[int]) -> Iterator[tuple[int, StoredRow]]:
    """The rows of these identifiers wherever they stand; walks the whole record."""
    if not ids:
        return
    listed = ", ".join(str(int(one)) for one in ids)
    query = f"SELECT r.id, {_ROW} FROM audit_auditrow r WHERE r.id IN ({listed})"  # noqa: S608 (as above)
    for columns in _lines(query):
        row = _row(columns[1:])
        if row is not None:
            yield int(str(columns[0])), row


def rows_outside_the_chain() -> Iterator[tuple[int, StoredRow]]:
    """The rows that no link names and that do not wait for one either."""
    query = (
        f"SELECT r.id, {_ROW} FROM audit_auditrow r"  # noqa: S608 (as above)
        " LEFT JOIN audit_auditlink l ON l.row_id = r.id AND l.at = r.at AND l.keep = r.keep"
        " LEFT JOIN audit_auditpending p ON p.row_id = r.id"
        " WHERE l.row_id IS NULL AND p.row_id IS NULL ORDER BY r.id"
    )
    for columns in _lines(query):
        row = _row(columns[1:])
        if row is not None:
            yield int(str(columns[0])), row


#: Stands for a row or a link that is not there.
MISSING: Final = ""


def month_with_links(keep: str, month: str) -> Iterator[tuple[str, StoredRow | None]]:
    """The hash in the chain and the row, of all links and rows of a month, in chain order."""
    low = f"{month}-01 00:00:00+00"
    inside = f"keep = '{keep}' AND at >= '{low}' AND at < timestamptz '{low}' + interval '1 month'"
    query = (
        f"SELECT coalesce(l.row_hash, ''), {_ROW}"  # noqa: S608 (as above)
        f" FROM (SELECT * FROM audit_auditlink WHERE {inside}) l"
        f" FULL JOIN (SELECT * FROM audit_auditrow WHERE {inside}) r"
        " ON r.at = l.at AND r.id = l.row_id ORDER BY l.position"
    )
    for columns in _lines(query):
        yield str(columns[0]), _row(columns[1:])
