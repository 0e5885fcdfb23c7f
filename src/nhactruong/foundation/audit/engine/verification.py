"""Whether a chain holds, and the name of every harm done to it: fed link by link, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from nhactruong.foundation.audit.engine.hashing import leaf, link_hash
from nhactruong.foundation.audit.engine.merkle import MerkleTree
from nhactruong.foundation.audit.engine.roots import ExpiryNote, Root

#: Beyond this many only their number is told.
_MOST_HARMS: Final = 10_000


class HarmKind(StrEnum):
    """What was done to the record."""

    ALTERED = "altered"
    DELETED = "deleted"
    SWAPPED = "swapped"
    RELINKED = "relinked"
    LINK_DELETED = "link_deleted"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    INSERTED = "inserted"
    ROOT_ALTERED = "root_altered"
    ROOT_DELETED = "root_deleted"
    STAMP_WRONG = "stamp_wrong"
    EXPIRY_WRONG = "expiry_wrong"


@dataclass(frozen=True, slots=True)
class Harm:
    """One harm; `position` is the place in the chain (0: none), `what` a row, root or note."""

    kind: HarmKind
    position: int = 0
    what: str = ""


@dataclass(slots=True)
class Findings:
    """What a verification found; without harms the record holds."""

    links: int = 0
    rows: int = 0
    expired: int = 0
    first_position: int = 0
    last_position: int = 0
    roots: int = 0
    #: The first position that no root of the shelf covers yet; 0 when all are covered.
    unanchored_from: int = 0
    harms: list[Harm] = field(default_factory=list)
    #: Harms found, those beyond the list too.
    harm_count: int = 0

    def add(self, harm: Harm) -> None:
        """One more harm."""
        self.harm_count += 1
        if len(self.harms) < _MOST_HARMS:
            self.harms.append(harm)

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.harm_count


@dataclass(slots=True)
class _Suspect:
    """A link whose row is not what it should be; `true` is None when there is no row."""

    row_id: int
    stored: str
    true: str | None


@dataclass(slots=True)
class _Expired:
    """What the links say of a month that went out."""

    rows: int = 0
    running: Any = field(default_factory=hashlib.sha256)


class Verifier:
    """Takes the links of a stretch of the chain in order, each with the true hash of its row.

    `roots` and `notes` have had their own signatures checked; `previous` is the link before the
    first one taken, None when it is not known and must be believed.
    """

    def __init__(
        self,
        roots: Sequence[Root],
        notes: Mapping[tuple[str, str], ExpiryNote],
        *,
        start: int,
        previous: str | None,
    ) -> None:
        self.findings = Findings(first_position=start)
        self._roots = [root for root in roots if root.first_position >= start]
        self._last_root = max(roots, key=lambda root: root.last_position, default=None)
        self._notes = notes
        self._expired = {key: _Expired() for key in notes}
        self._position = start - 1
        self._previous = previous
        self._tree = MerkleTree()
        self._at_root = 0
        self._bad_roots: list[Root] = []
        self._suspects: dict[int, _Suspect] = {}

    def link(
        self,
        position: int,
        row_id: int,
        keep: str,
        at: str,
        previous: str,
        row: str,
        link: str,
        sealed_at: str,
        true: str | None,
    ) -> None:
        """The next link and the true hash of the row it names (None: no such row)."""
        findings = self.findings
        findings.links += 1
        if position != self._position + 1:
            self._gap(position)
        elif self._previous is not None and previous != self._previous:
            findings.add(Harm(HarmKind.RELINKED, position, f"row {row_id}"))
        if link != link_hash(previous, row):
            findings.add(Harm(HarmKind.RELINKED, position, f"row {row_id}"))
        self._position = position
        self._previous = link
        if true is None:
            self._absent(position, row_id, keep, at, row)
        else:
            findings.rows += 1
            if true != row:
                self._suspects[position] = _Suspect(row_id, row, true)
        if self._at_root < len(self._roots):
            root = self._roots[self._at_root]
            if position >= root.first_position:
                self._tree.add(leaf(position, row_id, keep, at, row, link, sealed_at))
            if position >= root.last_position:
                self._close(root, position, link)

    def _gap(self, position: int) -> None:
        for lost in range(self._position + 1, min(position, self._position + 1 + _MOST_HARMS)):
            self.findings.add(Harm(HarmKind.LINK_DELETED, lost))
        while self._at_root < len(self._roots) and (
            self._roots[self._at_root].last_position < position
        ):
            self._bad_roots.append(self._roots[self._at_root])
            self._at_root += 1
            self._tree = MerkleTree()

    def _close(self, root: Root, position: int, link: str) -> None:
        same = (root.last_position, root.last_link, root.merkle) == (
            position,
            link,
            self._tree.root(),
        )
        self.findings.roots += 1
        if not same:
            self._bad_roots.append(root)
        self._at_root += 1
        self._tree = MerkleTree()

    def _absent(self, position: int, row_id: int, keep: str, at: str, row: str) -> None:
        expired = self._expired.get((keep, at[:7]))
        if expired is None:
            self._suspects[position] = _Suspect(row_id, row, None)
            return
        self.findings.expired += 1
        expired.rows += 1
        expired.running.update(row.encode())

    @property
    def absent_rows(self) -> dict[int, int]:
        """Row → position, of links whose row does not stand where they say."""
        return {
            suspect.row_id: position
            for position, suspect in self._suspects.items()
            if suspect.true is None
        }

    def expected_at(self, position: int) -> str:
        """The hash that the chain knows of the absent row at `position`."""
        return self._suspects[position].stored

    def found_elsewhere(self, position: int, true: str) -> None:
        """The row of the absent link at `position` stands at another time or under another kind."""
        suspect = self._suspects[position]
        if true == suspect.stored:
            del self._suspects[position]
            self.findings.add(Harm(HarmKind.RELINKED, position, f"row {suspect.row_id}"))
        else:
            suspect.true = true

    def finish(self, *, whole: bool, to_end: bool) -> Findings:
        """Everything found; `to_end` when the chain ends here, `whole` when it also began here."""
        self._name_suspects()
        findings = self.findings
        findings.last_position = self._position
        last = self._last_root
        loose = max((last.last_position if last else 0) + 1, findings.first_position)
        findings.unanchored_from = loose if loose <= self._position else 0
        if to_end and last is not None and last.last_position > self._position:
            what = f"root {last.number}, {last.last_position}"
            findings.add(Harm(HarmKind.TRUNCATED, self._position + 1, what))
        named = [harm.position for harm in findings.harms]
        for root in self._bad_roots:
            if not any(root.first_position <= place <= root.last_position for place in named):
                what = f"root {root.number}"
                findings.add(Harm(HarmKind.REWRITTEN, root.first_position, what))
        for key, note in self._notes.items() if whole else ():
            told = self._expired[key]
            if (note.rows, note.digest) != (told.rows, told.running.hexdigest()):
                findings.add(Harm(HarmKind.EXPIRY_WRONG, 0, f"{note.keep} {note.month}"))
        findings.harms.sort(key=lambda harm: harm.position)
        return findings

    def _name_suspects(self) -> None:
        standing = {suspect.stored: suspect for suspect in self._suspects.values()}
        for position, suspect in self._suspects.items():
            if suspect.true is None:
                kind = HarmKind.DELETED
            else:
                other = standing.get(suspect.true)
                is_swap = other is not None and other.true == suspect.stored
                kind = HarmKind.SWAPPED if is_swap else HarmKind.ALTERED
            self.findings.add(Harm(kind, position, f"row {suspect.row_id}"))
