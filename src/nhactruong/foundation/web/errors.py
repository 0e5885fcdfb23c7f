"""The single map from a DomainError to what the person or the machine gets."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.html import format_html

from nhactruong.foundation.web.addresses import (
    SESSION_ENDED,
    confirmation_address,
    page_behind,
    page_left,
    sign_in_address,
)
from nhactruong.foundation.web.requests import see_other
from nhactruong.kernel.errors import ConfirmationNeeded, DomainError, NotFound, RuleBroken

logger = logging.getLogger("nhactruong.web")

NOT_FOUND: Final = (
    "Không tìm thấy trang này, hoặc đồng chí không có quyền xem. Kiểm tra lại đường dẫn."
)
_DATABASE_RESTS: Final = (
    "Cơ sở dữ liệu đang khởi động lại hoặc quá bận nên chưa trả lời. Đồng chí chờ ít giây rồi gửi "
    "lại; việc không bị làm hai lần."
)
_RETRY_SECONDS: Final = 5
_NOT_TAKEN: Final = (
    "Địa chỉ này không nhận cách gửi vừa rồi nên chưa có việc nào được thực hiện. "
    "Đồng chí mở lại trang rồi làm tiếp."
)
NOT_SIGNED_IN: Final = "Chưa đăng nhập."
SESSION_OVER: Final = "Phiên làm việc đã hết. Đồng chí đăng nhập lại để làm tiếp."
_READING: Final = ("GET", "HEAD", "OPTIONS")
NO_ROOM: Final = "Kho tệp không ghi được nên chưa nhận tệp. Đề nghị báo quản trị hệ thống."
_TITLES: Final = {
    400: "Yêu cầu không đọc được",
    403: "Chưa làm được việc này",
    404: "Không tìm thấy",
    405: "Không mở được địa chỉ này",
    409: "Chưa làm được việc này",
    413: "Tệp quá lớn",
    422: "Nội dung gửi lên chưa đúng",
    500: "Hệ thống gặp lỗi",
    502: "Bộ phận bên ngoài chưa trả lời",
    503: "Hệ thống tạm dừng ít giây",
}


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a machine: an API path, or a script asking for JSON."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get(
        "Accept", ""
    )


def problem(
    status: int, code: str, sentence: str, fields: dict[str, str] | None = None, line: int = 0
) -> JsonResponse:
    """An application/problem+json answer (RFC 9457) with our code and sentence.

    `line` is the line of the table of rights a refusal rests on.
    """
    body: dict[str, Any] = {
        "type": f"urn:nhactruong:{code}",
        "title": sentence,
        "status": status,
        "code": code,
    }
    if fields:
        body["fields"] = fields
    if line:
        body |= {"detail": line_words(line), "line": line}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def line_words(line: int) -> str:
    """Which line of the table of rights says so."""
    return f"Theo dòng {line} bảng quyền."


def error_page(
    request: HttpRequest, status: int, code: str, sentence: str, line: int = 0
) -> HttpResponse:
    """The refusal as a page or as problem+json; `line` as for `problem`."""
    if wants_json(request):
        return problem(status, code, sentence, line=line)
    context = {
        "title": _TITLES.get(status, _TITLES[400]),
        "status": status,
        "sentence": sentence,
        "line": line,
        "back_url": _way_back(request, status),
    }
    return render(request, "ui/error.html", context, status=status)


def _way_back(request: HttpRequest, status: int) -> str:
    if status == 404:
        return "/"
    left = page_left(request)
    return page_behind(request.path) if status == 405 and left == "/" else left


def not_signed_in(request: HttpRequest) -> HttpResponse:
    """401 for machines; people go to the sign-in page, which leads them back to where they were.

    A form whose session ended leads back to the page it stood on: its own address may take POST
    only.
    """
    reads = request.method in _READING
    ended = not reads or bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    if wants_json(request):
        over = ended and not request.path.startswith("/api/")
        return problem(401, "not_signed_in", SESSION_OVER if over else NOT_SIGNED_IN)
    swapped = request.headers.get("HX-Request") == "true"
    page = page_behind(request.path) if reads and not swapped else page_left(request)
    address = sign_in_address(
        request.get_full_path() if page == request.path else page, SESSION_ENDED if ended else ""
    )
    if not swapped:
        return HttpResponseRedirect(address)
    # A redirect would put the sign-in page into the part of a page that asked.
    response = HttpResponse(status=401)
    response.headers["HX-Redirect"] = address
    return response


class DomainErrorMiddleware:
    """Turns refusals into answers; anything unforeseen into sentence 20 with an incident code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        worded = error_page(request, 405, "method_not_allowed", _NOT_TAKEN)
        worded.headers["Allow"] = response.headers["Allow"]
        return worded

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer for `error`, or None to let Django answer."""
        if isinstance(error, DomainError):
            return refusal(request, error)
        if isinstance(error, Http404):
            return error_page(request, 404, "not_found", NOT_FOUND)
        if isinstance(error, RequestDataTooBig | SuspiciousOperation | PermissionDenied):
            return None
        if isinstance(error, InterfaceError | OperationalError):
            return _database_rests(request)
        return error_page(request, 500, "internal", _incident(request))


def _incident(request: HttpRequest) -> str:
    """Sentence 20 with the code under which the fault at hand was logged."""
    code = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    logger.exception("incident %s at %s %s", code, request.method, request.path)
    # A write may have been committed before the fault: then nobody is told it was not done.
    what = (
        "việc chưa được thực hiện"
        if request.method in _READING
        else "chưa rõ việc đã xong hay chưa; đồng chí gửi lại, việc không bị làm hai lần"
    )
    return (
        f"Hệ thống gặp lỗi, {what}. Mã sự cố {code}; "
        "đề nghị báo bộ phận Cơ yếu – Công nghệ thông tin."
    )


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """What a refused act answers: machines get the code, people go back to where they were.

    A rule that forbids the act of a form sends the person back to the page with the reason, so
    that nothing typed elsewhere is lost; what may not be seen is 404.
    """
    request.refusal_code = error.code  # type: ignore[attr-defined]  # read where refusals are recorded
    if isinstance(error, NotFound):
        return error_page(request, 404, error.code, error.sentence)
    line = int(getattr(error, "line", 0))
    if wants_json(request):
        fields = getattr(error, "fields", {})
        return problem(error.http_status, error.code, error.sentence, fields, line)
    if isinstance(error, ConfirmationNeeded) and request.method in _READING:
        return HttpResponseRedirect(confirmation_address(request.get_full_path()))
    return error_page(request, error.http_status, error.code, error.sentence, line)


def back_with_reason(request: HttpRequest, url: str, error: RuleBroken) -> HttpResponse:
    """A 303 to `url` that shows why the act was refused."""
    messages.error(request, error.sentence)
    return see_other(url)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404 in our words."""
    return error_page(request, 404, "not_found", NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400 in our words."""
    return error_page(
        request,
        400,
        "bad_request",
        "Yêu cầu không đúng dạng nên chưa được thực hiện. Tải lại trang.",
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403 in our words."""
    return error_page(
        request, 403, "forbidden", "Đồng chí không có quyền làm việc này ở chức danh hiện tại."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500 in our words: a fault before any view was reached.

    Bare, because whatever a page of ours is built from (session, actor, database) may be the fault.
    """
    if isinstance(sys.exception(), InterfaceError | OperationalError):
        return _database_rests(request)
    return _bare_page(request, 500, "internal", _incident(request))


def _database_rests(request: HttpRequest) -> HttpResponse:
    """503 for the seconds in which the database starts again: repeating the request is safe."""
    logger.warning("database not available at %s %s", request.method, request.path)
    response = _bare_page(request, 503, "database.unavailable", _DATABASE_RESTS)
    response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _bare_page(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if wants_json(request):
        return problem(status, code, sentence)
    page = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{0}</title></head>'
        '<body><main><h1>{0}</h1><p>{1}</p><p><a href="/">Về trang đầu</a></p></main></body></html>'
    )
    return HttpResponse(format_html(page, _TITLES[status], sentence), status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose secret does not match: usually a page left open past the session."""
    match = request.resolver_match
    is_public = match is not None and getattr(match.func, "public", False)
    if not request.user.is_authenticated and not is_public:
        return not_signed_in(request)
    return error_page(
        request,
        403,
        "csrf",
        "Phiên làm việc đã đổi nên lần gửi này không được nhận. Tải lại trang rồi gửi lại.",
    )
