"""Acts of the record in words; the words stand in a storey above and are registered at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """One act: when, by whom and as what, the act, and the thing if the reader may see it."""

    at: datetime
    who: str
    words: str
    reference: str = ""
    url: str = ""


#: (the reader, rows) → the rows in words, in their order.
Teller = Callable[[Actor, Sequence[AuditRow]], Sequence[Told]]
#: Code of an act → its word.
Namer = Callable[[str], str]

_tellers: list[tuple[Teller, Namer]] = []


def register(teller: Teller, namer: Namer) -> None:
    """Let these say what was done; called once at start."""
    _tellers[:] = [(teller, namer)]


def told(actor: Actor, rows: Sequence[AuditRow]) -> Sequence[Told]:
    """The rows in words for this reader."""
    return _tellers[0][0](actor, rows) if rows else []


def act_name(code: str) -> str:
    """The word of one kind of act."""
    return _tellers[0][1](code)
