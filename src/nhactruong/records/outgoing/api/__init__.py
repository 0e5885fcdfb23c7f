"""Outgoing documents for machines: what is read, and the same commands as on the pages."""

from __future__ import annotations

from nhactruong.records.outgoing.api.reading import router as reading
from nhactruong.records.outgoing.api.writing import router as writing

__all__ = ["reading", "writing"]
