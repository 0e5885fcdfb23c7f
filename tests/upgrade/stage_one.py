"""The office of stage 1 put back as it lay, and what of it is still there later."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from nhactruong.assembly.safekeeping.saving import connection_environment, tool
from nhactruong.assembly.supervision import schema
from nhactruong.assembly.supervision.database import borrowed, cluster_of
from nhactruong.assembly.supervision.installation import from_environ

_PACKED: Final = Path(__file__).with_name("stage-one.tar.xz")
_DATABASE: Final = "database.sql"
#: Nothing of the office: queues, sessions, heartbeats, and what the worker works off.
_PASSING: Final = ("procrastinate_", "django_session", "worker_beat", "audit_auditpending")


@dataclass(frozen=True)
class Kept:
    """What an office holds: rows by table, the audit record, its chain, the stored files."""

    rows: dict[str, frozenset[int]]
    record: frozenset[tuple[Any, ...]]
    chain: frozenset[tuple[Any, ...]]
    #: SHA-256 of what the database names, and of the bytes that lie in the store.
    named: frozenset[str]
    stored: frozenset[str]

    def lost(self, later: Kept) -> dict[str, int]:
        """How much of this is no longer there, by table or kind; empty when nothing is."""
        pairs = {name: (ids, later.rows.get(name, frozenset())) for name, ids in self.rows.items()}
        found = {name: len(before - after) for name, (before, after) in pairs.items()}
        found |= {
            "audit record": len(self.record - later.record),
            "audit chain": len(self.chain - later.chain),
            "named files": len(self.named - later.named),
            "stored files": len(self.stored - later.stored),
        }
        return {name: count for name, count in found.items() if count}


def restore(state: Path) -> Kept:
    """Database and files of stage 1 under `state`, untouched by the code of today."""
    state.mkdir(mode=0o700)
    with tarfile.open(_PACKED) as archive:
        archive.extractall(state, filter="data")
    dump = (state / _DATABASE).rename(state.with_name(f"{state.name}.{_DATABASE}"))
    installation = from_environ({"NHACTRUONG_VAR": str(state)})
    with borrowed(installation, "restore") as environment:
        subprocess.run(
            [
                *(tool("psql"), "--quiet", "--single-transaction", "--no-psqlrc"),
                *("--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={dump}"),
            ],
            env=connection_environment(environment["DATABASE_OWNER_URL"]),
            check=True,
        )
        # As the `up` of stage 1 noted it, so that no sample is looked for again.
        schema.note_sample(installation, environment["DATABASE_URL"])
        packed = kept(state)
    dump.unlink()
    return packed


def kept(state: Path) -> Kept:
    """What the office under `state` holds while its database runs."""
    installation = from_environ({"NHACTRUONG_VAR": str(state)})
    with psycopg.connect(cluster_of(installation).owner_url) as database:

        def pairs(query: str) -> frozenset[tuple[Any, ...]]:
            return frozenset(database.execute(query).fetchall())  # type: ignore[call-overload]

        tables = pairs(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition AND a.attname = 'id' AND a.atttypid = 'bigint'::regtype"
        )
        return Kept(
            rows={
                name: frozenset(
                    number
                    for (number,) in database.execute(
                        sql.SQL("SELECT id FROM {}").format(sql.Identifier(name))
                    )
                )
                for (name,) in tables
                if not name.startswith(_PASSING)
            },
            record=pairs("SELECT event_id, action, hash FROM audit_auditrow"),
            chain=pairs("SELECT position, hash FROM audit_auditlink"),
            named=frozenset(sha for (sha,) in pairs("SELECT sha256 FROM files_blob")),
            stored=frozenset(
                hashlib.sha256(file.read_bytes()).hexdigest()
                for file in (state / "files").glob("??/??/*")
            ),
        )
