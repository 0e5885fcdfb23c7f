"""Pages that belong to no single app."""

from __future__ import annotations

from nhactruong.assembly.views.health import healthz

__all__ = ["healthz"]
