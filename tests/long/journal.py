"""What the office's people were told: the client's side of the truth."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as far as a repetition must bring the same."""

    status: int
    location: str
    #: Of an answer to a script; pages are looked at, not kept.
    json: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One act the person was told is done, with the very request that asked for it."""

    act: str
    subject: str
    person: str
    url: str
    operation_id: str
    body: str
    answer: Answer


@dataclass(slots=True)
class Journal:
    """All acknowledged acts, and how often an answer got lost on the way."""

    entries: list[Acknowledged] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, entry: Acknowledged) -> None:
        """Keep an acknowledged act."""
        with self._lock:
            self.entries.append(entry)

    def note_lost(self, act: str) -> None:
        """Count a request that got no answer, or one that says nothing about the act."""
        with self._lock:
            self.lost[act] += 1

    def of(self, act: str) -> Sequence[Acknowledged]:
        """The acknowledged acts of one kind."""
        return [entry for entry in self.entries if entry.act == act]
