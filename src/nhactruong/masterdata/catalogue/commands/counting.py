"""Adding what was sent to the numbers of its month."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from nhactruong.foundation.persistence.base import command
from nhactruong.foundation.ui.sources import Entered
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.catalogue.rules import Counted, counted, typed_text
from nhactruong.masterdata.catalogue.selectors.typing import known_texts

_ADD = (
    "INSERT INTO catalogue_entrycount AS kept"
    " (form, field, month, sent, filled, corrected, by_hand, retyped) VALUES {rows}"
    " ON CONFLICT (form, field, month) DO UPDATE SET sent = kept.sent + EXCLUDED.sent,"
    " filled = kept.filled + EXCLUDED.filled, corrected = kept.corrected + EXCLUDED.corrected,"
    " by_hand = kept.by_hand + EXCLUDED.by_hand, retyped = kept.retyped + EXCLUDED.retyped"
)


@command
def count_entries(actor: Actor, entries: Sequence[Entered]) -> int:
    """The number of fields counted; their values are compared here and go no further."""
    codes = {text for one in entries if one.kind == "typed" and (text := typed_text(one))}
    texts = {text for one in entries if (text := typed_text(one))}
    rows = counted(entries, known_texts(actor, texts, codes), clock.today())
    if rows:
        _add(rows)
    return len(rows)


def _add(rows: Sequence[Counted]) -> None:
    values = [
        value
        for row in rows
        for value in (
            row.form,
            row.field,
            row.month,
            row.filled,
            row.corrected,
            row.by_hand,
            row.retyped,
        )
    ]
    places = ", ".join(["(%s, %s, %s, 1, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(rows=places), values)
