"""Kính gửi and Nơi nhận belong together: who is addressed receives a copy under "Như trên"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nhactruong.kernel.text import fold
from nhactruong.masterdata.organization.finding import Called
from nhactruong.records.outgoing.commands.drafting import RecipientLine
from nhactruong.records.outgoing.rules import AS_ABOVE, is_file_copy


@dataclass(frozen=True, slots=True)
class Directory:
    """The agencies a document can be sent to, found by key or by what people call them."""

    short_names: Mapping[int, str]
    #: Folded name of the agency, its short name, or one of its organs → the agency.
    by_name: Mapping[str, int]

    def named(self, line: str) -> int | None:
        """The agency a line of Kính gửi names, or None when the line is something else."""
        return self.by_name.get(_key(line))


def directory(agencies: Iterable[Called], *, own: int) -> Directory:
    """Everybody a document of the agency `own` can be addressed to."""
    known = list(agencies)
    names: dict[str, int] = {}
    for agency in known:
        name, short, *organs = agency.names
        for organ in organs:
            names.setdefault(_key(organ), agency.agency_id)
        names |= {_key(name): agency.agency_id, _key(short): agency.agency_id}
    return Directory(
        {agency.agency_id: agency.short_name for agency in known},
        {name: pk for name, pk in names.items() if pk != own},
    )


def with_addressed(
    rows: Sequence[RecipientLine],
    directory: Directory,
    *,
    before: Iterable[str],
    now: Iterable[str],
) -> tuple[RecipientLine, ...]:
    """Nơi nhận after Kính gửi changed from `before` to `now`; "Lưu …" closes the list.

    Who was addressed and is no longer loses its "Như trên"; other lines are nobody's but the
    drafter's. Source: documents.md 4.3 (P09, Nơi nhận).
    """
    addressed = {found for line in now if (found := directory.named(line)) is not None}
    dropped = {directory.named(line) for line in before} - addressed - {None}
    kept = [row for row in rows if row.line != AS_ABOVE or row.agency_id not in dropped]
    missing = addressed - {row.agency_id for row in kept}
    new = [RecipientLine(AS_ABOVE, pk) for pk in directory.short_names if pk in missing]
    printed = RecipientLine(AS_ABOVE)
    if new and printed in kept:
        place = kept.index(printed)
        kept[place : place + 1] = new
    else:
        kept = [*new, *kept]
    if _say_above(rows) and not _say_above(kept):
        kept = [printed, *kept]
    return kept_last(kept)


def kept_last(rows: Iterable[RecipientLine]) -> tuple[RecipientLine, ...]:
    """The rows with "Lưu …" at the end. Source: documents.md 4.3 (Nơi nhận)."""
    return tuple(sorted(rows, key=lambda row: row.agency_id is None and is_file_copy(row.line)))


def _say_above(rows: Iterable[RecipientLine]) -> bool:
    return any(row.line == AS_ABOVE for row in rows)


@lru_cache(maxsize=40_000)
def _key(name: str) -> str:
    return fold(name).strip(" .;,-")
