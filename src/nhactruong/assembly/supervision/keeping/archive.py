"""The archive: a tar stream inside an age stream, its last entry a manifest with every hash.

Both directions stream: memory does not grow with the office. What ends early, at either side,
is told from what is whole by the manifest, which comes last.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

import pyrage

from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_CHUNK: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive: size in bytes, SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What the archive holds and what made it."""

    product: str
    made_at: str
    format: int = FORMAT
    entries: dict[str, Entry] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The manifest as it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """The manifest read back. Raises: Refusal (`BACKUP_DAMAGED`)."""
        try:
            said = json.loads(text)
            entries = {name: Entry(**entry) for name, entry in said["entries"].items()}
            return cls(said["product"], said["made_at"], said["format"], entries)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise damaged(MANIFEST) from error


class Writer:
    """Puts files into an archive and writes down their hashes."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def add(self, name: str, path: Path) -> None:
        """The file at `path` under `name`, as long as it is at this moment."""
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size = os.fstat(file.fileno()).st_size
            info.mode = path.stat().st_mode & 0o777
            hashing = _Hashing(file, info.size)
            self._tar.addfile(info, hashing)  # type: ignore[arg-type]  # only read() is called
        self.manifest.entries[name] = Entry(info.size, hashing.digest.hexdigest())

    def close(self) -> None:
        """The manifest, last."""
        text = self.manifest.to_json()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        self._tar.addfile(info, io.BytesIO(text))


class _Hashing:
    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size
        self.digest = hashlib.sha256()

    def read(self, most: int = -1) -> bytes:
        chunk = self._file.read(self._left if most < 0 else min(most, self._left))
        self._left -= len(chunk)
        self.digest.update(chunk)
        return chunk


def write(
    target: IO[bytes],
    recipients: Sequence[Any],
    manifest: Manifest,
    fill: Callable[[Writer], None],
) -> None:
    """An archive in `target` for the holders of `recipients`, filled by `fill`.

    What `fill` raises is raised here; the target is then worth nothing.
    """
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def pack() -> None:
        try:
            with (
                os.fdopen(writing, "wb", buffering=_CHUNK) as pipe,
                tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                writer = Writer(tar, manifest)
                fill(writer)
                writer.close()
        except BaseException as error:  # noqa: BLE001  # raised again by whoever waits
            failed.append(error)

    packing = threading.Thread(target=pack, name="pack")
    packing.start()
    try:
        with os.fdopen(reading, "rb") as pipe:
            pyrage.encrypt_io(pipe, target, recipients)
    finally:
        packing.join()
    if failed:
        raise failed[0]


@contextmanager
def opened(source: IO[bytes], identities: Sequence[Any]) -> Iterator[tarfile.TarFile]:
    """The tar stream inside the archive.

    Raises: Refusal (`BACKUP_DAMAGED`) when it is no archive, ends early, was changed, or when none of
    the keys opens it.
    """
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def unpack() -> None:
        try:
            with os.fdopen(writing, "wb") as pipe:
                pyrage.decrypt_io(source, pipe, identities)
        except BaseException as error:  # noqa: BLE001  # raised again by whoever waits
            failed.append(error)

    unpacking = threading.Thread(target=unpack, name="unpack")
    unpacking.start()
    try:
        with os.fdopen(reading, "rb", buffering=_CHUNK) as pipe:
            try:
                with tarfile.open(fileobj=pipe, mode="r|") as tar:
                    yield tar
                # The tail behind the last entry: only now the whole of it is known to be true.
                while pipe.read(_CHUNK):
                    continue
            finally:
                pipe.close()
                unpacking.join()
    except tarfile.TarError as error:
        raise _unreadable(failed) from error
    if failed:
        raise _unreadable(failed)


def extract(tar: tarfile.TarFile, folder: Path) -> Manifest:
    """Everything in the stream written below `folder`, each file as the manifest says.

    Raises: Refusal (`BACKUP_DAMAGED`) naming the first file that is missing or differs.
    """
    found: dict[str, Entry] = {}
    manifest: Manifest | None = None
    for info in tar:
        content = tar.extractfile(info)
        if content is None or not _is_below(info.name):
            raise damaged(info.name)
        if info.name == MANIFEST:
            manifest = Manifest.from_json(content.read())
            continue
        target = folder / info.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("xb") as file:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        target.chmod(info.mode & 0o777)
        found[info.name] = Entry(info.size, digest.hexdigest())
    if manifest is None or manifest.format != FORMAT:
        raise damaged(MANIFEST)
    for name in manifest.entries.keys() | found.keys():
        if manifest.entries.get(name) != found.get(name):
            raise damaged(name)
    return manifest


def _is_below(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def damaged(name: str) -> Refusal:
    """The archive does not hold what it says."""
    return Refusal(
        ExitCode.BACKUP_DAMAGED,
        "backup.damaged",
        "Bản sao lưu không nguyên vẹn ở “%(name)s” nên không phục hồi từ bản này; hãy dùng bản khác.",
        name=name,
    )


def _unreadable(failed: Sequence[BaseException]) -> Refusal:
    reason = str(failed[0]) if failed else "tar"
    return Refusal(
        ExitCode.BACKUP_DAMAGED,
        "backup.unreadable",
        "Không mở được bản sao lưu: sai khóa, tệp bị sửa hoặc chưa đủ (%(reason)s).",
        reason=reason,
    )
