"""The verdict of this installation on a file: by whom it trusts, without any key.

The sample office trusts its own test service. A production installation trusts the roots laid
into `trust/` of its state folder, and nobody while there are none; it says so in the verdict.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nhactruong.kernel import clock
from nhactruong.records.signing.engine import validation
from nhactruong.records.signing.engine.alone import judged_alone
from nhactruong.records.signing.engine.verdicts import FileVerdict
from nhactruong.records.signing.surroundings import trust_basis


def verify(pdf: bytes) -> FileVerdict:
    """What the signatures of a file are worth now, and page by page what followed each.

    Never raises on the file's content.
    """
    now = clock.now()
    basis = trust_basis(now)
    return validation.verify(pdf, trust=basis.trust, now=now, crls=basis.crls, tell_pages=True)


def verify_alone(path: Path) -> dict[str, Any]:
    """The same of a file that nobody has looked at yet, as JSON values, judged in a child process."""
    now = clock.now()
    return judged_alone(path, trust_basis(now), now)


def trust_version() -> str:
    """Which list of roots a verdict of now would rest on; "" when there is none."""
    return trust_basis(clock.now()).trust.version
