"""The one task that runs event handlers; procrastinate imports it at start."""

from __future__ import annotations

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as job_app

from nhactruong.foundation.jobs import commands


@job_app.task(
    name="nhactruong.handle_event",
    queue="events",
    retry=RetryStrategy(max_attempts=8, exponential_wait=3),
)
def handle_event(event: str, payload: dict[str, Any], handler: str) -> None:
    """Run one handler of one event; failing ones are tried again with growing pauses."""
    commands.handle(event, payload, handler)
