"""Counts, after a form has been taken, what was filled in for the person and what was typed again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from nhactruong.foundation.ui.sources import noting
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.catalogue.commands import count_entries

logger = logging.getLogger("nhactruong.catalogue")

_REFUSED: Final = 400


class OnceOnlyMiddleware:
    """Stands inside the operation of the request, so that a repeated press is counted once.

    The numbers are written after the act as a step of its own: a failed one costs a number only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # see ActorRequest
        if request.method != "POST" or actor.user_id is None:
            return self.get_response(request)
        with noting() as entries:
            response = self.get_response(request)
        if entries and response.status_code < _REFUSED:
            try:
                count_entries(actor, entries)
            except DatabaseError:
                logger.exception("fields sent to %s could not be counted", request.path)
        return response
