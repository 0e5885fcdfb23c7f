"""Every read path of the product beside the oracle's answer, person by person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.test import Client

from nhactruong.assembly import search as finding
from nhactruong.foundation.access import base
from nhactruong.foundation.accounts.commands import issue_api_token
from nhactruong.foundation.notices import selectors as notices
from nhactruong.foundation.persistence.paging import capped_count
from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.search.models import SearchCard
from nhactruong.foundation.thread.cards import cards
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER
from nhactruong.records.dossiers import selectors as dossiers
from nhactruong.records.incoming import selectors as incoming
from nhactruong.records.outgoing import selectors as outgoing
from tests.sight import oracle
from tests.sight.walk import COMMON, Walk

KINDS = ("incoming", "outgoing", "dossier")
_ADDRESS = {
    "incoming": "/api/v1/incoming-documents",
    "outgoing": "/api/v1/outgoing-documents",
    "dossier": "/api/v1/dossiers",
}
_CARD_TYPE = {"incoming": "Document", "outgoing": "Document", "dossier": "Dossier"}


def differences(walk: Walk) -> Iterator[str]:
    """What any selector shows otherwise than the oracle, in words; nothing when all agree."""
    for person in walk.people():
        yield from _of_person(walk, person)


def differences_over_http(walk: Walk, *, samples: int) -> Iterator[str]:
    """The same for the interface: so many details and threads, and every list of everybody."""
    pairs = [
        (person, kind, record)
        for person in walk.people()
        for kind, record in sorted({(deed.kind, deed.record) for deed in walk.deeds})
    ]
    for person, kind, record in walk.rng.sample(pairs, min(samples, len(pairs))):
        yield from _of_record(walk, person, kind, record)
    for person in walk.people():
        yield from _of_lists(walk, person)


def _differ(path: str, person: str, expected: Any, shown: Any) -> Iterator[str]:
    if expected != shown:
        more, less = sorted(shown - expected), sorted(expected - shown)
        yield f"{path} for {person}: shows too much {more}, too little {less}"


def _ids(rows: Any) -> set[str]:
    return {str(row.public_id) for row in rows}


def _rows(kind: str, actor: Actor) -> Any:
    match kind:
        case "incoming":
            return incoming.listed(actor, incoming.ListFilter(), today=clock.today())
        case "outgoing":
            return outgoing.register(actor, outgoing.RegisterFilter(), only_numbered=False)
        case _:
            return dossiers.listed(actor)


_BY = {"incoming": "arrived_on", "outgoing": "listed_on", "dossier": "opened_on"}


def _of_person(walk: Walk, person: str) -> Iterator[str]:
    actor = walk.office.actor(person)
    office, deeds = walk.model, walk.deeds
    seen: set[str] = set()
    for kind in KINDS:
        expected = oracle.listed_for(office, deeds, person, kind)
        seen |= oracle.seen_by(office, deeds, person, kind)
        page = _rows(kind, actor).newest_page(actor, by=_BY[kind], rows=200)
        yield from _differ(f"{kind} list", person, expected, _ids(page.rows))
        if capped_count(_rows(kind, actor)) != len(expected):
            yield f"{kind} count for {person}"
    drafts = _ids(outgoing.drafts(actor))
    yield from _differ("drafts", person, oracle.drafts_of(office, deeds, person), drafts)
    found = {str(row.object_id) for row in search.find(actor, COMMON)}
    yield from _differ("search", person, oracle.found_by(office, deeds, person), found)
    yield from _of_search(walk, person, actor)
    waiting = {(item.kind, str(item.object_id)) for item in workitems.waiting(actor)}
    yield from _differ("inbox", person, oracle.waiting_for(office, deeds, person), waiting)
    if workitems.counts(actor, clock.today())["all"] != workitems.waiting(actor).count():
        yield f"inbox count for {person}"
    for _, record in waiting:
        if record not in seen:
            yield f"inbox of {person} holds {record}, which does not open"
    for notice in notices.for_actor(actor):
        if str(notice.object_id) not in seen:
            yield f"notice of {person} tells of {notice.object_id}"
    wanted = {(_CARD_TYPE[deed.kind], uuid.UUID(deed.record)) for deed in deeds}
    yield from _differ("cards", person, seen, {str(key) for key in cards(actor, wanted)})


def _of_search(walk: Walk, person: str, actor: Actor) -> Iterator[str]:
    """The page of search with what stands above it, walked to its end; and numbers asked for."""
    expected = oracle.found_by(walk.model, walk.deeds, person)
    page = finding.results(actor, COMMON)
    shown = [*page.best, *page.hits]
    while page.older:
        page = finding.results(actor, COMMON, cursor=page.older)
        shown += page.hits
    ids = [str(hit.found.object_id) for hit in shown]
    if len(ids) != len(set(ids)):
        yield f"search page of {person} shows a record twice"
    yield from _differ("search page", person, expected, set(ids))
    for record, reference in _numbered():
        for asked in (reference, reference.replace("-", "/").lower()):
            best = {str(row.object_id) for row in search.best(actor, asked)}
            if best - expected or (record in expected) != (record in best):
                yield f"best for {asked} for {person}: {sorted(best)}"
            if not best <= {str(row.object_id) for row in search.find(actor, asked)}:
                yield f"best for {asked} for {person} is not among what is found"


def _numbered() -> list[tuple[str, str]]:
    """(record, number and symbol) of a dozen cards."""
    rows = SearchCard.objects.exclude(code="").order_by("pk").values_list("object_id", "reference")
    return [(str(key), reference) for key, reference in rows[:12]]


def _machine(walk: Walk, person: str) -> Client:
    key = issue_api_token(FOUNDER, walk.office.user(person), "thử")
    return Client(headers={"Authorization": f"Bearer {key}"})


def _of_lists(walk: Walk, person: str) -> Iterator[str]:
    client = _machine(walk, person)
    office, deeds = walk.model, walk.deeds

    def items(address: str, **query: Any) -> Any:
        return client.get(address, {"limit": 200, **query}).json()["items"]

    for kind, address in _ADDRESS.items():
        expected = oracle.listed_for(office, deeds, person, kind)
        yield from _differ(address, person, expected, {item["id"] for item in items(address)})
    shown = {(item["kind"], item["object_id"]) for item in items("/api/v1/inbox")}
    yield from _differ("/inbox", person, oracle.waiting_for(office, deeds, person), shown)
    found = {item["id"] for item in items("/api/v1/search", q=COMMON)}
    yield from _differ("/search", person, oracle.found_by(office, deeds, person), found)


def _of_record(walk: Walk, person: str, kind: str, record: str) -> Iterator[str]:
    wanted = 200 if oracle.may_see(walk.model, walk.deeds, person, record) else 404
    status = _machine(walk, person).get(f"{_ADDRESS[kind]}/{record}").status_code
    if status != wanted:
        yield f"{_ADDRESS[kind]}/{record} for {person}: {status}, not {wanted}"
    pages = Client()
    pages.force_login(walk.office.user(person))
    status = pages.get(f"/soi-chi/{record}/").status_code
    if status != wanted:
        yield f"thread of {record} for {person}: {status}, not {wanted}"


def both_forms(monkeypatch: Any, walk: Walk) -> list[str]:
    """Differences when lists are forced to the fetch and to the walk, the forms of ADR 0001."""
    found = []
    for narrow in (True, False):
        with monkeypatch.context() as patch:
            patch.setattr(base, "is_narrow", lambda *_, n=narrow: n)
            found += differences(walk)
    return found
