"""How much of every app above passes on, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import CharField, Count, Value

from nhactruong.masterdata.reorganization.base import Blocker, Counted, movers
from nhactruong.masterdata.reorganization.rules import Plan


def counted(plan: Plan) -> Sequence[Counted]:
    """What moves by kind, in the order of the movers; one statement for all the counts."""
    known = movers()
    first, *others = (
        mover.rows(plan)
        .order_by()
        .annotate(mover=Value(mover.name, output_field=CharField()))
        .values("mover")
        .annotate(how_many=Count("pk"))
        .values_list("mover", "how_many")
        for mover in known
    )
    # A kind of which nothing is asked at all (no old post, no unit) is left out of the statement.
    found = dict(first.union(*others, all=True))
    return [
        Counted(mover.name, mover.words, found.get(mover.name, 0), mover.blockers(plan))
        for mover in known
    ]


def blockers(plan: Plan) -> Iterator[Blocker]:
    """What stands in the way, mover by mover; nothing is counted."""
    for mover in movers():
        yield from mover.blockers(plan)
