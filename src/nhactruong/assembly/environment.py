"""Typed readers of the environment that refuse a bad value at start instead of guessing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from nhactruong.kernel.text import whole_number

PROJECT_ROOT: Final = Path(__file__).resolve().parents[3]
ENVIRONMENTS: Final = ("sample", "production", "test")
SECRECY_MODES: Final = ("register_only", "isolated_lan", "cipher_approved")


class BadSetting(SystemExit):
    """A setting that cannot be used: one clear sentence, exit code 2."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r} không dùng được: {expected}.")


def state_folder() -> Path:
    """Where everything the installation keeps lies (`NHACTRUONG_VAR`, default `var/`)."""
    return Path(os.environ.get("NHACTRUONG_VAR") or PROJECT_ROOT / "var").resolve()


def bind_address() -> tuple[str, int]:
    """Host and port to listen on (`NHACTRUONG_BIND`, default 127.0.0.1:8000)."""
    value = os.environ.get("NHACTRUONG_BIND") or "127.0.0.1:8000"
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise BadSetting("NHACTRUONG_BIND", value, "cần dạng địa-chỉ:cổng, ví dụ 127.0.0.1:8000")
    return host.strip("[]"), int(port)


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of `allowed`."""
    value = os.environ.get(name) or default
    if value not in allowed:
        raise BadSetting(name, value, "cần một trong " + ", ".join(allowed))
    return value


def positive(name: str, default: int) -> int:
    """A whole number above zero."""
    value = os.environ.get(name) or str(default)
    number = whole_number(value)
    if not number:
        raise BadSetting(name, value, "cần một số nguyên dương")
    return number


def not_negative(name: str, default: int) -> int:
    """A whole number, zero among them."""
    value = os.environ.get(name) or str(default)
    number = whole_number(value)
    if number is None or number < 0:
        raise BadSetting(name, value, "cần một số nguyên không âm")
    return number
