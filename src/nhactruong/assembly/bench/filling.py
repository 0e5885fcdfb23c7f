"""Documents in quantity: an empty database becomes a large office through COPY."""

from __future__ import annotations

import random
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, transaction

from nhactruong.assembly.bench import storage
from nhactruong.assembly.bench.arriving import Arrivals
from nhactruong.assembly.bench.departing import Departures
from nhactruong.assembly.bench.houses import House, first_day, houses
from nhactruong.assembly.bench.papers import stored_papers
from nhactruong.assembly.bench.shelf import Shelf, Work
from nhactruong.assembly.sample.founding import found
from nhactruong.assembly.sample.story import Days
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.files.models import Blob
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.workdays.selectors import calendar
from nhactruong.records.incoming.rules import State as Arrived
from nhactruong.records.numbering.models import NumberSeries
from nhactruong.records.outgoing.rules import State as Departing

_SEED: Final = 20_261_122
_INCOMING: Final = 0.7
_BATCH: Final = 4_000
_TELL_EVERY: Final = 20_000
_MOST_PAPERS: Final = 300
#: From this many documents on every desk has its full pile of open work.
_FULL_PILES_FROM: Final = 50_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a filling made and how long its parts took, in seconds."""

    documents: int
    incoming: int
    outgoing: int
    rows: int
    papers: int
    office_seconds: float
    papers_seconds: float
    load_seconds: float

    @property
    def documents_per_second(self) -> float:
        """Documents a second, indexes and foreign keys built and statistics taken within."""
        return self.documents / self.load_seconds


def fill(count: int, say: Say, *, vacuum: bool = True) -> Filled:
    """`count` documents in the books of the sample office; all of it or nothing.

    Sight follows from grants, numbers have no gaps, everybody has work. The database role must
    own the tables. Raises: RuleBroken `bench.not_empty`.
    """
    if User.objects.exists():
        raise RuleBroken(
            "bench.not_empty",
            "Cơ sở dữ liệu đã có người dùng nên không nạp dữ liệu đo; hãy dùng một cơ sở dữ liệu trống.",
        )
    begun = time.perf_counter()
    with transaction.atomic(), writes_allowed():
        days = Days(calendar(), clock.now())
        found(days, days.on(-300), say)
        founded = time.perf_counter()
        dice = random.Random(_SEED)  # noqa: S311 (the same office every time)
        papers = stored_papers(dice, min(_MOST_PAPERS, max(8, count // 100)))
        say(f"Lập {len(papers)} mẫu PDF")
        typeset = time.perf_counter()
        shelf = Shelf(dice, papers)
        with storage.bare(shelf.names):
            shelf.open_cards()
            kinds, rows = _write(shelf, count, say)
            shelf.close_cards()
            say("Lập chỉ mục, kiểm tra khóa")
        storage.continue_numbering(shelf.names)
        if not vacuum:
            storage.analyze(shelf.names, vacuum=False)
    if vacuum:
        storage.analyze(shelf.names, vacuum=True)
    return Filled(
        documents=count,
        incoming=kinds["incoming"],
        outgoing=kinds["outgoing"],
        rows=rows,
        papers=len(papers),
        office_seconds=founded - begun,
        papers_seconds=typeset - founded,
        load_seconds=time.perf_counter() - typeset,
    )


def signed_documents(count: int, *, one_type: str = "") -> list[str]:
    """Identifiers of `count` more documents of the largest agency that wait for their number.

    With `one_type` all take it from one series.
    """
    with transaction.atomic(), writes_allowed():
        dice = random.Random(_SEED + count + Blob.objects.count())  # noqa: S311 (the same every time)
        shelf = Shelf(dice, stored_papers(dice, 1))
        house = houses()[0]
        shelf.open_cards()
        departures = Departures(shelf, Arrivals(shelf), one_type=one_type)
        house.issuing = house.issuing[:1] if one_type else house.issuing
        work = Work(Departing.SIGNED, "outgoing.number", house.role(Role.CLERK))
        made = [departures.add(house, clock.today(), work) for _ in range(count)]
        shelf.flush()
        shelf.close_cards()
        storage.continue_numbering(shelf.names)
    return made


def _write(shelf: Shelf, count: int, say: Say) -> tuple[Counter[str], int]:
    dice = shelf.dice
    every = houses()
    days = _working_days(first_day(), clock.today() - timedelta(days=1))
    owners = dice.choices(every, [house.share for house in every], k=count)
    ways = ["incoming" if dice.random() < _INCOMING else "outgoing" for _ in range(count)]
    totals = Counter((house.agency_id, way) for house, way in zip(owners, ways, strict=True))
    piles = {}
    for house in every:
        for way, pile in (("incoming", _arrived(house)), ("outgoing", _departing(house))):
            key = house.agency_id, way
            piles[key] = _schedule(_scaled(pile, count, dice), totals[key], dice)
    arrivals = Arrivals(shelf)
    departures = Departures(shelf, arrivals)
    rows = 0
    for position, (house, way) in enumerate(zip(owners, ways, strict=True)):
        day = days[position * len(days) // count]
        work = piles[house.agency_id, way].popleft()
        if way == "incoming":
            arrivals.add(house, day, work)
        else:
            departures.add(house, day, work)
        if position % _BATCH == _BATCH - 1:
            rows += shelf.flush()
        if position % _TELL_EVERY == _TELL_EVERY - 1:
            say(f"Đã nạp {position + 1}/{count} văn bản")
    arrivals.finish()
    rows += shelf.flush()
    for house in every:
        for series, last in house.series.values():
            NumberSeries.objects.filter(pk=series).update(last_number=last)
    return Counter(ways), rows


def _working_days(first: date, last: date) -> Sequence[date]:
    span = (last - first).days + 1
    days = [first + timedelta(days=offset) for offset in range(span)]
    return [day for day in days if day.weekday() < 5]


def _scaled(pile: list[tuple[Work, int]], count: int, dice: random.Random) -> list[Work]:
    """Every piece of work as often as its desk can bear in an office of `count` documents."""
    share = min(1.0, count / _FULL_PILES_FROM)
    works = [work for work, many in pile for _ in range(max(1, round(many * share)))]
    dice.shuffle(works)
    return works


def _schedule(works: list[Work], total: int, dice: random.Random) -> deque[Work | None]:
    """For every document of an agency in order of time: its open work, or None when finished.

    Nine tenths of the open work lie on the newest documents, the rest anywhere in the last third.
    """
    works = works[: total // 2]
    plan: list[Work | None] = [None] * total
    newest = len(works) * 9 // 10
    plan[total - newest :] = works[:newest]
    older = range(total * 2 // 3, total - newest)
    for place in dice.sample(older, min(len(older), len(works) - newest)):
        plan[place] = works[newest]
        newest += 1
    return deque(plan)


def _arrived(house: House) -> list[tuple[Work, int]]:
    """(open work on incoming documents, how many at full size)."""
    clerk = Work(Arrived.RECEIVED, "incoming.register", house.role(Role.CLERK))
    chief = Work(Arrived.SUBMITTED, "incoming.direct", house.role(Role.CHIEF_OF_OFFICE))
    many = 2 if house.share > 100 else 1
    pile = [(clerk, 40 * many), (chief, 40 * many)]
    for role in (Role.SECRETARY, Role.DEPUTY_SECRETARY):
        pile.append((Work(Arrived.SUBMITTED, "incoming.direct", house.role(role)), 20 * many))
    for unit in house.units:
        work = Work(
            Arrived.DIRECTED, "incoming.assign", unit.token, unit_id=unit.unit_id, name=unit.name
        )
        pile.append((work, 15 * many))
    for post in house.posts:
        for state in (Arrived.ASSIGNED, Arrived.IN_PROGRESS):
            work = Work(state, "incoming.handle", post.token, post_id=post.post_id, name=post.name)
            pile.append((work, 10 * many))
    return pile


def _departing(house: House) -> list[tuple[Work, int]]:
    """(open work on outgoing documents, how many at full size)."""
    clerk = house.role(Role.CLERK)
    many = 2 if house.share > 100 else 1
    pile = [
        (Work(Departing.DRAFT, "", 0), 5 * len(house.drafters)),
        (
            Work(Departing.APPRAISAL, "outgoing.appraise", house.role(Role.CHIEF_OF_OFFICE)),
            15 * many,
        ),
        (Work(Departing.AWAITING_SIGNATURE, "outgoing.sign", 0), 20 * many),
        (Work(Departing.SIGNED, "outgoing.number", clerk), 10 * many),
        (Work(Departing.NUMBERED, "outgoing.seal", clerk), 8 * many),
        (Work(Departing.SEALED, "outgoing.issue", clerk), 6 * many),
    ]
    for unit in house.units:
        if any(drafter.unit_id == unit.unit_id for drafter in house.drafters):
            work = Work(
                Departing.CONTENT_REVIEW, "outgoing.review", unit.token, unit_id=unit.unit_id
            )
            pile.append((work, 6))
    for drafter in house.drafters:
        work = Work(Departing.RETURNED, "outgoing.revise", 0, post_id=drafter.post_id)
        pile.append((work, 3))
    return pile


def size_of_store() -> dict[str, Any]:
    """Bytes of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return {"database_bytes": cursor.fetchone()[0]}
