"""A letter reaches a real mail server, and only when the act that wrote it came to stand."""

from __future__ import annotations

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from nhactruong.assembly import sign_in
from nhactruong.assembly.environment import BadSetting
from nhactruong.foundation.jobs.commands import handle
from nhactruong.foundation.mail import commands


class PostOffice:
    """Keeps what is handed over."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.django_db
def test_the_job_hands_the_letter_to_the_server_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = PostOffice()
    port = free_port()
    server = Controller(office, hostname="127.0.0.1", port=port)
    server.start()
    try:
        monkeypatch.setenv("NHACTRUONG_SMTP_URL", f"smtp://127.0.0.1:{port}")
        settings.EMAIL_BACKEND, named = sign_in.mail_settings()
        settings.EMAIL_HOST, settings.EMAIL_PORT = named.host, named.port
        assert commands.write("lam@tinhuy.example", "Tài khoản tạm khóa", "Kính gửi đồng chí,\n")
        job = ProcrastinateJob.objects.latest("id")
        assert office.letters == []
        assert handle(**job.args)
        assert not handle(**job.args), "a job that runs twice sends once"
    finally:
        server.stop()
    [letter] = office.letters
    assert (letter["To"], letter["Subject"]) == ("lam@tinhuy.example", "Tài khoản tạm khóa")
    assert letter.get_content().strip() == "Kính gửi đồng chí,"


@pytest.mark.django_db
def test_an_act_that_fails_writes_no_letter_and_no_address_gets_none() -> None:
    before = ProcrastinateJob.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        commands.write("lam@tinhuy.example", "Việc không thành", "")
        raise RuntimeError
    assert not commands.write("", "Không địa chỉ", "")
    assert ProcrastinateJob.objects.count() == before


def test_the_address_of_the_server_is_read_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NHACTRUONG_SMTP_URL", "smtp+tls://may:m%40t-khau@thu.example")
    _, named = sign_in.mail_settings()
    assert (named.host, named.port, named.user, named.password) == (
        "thu.example",
        587,
        "may",
        "m@t-khau",
    )
    assert (named.starts_tls, named.is_tls) == (True, False)
    monkeypatch.setenv("NHACTRUONG_SMTP_URL", "https://may:mat-khau@thu.example")
    with pytest.raises(BadSetting) as refused:
        sign_in.mail_settings()
    assert "mat-khau" not in str(refused.value)
