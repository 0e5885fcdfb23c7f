"""Everything that is measured on one filled office, in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nhactruong.assembly import sample
from nhactruong.assembly.bench import (
    alone,
    checking,
    growth,
    load,
    making_papers,
    taking_numbers,
)
from nhactruong.assembly.bench.alone import Alone
from nhactruong.assembly.bench.asking import Caller
from nhactruong.assembly.bench.filling import signed_documents
from nhactruong.assembly.bench.growth import Growth, Served
from nhactruong.assembly.bench.houses import houses
from nhactruong.assembly.bench.load import Load
from nhactruong.assembly.bench.making_papers import Papers
from nhactruong.assembly.bench.people import ordinary_people
from nhactruong.assembly.bench.taking_numbers import Taking
from nhactruong.assembly.bench.targets import Desk, desks, walk
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.documents.models import Document

#: The promise of the highest rate: 95 of 100 pages within this time.
LIMIT_MS: Final = 150.0
_FIRST_STEP: Final = 1.5
_MOST_RATE: Final = 400.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    seconds: float
    rate: float
    step_seconds: float
    rounds: int
    numbers: int
    papers: int

    @classmethod
    def of(cls, seconds: float, rate: float) -> Effort:
        """Short or full, by the seconds of the load."""
        is_short = seconds < 200
        return cls(
            seconds=seconds,
            rate=rate,
            step_seconds=8 if is_short else 20,
            rounds=60 if is_short else 200,
            numbers=400 if is_short else 2000,
            papers=8 if is_short else 40,
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run found."""

    documents: int
    alone: Alone
    load: Load | None = None
    highest_rate: float = 0.0
    rates: Sequence[Load] = ()
    numbers: Taking | None = None
    numbers_one_series: Taking | None = None
    papers: Papers | None = None
    growth: Growth | None = None


def serve(installation: Installation, rounds: int) -> Served:
    """What is to be asked of this office, which answers already."""
    people = desks(ordinary_people())
    cookies = _sign_in(installation, people)
    where = installation.host, installation.port
    return growth.served_office(Document.objects.count(), *where, people, cookies, rounds)


def measure_pages(installation: Installation, rounds: int) -> Measured:
    """Only the single-client part."""
    people = desks(ordinary_people())
    cookies = _sign_in(installation, people)
    found = alone.measure(installation.host, installation.port, cookies, people, rounds=rounds)
    return Measured(Document.objects.count(), found)


def measure(
    installation: Installation, environment: Mapping[str, str], effort: Effort, say: Say
) -> Measured:
    """Pages alone, under load and at their limit; numbers; letters."""
    documents = Document.objects.count()
    people = desks(ordinary_people())
    cookies = _sign_in(installation, people)
    where = installation.host, installation.port
    say("Đo từng trang, một người dùng")
    single = alone.measure(*where, cookies, people, rounds=effort.rounds)
    say(f"Đo tải {effort.rate:g} yêu cầu/giây trong {effort.seconds:g} giây")
    steady = load.run(*where, cookies, walk(people), rate=effort.rate, seconds=effort.seconds)
    say("Tìm mức tải cao nhất")
    highest, rates = _highest(where, cookies, people, effort, steady)
    say("Cấp số, 8 văn thư cùng lúc")
    spread = _numbers(effort.numbers, environment, one_type="")
    one = _numbers(effort.numbers // 2, environment, one_type="cong-van")
    say("Dàn trang, ký, cấp số, đóng dấu, kiểm tra")
    papers = making_papers.measure(effort.papers)
    return Measured(documents, single, steady, highest, rates, spread, one, papers)


def measure_numbers(environment: Mapping[str, str], *, runs: int, each: int) -> list[Taking]:
    """Numbers taken so many times: over all series, then from one series alone."""
    spread = [_numbers(each, environment, one_type="") for _ in range(runs)]
    return [*spread, *(_numbers(each // 2, environment, one_type="cong-van") for _ in range(runs))]


def _sign_in(installation: Installation, people: Sequence[Desk]) -> Mapping[str, str]:
    caller = Caller(installation.host, installation.port)
    try:
        return {
            desk.person.username: caller.sign_in(desk.person.username, sample.PASSWORD)
            for desk in people
        }
    finally:
        caller.close()


def _highest(
    where: tuple[str, int],
    cookies: Mapping[str, str],
    people: Sequence[Desk],
    effort: Effort,
    steady: Load,
) -> tuple[float, Sequence[Load]]:
    """(the highest rate whose p95 holds, the steps tried): up by half each, one step back halfway."""

    def holds(step: Load) -> bool:
        return step.all.p95 <= LIMIT_MS and not step.failed

    def tried(rate: float) -> Load:
        step = load.run(
            *where, cookies, walk(people, seed=9), rate=rate, seconds=effort.step_seconds
        )
        steps.append(step)
        return step

    steps: list[Load] = []
    best = effort.rate if holds(steady) else 0.0
    rate = effort.rate * _FIRST_STEP if best else effort.rate / 2
    if not best:
        while rate >= 1 and not holds(tried(rate)):
            rate /= 2
        return (rate if rate >= 1 else 0.0), steps
    while rate <= _MOST_RATE and holds(tried(rate)):
        best, rate = rate, rate * _FIRST_STEP
    between = (best + rate) / 2
    if between < _MOST_RATE and holds(tried(between)):
        best = between
    return round(best, 1), steps


def _numbers(count: int, environment: Mapping[str, str], *, one_type: str) -> Taking:
    agency = houses()[0].agency_id
    clerk = next(
        card.person_id
        for card in organization.posts_with_role(Role.CLERK, agency)
        if card.person_id is not None
    )
    documents = signed_documents(count, one_type=one_type)
    return taking_numbers.measure(documents, clerk, environment, gaps=checking.series_with_gaps)
