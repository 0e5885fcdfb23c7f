"""The interface without its operations; assembly adds the routers of the apps."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from nhactruong.foundation.web.errors import NOT_FOUND, problem, refusal
from nhactruong.foundation.web.operations import HEADER
from nhactruong.gateways.http_api.authentication import KeyAuth, PageAuth
from nhactruong.gateways.http_api.throttling import CallerThrottle
from nhactruong.kernel.errors import DomainError

_SAID: Final = {
    401: ("not_signed_in", "Chưa đăng nhập."),
    403: ("csrf", "Lần gọi này thiếu mã chống giả mạo của phiên. Tải lại trang rồi gửi lại."),
}
_UNREADABLE: Final = ("bad_request", "Yêu cầu không đúng dạng nên chưa được thực hiện.")


_PROBLEM: Final = "application/problem+json"
#: Operations whose body carries a file.
_TAKING_FILES: Final = ("receive_incoming",)
#: How an operation that changes something is named by the caller.
_OPERATION_NAME: Final = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "Mã của lần gửi, do người gọi tự đặt (UUID). Gửi lại cùng mã: việc không làm hai "
    "lần, câu trả lời là câu trả lời đầu.",
}


class Interface(NinjaAPI):
    """An interface whose description names operations by function and refusals by their type."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The name of the function that answers."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, *, path_prefix: Any = None, path_params: Any = None) -> Any:
        """The description; every refusal is said to be problem+json, as it is."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                if method != "get":
                    operation.setdefault("parameters", []).append(_OPERATION_NAME)
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {_PROBLEM: answer["content"]["application/json"]}
        return schema


def build_interface() -> Interface:
    """The interface with its title, callers, limits and answers to errors."""
    api = Interface(
        title="Nhạc Trưởng",
        version="1",
        description=(
            "Giao diện lập trình của văn phòng số. Khóa của một người đọc và làm việc trên văn bản, hồ "
            "sơ, hộp việc trong phạm vi chức danh của người ấy; khóa của một chương trình chỉ làm được "
            "việc ghi trên khóa. Thứ không được xem thì coi như không có (404)."
        ),
        urls_namespace="api",
        docs_url=None,
        auth=[KeyAuth(), PageAuth()],
        throttle=[CallerThrottle()],
    )
    api.add_exception_handler(DomainError, _refused)
    api.add_exception_handler(ValidationError, _badly_shaped)
    api.add_exception_handler(Throttled, _too_often)
    api.add_exception_handler(HttpError, _plainly)
    api.add_exception_handler(Http404, _absent)
    return api


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return refusal(request, error)


def _absent(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, "not_found", NOT_FOUND)


def _badly_shaped(request: HttpRequest, error: Any) -> HttpResponse:
    fields = {str(fault["loc"][-1]): str(fault["type"]) for fault in error.errors}
    named = ", ".join(sorted(fields))
    return problem(422, "bad_parameter", f"Tham số không đúng dạng: {named}.", fields)


def _too_often(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(
        429, "too_often", "Gọi quá nhiều lần trong một phút nên lần này chưa được thực hiện."
    )


def _plainly(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return problem(401, *_SAID[401])
    return problem(error.status_code, *_SAID.get(error.status_code, _UNREADABLE))


def addresses_of(api: Interface) -> Any:
    """The addresses of `api`, marked for the middleware, as `path` takes them.

    Its description is public. A path that only reads needs no operation identifier: whatever else
    is sent there is a refused method.
    """
    writing = {
        operation.view_func.__name__
        for _, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
        if set(operation.methods) - {"GET"}
    }
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            marked: Any = pattern.callback
            marked.public = pattern.name == "openapi-json"
            marked.operation_exempt = pattern.name not in writing
            marked.takes_files = pattern.name in _TAKING_FILES
    return patterns, app_name, namespace
