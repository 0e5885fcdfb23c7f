"""A bucket of an object store that speaks S3 (extra `s3`).

Address and keys come from the usual variables of its client: `AWS_ENDPOINT_URL_S3`,
`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_DEFAULT_REGION`.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_CHUNK: Final = 1_048_576
_ABSENT: Final = ("404", "NoSuchKey", "NotFound")
_TAKEN: Final = ("412", "PreconditionFailed", "ConditionalRequestConflict", "409")
_CONFIG: Final = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard"})


class BucketEngine:
    """Objects named `prefix/ab/cd/abcd…`; the store itself compares the hash of what it takes."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    @classmethod
    def at(cls, location: str) -> BucketEngine:
        """The engine of `s3://bucket/prefix`. Raises: ValueError."""
        parts = urlsplit(location)
        if parts.scheme != "s3" or not parts.netloc:
            raise ValueError(location)
        return cls(boto3.client("s3", config=_CONFIG), parts.netloc, parts.path.strip("/"))

    def keep(self, file: Path, sha256: str) -> None:
        """See `Engine.keep`: one conditional PUT, streamed from the file."""
        if self.size_of(sha256) is None:
            with file.open("rb") as stream:
                try:
                    self._client.put_object(
                        Bucket=self._bucket,
                        Key=self._key(sha256),
                        Body=stream,
                        IfNoneMatch="*",
                        ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
                    )
                except ClientError as error:
                    # Somebody else has stored the same bytes meanwhile.
                    if _code(error) not in _TAKEN or self.size_of(sha256) is None:
                        raise _failed(error) from error
                except BotoCoreError as error:
                    raise _failed(error) from error
        file.unlink()

    def open(self, sha256: str) -> BinaryIO:
        """See `Engine.open`."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._key(sha256))
        except ClientError as error:
            if _code(error) in _ABSENT:
                raise FileNotFoundError(sha256) from error
            raise _failed(error) from error
        except BotoCoreError as error:
            raise _failed(error) from error
        return cast(BinaryIO, found["Body"])

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """See `Engine.local`: a copy whose hash was compared, removed at the end."""
        with tempfile.NamedTemporaryFile(prefix="ban-sao-") as copy:
            digest = hashlib.sha256()
            with self.open(sha256) as stream:
                try:
                    while chunk := stream.read(_CHUNK):
                        digest.update(chunk)
                        copy.write(chunk)
                except BotoCoreError as error:
                    raise _failed(error) from error
            copy.flush()
            if digest.hexdigest() != sha256:
                raise OSError(f"the bucket gave other bytes for {sha256}")
            yield Path(copy.name)

    def size_of(self, sha256: str) -> int | None:
        """See `Engine.size_of`."""
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._key(sha256))
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise _failed(error) from error
        except BotoCoreError as error:
            raise _failed(error) from error
        return int(found["ContentLength"])

    def is_well(self) -> bool:
        """Whether the bucket answers us."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except (BotoCoreError, ClientError):
            return False
        return True

    def _key(self, sha256: str) -> str:
        return "/".join(filter(None, (self._prefix, sha256[:2], sha256[2:4], sha256)))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _failed(error: Exception) -> OSError:
    return OSError(f"object store: {error}")
