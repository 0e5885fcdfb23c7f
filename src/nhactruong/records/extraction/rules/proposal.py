"""What a reading proposes: a value, how sure it is, and the printed line it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from nhactruong.records.extraction.rules.page import Box, Line

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """Where a value was read: page (from 0), its box if the page has places, the printed line."""

    page: int
    box: Box | None
    line: str


@dataclass(frozen=True, slots=True)
class Proposal(Generic[T]):
    """A value for a clerk to accept. `confidence` 0..1; `note` is a Vietnamese hint or empty."""

    value: T
    confidence: float
    source: SourceSpan | None
    note: str = ""
    needs_look: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its page (from 0) and its place in reading order over the whole document."""

    line: Line
    page: int
    index: int

    @property
    def text(self) -> str:
        """The printed text."""
        return self.line.text


def span_of(lines: list[Placed]) -> SourceSpan | None:
    """One span around lines of one page; the text is theirs joined by blanks."""
    if not lines:
        return None
    same_page = [placed for placed in lines if placed.page == lines[0].page]
    box = same_page[0].line.box
    for placed in same_page[1:]:
        if box is not None and placed.line.box is not None:
            box = box.joined(placed.line.box)
    return SourceSpan(lines[0].page, box, " ".join(placed.text for placed in lines))


def proposed(
    value: U, sure: float, lines: list[Placed], note: str = "", *, needs_look: bool = False
) -> Proposal[U]:
    """A proposal whose confidence is `sure` lowered by the weakest recognised line."""
    weakest = min((placed.line.confidence for placed in lines), default=1.0)
    return Proposal(value, round(sure * weakest, 2), span_of(lines), note, needs_look)
