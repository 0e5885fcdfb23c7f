"""What becomes known of mail."""

from __future__ import annotations

from dataclasses import dataclass

from nhactruong.foundation.jobs.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWritten(Event):
    """A letter is ready to be sent."""

    to: str
    subject: str
    text: str
