"""Bytes are written whole, once, and what a dead writer left goes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nhactruong.foundation.files import store
from nhactruong.kernel import clock
from nhactruong.kernel.errors import OutsideFailure


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.FILE_STORE = tmp_path / "files"
    return tmp_path / "files"


def test_the_same_bytes_lie_once_under_their_hash_and_cannot_be_written(folder: Path) -> None:
    first = store.write([b"ngh\xe1\xbb\x8b ", b"quy\xe1\xba\xbft"])
    again = store.write([b"ngh\xe1\xbb\x8b quy\xe1\xba\xbft"])
    assert first == again
    assert first.sha256 == hashlib.sha256("nghị quyết".encode()).hexdigest()
    kept = [file for file in folder.rglob("*") if file.is_file()]
    assert kept == [store.path_of(first.sha256)]
    assert kept[0].stat().st_mode & 0o222 == 0


def test_a_writer_that_fails_leaves_nothing(folder: Path) -> None:
    def cut_off() -> Iterator[bytes]:
        yield b"nua dau"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutsideFailure):
        store.write(cut_off())
    assert [file for file in folder.rglob("*") if file.is_file()] == []


def test_what_a_killed_writer_left_goes_a_day_later(folder: Path) -> None:
    store.write([b"con song"])
    left = folder / "incoming" / "tmpdo-dang"
    left.write_bytes(b"nua dau")
    assert store.sweep_unfinished(timedelta(days=1)) == 0
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(left, (old, old))
    assert store.sweep_unfinished(timedelta(days=1)) == 1
    assert not left.exists()
