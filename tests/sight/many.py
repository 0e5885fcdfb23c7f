"""Who sees what in many small organizations: every read path beside the naive oracle."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.test import Client

from nhactruong.foundation.persistence.paging import Page, capped_count, keyset_page
from nhactruong.foundation.search import selectors as search
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.dossiers import selectors as dossiers
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.outgoing import selectors as outgoing
from tests.sight import oracle
from tests.sight.organizations import Organization
from tests.sight.writing import COMMON, Written, record_id, secret_of

#: So few lines a page that most lists have several.
_ROWS = 3
_ADDRESS = {
    "incoming": "/api/v1/incoming-documents",
    "outgoing": "/api/v1/outgoing-documents",
    "dossier": "/api/v1/dossiers",
}
_PAGES = {"incoming": "/van-ban-den/", "outgoing": "/van-ban-di/", "dossier": "/ho-so/"}


def _lists(actor: Actor, today: date) -> dict[str, Any]:
    return {
        "incoming": incoming.listed(actor, incoming.ListFilter(), today=today),
        "outgoing": outgoing.register(actor, outgoing.RegisterFilter(), only_numbered=False),
        "dossier": dossiers.listed(actor),
    }


_BY = {"incoming": "arrived_on", "outgoing": "listed_on"}
_SEEN = {
    "incoming": incoming.visible,
    "outgoing": outgoing.documents.visible,
    "dossier": dossiers.visible,
}


def differences(
    written: Written, *, rng: random.Random, by_program: float, by_page: float
) -> Iterator[str]:
    """What is shown otherwise than the oracle says, in words.

    So large a share of the people also asks the interface and the pages.
    """
    for one, person in written.facts():
        office = one.office_at(written.today, written.now)
        # Delegations begin and end at this very second.
        with clock.frozen_at(written.now):
            told = list(_told(written, one, office, person, rng, by_program, by_page))
        yield from told


def _told(
    written: Written,
    one: Organization,
    office: oracle.Office,
    person: str,
    rng: random.Random,
    by_program: float,
    by_page: float,
) -> Iterator[str]:
    actor = organization.actor_for_account(written.accounts[person].pk)
    yield from _of_person(one, office, person, actor, written.today, rng.choice(sorted(_SEEN)))
    # What waits in an intake or lies with its drafter is on no list, yet it is seen.
    kind = rng.choice(sorted(_SEEN))
    seen = _identifiers(oracle.seen_by(office, one.deeds, person, kind))
    yield from _differ(f"sight of {kind}", person, seen, _ids(_SEEN[kind](actor)))
    if rng.random() < by_program:
        yield from _by_program(one, office, person, rng)
    if rng.random() < by_page:
        yield from _by_page(written, one, office, person)


def _differ(path: str, person: str, expected: set[str], shown: list[str]) -> Iterator[str]:
    if len(shown) != len(set(shown)):
        yield f"{path} for {person} shows a record twice"
    if expected != set(shown):
        more, less = sorted(set(shown) - expected), sorted(expected - set(shown))
        yield f"{path} for {person}: shows too much {more}, too little {less}"


def _identifiers(records: set[str]) -> set[str]:
    return {str(record_id(record)) for record in records}


def _ids(rows: Any, column: str = "public_id") -> list[str]:
    return [str(key) for key in rows.values_list(column, flat=True)]


def _walked(page_after: Callable[[str], Page[Any]], column: str = "public_id") -> list[str]:
    page = page_after("")
    found = [str(getattr(row, column)) for row in page.rows]
    while page.older:
        page = page_after(page.older)
        found += [str(getattr(row, column)) for row in page.rows]
    return found


def _of_person(
    one: Organization, office: oracle.Office, person: str, actor: Actor, today: date, paged: str
) -> Iterator[str]:
    """Every list and count, the search, and page by page the list of the kind `paged`."""
    for kind, rows in _lists(actor, today).items():
        expected = _identifiers(oracle.listed_for(office, one.deeds, person, kind))
        yield from _differ(f"{kind} list", person, expected, _ids(rows))
        if capped_count(rows) != len(expected):
            yield f"{kind} count for {person}"
        if kind != paged:
            continue

        def page_after(cursor: str, rows: Any = rows, kind: str = kind) -> Page[Any]:
            if kind == "dossier":
                return keyset_page(rows, order=("-opened_on", "-id"), cursor=cursor, rows=_ROWS)
            page: Page[Any] = rows.newest_page(actor, by=_BY[kind], cursor=cursor, rows=_ROWS)
            return page

        yield from _differ(f"{kind} pages", person, expected, _walked(page_after))
    expected = _identifiers(oracle.found_by(office, one.deeds, person))
    found = search.find(actor, COMMON)
    yield from _differ("search", person, expected, _ids(found, "object_id"))
    if capped_count(found) != len(expected):
        yield f"search count for {person}"


def _by_program(
    one: Organization, office: oracle.Office, person: str, rng: random.Random
) -> Iterator[str]:
    """One list, the search and one record by the interface."""
    client = Client(headers={"Authorization": f"Bearer {secret_of(person)}"})
    kind = rng.choice(sorted(_ADDRESS))
    told = client.get(_ADDRESS[kind], {"limit": 200}).json()["items"]
    expected = _identifiers(oracle.listed_for(office, one.deeds, person, kind))
    yield from _differ(_ADDRESS[kind], person, expected, [row["id"] for row in told])
    told = client.get("/api/v1/search", {"q": COMMON, "limit": 200}).json()["items"]
    expected = _identifiers(oracle.found_by(office, one.deeds, person))
    yield from _differ("/api/v1/search", person, expected, [row["id"] for row in told])
    deed = rng.choice(one.deeds)
    wanted = 200 if oracle.may_see(office, one.deeds, person, deed.record) else 404
    address = f"{_ADDRESS[deed.kind]}/{record_id(deed.record)}"
    status = client.get(address).status_code
    if status != wanted:
        yield f"{address} for {person}: {status}, not {wanted}"


def _by_page(
    written: Written, one: Organization, office: oracle.Office, person: str
) -> Iterator[str]:
    """The lists as people see them: each title stands there or does not."""
    client = Client()
    client.force_login(written.accounts[person])
    for kind, address in _PAGES.items():
        text = client.get(address).content.decode()
        shown = [
            str(record_id(deed.record))
            for deed in {deed.record: deed for deed in one.deeds}.values()
            if f"Việc {COMMON} {deed.record}<" in text or f"Việc {COMMON} {deed.record} " in text
        ]
        expected = _identifiers(oracle.listed_for(office, one.deeds, person, kind))
        yield from _differ(address, person, expected, shown)
