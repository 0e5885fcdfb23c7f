"""One client at a time: service times over HTTP, queries a page, and the selectors by themselves."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from random import Random
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhactruong.assembly.bench.asking import Caller, timed_get
from nhactruong.assembly.bench.figures import Times, times
from nhactruong.assembly.bench.people import Person, ordinary_people
from nhactruong.assembly.bench.reading import Reading, read
from nhactruong.assembly.bench.targets import KINDS, Desk, walk
from nhactruong.assembly.bench.words import questions
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.search.selectors import find
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.records.documents.models import Document
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.incoming.rules import State as Arrived
from nhactruong.records.outgoing import selectors as outgoing

_WARM: Final = 2


@dataclass(frozen=True, slots=True)
class Queries:
    """How many statements a page sends, at most, and the median share of time they take."""

    most: int
    median_ms_in_database: float
    median_ms: float


@dataclass(frozen=True, slots=True)
class Alone:
    """Everything measured with one client."""

    pages: Mapping[str, Times]
    queries: Mapping[str, Queries]
    selectors: Mapping[str, Times]
    selector_queries: Mapping[str, int]


def measure(
    host: str, port: int, cookies: Mapping[str, str], desks: Sequence[Desk], *, rounds: int
) -> Alone:
    """Each kind of page asked `rounds` times, by all people in turn."""
    selectors, counted = _selectors([desk.person for desk in desks], rounds)
    return Alone(_pages(host, port, cookies, desks, rounds), _queries(desks), selectors, counted)


def _pages(
    host: str, port: int, cookies: Mapping[str, str], desks: Sequence[Desk], rounds: int
) -> Mapping[str, Times]:
    caller = Caller(host, port)
    found: dict[str, Times] = {}
    for kind in KINDS:
        seconds = []
        targets = (target for target in walk(desks, seed=5) if target.kind == kind)
        for number, target in enumerate(islice(targets, rounds + _WARM)):
            took = timed_get(caller, target.path, cookies[target.username])
            if number >= _WARM:
                seconds.append(took)
        found[kind] = times(seconds)
    caller.close()
    return found


def _queries(desks: Sequence[Desk]) -> Mapping[str, Queries]:
    """Statements of every person's first two pages of each kind, asked inside this process."""
    users = get_user_model()._default_manager
    seen: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for desk in desks:
        client = Client()
        client.force_login(
            users.get(username=desk.person.username),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        client.get(desk.paths["inbox"][0])
        for kind, paths in desk.paths.items():
            for path in list(dict.fromkeys(paths))[:2]:
                with CaptureQueriesContext(connection) as captured:
                    begun = time.perf_counter()
                    client.get(path)
                    took = time.perf_counter() - begun
                in_database = sum(float(query["time"]) for query in captured.captured_queries)
                seen[kind].append((len(captured), in_database, took))
    return {
        kind: Queries(
            most=max(count for count, _, _ in rows),
            median_ms_in_database=times([spent for _, spent, _ in rows]).p50,
            median_ms=times([took for _, _, took in rows]).p50,
        )
        for kind, rows in seen.items()
    }


def reads() -> Mapping[str, Callable[[Person], Any]]:
    """What a list, the inbox and search read for a person, by the name of the table."""
    today = clock.today()
    asked = questions(Random(7), 40)  # noqa: S311 (the same questions every time)

    def listed(chosen: incoming.ListFilter) -> Callable[[Person], Any]:
        return lambda person: incoming.listed(person.actor, chosen, today=today).newest_page(
            person.actor, by="arrived_on", then="arrival_number"
        )

    return {
        "incoming_list": listed(incoming.ListFilter()),
        "incoming_list_of_a_state": listed(incoming.ListFilter(state=Arrived.IN_PROGRESS)),
        "incoming_list_of_a_type": listed(incoming.ListFilter(document_type="ket-luan")),
        "incoming_list_with_words": listed(incoming.ListFilter(words="sat lo")),
        "outgoing_list": lambda person: outgoing.register(
            person.actor, outgoing.RegisterFilter(), only_numbered=False
        ).newest_page(person.actor, by="listed_on", then="number"),
        "inbox": lambda person: keyset_page(
            workitems.waiting(person.actor), order=workitems.WORST_FIRST
        ),
        "inbox_counts": lambda person: workitems.counts(person.actor, today),
        "search": lambda person: keyset_page(
            find(person.actor, asked[hash(person.username) % len(asked)]),
            order=("-occurred_on", "-id"),
            rows=20,
        ),
    }


def measure_reads(rounds: int) -> tuple[int, Sequence[Reading]]:
    """(documents, what each list reads) for sixteen people in turn, with plans."""
    people = ordinary_people()
    found = [
        read(name.replace("_", " "), [partial(one, person) for person in people], rounds)
        for name, one in reads().items()
    ]
    return Document.objects.count(), found


def _selectors(
    people: Sequence[Person], rounds: int
) -> tuple[Mapping[str, Times], Mapping[str, int]]:
    found, counted = {}, {}
    for name, one in reads().items():
        seconds = []
        most = 0
        for number in range(rounds + len(people)):
            person = people[number % len(people)]
            begun = time.perf_counter()
            one(person)
            if number >= len(people):
                seconds.append(time.perf_counter() - begun)
        for person in people:
            with CaptureQueriesContext(connection) as captured:
                one(person)
            most = max(most, len(captured))
        found[name], counted[name] = times(seconds), most
    return found, counted
