"""The application's database role may not delete records, nor change what is append-only.

Code already refuses; this holds when code is wrong. Run by every migration, as the owner.
Source: architecture.md 4 ("nothing registered is deleted").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.apps import apps
from django.db import connection

from nhactruong.foundation.persistence.base import Record

_APPEND_ONLY: Final = ("audit_auditrow", "audit_auditlink")


def record_tables() -> list[str]:
    """Tables whose rows are never deleted."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Record) and not model.rows_may_go
    )


def _with_partitions(tables: Sequence[str]) -> list[str]:
    """`tables` and every partition of theirs: each has rights of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT part.relname FROM unnest(%s::text[]) AS name,"
            " pg_partition_tree(to_regclass(name)) tree JOIN pg_class part ON part.oid = tree.relid",
            [list(tables)],
        )
        return sorted({*tables, *(name for (name,) in cursor.fetchall())})


def protect_records(**_: Any) -> None:
    """Every role but the owner loses DELETE on records, and UPDATE where rows only join."""
    with connection.cursor() as cursor:
        for tables, rights in (
            (record_tables(), "DELETE, TRUNCATE"),
            (_with_partitions(_APPEND_ONLY), "UPDATE, DELETE, TRUNCATE"),
        ):
            cursor.execute(
                "SELECT DISTINCT grants.table_name, grants.grantee"
                " FROM information_schema.role_table_grants grants"
                " JOIN pg_tables known ON known.tablename = grants.table_name"
                " AND known.schemaname = grants.table_schema"
                " WHERE grants.table_name = ANY(%s) AND grants.grantee <> known.tableowner",
                [tables],
            )
            for table, role in cursor.fetchall():
                names = (connection.ops.quote_name(table), connection.ops.quote_name(role))
                cursor.execute("REVOKE {} ON {} FROM {}".format(rights, *names))
