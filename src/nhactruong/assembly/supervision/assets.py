"""Style sheets, scripts and fonts, gathered where the web server hands them out."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from nhactruong.assembly.supervision.children import last_line, run_logged
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_PROGRAM: Final = Path(__file__).resolve().parents[2]
COLLECT: Final = (
    *(sys.executable, "-m", "nhactruong.assembly.cli"),
    *("manage", "collectstatic", "--no-input", "--clear"),
)


def fingerprint() -> str:
    """A digest of every file the pages use; changes when one is added or edited."""
    digest = hashlib.sha256()
    for file in sorted(_PROGRAM.glob("*/*/static/**/*")):
        if file.is_file():
            stat = file.stat()
            digest.update(
                f"{file.relative_to(_PROGRAM)} {stat.st_size} {stat.st_mtime_ns}\n".encode()
            )
    digest.update(importlib.metadata.version("django-htmx").encode())
    return digest.hexdigest()


def _stamp(installation: Installation) -> Path:
    return installation.run_folder / "assets"


def are_current(installation: Installation) -> bool:
    """Whether the gathered files are those of this program."""
    stamp = _stamp(installation)
    gathered = installation.var / "static" / "staticfiles.json"
    return (
        gathered.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint()
    )


def gather(
    installation: Installation,
    environment: Mapping[str, str],
    *,
    command: Sequence[str] = COLLECT,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Gather the files and note that it was done.

    Raises: Refusal (`MIGRATION_FAILED`) with the last line of the log.
    """
    log = installation.log_folder / "assets.log"
    if run_logged("assets", command, environment, log, pause=pause):
        raise Refusal(
            ExitCode.MIGRATION_FAILED,
            "operator.assets_failed",
            "Không chuẩn bị được tài nguyên của trang (%(reason)s); hãy xem %(log)s.",
            reason=last_line(log),
            log=log,
        )
    _stamp(installation).write_text(fingerprint(), encoding="ascii")
