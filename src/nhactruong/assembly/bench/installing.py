"""An installation of its own for one size of office: database, tables, web server."""

from __future__ import annotations

import dataclasses
import http.client
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from nhactruong.assembly.supervision import assets, schema
from nhactruong.assembly.supervision.children import Child
from nhactruong.assembly.supervision.database import borrowed
from nhactruong.assembly.supervision.installation import Installation, from_environ
from nhactruong.assembly.supervision.processes import web_command
from nhactruong.assembly.supervision.refusals import ExitCode, Refusal

_READY_SECONDS: Final = 60.0
_GRACE_SECONDS: Final = 10.0


def installation_of(documents: int) -> Installation:
    """The installation of that size under the state folder's `bench`; never in production.

    Raises: Refusal (`SETTING_INVALID`).
    """
    usual = from_environ(os.environ)
    if usual.env == "production":
        raise Refusal(
            ExitCode.SETTING_INVALID,
            "bench.in_production",
            "Bản cài đặt đang ở chế độ production nên không nạp dữ liệu đo; hãy đặt "
            "NHACTRUONG_ENV=sample.",
        )
    return dataclasses.replace(
        usual,
        var=usual.var / "bench" / str(documents),
        host="127.0.0.1",
        port=_free_port(),
        env="sample",
    )


@contextmanager
def opened(installation: Installation) -> Iterator[dict[str, str]]:
    """The environment of the installation while its database answers with current tables."""
    installation.prepare_folders()
    with borrowed(installation, "bench") as environment:
        if not schema.is_current(installation, environment["DATABASE_URL"]):
            schema.migrate(installation, environment)
        yield environment


def as_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment signed in as the owner of the tables."""
    owner = environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]
    return {**environment, "DATABASE_URL": owner}


@contextmanager
def served(installation: Installation, environment: Mapping[str, str]) -> Iterator[None]:
    """Inside the block the office answers over HTTP, as `up` would serve it.

    Raises: Refusal (`CHILD_FAILED`).
    """
    if not assets.are_current(installation):
        assets.gather(installation, environment)
    web = Child("web", web_command(installation), environment, installation.log_folder / "web.log")
    web.start()
    try:
        _await(installation, web)
        yield
    finally:
        web.stop(_GRACE_SECONDS)


def _await(installation: Installation, web: Child) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and web.is_running():
        connection = http.client.HTTPConnection(installation.host, installation.port, timeout=5)
        try:
            # Not /healthz: it wants a worker, and none runs while pages are measured.
            connection.request("GET", "/dang-nhap/")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise Refusal(
        ExitCode.CHILD_FAILED,
        "bench.web_silent",
        "Trang không trả lời khi đo; hãy xem %(log)s.",
        log=installation.log_folder / "web.log",
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
