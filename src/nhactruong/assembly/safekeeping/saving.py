"""A snapshot of the office while it works: one picture of the database, and the files it names."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import psycopg

from nhactruong.assembly.safekeeping import shelf as layout
from nhactruong.assembly.safekeeping.pieces import UNFINISHED, Sum, lock_up, shelf_unusable
from nhactruong.assembly.supervision import postgres_programs as programs
from nhactruong.assembly.supervision.children import system_tool
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal
from nhactruong.foundation.audit.rules import EXPIRY_LOCK, ROOT_LOCK
from nhactruong.foundation.files.engines import engine_for
from nhactruong.foundation.files.engines.port import Engine
from nhactruong.kernel import clock

#: What is kept of the state folder beside database and stored files.
STATE_PARTS: Final = ("secret-key", "vault-key", "pki", "trust", "audit/root-key.pem")
AUDIT_SHELF: Final = "audit/shelf"
_TELL_EVERY_FILES: Final = 1000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup did: the snapshot, its manifest, and how many files were new on the shelf."""

    snapshot: Path
    manifest: layout.Manifest
    new_files: int


def save(
    installation: Installation,
    environment: Mapping[str, str],
    shelf: Path,
    recipients: Sequence[Any],
    say: Say,
) -> Saved:
    """A whole new snapshot on the shelf; an interrupted one leaves nothing under its name.

    The caller holds the shelf (`layout.opened`). A stored file that is missing or changed is named
    in the manifest and never stops the rest.
    Raises: Refusal.
    """
    at = clock.now()
    final = shelf / layout.snapshot_name(at)
    fresh = final.with_name(final.name + UNFINISHED)
    try:
        fresh.mkdir(mode=0o700)
    except OSError as error:
        raise shelf_unusable(shelf, error) from error
    url = environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]
    with _picture(url, audit_shelf(installation)) as (connection, picture, roots):
        say("Đang sao lưu cơ sở dữ liệu…")
        database = _dump(url, picture, fresh / layout.DATABASE, recipients)
        say("Đang sao lưu tệp…")
        names = layout.PieceNames(secret_of(installation), recipients)
        files = _Files(installation, shelf, names, recipients, say)
        file_list = files.save(connection, fresh / layout.FILE_LIST)
        postgres = connection.info.server_version // 10_000
    say("Đang sao lưu khóa, chứng thư và kho vết kiểm toán…")
    state = _save_state(installation, fresh / layout.STATE, recipients, roots)
    manifest = layout.Manifest(
        format=layout.FORMAT,
        at=at.isoformat(),
        program=importlib.metadata.version("nhactruong"),
        postgres=postgres,
        has_secret_key=(installation.var / "secret-key").is_file(),
        database=database,
        state=state,
        file_list=file_list,
        files=files.count,
        file_bytes=files.total_bytes,
        damaged=tuple(files.damaged),
    )
    with tempfile.TemporaryFile(dir=installation.temporary_folder) as text:
        text.write(manifest.to_json())
        text.seek(0)
        lock_up(text, fresh / layout.MANIFEST, recipients)
    try:
        _sync(fresh)
        fresh.rename(final)
        _sync(shelf)
    except OSError as error:
        raise shelf_unusable(shelf, error) from error
    return Saved(final, manifest, files.new)


def audit_shelf(installation: Installation) -> Path:
    """Where the signed roots of the record are kept (`NHACTRUONG_AUDIT_SHELF`)."""
    return Path(os.environ.get("NHACTRUONG_AUDIT_SHELF") or installation.var / AUDIT_SHELF)


def stored_files(installation: Installation) -> Engine:
    """The file store of the office (`NHACTRUONG_FILES`).

    Raises: Refusal (`SETTING_INVALID`, `LIBRARY_MISSING`).
    """
    location = os.environ.get("NHACTRUONG_FILES") or ""
    try:
        return engine_for(location, installation.var / "files")
    except ValueError as error:
        raise Refusal(
            ExitCode.SETTING_INVALID,
            "operator.files_setting",
            "NHACTRUONG_FILES đang là “%(location)s”; hãy ghi dạng s3://kho/thư-mục hoặc bỏ trống.",
            location=location,
        ) from error
    except ImportError as error:
        raise Refusal(
            ExitCode.LIBRARY_MISSING,
            "operator.files_library",
            "Kho tệp S3 cần thư viện boto3; hãy cài thêm phần s3 rồi chạy lại.",
        ) from error


def secret_of(installation: Installation) -> bytes:
    """The secret key of the office.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`) where no office ever was.
    """
    given = os.environ.get("NHACTRUONG_SECRET_KEY")
    if given:
        return given.encode()
    try:
        return (installation.var / "secret-key").read_bytes()
    except OSError as error:
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.no_office_here",
            "Không đọc được %(file)s nên chưa sao lưu được; hãy kiểm tra NHACTRUONG_VAR và "
            "khởi động văn phòng ít nhất một lần.",
            file=installation.var / "secret-key",
        ) from error


@contextmanager
def _picture(
    url: str, shelf: Path
) -> Iterator[tuple[psycopg.Connection[Any], str, frozenset[Path]]]:
    """A transaction that sees one instant, its name for others who want to see the same, and the
    roots and notes of the record that lay on the shelf at that instant.

    Meanwhile nobody seals a day and nobody lets a month expire.
    """
    locks = (ROOT_LOCK, EXPIRY_LOCK)
    connection: psycopg.Connection[Any]
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        for lock in locks:
            connection.execute("SELECT pg_advisory_lock(%s)", [lock])
        connection.commit()
        exported = connection.execute("SELECT pg_export_snapshot()").fetchone()
        if exported is None:
            raise _dump_failed("pg_export_snapshot")
        roots = frozenset(shelf.rglob("*.json"))
        for lock in locks:
            connection.execute("SELECT pg_advisory_unlock(%s)", [lock])
        yield connection, str(exported[0]), roots


