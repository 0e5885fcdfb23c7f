"""Asking for a change, answering it, taking it back; the code an account leads to."""

from __future__ import annotations

from nhactruong.masterdata.changes.commands.collecting import COLLECT, collect
from nhactruong.masterdata.changes.commands.deciding import approve, refuse, withdraw
from nhactruong.masterdata.changes.commands.requesting import DECIDE, Asked, request

__all__ = ["COLLECT", "DECIDE", "Asked", "approve", "collect", "refuse", "request", "withdraw"]
