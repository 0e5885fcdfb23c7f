"""Which agencies the office knows, as far as reading a name block needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Protocol

from nhactruong.kernel.text import fold

#: A name that differs more than this from every known one belongs to nobody we know.
_LEAST_LIKENESS: Final = 0.86
#: Names of agencies differ in one word only (xã Suối Ngân, xã Suối Trăng): no word may differ more
#: than a scan misreads it, however alike the rest is.
_LEAST_LIKENESS_OF_A_WORD: Final = 0.7


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """An agency by any key the caller chooses, its names in all spellings, its organ codes."""

    key: str
    names: tuple[str, ...]
    organ_codes: tuple[str, ...] = ()


class Directory(Protocol):
    """The agencies an incoming document may come from."""

    def agencies(self) -> Sequence[KnownAgency]:
        """All known agencies; the order decides between equal matches."""
        ...


class NoDirectory:
    """A directory that knows nobody, for reading without an office's data."""

    def agencies(self) -> Sequence[KnownAgency]:
        """An empty list."""
        return ()


def match_agency(
    directory: Directory, issuer: str, superior: str, organ_code: str
) -> tuple[str, float] | None:
    """The key of the agency meant by a name block and how sure that is (0..1), or `None`.

    A name that says too little alone (`VĂN PHÒNG`) is compared together with the line above it.
    """
    spoken = {fold(f"{issuer} {superior}"), fold(issuer)} - {""}
    best: tuple[str, float] | None = None
    for agency in directory.agencies():
        likeness = max(
            (_likeness(fold(name), said) for name in agency.names for said in spoken),
            default=0.0,
        )
        if organ_code and organ_code in agency.organ_codes:
            likeness = min(1.0, likeness + 0.05)
        if likeness >= _LEAST_LIKENESS and (best is None or likeness > best[1]):
            best = (agency.key, round(likeness, 3))
    return best


def _likeness(name: str, said: str) -> float:
    """How alike two folded names are (0..1); 0 when any one of their words is another word."""
    words, others = name.split(), said.split()
    if len(words) == len(others) and any(
        SequenceMatcher(None, word, other).ratio() < _LEAST_LIKENESS_OF_A_WORD
        for word, other in zip(words, others, strict=True)
    ):
        return 0.0
    return SequenceMatcher(None, name, said).ratio()