def _dump(url: str, picture: str, piece: Path, recipients: Sequence[Any]) -> Sum:
    command = [tool("pg_dump"), "--format=custom", f"--snapshot={picture}", "--no-password"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, env=connection_environment(url), stdout=subprocess.PIPE, stderr=words
        )
        stream = _WholeOutput(process, words)
        try:
            return lock_up(stream, piece, recipients)
        except Refusal:
            if stream.failure:
                raise _dump_failed(stream.failure) from None
            raise
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            stream.close()


class _WholeOutput:
    """The output of a program; its end counts only when the program ended well."""

    def __init__(self, process: subprocess.Popen[bytes], words: IO[bytes]) -> None:
        self._process = process
        self._words = words
        self.failure = ""

    def read(self, size: int = -1, /) -> bytes:
        output = self._process.stdout
        portion = output.read(size) if output is not None else b""
        if not portion and self._process.wait() != 0:
            self._words.seek(0)
            lines = self._words.read().decode("utf-8", "replace").strip().splitlines()
            self.failure = lines[-1] if lines else f"mã {self._process.returncode}"
            raise OSError(self.failure)
        return portion

    def close(self) -> None:
        if self._process.stdout is not None:
            self._process.stdout.close()


class _Files:
    """The stored files of the picture, each encrypted once for the whole shelf."""

    def __init__(
        self,
        installation: Installation,
        shelf: Path,
        names: layout.PieceNames,
        recipients: Sequence[Any],
        say: Say,
    ) -> None:
        self._engine = stored_files(installation)
        self._work = installation.temporary_folder
        self._shelf = shelf
        self._names = names
        self._recipients = recipients
        self._say = say
        self.count = self.new = self.total_bytes = 0
        self.damaged: list[str] = []

    def save(self, connection: psycopg.Connection[Any], list_piece: Path) -> Sum:
        """Every file, and the list of them (hash, size, name of the piece) as a piece of its own."""
        with tempfile.TemporaryFile(dir=self._work) as listed:
            with connection.cursor(name="files_of_the_picture") as rows:
                rows.execute("SELECT sha256, size_bytes FROM files_blob ORDER BY id")
                for sha256, size in rows:
                    name = self._names.of(sha256)
                    self._save_one(Sum(sha256, size), layout.piece_path(self._shelf, name))
                    listed.write(f"{sha256} {size} {name}\n".encode())
            listed.seek(0)
            return lock_up(listed, list_piece, self._recipients)

    def _save_one(self, expected: Sum, piece: Path) -> None:
        self.count += 1
        self.total_bytes += expected.size
        if self.count % _TELL_EVERY_FILES == 0:
            self._say(f"  {self.count} tệp, {self.total_bytes // 1_000_000} MB")
        if piece.exists():
            return
        sha256 = expected.sha256
        try:
            stream = self._engine.open(sha256)
        except FileNotFoundError:
            self.damaged.append(sha256)
            return
        with stream:
            piece.parent.mkdir(mode=0o700, exist_ok=True)
            found = lock_up(
                stream, piece, self._recipients, is_right=lambda found: found == expected
            )
        if found == expected:
            self.new += 1
        else:
            self.damaged.append(sha256)


def _save_state(
    installation: Installation, piece: Path, recipients: Sequence[Any], roots: frozenset[Path]
) -> Sum:
    kept = [(installation.var / name, name) for name in STATE_PARTS]
    shelf = audit_shelf(installation)
    # A root laid since then speaks of links that the picture of the database does not have.
    kept += [
        (path, f"{AUDIT_SHELF}/{path.relative_to(shelf)}")
        for path in sorted(shelf.rglob("*"))
        if path.is_file() and (path.suffix != ".json" or path in roots)
    ]
    with tempfile.TemporaryFile(dir=installation.temporary_folder) as packed:
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for path, name in kept:
                if path.exists():
                    archive.add(path, name)
        packed.seek(0)
        return lock_up(packed, piece, recipients)


def tool(name: str) -> str:
    """The full path of a program of PostgreSQL: beside our server's, else the system's.

    Raises: Refusal (`LIBRARY_MISSING`).
    """
    beside = programs.binaries() / name
    found = str(beside) if beside.exists() else system_tool(name)
    if found is None:
        raise Refusal(
            ExitCode.LIBRARY_MISSING,
            "operator.postgres_tool_missing",
            "Không tìm thấy chương trình %(name)s của PostgreSQL; hãy chạy `make setup` hoặc cài "
            "gói postgresql-client.",
            name=name,
        )
    return found


def connection_environment(url: str) -> dict[str, str]:
    """What PostgreSQL's programs need to reach `url`; no password on a command line."""
    named = {
        "dbname": "PGDATABASE",
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    told = psycopg.conninfo.conninfo_to_dict(url)
    found = {named[name]: str(value) for name, value in told.items() if name in named and value}
    return {**programs.environment(), **found}


def _dump_failed(reason: str) -> Refusal:
    return Refusal(
        ExitCode.BACKUP_IMPOSSIBLE,
        "operator.dump_failed",
        "Không đọc được cơ sở dữ liệu để sao lưu (%(reason)s); hãy chạy `nhactruong doctor`.",
        reason=reason,
    )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
