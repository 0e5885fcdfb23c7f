"""One file in, one JSON-able answer out: the whole engine for the operator's `extract` command."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from nhactruong.kernel import clock
from nhactruong.kernel.errors import DomainError
from nhactruong.records.extraction.engine.inspection import inspect_upload
from nhactruong.records.extraction.engine.limits import DEFAULT_LIMITS, Limits
from nhactruong.records.extraction.engine.reading import read_text
from nhactruong.records.extraction.rules.directory import Directory, NoDirectory
from nhactruong.records.extraction.rules.proposals import propose


def extract_file(
    path: Path,
    *,
    directory: Directory | None = None,
    today: date | None = None,
    limits: Limits = DEFAULT_LIMITS,
    tessdata: Path | None = None,
) -> dict[str, Any]:
    """`file`, `source`, `pages`, `proposals`; or `file` and `error` {code, sentence}. Never raises
    for a bad file, so that one does not stop the rest; OSError when `path` cannot be opened.
    """
    try:
        inspected = inspect_upload(path, path.name, limits)
        document = read_text(path, inspected.kind, limits=limits, tessdata=tessdata)
    except DomainError as refusal:
        return {
            "file": {"name": path.name},
            "error": {"code": refusal.code, "sentence": refusal.sentence},
        }
    found = propose(document, directory or NoDirectory(), today or clock.today())
    return {
        "file": {"name": path.name, **asdict(inspected)},
        "source": document.source,
        "pages": [
            {"source": page.source, "width_pt": page.width_pt, "height_pt": page.height_pt}
            for page in document.pages
        ],
        "proposals": found.as_json(),
    }
