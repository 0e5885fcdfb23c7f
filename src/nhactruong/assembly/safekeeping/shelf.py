"""How a shelf is laid out, and what the manifest of a snapshot says."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from nhactruong.assembly.safekeeping.pieces import UNFINISHED, Sum, shelf_unusable
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

FORMAT: Final = 1
MANIFEST: Final = "manifest.age"
DATABASE: Final = "database.age"
STATE: Final = "state.age"
FILE_LIST: Final = "files.age"
_SNAPSHOT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one snapshot holds; `at` is the instant (UTC, ISO 8601) of the database's picture."""

    format: int
    at: str
    program: str
    postgres: int
    has_secret_key: bool
    database: Sum
    state: Sum
    file_list: Sum
    files: int
    file_bytes: int
    #: Stored files that were already missing or changed when the backup was made.
    damaged: tuple[str, ...]

    def to_json(self) -> bytes:
        """As it lies in the snapshot."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises: ValueError, KeyError or TypeError for a text that is no manifest."""
        fields: dict[str, Any] = json.loads(text)
        for name in ("database", "state", "file_list"):
            fields[name] = Sum(**fields[name])
        fields["damaged"] = tuple(fields["damaged"])
        return cls(**fields)


class PieceNames:
    """Names of the pieces of stored files: they tell nothing of the content, and other recipients
    or another office have other names on the same shelf."""

    def __init__(self, secret: bytes, recipients: Sequence[Any]) -> None:
        whom = "\n".join(sorted(map(str, recipients))).encode()
        self._key = hashlib.sha256(b"nhactruong backup\0" + secret + b"\0" + whom).digest()

    def of(self, sha256: str) -> str:
        """The name of the piece of the file with that hash."""
        return hmac.new(self._key, sha256.encode(), hashlib.sha256).hexdigest()


def piece_path(shelf: Path, name: str) -> Path:
    """Where a piece of that name lies."""
    return shelf / "files" / name[:2] / f"{name}.age"


def snapshot_name(at: datetime) -> str:
    """The name of the snapshot of that instant (UTC); names sort as the instants do."""
    return f"{at:%Y-%m-%dT%H-%M-%S}.{at.microsecond // 1000:03}Z"


def newest(shelf: Path) -> Path | None:
    """The newest whole snapshot on the shelf."""
    found = sorted(one for one in shelf.glob("*") if _SNAPSHOT.fullmatch(one.name))
    return found[-1] if found else None


def snapshot_at(source: Path) -> Path:
    """The snapshot that `source` names: itself, or the newest on the shelf.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`) when there is none.
    """
    if (source / MANIFEST).is_file():
        return source
    found = newest(source) if source.is_dir() else None
    if found is None:
        raise Refusal(
            ExitCode.BACKUP_IMPOSSIBLE,
            "operator.no_backup_here",
            "Không có bản sao lưu trọn vẹn nào ở %(source)s; hãy kiểm tra lại đường dẫn.",
            source=source,
        )
    return found


@contextmanager
def opened(shelf: Path) -> Iterator[None]:
    """The shelf, made if need be, held against a second backup and cleared of unfinished work.

    Raises: Refusal (`BACKUP_IMPOSSIBLE`, `ALREADY_RUNNING`).
    """
    try:
        (shelf / "files").mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (shelf / "lock").open("a")
    except OSError as error:
        raise shelf_unusable(shelf, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(
                ExitCode.ALREADY_RUNNING,
                "operator.backup_already_running",
                "Một lệnh sao lưu khác đang ghi vào %(shelf)s; hãy chờ lệnh ấy xong.",
                shelf=shelf,
            ) from error
        for left in (*shelf.glob(f"*{UNFINISHED}"), *shelf.glob(f"files/*/*{UNFINISHED}")):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield
