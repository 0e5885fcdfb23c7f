"""The state diagrams of docs/how-it-works/states.md, drawn from the tables the commands obey.

With `--check` it writes nothing and ends with 1 when the page is no longer true.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from nhactruong.masterdata.changes import rules as changes
from nhactruong.masterdata.importing import rules as importing
from nhactruong.records.distribution import rules as distribution
from nhactruong.records.dossiers import rules as dossiers
from nhactruong.records.incoming import rules as incoming
from nhactruong.records.outgoing import rules as outgoing

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "how-it-works" / "states.md"
_TABLES: Final = (
    (
        "Outgoing documents",
        "records/outgoing/rules.py",
        outgoing.TRANSITIONS,
        outgoing.STATE_LABELS,
    ),
    (
        "Incoming documents",
        "records/incoming/rules.py",
        incoming.TRANSITIONS,
        incoming.STATE_LABELS,
    ),
    (
        "Deliveries",
        "records/distribution/rules.py",
        distribution.TRANSITIONS,
        distribution.DELIVERY_LABELS,
    ),
    ("Dossiers", "records/dossiers/rules.py", dossiers.TRANSITIONS, dossiers.STATE_LABELS),
    (
        "Lists brought in",
        "masterdata/importing/rules/states.py",
        importing.TRANSITIONS,
        importing.STATE_LABELS,
    ),
    (
        "Change orders",
        "masterdata/changes/rules.py",
        changes.TRANSITIONS,
        changes.STATE_LABELS,
    ),
)


def diagram(table: Mapping[tuple[str, Any], Any], labels: Mapping[Any, str]) -> Iterator[str]:
    """The lines of a Mermaid diagram; acts that lead from a state to the same other share an arrow."""
    arrows: dict[tuple[StrEnum, StrEnum], list[str]] = {}
    for (verb, before), after in table.items():
        arrows.setdefault((before, after), []).append(verb)
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state, label in labels.items():
        yield f"    {state}: {state} ({label})"
    yield f"    [*] --> {next(iter(labels))}"
    for (before, after), verbs in arrows.items():
        yield f"    {before} --> {after}: {', '.join(verbs)}"
    for state in labels:
        if not any(before == state for before, _ in arrows):
            yield f"    {state} --> [*]"
    yield "```"


def page() -> str:
    """The whole page."""
    lines = [
        "# States",
        "",
        "Drawn by `make docs` from the tables that the commands obey; do not edit.",
    ]
    for title, room, table, labels in _TABLES:
        lines += ["", f"## {title}", f"`TRANSITIONS` in `{room}`.", "", *diagram(table, labels)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
