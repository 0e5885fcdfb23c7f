"""Asking for a change, answering it, taking it back."""

from __future__ import annotations

from nhactruong.masterdata.changes.commands.deciding import approve, refuse, withdraw
from nhactruong.masterdata.changes.commands.requesting import DECIDE, Asked, request

__all__ = ["DECIDE", "Asked", "approve", "refuse", "request", "withdraw"]
