"""Dossiers for machines: what is read, and the same commands as on the pages."""

from __future__ import annotations

from nhactruong.records.dossiers.api.reading import router as reading
from nhactruong.records.dossiers.api.writing import router as writing

__all__ = ["reading", "writing"]
