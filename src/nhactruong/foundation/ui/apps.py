"""Django's name for the component library."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags and static files under the label `ui`."""

    name = "nhactruong.foundation.ui"
    label = "ui"
