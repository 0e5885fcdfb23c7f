"""The verbs of an incoming document, one function each."""

from __future__ import annotations

from nhactruong.records.incoming.commands.handling import (
    assign,
    complete,
    direct,
    mark_answered,
    start,
    submit_to_leader,
)
from nhactruong.records.incoming.commands.receiving import (
    RegisterLine,
    receive_copy,
    receive_file,
    register,
    return_to_sender,
)
from nhactruong.records.incoming.commands.reporting import record_export
from nhactruong.records.incoming.commands.taking_over import take_over

__all__ = [
    "RegisterLine",
    "assign",
    "complete",
    "direct",
    "mark_answered",
    "receive_copy",
    "receive_file",
    "record_export",
    "register",
    "return_to_sender",
    "start",
    "submit_to_leader",
    "take_over",
]
