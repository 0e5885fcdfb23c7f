"""Records that only commands may write, and the decorator that makes a function a command."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, ParamSpec, Self, TypeVar

from django.db import models, transaction

from nhactruong.foundation.persistence import operations
from nhactruong.kernel.errors import ConflictingChange

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

_depth: ContextVar[int] = ContextVar("command_depth", default=0)


class WriteOutsideCommand(RuntimeError):
    """A record was written outside a command: a mistake of ours, never of the person."""


class DeletionOfRecord(RuntimeError):
    """Nothing registered is deleted; it is voided, superseded or recalled."""


@contextmanager
def writes_allowed() -> Iterator[None]:
    """Open the guard for a block that is not a command: factories of tests and migrations."""
    token = _depth.set(_depth.get() + 1)
    try:
        yield
    finally:
        _depth.reset(token)


def require_command(what: str) -> None:
    """Nothing inside a command. Raises: WriteOutsideCommand."""
    if not _depth.get():
        raise WriteOutsideCommand(f"{what} written outside a @command")


def command(function: Callable[P, R]) -> Callable[P, R]:
    """`function` as one office verb: one transaction, writes allowed, done once an operation.

    Inside another command it joins that command's transaction. When the web or API edge has
    opened an operation that this command already completed, the first result comes back and
    nothing is done again.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        nested = _depth.get() > 0 and transaction.get_connection().in_atomic_block
        with writes_allowed(), transaction.atomic(savepoint=not nested):
            if nested:
                return function(*args, **kwargs)
            claim = operations.claim(operations.name_of(function))
            if claim is not None and claim.is_done:
                return claim.first_result()  # type: ignore[no-any-return]  # stored by the same function
            result = function(*args, **kwargs)
            if claim is not None:
                claim.complete(result)
            return result

    run.__is_command__ = True  # type: ignore[attr-defined]  # read by the architecture tests
    return run


class GuardedQuerySet(models.QuerySet[M]):
    """Reads freely; writes in bulk only inside a command, and deletes never."""

    def update(self, **values: Any) -> int:
        """Rows changed; only inside a command."""
        require_command(self.model.__name__)
        return super().update(**values)

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """The created rows; only inside a command."""
        require_command(self.model.__name__)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> int:
        """Rows changed; only inside a command."""
        require_command(self.model.__name__)
        return super().bulk_update(objs, *args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Never: records are voided, superseded or recalled."""
        raise DeletionOfRecord(self.model.__name__)


class Record(models.Model):
    """Base of everything the office keeps: written by commands, never deleted.

    `rows_may_go` is said by the few whose rows are parts of a draft and not yet registered.
    """

    rows_may_go: ClassVar[bool] = False

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; only inside a command."""
        require_command(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never: records are voided, superseded or recalled."""
        raise DeletionOfRecord(type(self).__name__)


class PublicRecord(Record):
    """A record with an identifier that may stand in an address."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta(Record.Meta):
        abstract = True


class VersionedRecord(PublicRecord):
    """A record that people change at the same time: a stale form is refused."""

    version = models.PositiveIntegerField(default=1)

    class Meta(PublicRecord.Meta):
        abstract = True

    def require_version(self, seen: int | None) -> Self:
        """Itself when `seen` is the version in the store (None: the caller saw no form).

        Raises: ConflictingChange `record.changed`.
        """
        if seen is not None and seen != self.version:
            raise ConflictingChange(
                "record.changed",
                "Nội dung này vừa được người khác cập nhật. Đồng chí xem bản mới trước khi tiếp tục.",
                seen=seen,
                current=self.version,
            )
        return self

    def save_changes(self, *fields: str) -> None:
        """Write `fields` and count the version up; only inside a command."""
        self.version += 1
        self.save(update_fields=[*fields, "version"])
