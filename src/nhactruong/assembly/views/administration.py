"""Quản trị: is the installation well; for technical roles, without any content."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhactruong.assembly import installation_state as state
from nhactruong.assembly.navigation import may_enter
from nhactruong.assembly.views.health import health_state
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.gateways.http_api.policies import can_keep_keys
from nhactruong.kernel.errors import NotFound

_PARTS: Final = {
    "web": "Trang làm việc",
    "files": "Kho tệp",
    "database": "Cơ sở dữ liệu",
    "worker": "Bộ xử lý nền",
}
_WORDS: Final = {
    "ok": ("Đang chạy tốt", "ok", "ok"),
    "silent": ("Không có tín hiệu", "late", "warn"),
    "down": ("Không trả lời", "late", "warn"),
    "unknown": ("Chưa biết", "neutral", "help"),
}
_ENVIRONMENTS: Final = {
    "sample": "Bản mẫu, dữ liệu không có thật",
    "test": "Bản chạy thử",
    "production": "Bản chính thức",
}


@require_safe
def administration(request: ActorRequest) -> HttpResponse:
    """The page of technical roles; for everybody else it does not exist."""
    if not may_enter(request.actor, "administration"):
        raise NotFound("administration.not_found", "Không tìm thấy trang này.")
    health = health_state()
    return render(
        request,
        "assembly/administration.html",
        {
            "parts": [(_PARTS[part], _WORDS[found]) for part, found in health.items()],
            "is_well": all(found == "ok" for found in health.values()),
            "queue": state.queue(),
            "record": state.record_state(),
            "disk": state.disk(),
            "environment": _ENVIRONMENTS.get(settings.ENVIRONMENT, settings.ENVIRONMENT),
            "version": settings.PRODUCT_VERSION,
            "keeps_keys": bool(can_keep_keys(request.actor)),
        },
    )
