"""Whether the record holds: rows against links, links against the roots on the shelf."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import connection

from nhactruong.foundation.audit import shelf as shelves
from nhactruong.foundation.audit.engine.hashing import ACTION, FACTS, GENESIS
from nhactruong.foundation.audit.engine.roots import Root, fingerprint
from nhactruong.foundation.audit.engine.shelving import Judged, judge
from nhactruong.foundation.audit.engine.verification import Findings, Harm, HarmKind, Verifier
from nhactruong.foundation.audit.selectors.state import unchained_too_long
from nhactruong.foundation.audit.selectors.streaming import (
    StoredRow,
    bounds,
    links_between,
    links_with_rows,
    rows_by_id,
    rows_outside_the_chain,
)
from nhactruong.kernel import clock


@dataclass(frozen=True, slots=True)
class Span:
    """Positions of the chain; `previous` is the link before them, None when nobody knows it."""

    first: int
    last: int
    previous: str | None
    to_end: bool

    @property
    def whole(self) -> bool:
        """Whether nothing of the chain is left out."""
        return self.first == 1 and self.to_end


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, and what it rests on."""

    findings: Findings
    roots: int
    unstamped: int
    key: str
    authorities: tuple[str, ...]
    #: Rows older than a minute without a place in the chain.
    unchained: int


def judged_shelf(key_file: Path | None = None) -> tuple[Judged, str]:
    """What the shelf is worth, and the fingerprint of the key it was checked with.

    Raises: OutsideFailure `audit.key`.
    """
    shelf, key = shelves.shelf(), shelves.public_key(key_file)
    judged = judge(
        [(file.name, file.content, file.stamp) for file in shelf.files(shelves.ROOTS)],
        [(file.name, file.content, file.stamp) for file in shelf.files(shelves.NOTES)],
        key,
    )
    lying = shelf.folder / shelves.PUBLIC_KEY
    if key is not None and lying.exists() and lying.read_bytes() != shelves.public_pem(key):
        judged.harms.append(Harm(HarmKind.ROOT_ALTERED, 0, shelves.PUBLIC_KEY))
    return judged, fingerprint(key) if key is not None else ""


def span_of(since: date | None, until: date | None, roots: Sequence[Root]) -> Span:
    """The positions chained from `since` to `until` (both days whole), widened to whole roots."""
    _, highest = bounds()
    first, last = 1, highest
    if since is not None:
        first = _first_from(since) or highest + 1
    if until is not None:
        after = _first_from(until + timedelta(days=1))
        last = after - 1 if after is not None else highest
    for root in roots:
        if root.first_position <= first <= root.last_position:
            first = root.first_position
        if root.first_position <= last <= root.last_position:
            last = min(root.last_position, highest)
    previous: str | None = GENESIS
    if first > 1:
        previous = next((r.last_link for r in roots if r.last_position == first - 1), None)
        previous = previous or next((link[6] for link in links_between(first - 1, first - 1)), None)
    return Span(first, last, previous, to_end=last == highest)


def _first_from(day: date) -> int | None:
    begins = datetime.combine(day, time(), clock.OFFICE_ZONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(position) FROM audit_auditlink WHERE sealed_at >= %s", [begins])
        position: int | None = cursor.fetchone()[0]
        return position


def verify(
    since: date | None = None, until: date | None = None, key_file: Path | None = None
) -> Verification:
    """Every harm done to the record, or to the part chained from `since` to `until`.

    Raises: OutsideFailure `audit.key`.
    """
    judged, key = judged_shelf(key_file)
    span = span_of(since, until, judged.roots)
    verifier = Verifier(judged.roots, judged.notes, start=span.first, previous=span.previous)
    for link, row in links_with_rows(span.first, span.last):
        true = None
        if row is not None:
            true = row.hash_against(link[5])
            if row.text[ACTION] == "audit.root_sealed" and true == link[5]:
                _compare_with_shelf(judged, row)
        verifier.link(*link, true)
    _look_elsewhere(verifier, span)
    findings = verifier.finish(whole=span.whole, to_end=span.to_end)
    for harm in judged.harms:
        findings.add(harm)
    return Verification(
        findings,
        roots=len(judged.roots),
        unstamped=judged.unstamped,
        key=key,
        authorities=tuple(sorted(judged.authorities)),
        unchained=unchained_too_long(),
    )


def _compare_with_shelf(judged: Judged, row: StoredRow) -> None:
    told = json.loads(row.text[FACTS] or "{}")
    judged.told_by_the_record(int(told["number"]), str(told["digest"]))


def _look_elsewhere(verifier: Verifier, span: Span) -> None:
    """Rows that do not stand where their links say, and rows that no link names."""
    absent = verifier.absent_rows
    seen = set()
    for row_id, row in rows_by_id(list(absent)):
        if row_id in absent and row_id not in seen:
            seen.add(row_id)
            position = absent[row_id]
            verifier.found_elsewhere(position, row.hash_against(verifier.expected_at(position)))
    if span.whole:
        for row_id, _ in rows_outside_the_chain():
            if row_id not in seen:
                verifier.findings.add(Harm(HarmKind.INSERTED, 0, f"row {row_id}"))
