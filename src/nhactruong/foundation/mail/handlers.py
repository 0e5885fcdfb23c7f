"""Handing letters over, outside any transaction."""

from __future__ import annotations

from django.core.mail import EmailMessage

from nhactruong.foundation.mail.events import MailWritten


def send(letter: MailWritten) -> None:
    """The letter is with the mail server; a server that does not answer is tried again by the job.

    When the process dies between handing over and the receipt, the letter is sent twice.
    """
    EmailMessage(subject=letter.subject, body=letter.text, to=[letter.to]).send()
