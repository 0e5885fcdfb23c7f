"""The one place where a command lets Django in."""

from __future__ import annotations

import os
from collections.abc import Mapping

_SETTINGS = "nhactruong.assembly.settings"


def open_django(environment: Mapping[str, str]) -> None:
    """Django is configured for this process with `environment`."""
    enter(environment)
    import django

    django.setup()


def enter(environment: Mapping[str, str]) -> None:
    """This process has `environment` and knows which settings are ours."""
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
