"""Loads the shipped lists after each migration."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CodeListsConfig(AppConfig):
    """The code lists."""

    name = "nhactruong.masterdata.codelists"

    def ready(self) -> None:
        """Have the shipped lists in place once the tables are."""
        post_migrate.connect(_load, sender=self, dispatch_uid="load-code-lists")


def _load(**_: Any) -> None:
    from django.db import connection

    from nhactruong.kernel.actor import service_actor
    from nhactruong.masterdata.codelists.commands import load_shipped

    # A migration backwards leaves no table to load into.
    if "codelists_codeentry" in connection.introspection.table_names():
        load_shipped(service_actor("setup", "Bản giao kèm sản phẩm"))
