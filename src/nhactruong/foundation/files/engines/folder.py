"""The content-addressed folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class FolderEngine:
    """`ab/cd/abcd…` under one folder; a name appears when its bytes are whole and on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where bytes of that hash lie, whether or not they do."""
        return self._folder / sha256[:2] / sha256[2:4] / sha256

    def keep(self, file: Path, sha256: str) -> None:
        """See `Engine.keep`; the file must lie on the same disk."""
        final = self.path_of(sha256)
        if final.exists():
            file.unlink()
            return
        _make_folder(final.parent)
        file.chmod(0o440)
        file.rename(final)
        _sync_folder(final.parent)

    def open(self, sha256: str) -> BinaryIO:
        """See `Engine.open`."""
        return self.path_of(sha256).open("rb")

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """See `Engine.local`: the very file."""
        path = self.path_of(sha256)
        path.stat()
        yield path

    def size_of(self, sha256: str) -> int | None:
        """See `Engine.size_of`."""
        try:
            return self.path_of(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def is_well(self) -> bool:
        """Whether the folder, or where it will be made, can be written."""
        there = self._folder if self._folder.exists() else self._folder.parent
        return os.access(there, os.W_OK | os.X_OK)


def _make_folder(folder: Path) -> None:
    """Create `folder` so that its name survives a power cut, like the file that goes into it."""
    if folder.exists():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
