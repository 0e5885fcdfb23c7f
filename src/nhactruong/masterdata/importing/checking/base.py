"""What every checker does: read cells, find agencies in scope, tell what differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple

from django.db.models import Q, QuerySet

from nhactruong.foundation.ui.rules import date_words
from nhactruong.kernel.text import one_line
from nhactruong.masterdata.importing.rules import Fault, ListKind, Outcome, Values, read_row
from nhactruong.masterdata.organization.models import Agency

#: (number of the row, its cells in the order of the list's columns, how many cells stand beyond).
Line = tuple[int, Sequence[str], int]


class Change(NamedTuple):
    """What a row changes: the column, what is, what will be."""

    column: str
    before: str
    after: str


@dataclass(slots=True)
class Checked:
    """A row, what it comes to, and (without faults) what is to be written."""

    number: int
    cells: list[str]
    values: Values
    faults: list[Fault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    is_new: bool = False
    agency_id: int | None = None
    #: Whether the post of the row then carries a role it does not carry yet.
    gives_roles: bool = False
    #: What to write; its shape is the checker's own.
    plan: Any = None

    @property
    def outcome(self) -> Outcome:
        """What the row comes to."""
        if self.faults:
            return Outcome.FAULTY
        if self.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME

    def fault(self, column: str, sentence: str) -> None:
        """Note a fault of the row."""
        self.faults.append(Fault(column, sentence))

    def change(self, column: str, before: object, after: object) -> None:
        """Note what differs, in the words of the screen; the same words are no difference."""
        old, new = words_of(before), words_of(after)
        if old != new:
            self.changes.append(Change(column, old, new))


def words_of(value: object) -> str:
    """A value as a cell of the list shows it."""
    if value is None:
        return ""
    return date_words(value) if isinstance(value, date) else one_line(str(value))


class Checker:
    """Compares sets of rows of one list with the store."""

    kind: ClassVar[ListKind]

    def __init__(
        self,
        scope: frozenset[int],
        day: date,
        *,
        proposer_id: int | None = None,
        agency_id: int | None = None,
        is_writing: bool = False,
    ) -> None:
        self.scope = scope
        self.day = day
        self.proposer_id = proposer_id
        self.agency_id = agency_id
        self.is_writing = is_writing
        self._agencies: dict[str, Agency | None] = {}
        self._places = {key: place for place, key in enumerate(self.kind.keys)}

    def check(self, lines: Sequence[Line]) -> list[Checked]:
        """The rows, each with all its faults."""
        rows = [self._read(*line) for line in lines]
        self.compare(rows)
        return rows

    def compare(self, rows: Sequence[Checked]) -> None:
        """Note faults and changes of the rows against the store and earlier rows."""
        raise NotImplementedError

    def _read(self, number: int, cells: Sequence[str], beyond: int) -> Checked:
        values, faults = read_row(self.kind, cells)
        # No text of the store holds a NUL; the fault has been told.
        row = Checked(number, [cell.replace("\0", "\ufffd") for cell in cells], values, faults)
        if beyond:
            row.fault("", f"Dòng có thêm {beyond} ô không thuộc cột nào.")
        return row

    def fill(self, row: Checked, column: str, text: str) -> None:
        """Keep a code that was made up for an empty cell."""
        row.cells[self._places[column]] = text

    def locked(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows, locked in the order of their keys when they are about to be written."""
        if not self.is_writing:
            return rows
        return rows.order_by("pk").select_for_update(of=("self",), no_key=True)

    # ── Agencies ─────────────────────────────────────────────────────────────────────────────

    def fetch_agencies(self, words: Iterable[str]) -> None:
        """Look up agencies by identifier or key, once each."""
        unknown = {word for word in words if word and word not in self._agencies}
        if not unknown:
            return
        self._agencies |= dict.fromkeys(unknown)
        found = Agency.objects.filter(Q(identifier__in=unknown) | Q(key__in=unknown))
        for agency in found.order_by("pk"):
            for word in (agency.key, agency.identifier):
                self._agencies[word] = agency

    def agency_of(self, row: Checked, column: str = "agency") -> Agency | None:
        """The agency a cell names, when it is there, in force and in scope; else a fault."""
        word = row.values.get(column)
        if word is None:
            return None
        agency = self._agencies.get(word)
        if agency is None or (agency.valid_to is not None and agency.valid_to <= self.day):
            row.fault(column, f"Không có cơ quan nào mang mã “{word}”.")
            return None
        if agency.pk not in self.scope:
            row.fault(column, f"{agency.short_name}: ngoài phạm vi của đồng chí.")
            return None
        return agency
