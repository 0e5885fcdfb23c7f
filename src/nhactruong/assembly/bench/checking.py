"""Whether what was made is an office: sight follows from grants, numbers have no gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from nhactruong.foundation.access import commands as access
from nhactruong.kernel.actor import service_actor
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.numbering.models import AllottedNumber
from nhactruong.records.outgoing.models import OutgoingDocument

_CHECKER = service_actor("bench", "Đo hiệu năng")
_MODELS = (IncomingDocument, OutgoingDocument)


@dataclass(frozen=True, slots=True)
class Consistency:
    """What was looked at and what was found wrong (empty: nothing)."""

    documents_rebuilt: int
    faults: Mapping[str, int]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not any(self.faults.values())


def check(sample: int) -> Consistency:
    """The whole store by counting, and `sample` documents of each kind by the real rebuild."""
    drifted = looked_at = 0
    for model in _MODELS:
        step = max(1, model.objects.count() // sample)
        rows = model.objects.extra(where=["id %% %s = 0"], params=[step])[:sample]
        for row in rows:
            looked_at += 1
            drifted += access.rebuild(_CHECKER, row)
    faults = {"drifted": drifted, "cards_seen_otherwise": _cards_seen_otherwise()}
    faults |= {"series_with_gaps": series_with_gaps(), "open_work_unseen": _open_work_unseen()}
    return Consistency(looked_at, faults)


def series_with_gaps() -> int:
    """Series whose numbers given here are not all from the first to the last."""
    table = AllottedNumber._meta.db_table
    return _count(
        f"SELECT count(*) FROM (SELECT a.series_id FROM {table} a"  # noqa: S608 (our own names)
        " JOIN numbering_numberseries s ON s.id = a.series_id GROUP BY a.series_id, s.last_number"
        " HAVING max(a.number) - min(a.number) + 1 <> count(*) OR max(a.number) <> s.last_number) x"
    )


def _cards_seen_otherwise() -> int:
    """Documents whose search card is seen by others than the document itself."""
    return sum(
        _count(
            f"SELECT count(*) FROM {model._meta.db_table} d JOIN search_searchcard c"  # noqa: S608 (our own names)
            f" ON c.object_type = '{model.type_name()}' AND c.object_id = d.public_id"
            " WHERE c.readers <> d.readers OR c.secrecy <> d.secrecy"
        )
        for model in _MODELS
    )


def _open_work_unseen() -> int:
    """Open work that waits for a desk which may not see the document."""
    return sum(
        _count(
            f"SELECT count(*) FROM {model._meta.db_table} d JOIN workitems_workitem w"  # noqa: S608 (our own names)
            " ON w.object_id = d.public_id AND w.is_open WHERE NOT w.token = ANY (d.readers)"
        )
        for model in _MODELS
    )


def _count(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
