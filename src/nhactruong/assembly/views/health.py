"""The page that says whether the installation is well."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from nhactruong.foundation.files import store
from nhactruong.foundation.web.views import public
from nhactruong.kernel import clock

_WORKER_SILENCE: Final = timedelta(seconds=30)


def health_state() -> dict[str, str]:
    """`ok` or the fault (`down`, `silent`, `unknown`) of web, files, database and worker."""
    files = "ok" if store.engine().is_well() else "down"
    state = {"web": "ok", "files": files, "database": "ok", "worker": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT at FROM worker_beat WHERE id = 1")
            beat = cursor.fetchone()
    except DatabaseError:
        return {**state, "database": "down", "worker": "unknown"}
    if beat is None or clock.now() - beat[0] > _WORKER_SILENCE:
        state["worker"] = "silent"
    return state


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when web, database and worker are well, 503 with the part that is not."""
    state = health_state()
    is_well = all(value == "ok" for value in state.values())
    return JsonResponse(state, status=200 if is_well else 503)
