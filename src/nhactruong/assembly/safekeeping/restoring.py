"""An office put back from a snapshot into an empty state folder and an empty database."""

from __future__ import annotations

import importlib.metadata
import io
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import psycopg

from nhactruong.assembly.safekeeping import shelf as layout
from nhactruong.assembly.safekeeping.pieces import Sum, damaged, unlock
from nhactruong.assembly.safekeeping.saving import (
    AUDIT_SHELF,
    audit_shelf,
    connection_environment,
    stored_files,
    tool,
)
from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

#: What the embedded server has before any table, and what only a superuser may remark upon.
_NOT_RESTORED: Final = re.compile(r" (EXTENSION - |SCHEMA - public|COMMENT - EXTENSION)")
_TELL_EVERY_FILES: Final = 1000

Say = Callable[[str], None]


def read_manifest(snapshot: Path, identities: Sequence[Any]) -> layout.Manifest:
    """The manifest of the snapshot, if this program can restore it.

    Raises: Refusal (`BACKUP_DAMAGED`, `BACKUP_IMPOSSIBLE`, `RESTORE_REFUSED`).
    """
    piece = snapshot / layout.MANIFEST
    text = io.BytesIO()
    unlock(piece, text, identities)
    try:
        manifest = layout.Manifest.from_json(text.getvalue())
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(piece, "không đọc được danh mục") from error
    ours = importlib.metadata.version("nhactruong")
    if manifest.format > layout.FORMAT or _numbers(manifest.program) > _numbers(ours):
        raise Refusal(
            ExitCode.RESTORE_REFUSED,
            "operator.backup_newer",
            "Bản sao lưu do phiên bản %(theirs)s tạo ra, mới hơn phiên bản %(ours)s đang cài; "
            "hãy cài phiên bản mới rồi phục hồi.",
            theirs=manifest.program,
            ours=ours,
        )
    return manifest


def require_empty(installation: Installation) -> None:
    """Nothing of an office lies in the state folder.

    Raises: Refusal (`RESTORE_REFUSED`).
    """
    var = installation.var
    if var.is_dir() and any(var.iterdir()):
        raise Refusal(
            ExitCode.RESTORE_REFUSED,
            "operator.state_folder_not_empty",
            "Thư mục dữ liệu %(var)s không trống nên không phục hồi vào đó; hãy đặt "
            "NHACTRUONG_VAR tới một thư mục trống.",
            var=var,
        )


def restore(
    installation: Installation,
    environment: Mapping[str, str],
    snapshot: Path,
    manifest: layout.Manifest,
    identities: Sequence[Any],
    say: Say,
) -> None:
    """Files, keys and database of the snapshot stand where they stood; every hash was compared.

    Raises: Refusal (`BACKUP_DAMAGED`, `RESTORE_REFUSED`).
    """
    work = installation.temporary_folder
    url = environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]
    _require_empty_database(url)
    say("Đang phục hồi khóa, chứng thư và kho vết kiểm toán…")
    _restore_state(installation, snapshot, manifest, identities, say)
    say("Đang phục hồi tệp…")
    _restore_files(installation, snapshot, manifest, identities, say)
    say("Đang phục hồi cơ sở dữ liệu…")
    dump = work / "database"
    _unlock_whole(snapshot / layout.DATABASE, dump, manifest.database, identities)
    _load(url, dump)
    dump.unlink()


def _unlock_whole(piece: Path, target: Path, expected: Sum, identities: Sequence[Any]) -> None:
    with target.open("wb") as file:
        found = unlock(piece, file, identities)
        file.flush()
        os.fsync(file.fileno())
    if found != expected:
        target.unlink()
        raise damaged(piece, "nội dung không khớp danh mục")


def _restore_state(
    installation: Installation,
    snapshot: Path,
    manifest: layout.Manifest,
    identities: Sequence[Any],
    say: Say,
) -> None:
    packed = installation.temporary_folder / "state"
    _unlock_whole(snapshot / layout.STATE, packed, manifest.state, identities)
    with tarfile.open(packed) as archive:
        archive.extractall(installation.var, filter="data")
    packed.unlink()
    here, wanted = installation.var / AUDIT_SHELF, audit_shelf(installation)
    if here.is_dir() and here != wanted:
        if wanted.is_dir() and any(wanted.iterdir()):
            say(f"Kho vết kiểm toán {wanted} đã có nội dung nên giữ nguyên; bản sao ở {here}.")
        else:
            shutil.copytree(here, wanted, dirs_exist_ok=True)
            shutil.rmtree(here)


def _restore_files(
    installation: Installation,
    snapshot: Path,
    manifest: layout.Manifest,
    identities: Sequence[Any],
    say: Say,
) -> None:
    listed = installation.temporary_folder / "files"
    _unlock_whole(snapshot / layout.FILE_LIST, listed, manifest.file_list, identities)
    known_damage = set(manifest.damaged)
    store = stored_files(installation)
    spool = installation.var / "files" / "incoming"
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    with listed.open(encoding="ascii") as lines:
        for number, line in enumerate(lines, 1):
            sha256, size, name = line.split()
            if sha256 in known_damage:
                continue
            piece = layout.piece_path(snapshot.parent, name)
            _unlock_whole(piece, spool / sha256, Sum(sha256, int(size)), identities)
            store.keep(spool / sha256, sha256)
            if number % _TELL_EVERY_FILES == 0:
                say(f"  {number} trên {manifest.files} tệp")
    listed.unlink()


def _require_empty_database(url: str) -> None:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    if found is None or found[0]:
        raise Refusal(
            ExitCode.RESTORE_REFUSED,
            "operator.database_not_empty",
            "Cơ sở dữ liệu đã có bảng nên không phục hồi vào đó; hãy dùng một kho trống.",
        )


def _load(url: str, dump: Path) -> None:
    """The dump into the empty database, all or nothing."""
    environment = connection_environment(url)
    program = tool("pg_restore")
    contents = _run([program, "--list", str(dump)], environment)
    chosen = dump.with_name("database.list")
    chosen.write_text(
        "\n".join(line for line in contents.splitlines() if not _NOT_RESTORED.search(line)),
        encoding="utf-8",
    )
    _run(
        [
            *(program, "--no-owner", "--single-transaction", "--exit-on-error", "--no-password"),
            *("--use-list", str(chosen), "--dbname", environment["PGDATABASE"], str(dump)),
        ],
        environment,
    )
    chosen.unlink()


def _run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    outcome = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, check=False
    )
    if outcome.returncode:
        lines = outcome.stderr.strip().splitlines()
        raise Refusal(
            ExitCode.RESTORE_REFUSED,
            "operator.load_failed",
            "Không nạp được cơ sở dữ liệu từ bản sao lưu (%(reason)s); hãy xóa thư mục đang phục "
            "hồi dở rồi phục hồi lại.",
            reason=lines[0] if lines else f"mã {outcome.returncode}",
        )
    return outcome.stdout


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
