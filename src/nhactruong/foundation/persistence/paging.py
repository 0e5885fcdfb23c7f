"""Keyset pages: a list is walked by the key of its last row, never by counting rows."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import models
from django.db.models import Q

from nhactruong.kernel.errors import InvalidInput

M = TypeVar("M", bound=models.Model)

PAGE_ROWS = 50
#: Above this no list counts exactly; the screen says "10.000+".
COUNT_CAP = 10_000
#: Seconds for which a list that was too long to count is taken for such.
_MANY_FOR = 600


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows of one page and the cursors of its neighbours (empty: there is none)."""

    rows: Sequence[M]
    newer: str
    older: str


def _encode(direction: str, values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, date | datetime) else value for value in values]
    raw = json.dumps([direction, *plain], separators=(",", ":"), default=str).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(cursor: str, length: int | None) -> tuple[str, list[Any]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        decoded = json.loads(base64.urlsafe_b64decode(padded))
        direction, *values = decoded
        if direction not in ("o", "n") or (length is not None and len(values) != length):
            raise ValueError(cursor)
        if not all(value.isprintable() for value in values if isinstance(value, str)):
            raise ValueError(cursor)
    except (ValueError, TypeError, RecursionError):
        raise _bad_cursor() from None
    return direction, values


def _bad_cursor() -> InvalidInput:
    return InvalidInput("page.bad_cursor", "Địa chỉ trang không đúng. Mở lại danh sách từ đầu.")


def _beyond(order: Sequence[str], values: Sequence[Any], *, older: bool) -> Q:
    condition = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        descending = name.startswith("-")
        column = name.lstrip("-")
        operator = "lt" if descending == older else "gt"
        condition |= equal & Q(**{f"{column}__{operator}": value})
        equal &= Q(**{column: value})
    return condition


def is_backward(cursor: str) -> bool:
    """Whether the cursor asks for the newer neighbour. Raises: InvalidInput `page.bad_cursor`."""
    return bool(cursor) and _decode(cursor, None)[0] == "n"


def beyond(
    queryset: models.QuerySet[M], *, order: Sequence[str], cursor: str
) -> models.QuerySet[M]:
    """`queryset` on the far side of `cursor`; unchanged without one.

    Raises: InvalidInput `page.bad_cursor`.
    """
    if not cursor:
        return queryset
    direction, values = _decode(cursor, len(order))
    _require_zones(queryset.model, order, values)
    older = direction == "o"
    # The leading column alone gives the index its starting point; the rest breaks ties.
    lead = order[0].lstrip("-")
    bound = "lte" if order[0].startswith("-") == older else "gte"
    try:
        return queryset.filter(**{f"{lead}__{bound}": values[0]}).filter(
            _beyond(order, values, older=older)
        )
    except (ValueError, TypeError, OverflowError, ValidationError):
        raise _bad_cursor() from None


def _require_zones(model: type[models.Model], order: Sequence[str], values: Sequence[Any]) -> None:
    """An instant says its zone; a cursor of ours always does."""
    instants = {
        field.name for field in model._meta.get_fields() if isinstance(field, models.DateTimeField)
    }
    for name, value in zip(order, values, strict=True):
        if name.lstrip("-") in instants:
            try:
                zone = datetime.fromisoformat(value).tzinfo
            except (TypeError, ValueError):
                raise _bad_cursor() from None
            if zone is None:
                raise _bad_cursor()


def keyset_page(
    queryset: models.QuerySet[M], *, order: Sequence[str], cursor: str = "", rows: int = PAGE_ROWS
) -> Page[M]:
    """The page of `queryset` after (or before) `cursor`, in `order` (field names, `-` descending).

    The order must end in a unique field and none of its columns may be null.
    Raises: InvalidInput `page.bad_cursor`.
    """
    columns = [name.lstrip("-") for name in order]
    older = not is_backward(cursor)
    queryset = beyond(queryset, order=order, cursor=cursor)
    if not older:
        reverse = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
        found = list(queryset.order_by(*reverse)[: rows + 1])
        more = len(found) > rows
        found = found[:rows][::-1]
        has_newer, has_older = more, bool(found)
    else:
        found = list(queryset.order_by(*order)[: rows + 1])
        has_older = len(found) > rows
        found = found[:rows]
        has_newer = bool(cursor) and bool(found)

    def key(row: M) -> list[Any]:
        return [getattr(row, column) for column in columns]

    return Page(
        rows=found,
        newer=_encode("n", key(found[0])) if has_newer else "",
        older=_encode("o", key(found[-1])) if has_older else "",
    )


def capped_count(queryset: models.QuerySet[M]) -> int:
    """The number of rows, or COUNT_CAP + 1 when there are more than COUNT_CAP.

    That there are too many is remembered for some minutes: to find it out reads ten thousand rows,
    and registers do not shrink. A number itself is counted every time.
    """
    capped = queryset.order_by()[: COUNT_CAP + 1]
    try:
        asked = repr((capped.query.sql_with_params(), COUNT_CAP))
    except EmptyResultSet:
        return 0
    key = f"many:{hashlib.sha256(asked.encode()).hexdigest()}"
    if cache.get(key):
        return COUNT_CAP + 1
    count = capped.count()
    if count > COUNT_CAP:
        cache.set(key, True, _MANY_FOR)
    return count
