"""Limits met before a body is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nhactruong.foundation.web.errors import bad_request, error_page

_FORM_ALLOWANCE = 1_048_576


class BodyLimitMiddleware:
    """Refuses a request whose declared length is over the file limit, or that declares none.

    A NUL character in the address is refused as well: no text in the store can hold one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            return bad_request(request)
        if request.method in ("POST", "PUT", "PATCH"):
            declared = request.META.get("CONTENT_LENGTH") or "0"
            limit = settings.MAX_FILE_BYTES
            if not declared.isdigit() or int(declared) > limit + _FORM_ALLOWANCE:
                return self._refuse(request, declared, limit)
            if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
                return self._refuse(request, "0", limit)
        return self.get_response(request)

    @staticmethod
    def _refuse(request: HttpRequest, declared: str, limit: int) -> HttpResponse:
        megabytes = limit // 1_048_576
        size = int(declared) // 1_048_576 if declared.isdigit() else 0
        said = (
            f"Tệp nặng {size} MB, quá mức {megabytes} MB." if size else "Tệp không nói rõ độ lớn."
        )
        response = error_page(
            request, 413, "file.too_large", f"{said} Đồng chí tách phụ lục thành tệp riêng."
        )
        response.headers["Connection"] = "close"
        return response
