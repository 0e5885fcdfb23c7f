"""Plugs the apps together once, when Django has loaded them all."""

from __future__ import annotations

from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    """The roof: subscriptions, resolvers and kinds of work are registered here."""

    name = "nhactruong.assembly"

    def ready(self) -> None:
        """Register everything; imported late because models must exist first."""
        from nhactruong.assembly import movers, resolvers, subscriptions, time_stamping
        from nhactruong.foundation.audit.ports import stamp_by

        subscriptions.register()
        resolvers.register()
        movers.register()
        stamp_by(time_stamping.time_stamper)
