"""Widths and coverage of the letter faces, read from the font files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

#: The faces by style; the names are those of the vendored files.
FACE_FILES = {
    "regular": "Tinos_400Regular.ttf",
    "italic": "Tinos_400Regular_Italic.ttf",
    "bold": "Tinos_700Bold.ttf",
    "bold_italic": "Tinos_700Bold_Italic.ttf",
}


@dataclass(frozen=True, slots=True)
class Face:
    """What one face can print and how wide: advances in thousandths of the letter size."""

    advances: dict[int, float]

    def width(self, text: str, size: float) -> float:
        """The width of `text` in points at `size` points, without kerning."""
        missing = self.advances[ord(" ")]
        return sum(self.advances.get(ord(letter), missing) for letter in text) * size / 1000

    def fitting_size(self, text: str, width: float, sizes: Iterable[float]) -> float:
        """The first of falling `sizes` at which `text` fits into `width` points, or the last."""
        size = 0.0
        for size in sizes:
            if self.width(text, size) <= width:
                break
        return size

    def balanced_width(self, text: str, size: float, limit: float) -> float:
        """The least width in points that breaks `text` into no more lines than `limit` does."""
        # Not at every white space: a no-break blank belongs to its word.
        words = [self.width(word, size) for word in text.split(" ") if word]
        blank = self.width(" ", size)
        lines = _lines(words, blank, limit)
        low, high = max(words, default=0.0), limit
        while high - low > 1.0:
            middle = (low + high) / 2
            if _lines(words, blank, middle) <= lines:
                high = middle
            else:
                low = middle
        # Kerning and hinting may add a little.
        return min(limit, high * 1.01 + 2)


def _lines(words: list[float], blank: float, width: float) -> int:
    lines, used = 1, 0.0
    for word in words:
        if used and used + blank + word > width:
            lines, used = lines + 1, word
        else:
            used += (blank if used else 0.0) + word
    return lines


@lru_cache(maxsize=8)
def face(folder: Path, style: str = "regular") -> Face:
    """The face of a style ("regular", "italic", "bold", "bold_italic") found in `folder`."""
    with TTFont(folder / FACE_FILES[style], lazy=True) as font:
        units = font["head"].unitsPerEm
        advances = font["hmtx"].metrics
        return Face(
            {code: advances[name][0] * 1000 / units for code, name in font.getBestCmap().items()}
        )
