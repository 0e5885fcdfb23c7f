"""What the commands ask of the sample office, which is written elsewhere in the assembly."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from nhactruong.assembly.sample import SampleAccount


class SampleOffice(Protocol):
    """The module `nhactruong.assembly.sample`; importing it does not import Django."""

    def accounts(self) -> Sequence[SampleAccount]:
        """Who may sign in, in the order shown; pure data."""

    def load(self, say: Callable[[str], None]) -> None:
        """Build the sample office in an empty database, telling each part; Django is open."""

    def token(self, username: str) -> str:
        """A fresh API token of `username`; Django is open."""

    def load_province(self, code: str, seed: int, say: Callable[[str], None]) -> bool:
        """Found a whole province's Party organization; False when it stood; Django is open."""


def sample_office() -> SampleOffice:
    """The module of the sample office."""
    return cast(SampleOffice, importlib.import_module("nhactruong.assembly.sample"))


def account_lines() -> list[str]:
    """The short table of sample accounts, one line each, ready to be shown."""
    rows = [("Tên đăng nhập", "Mật khẩu", "Họ tên", "Chức vụ")]
    rows += [
        (account["username"], account["password"], account["name"], account["post"])
        for account in sample_office().accounts()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "  "
        + "  ".join(
            [*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[3]]
        )
        for row in rows
    ]
