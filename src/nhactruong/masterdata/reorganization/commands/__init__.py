"""The verbs of a reorganization."""

from __future__ import annotations

from nhactruong.masterdata.reorganization.commands.carrying_out import carry_out
from nhactruong.masterdata.reorganization.commands.proposing import (
    approve,
    map_posts,
    open_proposal,
    send,
    send_back,
    withdraw,
)

__all__ = [
    "approve",
    "carry_out",
    "map_posts",
    "open_proposal",
    "send",
    "send_back",
    "withdraw",
]
