"""The description of the HTTP interface as the repository keeps it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from nhactruong.assembly.api import interface


def description() -> str:
    """The OpenAPI document as text: sorted, indented, ending in a line break."""
    schema = interface.get_openapi_schema()
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


class Command(BaseCommand):
    """`manage openapi > docs/openapi.json` after an intended change of the interface."""

    help = "In mô tả OpenAPI của giao diện lập trình."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the description."""
        self.stdout.write(description(), ending="")
