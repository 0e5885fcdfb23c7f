"""Announcing facts and deferring jobs inside the caller's transaction."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from procrastinate.contrib.django import app as job_app

from nhactruong.foundation.jobs.events import Event
from nhactruong.foundation.jobs.models import HandlerReceipt
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock

Handler = Callable[[Any], None]

#: event name → (event class, handlers); filled once at start by assembly/subscriptions.py.
_subscriptions: Final[dict[str, tuple[type[Event], tuple[Handler, ...]]]] = {}

_HANDLE: Final = "nhactruong.handle_event"

Taker = Callable[[Event, Handler], None]
_taker: ContextVar[Taker | None] = ContextVar("taker_of_facts", default=None)


def subscribe(event: type[Event], handlers: Sequence[Handler]) -> None:
    """Let `handlers` be run, each as its own job, for every published `event`."""
    _subscriptions[event.name()] = (event, tuple(handlers))


def _path(handler: Handler) -> str:
    return f"{handler.__module__}:{handler.__qualname__}"


def publish(*events: Event, priority: int | None = None) -> int:
    """The number of jobs deferred for `events`, in the caller's transaction and in one batch.

    `priority` stands for the events' own when this time somebody waits for them at a screen.
    """
    take = _taker.get()
    if take is not None:
        return _give_to(take, events)
    by_priority: dict[int, list[dict[str, Any]]] = {}
    for event in events:
        for handler in _subscriptions.get(event.name(), (None, ()))[1]:
            chosen = event.priority if priority is None else priority
            by_priority.setdefault(chosen, []).append(
                {"event": event.name(), "payload": event.payload(), "handler": _path(handler)}
            )
    for priority, deferred in by_priority.items():
        task = job_app.configure_task(_HANDLE, queue="events", priority=priority)
        task.batch_defer(*deferred)
    return sum(len(deferred) for deferred in by_priority.values())


def _give_to(take: Taker, events: Sequence[Event]) -> int:
    given = [
        (event, handler)
        for event in events
        for handler in _subscriptions.get(event.name(), (None, ()))[1]
    ]
    for event, handler in given:
        take(event, handler)
    return len(given)


@contextmanager
def taken_by(take: Taker) -> Iterator[None]:
    """Inside the block every (fact, handler) goes to `take` instead of the queue.

    For building histories at another time than now: `take` notes the pair, and the builder runs
    it once the command that published the fact is done.
    """
    mark = _taker.set(take)
    try:
        yield
    finally:
        _taker.reset(mark)


def handle(event: str, payload: dict[str, Any], handler: str) -> bool:
    """Whether `handler` was run now; False when it had already dealt with this event.

    The receipt is written after the handler succeeded: a handler is idempotent by itself, the
    receipt spares the repetition.
    """
    event_class, _ = _subscriptions[event]
    fact = event_class.from_payload(payload)
    if HandlerReceipt.objects.filter(event_id=fact.event_id, handler=handler).exists():
        return False
    module, _, name = handler.partition(":")
    getattr(importlib.import_module(module), name)(fact)
    with writes_allowed():
        HandlerReceipt.objects.bulk_create(
            [HandlerReceipt(event_id=fact.event_id, handler=handler, handled_at=clock.now())],
            ignore_conflicts=True,
        )
    return True
