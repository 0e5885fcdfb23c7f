"""Taking a backup while the office works: first the database, then the files it names.

Files never change and are never taken away, so whatever the database's snapshot names is there
when the files are read a moment later.
"""

from __future__ import annotations

import errno
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from nhactruong.assembly.supervision import postgres_programs as programs
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.keeping.archive import Manifest, Writer, write
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal
from nhactruong.foundation.audit import rules

DUMP: Final = "database.dump"
#: The usual place of the signed roots; a shelf elsewhere is kept by whoever keeps that place.
SHELF: Final = "audit/shelf"
#: What is made again by itself: the cluster is in the dump, the rest is drawn or told anew.
LEFT_OUT: Final = ("pg", "run", "log", "static", "pictures", "bench", "restoring")
_UNFINISHED_UPLOADS: Final = "files/incoming"
_EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup: files in it, bytes before encryption and of the archive."""

    files: int
    content_bytes: int
    archive_bytes: int


def back_up(
    installation: Installation,
    owner_url: str,
    target: Path,
    recipients: Sequence[Any],
    manifest: Manifest,
    tell: Callable[[str], None],
) -> Taken:
    """The archive at `target`; it gets its name only when it is whole and on disk.

    Raises: Refusal (`FAILED` when `target` exists or the database cannot be read, `DISK_FULL`).
    """
    if target.exists():
        raise Refusal(
            ExitCode.FAILED,
            "backup.exists",
            "Tệp %(target)s đã có; bản sao lưu không bao giờ ghi đè, hãy chọn tên khác.",
            target=target,
        )
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=installation.temporary_folder) as folder:
            dump = Path(folder) / DUMP
            tell("Đọc cơ sở dữ liệu")
            with _moment(owner_url, installation.var / SHELF) as (snapshot, shelved):
                _dump(owner_url, snapshot, dump)

            def fill(writer: Writer) -> None:
                writer.add(DUMP, dump)
                for number, (name, path) in enumerate(kept_files(installation.var), 1):
                    is_root = name.startswith(f"{SHELF}/") and path.suffix == ".json"
                    # A root laid since then speaks of links the dump does not have.
                    if not is_root or path in shelved:
                        writer.add(name, path)
                    if number % _EVERY == 0:
                        tell(f"Đã đưa vào {number} tệp")

            with unfinished.open("wb") as file:
                os.fchmod(file.fileno(), 0o600)
                write(file, recipients, manifest, fill)
                file.flush()
                os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        raise _disk(target, error) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return Taken(
        files=len(manifest.entries) - 1,
        content_bytes=sum(entry.size for entry in manifest.entries.values()),
        archive_bytes=target.stat().st_size,
    )


def kept_files(var: Path) -> Iterator[tuple[str, Path]]:
    """(name in the archive, path) of every file of the state folder that is kept, in order."""
    for parent, folders, files in os.walk(var):
        here = Path(parent).relative_to(var).as_posix()
        folders[:] = sorted(
            name
            for name in folders
            if not (here == "." and name in LEFT_OUT)
            and f"{here}/{name}".removeprefix("./") != _UNFINISHED_UPLOADS
        )
        for name in sorted(files):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(var).as_posix(), path


@contextmanager
def _moment(owner_url: str, shelf: Path) -> Iterator[tuple[str, frozenset[Path]]]:
    """A snapshot of the database, kept for the length of the block, and what lay on the shelf then.

    Nobody seals a day or lets a month expire between the two looks.
    """
    locks = (rules.ROOT_LOCK, rules.EXPIRY_LOCK)
    with psycopg.connect(owner_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for lock in locks:
            connection.execute("SELECT pg_advisory_lock(%s)", [lock])
        connection.commit()
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        shelved = frozenset(shelf.rglob("*"))
        for lock in locks:
            connection.execute("SELECT pg_advisory_unlock(%s)", [lock])
        yield str(found[0] if found else ""), shelved


def _dump(owner_url: str, snapshot: str, target: Path) -> None:
    done = run_program(
        "pg_dump",
        f"--snapshot={snapshot}",
        *("--format=custom", "--compress=6", "--no-owner", "--no-comments"),
        # Who was signed in is nobody's record: after a restore everybody signs in again.
        "--exclude-table-data=django_session",
        f"--file={target}",
        f"--dbname={owner_url}",
    )
    if done.returncode != 0:
        raise Refusal(
            ExitCode.FAILED,
            "backup.database_unread",
            "Không đọc được cơ sở dữ liệu để sao lưu (%(reason)s).",
            reason=last_words(done.stderr),
        )


def run_program(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program of PostgreSQL, run to its end."""
    return subprocess.run(
        [str(programs.binaries() / name), *arguments],
        env=programs.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def last_words(text: str) -> str:
    """The last line of what a program said."""
    return (text.strip().splitlines() or ["?"])[-1]


def _disk(target: Path, error: OSError) -> Refusal:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return Refusal(
        ExitCode.DISK_FULL if full else ExitCode.FAILED,
        "backup.not_written",
        "Không ghi được bản sao lưu %(target)s (%(reason)s); không có tệp dở dang nào để lại.",
        target=target,
        reason=error.strerror or error,
    )
