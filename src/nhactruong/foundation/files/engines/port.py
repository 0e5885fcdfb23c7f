"""What every engine of the file store can do; its contract is tested on each of them alike."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol


class Engine(Protocol):
    """Bytes under their SHA-256: written once, never overwritten, never removed."""

    def keep(self, file: Path, sha256: str) -> None:
        """Take a finished, synced file with that hash; the file itself is gone afterwards.

        Bytes already there stay as they are. Raises: OSError.
        """

    def open(self, sha256: str) -> BinaryIO:
        """The bytes as a stream. Raises: FileNotFoundError, OSError."""

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """The bytes as a file of this machine, for programs that read by path; not to be changed.

        Raises: FileNotFoundError, OSError.
        """

    def size_of(self, sha256: str) -> int | None:
        """How many bytes lie there; None when none do. Raises: OSError."""

    def is_well(self) -> bool:
        """Whether the store answers."""
