"""What stands on the pages and in the files that are handed out, beside the oracle's answer.

Records are told apart by their titles, each of which holds a number of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any, Final

from django.test import Client
from django.urls import reverse

from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing.models import OutgoingDocument
from tests.sight import oracle
from tests.sight.walk import COMMON, Walk

_TITLE: Final = re.compile(rf"(?:Công việc|Về việc|Hồ sơ) {COMMON} số \d+")
#: Pages on which anything may stand that one sees, and nothing else.
_ANYTHING: Final = ("today", "workitems:inbox", "outgoing:drafts", "notices", "incoming:intake")
_BODIES: Final = ("tu", "vptu", "dm")


def titles_of_all() -> Mapping[str, str]:
    """The title of every record by its identifier."""
    rows: list[tuple[Any, str]] = [
        *IncomingDocument.objects.values_list("public_id", "subject"),
        *OutgoingDocument.objects.values_list("public_id", "subject"),
        *Dossier.objects.values_list("public_id", "title"),
    ]
    return {str(key): title for key, title in rows if title}


def differences_on_pages(walk: Walk, *, samples: int) -> Iterator[str]:
    """What any page, export, print or suggestion shows otherwise than the oracle, in words."""
    titles = titles_of_all()
    for person in walk.people():
        client = Client()
        client.force_login(walk.office.user(person))
        yield from _lists(walk, person, client, titles)
        yield from _anything(walk, person, client, titles, samples)


def _shown(client: Client, address: str, query: Mapping[str, Any] | None = None) -> set[str]:
    answer = client.get(address, query or {}, follow=True)
    if answer.status_code in (403, 404):
        return set()
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = unescape(content.decode())
    if answer.headers["Content-Type"].startswith("application/json"):
        text = str(answer.json())
    return set(_TITLE.findall(text))


def _named(records: Iterable[str], titles: Mapping[str, str]) -> set[str]:
    return {titles[record] for record in records if record in titles}


def _lists(walk: Walk, person: str, client: Client, titles: Mapping[str, str]) -> Iterator[str]:
    office, deeds = walk.model, walk.deeds

    def wanted(kind: str, verb: str = "", agency: str = "") -> set[str]:
        return _named(
            (
                record
                for record in oracle.listed_for(office, deeds, person, kind)
                if (story := oracle.story_of(deeds, record))
                and (not verb or verb in {deed.verb for deed in story})
                and (not agency or story[0].agency == agency)
            ),
            titles,
        )

    def differ(path: str, expected: set[str], shown: set[str]) -> Iterator[str]:
        if expected != shown:
            more, less = sorted(shown - expected), sorted(expected - shown)
            yield f"{path} for {person}: shows too much {more}, too little {less}"

    for kind in ("incoming", "outgoing"):
        address = reverse(f"{kind}:list")
        yield from differ(address, wanted(kind), _shown(client, address))
    address = reverse("dossiers:list")
    yield from differ(address, wanted("dossier"), _shown(client, address))
    for how in ({}, {"xuat": "csv"}, {"in": "1"}):
        book = reverse("incoming:register_book")
        for key in sorted(office.agencies_of(person)):
            query = {"co-quan": walk.office.agencies[key].pk, **how}
            expected = wanted("incoming", "registered", key)
            yield from differ(f"{book}{query}", expected, _shown(client, book, query))
        book = reverse("outgoing:register_book")
        shown = set().union(*(_shown(client, book, {"so": body, **how}) for body in _BODIES))
        yield from differ(f"{book}{how}", wanted("outgoing", "numbered"), shown)


def _anything(
    walk: Walk, person: str, client: Client, titles: Mapping[str, str], samples: int
) -> Iterator[str]:
    office, deeds = walk.model, walk.deeds
    seen = {
        kind: oracle.seen_by(office, deeds, person, kind)
        for kind in ("incoming", "outgoing", "dossier")
    }
    allowed = _named(set().union(*seen.values()), titles)
    addresses: list[tuple[str, dict[str, Any]]] = [(reverse(name), {}) for name in _ANYTHING]
    addresses.append((reverse("search"), {"q": COMMON}))
    opened = [
        *((f"{kind}:detail", record) for kind in ("incoming", "outgoing") for record in seen[kind]),
        *(("thread", record) for records in seen.values() for record in records),
        *(("dossiers:detail", record) for record in seen["dossier"]),
        *(("dossiers:candidates", record) for record in seen["dossier"]),
        *(("incoming:intake_item", record) for record in seen["incoming"]),
        *(("outgoing:draft", record) for record in seen["outgoing"]),
    ]
    for name, record in walk.rng.sample(sorted(opened), min(samples, len(opened))):
        address = reverse(name, args=[record])
        addresses += (
            [(address, {}), (address, {"in": "1"})] if "dossiers:d" in name else [(address, {})]
        )
    for address, query in addresses:
        leaked = _shown(client, address, query) - allowed
        if leaked:
            yield f"{address} for {person}: shows {sorted(leaked)}"
