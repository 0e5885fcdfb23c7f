"""Real workers on the database and the files of a test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import connection

_WORKERS: Final = 2
_PATIENCE_SECONDS: Final = 300.0


def await_all(wanted: int, what: str, count: Callable[[], int]) -> None:
    """Nothing, once `count` says that all are `what`."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    pause = threading.Event()
    while count() < wanted:
        assert time.monotonic() < deadline, f"{count()} of {wanted} {what}"
        pause.wait(0.2)


def start_worker() -> subprocess.Popen[bytes]:
    """One worker, running."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"{url}&port={database['PORT']}" if database["PORT"] else url,
        "NHACTRUONG_VAR": str(settings.STATE_FOLDER),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "nhactruong.assembly.cli", "worker"], env=environment
    )


@contextmanager
def workers(count: int = _WORKERS) -> Iterator[None]:
    """So many workers, told to stop at the end."""
    started = [start_worker() for _ in range(count)]
    try:
        yield
    finally:
        for worker in started:
            worker.send_signal(signal.SIGTERM)
        for worker in started:
            worker.wait(timeout=60)
