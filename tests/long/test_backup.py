"""The office burns down: what was backed up comes back elsewhere, and the work goes on there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.journeys.office import PROJECT, Installation, installation

pytestmark = pytest.mark.long

_STORY = "tests/journeys/test_whole_life.py"


def test_an_office_backed_up_at_work_is_brought_back_and_works_on(tmp_path: Path) -> None:
    key, archive = tmp_path / "key.txt", tmp_path / "away" / "office.age"
    with installation(tmp_path / "var") as office:
        public = office.command("backup", "--new-key", str(key)).split()[-1]
        tell_the_story(office)
        said = office.command("backup", str(archive), "--to", public)
        kept = counts(office)
        # What happens after the backup is lost with the machine, and only that.
        assert office.health() == 200
    assert "Đã sao lưu" in said

    back = tmp_path / "back" / "var"
    environment = {**office.environment, "NHACTRUONG_VAR": str(back)}
    restored = subprocess.run(
        [
            sys.executable,
            "-m",
            "nhactruong.assembly.cli",
            "restore",
            str(archive),
            "--key",
            str(key),
        ],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "liền mạch" in restored.stdout and "không đổi" in restored.stdout
    print(restored.stdout)  # noqa: T201  # the proof, for whoever ran this

    with installation(back) as office:
        found = counts(office)
        # The start of the restored office has its own lines in the record; nothing else is new.
        assert {**found, "audit_auditrow": 0} == {**kept, "audit_auditrow": 0}
        assert found["audit_auditrow"] >= kept["audit_auditrow"]
        tell_the_story(office)
        office.command("audit", "verify")


def tell_the_story(office: Installation) -> None:
    """The whole life of a document, as a browser journey in this office."""
    environment = {
        **os.environ,
        "NHACTRUONG_JOURNEYS_AT": office.url,
        "NHACTRUONG_JOURNEYS_VAR": str(office.state),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", _STORY],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def counts(office: Installation) -> dict[str, int]:
    """Rows of every table of records."""
    folder = office.state / "run" / "pg"
    url = f"postgresql://nhactruong_owner@{str(folder).replace('/', '%2F')}/nhactruong"
    with psycopg.connect(url) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
                " AND c.relname !~ '^(django|procrastinate|auth|audit_auditpending|audit_auditlink"
                "|persistence)' ORDER BY 1"
            )
        ]
        found = {}
        for name in names:
            row = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
            found[name] = row[0] if row else 0
    assert found["documents_document"] > 50
    return found
