"""Reading and sending pages in tests."""

from __future__ import annotations

import re
import uuid

from django.http import HttpResponse

#: Queries a page may ask, the session, the person and the shell among them.
BUDGET = 15


def words(response: HttpResponse) -> str:
    """The visible text of a page."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def operation() -> dict[str, str]:
    return {"operation_id": str(uuid.uuid4())}
