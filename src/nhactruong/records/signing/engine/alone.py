"""One file judged in a child process that may crash, hang or swell without harming the caller.

Run as a program it is that child: the request comes as JSON, the file is read from its path.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from nhactruong.foundation.files.children import bind, child_environment
from nhactruong.records.signing.engine import validation
from nhactruong.records.signing.engine.trust import RootKind, TrustList, TrustRoot
from nhactruong.records.signing.engine.trust_folder import TrustBasis
from nhactruong.records.signing.engine.verdicts import FileOutcome, FileVerdict, ReasonCode

_MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024
_SECONDS: Final = 60
#: Loading libraries on a busy machine is not the file's fault.
_START_SECONDS: Final = 15


def judged_alone(path: Path, basis: TrustBasis, now: datetime) -> dict[str, Any]:
    """`FileVerdict.as_dict()` of the file at `path`, told page by page; never raises on its content.

    A file that brings its reader down is not judged: indeterminate.
    """
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        start_new_session=True,
    )
    try:
        out, _ = child.communicate(
            json.dumps(_request(path, basis, now)).encode(), timeout=_SECONDS + _START_SECONDS
        )
        report: dict[str, Any] = json.loads(out)
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return _not_judged(path, basis, now)
    finally:
        # Its own children go with it.
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    return report


def _not_judged(path: Path, basis: TrustBasis, now: datetime) -> dict[str, Any]:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileVerdict(
        FileOutcome.INDETERMINATE,
        (ReasonCode.NOT_JUDGED,),
        (),
        (),
        sha256,
        now,
        basis.trust.version,
    ).as_dict()


def _request(path: Path, basis: TrustBasis, now: datetime) -> dict[str, Any]:
    trust = basis.trust
    return {
        "path": str(path.resolve()),
        "now": now.isoformat(),
        "version": trust.version,
        "roots": [[_text(root.certificate_der), root.kind.value] for root in trust.roots],
        "intermediates": [_text(der) for der in trust.intermediates_der],
        "agencies": sorted(trust.agency_identifiers),
        "crls": [_text(der) for der in basis.crls],
    }


def _text(der: bytes) -> str:
    return base64.b64encode(der).decode()


def _trust(asked: Mapping[str, Any]) -> TrustList:
    return TrustList(
        asked["version"],
        tuple(TrustRoot(base64.b64decode(der), RootKind(kind)) for der, kind in asked["roots"]),
        tuple(base64.b64decode(der) for der in asked["intermediates"]),
        frozenset(asked["agencies"]),
    )


def _main() -> None:
    asked = json.load(sys.stdin)
    # Libraries write to file descriptor 1; the answer keeps a channel of its own.
    channel = os.dup(1)
    os.dup2(2, 1)
    logging.disable()
    bind(_MEMORY_BYTES, _SECONDS, 0)
    found = validation.verify(
        Path(asked["path"]).read_bytes(),
        trust=_trust(asked),
        now=datetime.fromisoformat(asked["now"]),
        crls=[base64.b64decode(der) for der in asked["crls"]],
        tell_pages=True,
    )
    with os.fdopen(channel, "w", encoding="utf-8") as out:
        json.dump(found.as_dict(), out)
    os._exit(0)


if __name__ == "__main__":
    _main()
