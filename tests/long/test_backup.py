"""The office burns down and stands again: saved at work, wiped, restored, and work goes on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.office import PROJECT, Installation, installation
from tests.long.commune import Team
from tests.long.comparing import Store, commune_ids, faults
from tests.long.desk import eventually
from tests.long.journal import Journal

pytestmark = pytest.mark.long

PASSPHRASE = "một câu dài chỉ hai người biết"


def test_an_office_saved_wiped_and_restored_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    shelf = tmp_path / "kệ sao lưu"
    with installation(tmp_path / "var", NHACTRUONG_BACKUP_PASSPHRASE=PASSPHRASE) as office:
        journal, store = Journal(), Store(office)
        team = Team(office, journal, "một", *commune_ids(store))
        team.carry(1)
        first = json.loads(office.command("backup", str(shelf), "--json"))
        team.carry(2)
        eventually("everything settled", lambda: store.is_settled() or None, every=1.0)
        second = json.loads(office.command("backup", str(shelf), "--json"))
        assert office.health() == 200
        assert 0 < second["new_files"] < first["new_files"] == first["files"]
        assert second["files"] == second["new_files"] + first["files"]
        before = counts(store)
        environment = office.environment

    shutil.rmtree(tmp_path / "var")
    outcome = subprocess.run(
        [sys.executable, "-m", "nhactruong.assembly.cli", "restore", str(shelf), "--json"],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    proof = json.loads(outcome.stdout)
    assert proof["faults"] == [] and proof["files"] == second["files"]
    assert proof["links"] == before["audit_auditlink"] and proof["signed_files"] >= 4

    with installation(tmp_path / "var") as restored:
        assert counts(Store(restored)) == before
        found = faults(Store(restored), journal, team.carried)
        assert found == [], "\n".join(found)
        whole_life(restored)
        # What the restored office does goes on in the same chain, with the same keys.
        again = Team(restored, journal, "một", *commune_ids(Store(restored)))
        again.carried = team.carried
        again.carry(3)
        settled = Store(restored)
        eventually("everything settled", lambda: settled.is_settled() or None, every=1.0)
        found = faults(settled, journal, again.carried)
        assert found == [], "\n".join(found)


def counts(store: Store) -> dict[str, int]:
    """How many rows the tables hold that say what was done."""
    tables = (
        "audit_auditlink",
        "files_blob",
        "files_holding",
        "documents_document",
        "numbering_allottednumber",
        "signing_signaturerecord",
        "accounts_user",
    )
    return {
        name: store.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"]  # noqa: S608  # our own names
        for name in tables
    }


def whole_life(office: Installation) -> None:
    """The journey of a report from the first word to the answer, against the restored office."""
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/journeys/test_whole_life.py"],
        env=os.environ
        | {"NHACTRUONG_JOURNEYS_AT": office.url, "NHACTRUONG_JOURNEYS_VAR": str(office.state)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout[-4000:]
