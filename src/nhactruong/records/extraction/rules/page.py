"""What was read from a file: pages of lines, each line with its place on the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Source = Literal["text_layer", "ocr", "docx"]
#: `blank`: nothing is drawn on the page; `skipped`: a scanned page beyond the OCR limit.
PageSource = Literal["text_layer", "ocr", "docx", "blank", "skipped"]
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the page (0..1), origin at the top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def centre_x(self) -> float:
        """The middle between left and right edge."""
        return (self.x0 + self.x1) / 2

    @property
    def centre_y(self) -> float:
        """The middle between upper and lower edge."""
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        """Lower edge minus upper edge."""
        return self.y1 - self.y0

    def joined(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One word without blanks; `confidence` 0..1, 1 unless it was recognised from a picture."""

    text: str
    box: Box | None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line (or DOCX paragraph), NFC; `None` means that the source does not say.

    `side` is set for DOCX, where a cell of a two-column table stands left or right without a box.
    """

    text: str
    box: Box | None
    words: tuple[Word, ...]
    size_pt: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    side: Side | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page, lines from top to bottom and from left to right; a DOCX is one page."""

    width_pt: float
    height_pt: float
    lines: tuple[Line, ...]
    source: PageSource


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """The words of one file. `source` is `ocr` as soon as one page had to be recognised."""

    pages: tuple[Page, ...]
    source: Source

    @property
    def text(self) -> str:
        """All lines, one per row, pages parted by a form feed."""
        return "\f".join("\n".join(line.text for line in page.lines) for page in self.pages)

    def as_json(self) -> dict[str, Any]:
        """A tree of plain values that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> ReadDocument:
        """The document that `as_json` wrote."""
        return cls(tuple(_page(page) for page in tree["pages"]), tree["source"])


def _box(tree: dict[str, float] | None) -> Box | None:
    return None if tree is None else Box(**tree)


def _line(tree: dict[str, Any]) -> Line:
    words = tuple(Word(w["text"], _box(w["box"]), w["confidence"]) for w in tree["words"])
    return Line(**{**tree, "box": _box(tree["box"]), "words": words})


def _page(tree: dict[str, Any]) -> Page:
    return Page(**{**tree, "lines": tuple(_line(line) for line in tree["lines"])})
