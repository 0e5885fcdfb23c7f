"""Operations: the edge opens one a request, each command inside claims its step."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from nhactruong.kernel import clock
from nhactruong.kernel.errors import ConflictingChange


@dataclass(slots=True)
class _Scope:
    user_id: int
    operation_id: uuid.UUID
    next_step: int = 0


_scope: ContextVar[_Scope | None] = ContextVar("operation_scope", default=None)


@contextmanager
def operation(user_id: int, operation_id: uuid.UUID) -> Iterator[None]:
    """Everything commanded inside the block belongs to this operation of this user."""
    token = _scope.set(_Scope(user_id, operation_id))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def beside_the_operation() -> Iterator[None]:
    """Nothing commanded inside the block is a step: services' work that may be done again.

    Whether it is still to be done depends on the moment, the steps of an operation must not.
    """
    token = _scope.set(None)
    try:
        yield
    finally:
        _scope.reset(token)


def name_of(command: Callable[..., Any]) -> str:
    """The name under which a step remembers its command."""
    return f"{command.__module__}.{command.__qualname__}"


def is_carried_out(command: Callable[..., Any]) -> bool:
    """Whether the open operation has already carried out `command`: the request is a repetition.

    What a page asks before the act is passed over then: the act itself has changed the answer,
    and the command gives its first result without doing anything.
    """
    scope = _scope.get()
    if scope is None:
        return False
    done = _operations().filter(
        user_id=scope.user_id, operation_id=scope.operation_id, command=name_of(command)
    )
    return done.exists()


@dataclass(slots=True)
class Claim:
    """The right of one command to run as one step of an operation."""

    row_id: int
    is_done: bool
    stored: dict[str, Any]

    def first_result(self) -> Any:
        """What the command returned the first time; records are read afresh."""
        return _load(self.stored)

    def complete(self, result: Any) -> None:
        """Keep `result` with the step, in the transaction of the act."""
        _operations().filter(pk=self.row_id).update(result=_dump(result))


def claim(command: str) -> Claim | None:
    """The claim for the next step of the open operation, or None outside operations.

    A second request with the same operation waits here until the first has committed.
    Raises: ConflictingChange when the operation was used for another act.
    """
    scope = _scope.get()
    if scope is None:
        return None
    step = scope.next_step
    scope.next_step += 1
    key = {"user_id": scope.user_id, "operation_id": scope.operation_id, "step": step}
    _operations().bulk_create(
        [_operations().model(**key, command=command, created_at=clock.now())],
        ignore_conflicts=True,
    )
    row = _operations().filter(**key).values_list("id", "command", "result").get()
    if row[1] != command:
        raise ConflictingChange(
            "operation.reused",
            "Lần gửi này đã dùng cho một việc khác. Tải lại trang rồi làm lại.",
            command=command,
        )
    return Claim(row_id=row[0], is_done=bool(row[2]), stored=row[2])


def _operations() -> models.QuerySet[Any]:
    return apps.get_model("persistence", "Operation")._default_manager.all()


def _dump(result: Any) -> dict[str, Any]:
    if isinstance(result, models.Model):
        return {"kind": "record", "model": result._meta.label, "pk": result.pk}
    if isinstance(result, list | tuple):
        return {"kind": "list", "items": [_dump(item) for item in result]}
    return {"kind": "value", "value": result}


def _load(stored: dict[str, Any]) -> Any:
    match stored["kind"]:
        case "record":
            return apps.get_model(stored["model"])._default_manager.get(pk=stored["pk"])
        case "list":
            return [_load(item) for item in stored["items"]]
        case _:
            return stored["value"]
