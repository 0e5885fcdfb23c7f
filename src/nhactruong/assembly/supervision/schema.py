"""Whether the database has the tables this program needs, decided without starting Django."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import psycopg

from nhactruong.assembly.supervision.children import last_line, run_logged
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.postgres_contents import grant_to_application
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

#: Libraries that bring migrations of their own.
_MIGRATING_LIBRARIES: Final = ("django", "django-allauth", "procrastinate")
_PROGRAM: Final = Path(__file__).resolve().parents[2]
MIGRATE: Final = (
    *(sys.executable, "-m", "nhactruong.assembly.cli"),
    *("manage", "migrate", "--no-input"),
)


def program_fingerprint() -> str:
    """A digest of every migration the program brings; changes when one is added or edited."""
    digest = hashlib.sha256()
    for file in sorted(_PROGRAM.glob("*/*/migrations/*.py")):
        digest.update(str(file.relative_to(_PROGRAM)).encode() + b"\0" + file.read_bytes())
    for name in _MIGRATING_LIBRARIES:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return digest.hexdigest()


def database_fingerprint(url: str) -> tuple[str, str] | None:
    """(which database this is, what was applied to it and when); None before any migration."""
    query = """
        SELECT min(applied)::text,
               md5(string_agg(concat_ws(' ', app, name, applied), ',' ORDER BY id))
        FROM django_migrations HAVING count(*) > 0
    """
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return connection.execute(query).fetchone()
    except psycopg.errors.UndefinedTable:
        return None


def is_current(installation: Installation, url: str) -> bool:
    """Whether the last successful migration was of this program on this very database."""
    found = database_fingerprint(url)
    stamp = _read_stamp(installation)
    return (
        found is not None
        and stamp.get("database") == found[1]
        and stamp.get("program") == program_fingerprint()
    )


def migrate(
    installation: Installation,
    environment: Mapping[str, str],
    *,
    command: Sequence[str] = MIGRATE,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Bring the tables up to date as the owner of the database, and note that it was done.

    Raises: Refusal (`MIGRATION_FAILED`) with the last line of the log.
    """
    owner_url = environment.get("DATABASE_OWNER_URL")
    application_url = environment["DATABASE_URL"]
    if owner_url is not None and not installation.is_embedded:
        role = psycopg.conninfo.conninfo_to_dict(application_url).get("user")
        if isinstance(role, str):
            grant_to_application(owner_url, role)
    log = installation.log_folder / "migrate.log"
    as_owner = {**environment, "DATABASE_URL": owner_url or application_url}
    if run_logged("migrate", command, as_owner, log, pause=pause):
        raise Refusal(
            ExitCode.MIGRATION_FAILED,
            "operator.migration_failed",
            "Không cập nhật được cấu trúc cơ sở dữ liệu (%(reason)s); dữ liệu cũ còn nguyên, "
            "hãy xem %(log)s rồi chạy lại `nhactruong migrate`.",
            reason=last_line(log),
            log=log,
        )
    found = database_fingerprint(application_url)
    if found is not None:
        stamp = _read_stamp(installation)
        stamp.update(program=program_fingerprint(), database=found[1])
        _write_stamp(installation, stamp)


def sample_was_loaded(installation: Installation, url: str) -> bool:
    """Whether the sample office was put into this very database before."""
    found = database_fingerprint(url)
    return found is not None and _read_stamp(installation).get("sample") == found[0]


def note_sample(installation: Installation, url: str) -> None:
    """Remember that this very database needs no sample any more."""
    found = database_fingerprint(url)
    if found is not None:
        _write_stamp(installation, {**_read_stamp(installation), "sample": found[0]})


def _stamp_file(installation: Installation) -> Path:
    return installation.run_folder / "schema.json"


def _read_stamp(installation: Installation) -> dict[str, str]:
    try:
        stamp = json.loads(_stamp_file(installation).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(installation: Installation, stamp: Mapping[str, str]) -> None:
    target = _stamp_file(installation)
    fresh = target.with_suffix(".fresh")
    fresh.write_text(json.dumps(dict(stamp)), encoding="utf-8")
    fresh.replace(target)
