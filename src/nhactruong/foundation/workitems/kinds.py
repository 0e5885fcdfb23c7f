"""What kinds of work exist: their word, icon, button and page; filled once by assembly."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from nhactruong.foundation.web.addresses import record_url
from nhactruong.kernel.states import Act


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work as the inbox shows it; `url_name` takes the record's public identifier.

    `source_label` says what its source is (`Nơi gửi`); `source_form` puts the source into a row.
    A source that is a reason and not a sender (`is_from_someone` False) is no filter. `act` is
    what a delegation lends to let this work be done; without it the holder alone does it.
    """

    code: str
    label: str
    icon: str
    act_label: str
    url_name: str
    source_label: str = ""
    source_form: str = "{}"
    is_from_someone: bool = True
    act: Act | None = None

    def url(self, object_id: uuid.UUID) -> str:
        """The page on which this work is done."""
        return record_url(self.url_name, object_id)


_kinds: Final[dict[str, Kind]] = {}


def register(*kinds: Kind) -> None:
    """Let the inbox show work of these kinds."""
    _kinds.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> Kind:
    """The kind of that code; KeyError names a kind nobody registered, a mistake of ours."""
    return _kinds[code]


def all_kinds() -> tuple[Kind, ...]:
    """Every registered kind, in the order of registration."""
    return tuple(_kinds.values())


def lent_with(acts: frozenset[Act]) -> tuple[str, ...]:
    """The codes of the work that these lent acts let be done."""
    return tuple(kind.code for kind in _kinds.values() if kind.act in acts)
