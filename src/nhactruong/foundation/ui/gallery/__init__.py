"""The gallery: which components there are, and what each page of theirs shows."""

from __future__ import annotations

from .listing import SHELL, SPECIMENS
from .states import sample

__all__ = ["SHELL", "SPECIMENS", "sample"]
