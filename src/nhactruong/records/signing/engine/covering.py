"""Whether words of a page stand where something is laid over it later.

Run as a program it is the child that reads the page: the library that does so is native code, and
the file comes from outside.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from nhactruong.foundation.files.children import bind, child_environment

Rect = tuple[float, float, float, float]

#: So many letters or digits are words; dots and lines to write on are none.
_FEWEST_LETTERS: Final = 3
#: Letters that only touch the edge of a box do not stand under it.
_EDGE_POINTS: Final = 2.0
_SECONDS: Final = 20
_MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024


def covers_words(pdf: bytes, places: Sequence[tuple[int, Rect]]) -> bool:
    """Whether words of the page itself, form and annotations apart, stand in one of `places`.

    A place is a page, counted from zero, and a box on it. What cannot be read counts as covered.
    """
    if not places:
        return False
    try:
        child = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(list(places)).encode() + b"\n" + pdf,
            capture_output=True,
            env=child_environment(),
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return True
    return child.stdout != b"clear"


def _words_in(pdf: bytes, places: list[tuple[int, Rect]]) -> bool:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)  # type: ignore[no-untyped-call]  # the library's class
    for page, (left, bottom, right, top) in places:
        found = document[page].get_textpage()
        edge = min(_EDGE_POINTS, (right - left) / 4, (top - bottom) / 4)
        text = found.get_text_bounded(left + edge, bottom + edge, right - edge, top - edge)
        if sum(letter.isalnum() for letter in text) >= _FEWEST_LETTERS:
            return True
    return False


def _main() -> None:
    bind(_MEMORY_BYTES, _SECONDS, 0)
    asked, _, pdf = sys.stdin.buffer.read().partition(b"\n")
    if not _words_in(pdf, json.loads(asked)):
        sys.stdout.write("clear")


if __name__ == "__main__":
    _main()
