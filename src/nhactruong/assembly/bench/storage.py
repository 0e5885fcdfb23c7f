"""The tables made bare for a large load and dressed again: indexes and keys are built once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

_KEYS: Final = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype::text
  FROM pg_constraint
 WHERE conrelid = ANY (SELECT to_regclass(t) FROM unnest(%s::text[]) t) AND contype IN ('f', 'u', 'x')
"""
_INDEXES: Final = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
 WHERE indrelid = ANY (SELECT to_regclass(t) FROM unnest(%s::text[]) t) AND NOT indisprimary
   AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
"""


@contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Inside the block `tables` have neither indexes nor foreign keys; afterwards both, checked.

    Needs the owner of the tables and an open transaction.
    """
    with connection.cursor() as cursor:
        # Rows written before may still wait for their deferred checks.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(_KEYS, [list(tables)])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for kind in ("f", "u", "x"):
            for table, name, _, its_kind in keys:
                if its_kind == kind:
                    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            cursor.execute(definition)
        for kind in ("u", "x", "f"):
            for table, name, definition, its_kind in keys:
                if its_kind == kind:
                    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def continue_numbering(tables: Sequence[str]) -> None:
    """The sequences go on after the largest number in each table."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608 (our own names)
                f" GREATEST((SELECT max(id) FROM {table}), 1))"
            )


def analyze(tables: Sequence[str], *, vacuum: bool) -> None:
    """Fresh statistics; with `vacuum` (outside transactions) also the map of visible pages."""
    words = "VACUUM (ANALYZE)" if vacuum else "ANALYZE"
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"{words} {table}")


def sizes(tables: Sequence[str]) -> dict[str, Any]:
    """Rows (estimated) and bytes with indexes, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples::bigint, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relname = ANY (%s) ORDER BY 3 DESC",
            [list(tables)],
        )
        return {name: {"rows": rows, "bytes": size} for name, rows, size in cursor.fetchall()}
