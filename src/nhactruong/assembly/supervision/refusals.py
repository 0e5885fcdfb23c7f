"""Why an operator's command stopped: one exit code a machine may read, one sentence for people."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from nhactruong.kernel.errors import DomainError


class ExitCode(IntEnum):
    """Exit codes of every operator's command; `docs/how-it-works/operations.md` repeats them."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    PORT_BUSY = 10
    LIBRARY_MISSING = 11
    DISK_FULL = 12
    DATABASE_SILENT = 13
    ALREADY_RUNNING = 14
    MIGRATION_FAILED = 15
    STATE_FOLDER_UNUSABLE = 16
    SETTING_INVALID = 17
    POSTGRES_FAILED = 18
    CHILD_FAILED = 19
    SAMPLE_FAILED = 20
    BACKUP_IMPOSSIBLE = 21
    BACKUP_DAMAGED = 22
    RESTORE_REFUSED = 23
    UNSAFE = 24
    RECORD_HARMED = 25


class Refusal(DomainError):
    """The command cannot go on; `exit_code` says why to a machine, the sentence to the operator."""

    def __init__(self, exit_code: ExitCode, code: str, message: str, **facts: Any) -> None:
        self.exit_code = exit_code
        super().__init__(code, message, **facts)
