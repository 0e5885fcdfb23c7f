"""The child: bound first, then it opens the file and tells its rows, a thousand a line."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from nhactruong.foundation.files.children import bind
from nhactruong.kernel.errors import InvalidInput
from nhactruong.masterdata.importing.engine.opening import BROKEN, OLE, ZIP
from nhactruong.masterdata.importing.rules.lists import MOST_ROWS

_BATCH: Final = 1000
_MOST_CELLS: Final = 61
#: No cell of a list is longer; what is cut here is refused as too long all the same.
_LONGEST_CELL: Final = 4000


def main() -> None:
    """Answer one request from standard input, line by line, on standard output."""
    request = json.load(sys.stdin)
    # Libraries may write to file descriptor 1; the answer keeps a channel of its own.
    channel = os.dup(1)
    os.dup2(2, 1)
    bind(request["memory_bytes"], request["seconds"], 0)
    with os.fdopen(channel, "w", encoding="utf-8", errors="replace") as out:
        try:
            _read(Path(request["path"]), out, heading_only=request["heading_only"])
        except InvalidInput as refusal:
            _say(
                out,
                refused={
                    "code": refusal.code,
                    "message": refusal.template,
                    "facts": refusal.facts,
                },
            )
        except MemoryError:
            _say(out, refused={"code": "file.broken", "message": BROKEN, "facts": {}})
    # Libraries full of hostile bytes need not be taken down in order.
    os._exit(0)


def _read(path: Path, out: TextIO, *, heading_only: bool) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    # The library for workbooks is loaded for workbooks only: it takes as long as a small file.
    reader: Any = importlib.import_module(f"{__package__}.{reader_for(head)}")
    rows = _within(reader.rows_of(path))
    _, heading = next(rows, (1, []))
    expected = None if heading_only else reader.count_of(path)
    _say(out, heading=heading, rows=expected)
    batch: list[tuple[int, list[str]]] = []
    for number, row in () if heading_only else rows:
        if not any(row):
            continue
        if number > MOST_ROWS + 1:
            raise InvalidInput(
                "importing.too_many_rows",
                "Tệp có hơn %(most)s dòng. Đồng chí tách thành nhiều tệp.",
                most=f"{MOST_ROWS:,}".replace(",", "."),
            )
        batch.append((number, row))
        if len(batch) == _BATCH:
            _say(out, batch=batch)
            batch = []
    if batch:
        _say(out, batch=batch)
    _say(out, end=True)


def reader_for(head: bytes) -> str:
    """The module that reads a file beginning so: what a spreadsheet program saves, else a table."""
    return "xlsx_file" if head.startswith((ZIP, OLE)) else "csv_file"


def _within(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, cut to what a list can have; blanks at the end fall away."""
    for number, row in enumerate(rows, 1):
        cells = [cell[:_LONGEST_CELL] for cell in row[:_MOST_CELLS]]
        while cells and not cells[-1].strip():
            cells.pop()
        yield number, cells


def _say(out: TextIO, **said: Any) -> None:
    json.dump(said, out, ensure_ascii=False)
    out.write("\n")
    out.flush()


if __name__ == "__main__":
    main()
