"""Rows on their way to COPY: encoded as text, with the defaults of the model filled in."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from django.db import connection, models

_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL: Final = "\\N"


#: How COPY writes no value.
NULL: Final = _NULL


class Ready(str):
    """A value already encoded; for long texts that many rows share."""

    __slots__ = ()


def ready(value: Any) -> Ready:
    """`value` encoded once."""
    return Ready(_encoded(value))


def _text(value: str) -> str:
    # Nearly every value is plain; asking is ten times cheaper than translating.
    plain = value.isprintable() and "\\" not in value
    return value if plain else value.translate(_ESCAPES)


def _sequence(value: Iterable[Any]) -> str:
    items = list(value)
    if all(isinstance(item, int) for item in items):
        return "{" + ",".join(map(str, items)) + "}"
    quoted = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return _text("{" + ",".join(f'"{item}"' for item in quoted) + "}")


def _json(value: Any) -> str:
    return _text(json.dumps(value, ensure_ascii=False))


_ENCODERS: Final[Mapping[type, Callable[[Any], str]]] = {
    str: _text,
    Ready: str,
    int: str,
    bool: lambda value: "t" if value else "f",
    float: str,
    dt.date: dt.date.isoformat,
    dt.datetime: dt.datetime.isoformat,
    list: _sequence,
    tuple: _sequence,
    dict: _json,
    type(None): lambda value: _NULL,
}


def _encoded(value: Any) -> str:
    encoder = _ENCODERS.get(type(value))
    return encoder(value) if encoder else _text(str(value))


class Table:
    """The rows of one model, numbered onwards from what is there; `into` replaces the table."""

    def __init__(
        self,
        model: type[models.Model],
        *,
        into: str = "",
        without: Iterable[str] = (),
        extra: Iterable[str] = (),
    ) -> None:
        self.model = model
        self.name = into or model._meta.db_table
        left_out = set(without)
        fields = [field for field in model._meta.concrete_fields if field.column not in left_out]
        self.columns = [*(field.column for field in fields if field.column), *extra]
        self._place = {column: index for index, column in enumerate(self.columns)}
        self._row = [_encoded(_default(field)) for field in fields] + [_NULL for _ in extra]
        self._id = self._place["id"]
        self._next = _last_id(model) + 1
        self._lines: list[str] = []

    def take_id(self) -> int:
        """The next row's number, for rows that are added later."""
        taken = self._next
        self._next += 1
        return taken

    def add(self, values: Mapping[str, Any], number: int | None = None) -> int:
        """The number of the added row; columns not in `values` have the model's defaults."""
        row = self._row.copy()
        if number is None:
            number = self._next
            self._next += 1
        row[self._id] = str(number)
        place = self._place
        for column, value in values.items():
            encoder = _ENCODERS.get(type(value))
            row[place[column]] = encoder(value) if encoder else _text(str(value))
        self._lines.append("\t".join(row))
        return number

    def line(self, *columns: str) -> Line:
        """A quick way to add rows that differ in `columns` only."""
        row = [cell.replace("%", "%%") for cell in self._row]
        for column in ("id", *columns):
            row[self._place[column]] = f"%({column})s"
        positions = sorted(("id", *columns), key=self._place.__getitem__)
        pattern = re.sub(r"%\(\w+\)s", "%s", "\t".join(row))
        order = [("id", *columns).index(column) for column in positions]
        return Line(self, pattern, order)

    def add_line(self, pattern: str, values: tuple[object, ...]) -> None:
        """One row written by its pattern."""
        self._lines.append(pattern % values)

    def flush(self, cursor: Any) -> int:
        """The number of rows sent to the database now."""
        count = len(self._lines)
        if count:
            columns = ", ".join(f'"{column}"' for column in self.columns)
            with cursor.copy(f'COPY "{self.name}" ({columns}) FROM STDIN') as copy:
                copy.write("\n".join(self._lines) + "\n")
            self._lines.clear()
        return count


class Line:
    """Rows of one pattern; values are numbers and plain words, None is said as `NULL`."""

    def __init__(self, table: Table, pattern: str, order: Sequence[int]) -> None:
        self._table = table
        self._pattern = pattern
        self._order = itemgetter(*order)

    def add(self, *values: object) -> int:
        """The number of the added row."""
        number = self._table.take_id()
        self._table.add_line(self._pattern, self._order((number, *values)))
        return number


def _default(field: models.Field[Any, Any]) -> Any:
    value = field.get_default()
    # Enumeration members are written as what they stand for.
    return value.value if hasattr(value, "value") else value


def _last_id(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{model._meta.db_table}"')  # noqa: S608 (our own names)
        return int(cursor.fetchone()[0])
