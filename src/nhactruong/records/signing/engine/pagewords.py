"""The words of some pages of a file, read by a child process: the library is native code.

Run as a program it is that child.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from nhactruong.foundation.files.children import bind, child_environment

_SECONDS: Final = 20
_MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024
#: A page with more lines than these is compared as far as they go.
_MOST_LINES: Final = 400


def words_of_pages(pdf: bytes, pages: Sequence[int]) -> Mapping[int, list[str]]:
    """The lines of text on each of `pages`, counted from zero; nothing of what cannot be read."""
    if not pages:
        return {}
    try:
        child = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(list(pages)).encode() + b"\n" + pdf,
            capture_output=True,
            env=child_environment(),
            timeout=_SECONDS,
            check=False,
        )
        told = json.loads(child.stdout)
        return {int(page): [str(line) for line in lines] for page, lines in told.items()}
    except (OSError, subprocess.SubprocessError, ValueError, AttributeError, TypeError):
        return {}


def _read(pdf: bytes, pages: list[int]) -> dict[int, list[str]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)  # type: ignore[no-untyped-call]  # the library's class
    found = {}
    for page in pages:
        text = document[page].get_textpage().get_text_range()
        lines = (" ".join(line.split()) for line in text.splitlines())
        found[page] = [line for line in lines if line][:_MOST_LINES]
    return found


def _main() -> None:
    bind(_MEMORY_BYTES, _SECONDS, 0)
    asked, _, pdf = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.write(json.dumps(_read(pdf, json.loads(asked))))


if __name__ == "__main__":
    _main()
