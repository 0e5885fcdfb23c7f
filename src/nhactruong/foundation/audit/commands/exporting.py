"""Taking the record, or a part of it, out into a folder that anybody can verify."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from nhactruong.foundation.audit import shelf as shelves
from nhactruong.foundation.audit.commands.recording import record
from nhactruong.foundation.audit.engine.hashing import ROW_FIELDS, canonical_json, time_text
from nhactruong.foundation.audit.selectors.streaming import (
    StoredRow,
    links_with_rows,
    rows_by_id,
    rows_outside_the_chain,
)
from nhactruong.foundation.audit.selectors.verifying import Span, judged_shelf, span_of
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import OutsideFailure, RuleBroken

FORMAT: Final = "nhactruong-audit-export/1"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was taken out."""

    folder: Path
    first_position: int
    last_position: int
    links: int
    rows: int


def export_record(
    actor: Actor, folder: Path, *, since: date | None = None, until: date | None = None
) -> Exported:
    """The part of the record chained from `since` to `until`, widened to whole roots, in `folder`.

    Rows come as they lie there, harmed or not. The record says that it was taken out.
    Raises: RuleBroken `audit.folder_not_empty`, OutsideFailure `audit.export`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise RuleBroken(
            "audit.folder_not_empty",
            "Thư mục %(folder)s đã có tệp. Chọn một thư mục trống để xuất nhật ký.",
            folder=folder,
        )
    judged, _ = judged_shelf()
    span = span_of(since, until, judged.roots)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy_shelf(folder)
        links, rows = _write(folder, span)
        _write_manifest(folder, span)
    except OSError as fault:
        raise OutsideFailure(
            "audit.export",
            "Không ghi được vào thư mục %(folder)s: %(fault)s.",
            folder=folder,
            fault=fault.strerror or fault,
        ) from fault
    record(actor, "audit.exported", first_position=span.first, last_position=span.last, rows=rows)
    return Exported(folder, span.first, span.last, links, rows)


def _copy_shelf(folder: Path) -> None:
    shelf = shelves.shelf()
    for kind in (shelves.ROOTS, shelves.NOTES):
        (folder / kind).mkdir()
        for file in shelf.files(kind):
            (folder / kind / file.path.name).write_bytes(file.content)
            if file.stamp is not None:
                stamp = file.path.with_suffix(shelves.STAMP)
                (folder / kind / stamp.name).write_bytes(file.stamp)
    key = shelf.folder / shelves.PUBLIC_KEY
    if key.exists():
        (folder / key.name).write_bytes(key.read_bytes())


def _write(folder: Path, span: Span) -> tuple[int, int]:
    """How many links and rows were written."""
    links = rows = 0
    absent = []
    with (
        (folder / "links.jsonl").open("w", encoding="utf-8") as link_lines,
        (folder / "rows.jsonl").open("w", encoding="utf-8") as row_lines,
    ):
        for link, row in links_with_rows(span.first, span.last):
            link_lines.write(canonical_json(link) + "\n")
            links += 1
            if row is None:
                absent.append(link[1])
            else:
                _write_row(row_lines, link[1], row)
                rows += 1
        for row_id, row in _others(absent, span):
            _write_row(row_lines, row_id, row)
            rows += 1
    return links, rows


def _others(absent: list[int], span: Span) -> Iterator[tuple[int, StoredRow]]:
    """Rows that stand elsewhere than their links say, and those that no link names."""
    found = dict(rows_by_id(absent))
    yield from found.items()
    if span.whole:
        yield from (
            (row_id, row) for row_id, row in rows_outside_the_chain() if row_id not in found
        )


def _write_row(lines: IO[str], row_id: int, row: StoredRow) -> None:
    text = list(row.text)
    text[-1] = canonical_json(json.loads(text[-1] or "{}"))
    told: dict[str, Any] = dict(zip(ROW_FIELDS, text, strict=True))
    told.update(id=row_id, version=row.version, hash=row.kept_hash)
    lines.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")


def _write_manifest(folder: Path, span: Span) -> None:
    told = {
        "format": FORMAT,
        "first_position": span.first,
        "last_position": span.last,
        "previous": span.previous,
        "to_end": span.to_end,
        "made_at": time_text(clock.now()),
    }
    (folder / "manifest.json").write_text(canonical_json(told) + "\n", encoding="utf-8")
