"""Bytes are written whole, once, wherever they lie; what a dead writer left goes.

The bucket is moto's imitation inside this process: it answers as the protocol says, but it is no
real store and no network.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from nhactruong.foundation.files import store
from nhactruong.foundation.files.engines import engine_for
from nhactruong.kernel import clock
from nhactruong.kernel.errors import NotFound, OutsideFailure

WORDS = "nghị quyết".encode()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The file store in a folder."""
    settings.FILE_STORE, settings.FILE_LOCATION = tmp_path / "files", ""
    return tmp_path / "files"


@pytest.fixture
def bucket(folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The file store in a bucket of its own."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "thu")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
    with mock_aws():
        name = f"kho-{uuid.uuid4().hex[:8]}"
        boto3.client("s3").create_bucket(Bucket=name)
        settings.FILE_LOCATION = f"s3://{name}/van-phong"
        yield name


@pytest.fixture(params=["folder", "bucket"])
def anywhere(request: pytest.FixtureRequest) -> None:
    """The same promises on both engines."""
    request.getfixturevalue(request.param)


@pytest.mark.usefixtures("anywhere")
def test_the_same_bytes_lie_once_and_come_back_as_they_went() -> None:
    first = store.write([WORDS[:4], WORDS[4:]])
    assert first == store.write([WORDS])
    assert first.sha256 == hashlib.sha256(WORDS).hexdigest()
    with store.open_stored(first.sha256) as stream:
        assert b"".join(store.chunks_of(stream)) == WORDS
    with store.local_copy(first.sha256) as path:
        assert path.read_bytes() == WORDS
    assert store.size_of(first.sha256) == len(WORDS)
    assert store.engine().is_well()
    assert list(store._unfinished().iterdir()) == []


@pytest.mark.usefixtures("anywhere")
def test_two_who_store_the_same_bytes_at_once_both_have_them() -> None:
    with ThreadPoolExecutor(4) as several:
        stored = list(several.map(lambda _: store.write([WORDS * 9000]), range(4)))
    assert len(set(stored)) == 1
    assert store.size_of(stored[0].sha256) == len(WORDS) * 9000


@pytest.mark.usefixtures("anywhere")
def test_what_the_store_has_lost_is_said() -> None:
    nothing = "0" * 64
    assert store.size_of(nothing) is None
    with pytest.raises(NotFound):
        store.open_stored(nothing)
    with pytest.raises(NotFound), store.local_copy(nothing):
        raise AssertionError("there is no copy of nothing")


@pytest.mark.usefixtures("anywhere")
def test_a_writer_that_fails_leaves_nothing() -> None:
    def cut_off() -> Iterator[bytes]:
        yield b"nua dau"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutsideFailure):
        store.write(cut_off())
    assert list(store._unfinished().iterdir()) == []


def test_a_kept_file_cannot_be_written(folder: Path) -> None:
    sha256 = store.write([WORDS]).sha256
    kept = [file for file in folder.rglob("*") if file.is_file()]
    assert [file.name for file in kept] == [sha256]
    assert kept[0].stat().st_mode & 0o222 == 0


def test_an_object_once_there_is_never_overwritten(bucket: str, tmp_path: Path) -> None:
    sha256 = store.write([WORDS]).sha256
    client = boto3.client("s3")
    key = f"van-phong/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    before = client.head_object(Bucket=bucket, Key=key)["LastModified"]
    late = tmp_path / "den-sau"
    late.write_bytes(WORDS)
    store.engine().keep(late, sha256)
    assert client.head_object(Bucket=bucket, Key=key)["LastModified"] == before
    with pytest.raises(client.exceptions.ClientError, match="PreconditionFailed"):
        client.put_object(Bucket=bucket, Key=key, Body=b"khac", IfNoneMatch="*")
    client.put_object(Bucket=bucket, Key=key, Body=b"bi doi")
    with pytest.raises(OutsideFailure), store.local_copy(sha256):
        raise AssertionError("changed bytes are given to nobody")


def test_a_silent_bucket_is_said(bucket: str, settings: Any) -> None:
    settings.FILE_LOCATION = "s3://khong-co-kho-nay"
    assert not store.engine().is_well()
    with pytest.raises(OutsideFailure):
        store.write([WORDS])


def test_an_address_that_is_no_bucket_is_refused(folder: Path) -> None:
    for address in ("http://kho", "s3://"):
        with pytest.raises(ValueError, match=address):
            engine_for(address, folder)


def test_what_a_killed_writer_left_goes_a_day_later(folder: Path) -> None:
    store.write([b"con song"])
    left = folder / "incoming" / "tmpdo-dang"
    left.write_bytes(b"nua dau")
    assert store.sweep_unfinished(timedelta(days=1)) == 0
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(left, (old, old))
    assert store.sweep_unfinished(timedelta(days=1)) == 1
    assert not left.exists()
