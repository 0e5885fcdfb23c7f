"""Pages that belong to no single app."""

from __future__ import annotations

from nhactruong.assembly.views.about import help_page, source_code
from nhactruong.assembly.views.administration import administration
from nhactruong.assembly.views.health import healthz
from nhactruong.assembly.views.me import me, notices, password, session, shortcuts
from nhactruong.assembly.views.search import search
from nhactruong.assembly.views.thread import thread
from nhactruong.assembly.views.today import today

__all__ = [
    "administration",
    "healthz",
    "help_page",
    "me",
    "notices",
    "password",
    "search",
    "session",
    "shortcuts",
    "source_code",
    "thread",
    "today",
]
