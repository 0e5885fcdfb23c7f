"""Bringing an office back on an empty machine: nothing is put in its place before all is proved whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import psycopg

from nhactruong.assembly.supervision.installation import Installation
from nhactruong.assembly.supervision.keeping import archive
from nhactruong.assembly.supervision.keeping.backing_up import DUMP, last_words, run_program
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_STAGING: Final = "restoring"
#: What a start that was broken off may have left; it holds nothing of an office.
_HARMLESS: Final = ("run", "log")


def require_empty(installation: Installation) -> None:
    """The state folder holds no office.

    Raises: Refusal (`STATE_FOLDER_UNUSABLE`).
    """
    var = installation.var
    held = [one.name for one in var.iterdir() if one.name not in _HARMLESS] if var.exists() else []
    if held:
        raise Refusal(
            ExitCode.STATE_FOLDER_UNUSABLE,
            "restore.not_empty",
            "Thư mục %(var)s đang có dữ liệu (%(held)s); chỉ phục hồi vào thư mục trống, hãy đặt "
            "NHACTRUONG_VAR sang thư mục khác hoặc dọn thư mục này.",
            var=var,
            held=", ".join(sorted(held)[:4]),
        )


def unpack(installation: Installation, source: Path, identities: Sequence[Any]) -> archive.Manifest:
    """The manifest of `source`, whose files now lie whole in the staging folder.

    Raises: Refusal (`BACKUP_DAMAGED`, `FAILED` when `source` cannot be read); nothing is left then.
    """
    staging = installation.var / _STAGING
    try:
        staging.mkdir(mode=0o700)
        with source.open("rb") as file, archive.opened(file, identities) as tar:
            return archive.extract(tar, staging)
    except OSError as error:
        shutil.rmtree(staging, ignore_errors=True)
        raise Refusal(
            ExitCode.FAILED,
            "restore.unread",
            "Không mở được bản sao lưu %(source)s vào %(var)s (%(reason)s).",
            source=source,
            var=installation.var,
            reason=error.strerror or error,
        ) from error
    except Refusal:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def fill_database(installation: Installation, owner_url: str) -> None:
    """The dump's tables, whole or not at all, in an empty database.

    Raises: Refusal (`FAILED`).
    """
    with psycopg.connect(owner_url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    if found is not None and found[0]:
        raise Refusal(
            ExitCode.FAILED,
            "restore.database_not_empty",
            "Cơ sở dữ liệu đã có bảng; chỉ phục hồi vào cơ sở dữ liệu trống.",
        )
    done = run_program(
        "pg_restore",
        *("--exit-on-error", "--single-transaction", "--no-owner", "--no-comments"),
        f"--dbname={owner_url}",
        str(installation.var / _STAGING / DUMP),
    )
    if done.returncode != 0:
        raise Refusal(
            ExitCode.FAILED,
            "restore.database_failed",
            "Không nạp được cơ sở dữ liệu từ bản sao lưu (%(reason)s); chưa có gì được ghi.",
            reason=last_words(done.stderr),
        )


def put_in_place(installation: Installation, tell: Callable[[str], None]) -> None:
    """The files of the staging folder become those of the state folder."""
    staging = installation.var / _STAGING
    (staging / DUMP).unlink()
    for one in sorted(staging.iterdir()):
        tell(f"Đặt lại {one.name}")
        one.rename(installation.var / one.name)
    staging.rmdir()
