"""Writing letters."""

from __future__ import annotations

from nhactruong.foundation.jobs.commands import publish
from nhactruong.foundation.mail.events import MailWritten


def write(to: str, subject: str, text: str) -> bool:
    """Whether a letter goes out: a job of the caller's transaction sends it; no address, no letter."""
    if not to:
        return False
    publish(MailWritten(to=to, subject=subject, text=text))
    return True
