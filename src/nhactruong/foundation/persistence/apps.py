"""Protects the records after each migration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PersistenceConfig(AppConfig):
    """The ground of all records."""

    name = "nhactruong.foundation.persistence"

    def ready(self) -> None:
        """Have the rights set right once all migrations have run."""
        from nhactruong.foundation.persistence.protection import protect_records

        post_migrate.connect(protect_records, sender=self, dispatch_uid="protect-records")
