"""A small office is saved while it stands, lost, and put back; what cannot be is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.db import connection
from psycopg import sql

from nhactruong.assembly.cli import main
from nhactruong.assembly.safekeeping import keys, pieces, restoring, saving
from nhactruong.assembly.safekeeping import shelf as layout
from nhactruong.assembly.supervision import checks
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.postgres_contents import EXTENSIONS
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.files import commands as files
from nhactruong.foundation.files import store
from nhactruong.foundation.files.engines import engine_for
from nhactruong.kernel.actor import service_actor

LETTER = "Công văn số 12-CV/ĐU".encode() * 9000
CLERK = service_actor("van-thu", "Văn thư")


def address(database: str) -> str:
    """The address of a database beside the test's own."""
    told = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(
        "", **{name: told[name] for name in ("host", "user") if name in told}, dbname=database
    )


def silently(_line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Installation:
    """An office with a secret key, trusted roots, a signed root of its record and one letter."""
    var = tmp_path / "var"
    settings.FILE_STORE = var / "files"
    one = Installation(var, "127.0.0.1", 1, "test", address(connection.settings_dict["NAME"]), None)
    one.prepare_folders()
    (var / "secret-key").write_text("bí mật", encoding="utf-8")
    (var / "secret-key").chmod(0o600)
    (var / "trust").mkdir()
    (var / "trust" / "goc.pem").write_text("gốc", encoding="utf-8")
    (var / "audit" / "shelf").mkdir(parents=True)
    (var / "audit" / "shelf" / "2026-11-28.json").write_text("{}", encoding="utf-8")
    stored = store.write([LETTER])
    files.hold(CLERK, 1, stored, media_type="application/pdf", file_name="cong-van.pdf")
    audit.record(CLERK, "letter.kept")
    audit.seal_chain()
    return one


@pytest.fixture
def empty_database() -> Iterator[str]:
    """An empty database with the extensions of an office."""
    here, name = address(connection.settings_dict["NAME"]), "nhactruong_restored"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(here, autocommit=True) as server:
        server.execute(drop)
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
        with psycopg.connect(address(name), autocommit=True) as fresh:
            for extension in EXTENSIONS:
                fresh.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
        yield address(name)
        server.execute(drop)


def save(office: Installation, shelf: Path, recipients: Any) -> saving.Saved:
    """A backup of the office as the command makes it."""
    with layout.opened(shelf):
        return saving.save(
            office, {"DATABASE_URL": str(office.database_url)}, shelf, recipients, silently
        )


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_stands_again_and_damage_is_named(
    office: Installation, empty_database: str, tmp_path: Path
) -> None:
    shelf = tmp_path / "kệ"
    key = pyrage.x25519.Identity.generate()
    first = save(office, shelf, [key.to_public()])
    second = save(office, shelf, [key.to_public()])
    assert (first.manifest.files, first.new_files, second.new_files) == (1, 1, 0)
    assert layout.snapshot_at(shelf) == second.snapshot
    for piece in shelf.rglob("*"):
        assert not piece.is_file() or LETTER[:24] not in piece.read_bytes()
        assert store.write([LETTER]).sha256 not in str(piece)

    snapshot = second.snapshot
    manifest = restoring.read_manifest(snapshot, [key])
    assert manifest == second.manifest
    elsewhere = replace(office, var=tmp_path / "moi", database_url=empty_database)
    restoring.require_empty(elsewhere)
    elsewhere.prepare_folders()
    there = {"DATABASE_URL": empty_database}
    restoring.restore(elsewhere, there, snapshot, manifest, [key], silently)

    sha256 = store.write([LETTER]).sha256
    with engine_for("", elsewhere.var / "files").local(sha256) as kept:
        assert kept.read_bytes() == LETTER and kept.stat().st_mode & 0o222 == 0
    assert (elsewhere.var / "secret-key").stat().st_mode & 0o777 == 0o600
    for name in ("secret-key", "trust/goc.pem", "audit/shelf/2026-11-28.json"):
        assert (elsewhere.var / name).read_bytes() == (office.var / name).read_bytes()
    counted = "SELECT (SELECT count(*) FROM files_holding), (SELECT count(*) FROM audit_auditlink)"
    with psycopg.connect(empty_database) as restored, connection.cursor() as cursor:
        cursor.execute(counted)
        assert restored.execute(counted).fetchone() == cursor.fetchone() == (1, 1)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            restored.execute("DELETE FROM audit_auditrow")

    with pytest.raises(Refusal) as refused:
        restoring.restore(elsewhere, there, snapshot, manifest, [key], silently)
    assert refused.value.exit_code is ExitCode.RESTORE_REFUSED
    with pytest.raises(Refusal) as refused:
        restoring.read_manifest(snapshot, [pyrage.x25519.Identity.generate()])
    assert refused.value.exit_code is ExitCode.BACKUP_IMPOSSIBLE

    piece = next(shelf.glob("files/*/*.age"))
    whole = bytearray(piece.read_bytes())
    whole[-40] ^= 1
    piece.write_bytes(whole)
    with pytest.raises(Refusal) as refused:
        pieces.unlock(piece, io.BytesIO(), [key])
    assert refused.value.exit_code is ExitCode.BACKUP_DAMAGED


@pytest.mark.django_db(transaction=True)
def test_a_backup_broken_off_leaves_nothing_and_a_lost_file_is_named(
    office: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "kệ"
    recipients = [pyrage.x25519.Identity.generate().to_public()]
    monkeypatch.setattr(saving, "tool", lambda _name: "/bin/false")
    with pytest.raises(Refusal) as refused:
        save(office, shelf, recipients)
    assert refused.value.exit_code is ExitCode.BACKUP_IMPOSSIBLE
    assert layout.newest(shelf) is None and list(shelf.rglob("*.age")) == []
    monkeypatch.undo()

    sha256 = store.write([LETTER]).sha256
    with store.local_copy(sha256) as rotting:
        rotting.chmod(0o600)
        rotting.write_bytes(LETTER[:-1] + b"?")
    saved = save(office, shelf, recipients)
    assert saved.manifest.damaged == (sha256,)
    assert list(shelf.glob("files/*/*")) == []
    assert list(shelf.glob("*.unfinished")) == []


def test_no_other_passphrase_opens_a_shelf(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="ngắn hơn"):
        keys.recipients_of_passphrase(tmp_path, "ngắn")
    keys.recipients_of_passphrase(tmp_path, "mười bốn chữ cái trở lên")
    with pytest.raises(Refusal, match="không mở được khóa"):
        keys.identities_of_passphrase(tmp_path, "mười bốn chữ cái khác hẳn")


def test_what_cannot_be_meant_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    var, shelf = tmp_path / "var", tmp_path / "kệ"
    monkeypatch.setenv("NHACTRUONG_VAR", str(var))
    assert main(["restore", str(shelf)]) == ExitCode.BACKUP_IMPOSSIBLE
    assert main(["backup", str(shelf)]) == ExitCode.BACKUP_IMPOSSIBLE
    assert not var.exists() and not shelf.exists()
    var.mkdir()
    (var / "secret-key").touch()
    assert main(["backup", str(var / "sao-luu")]) == ExitCode.BACKUP_IMPOSSIBLE
    assert main(["restore", str(shelf)]) == ExitCode.RESTORE_REFUSED
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 4 and all(line.endswith(".") for line in told)


def test_half_an_office_does_not_open(tmp_path: Path) -> None:
    (tmp_path / checks.RESTORE_MARK).touch()
    half = Installation(tmp_path, "127.0.0.1", 1, "production", None, None)
    with pytest.raises(Refusal, match="bị ngắt giữa chừng"):
        checks.restore_finished(half)
