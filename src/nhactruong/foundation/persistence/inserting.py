"""One row into its table by a statement that is written once: the acts done a hundred times a second.

The model's own way compiles each statement anew, which costs more than the database needs for it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection, models

from nhactruong.foundation.persistence.base import Record, require_command


@lru_cache(maxsize=64)
def _statement(
    model: type[models.Model], on_conflict: str
) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    key = model._meta.pk
    fields = tuple(
        field
        for field in model._meta.concrete_fields
        if not (field is key and isinstance(field, models.AutoField)) and not field.generated
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join("%s" for _ in fields)
    returned = f" RETURNING {quote(str(key.column))}"
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 (our own names)
        f"{on_conflict}{returned}",
        fields,
    )


def insert(row: models.Model, *, ignore_conflicts: bool = False) -> bool:
    """Whether the row was written now; its key is set. A record only inside a command.

    Same values as `save` would send; no signal is sent, none is listened to.
    """
    if isinstance(row, Record):
        require_command(type(row).__name__)
    sql, fields = _statement(type(row), " ON CONFLICT DO NOTHING" if ignore_conflicts else "")
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        written = cursor.fetchone()
    if written is None:
        return False
    row.pk = written[0]
    row._state.adding = False
    row._state.db = connection.alias
    return True
