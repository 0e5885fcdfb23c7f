"""Every POST is an operation: it names itself, is done once and answers the same again."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from nhactruong.foundation.persistence.models import OperationAnswer
from nhactruong.foundation.persistence.operations import operation
from nhactruong.foundation.web.errors import error_page, wants_json
from nhactruong.kernel import clock

FIELD: Final = "operation_id"
HEADER: Final = "Idempotency-Key"
#: Beginning of the cookie that tells the next page that an operation was done, so that the browser
#: lets go of what was typed for it (`ui/js/keep.js`).
DONE: Final = "nt-done-"
_DONE_SECONDS: Final = 120
_KEPT_BODY_BYTES: Final = 65_536
_FORMS: Final = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
#: What may differ when the same thing is sent again: marks of the form, and a code asked anew.

_NOT_THE_CONTENT: Final = frozenset({FIELD, "csrfmiddlewaretoken", "step_up_code"})

logger = logging.getLogger("nhactruong.web")


class OperationMiddleware:
    """Opens the operation named by a write request and keeps its first answer.

    Requests of one operation are answered one after the other. When the process died between the
    act and the keeping of its answer, the repeated request runs the view again: every command
    already carried out gives its first result, so the answer is the one the first would have got.
    Views marked `operation_exempt` (sign-in, sign-out) go without one; any other signed-in write
    without an identifier is refused, so that no page can forget it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as opened:
            request.operation_stack = opened  # type: ignore[attr-defined]  # closed with the request
            response = self.get_response(request)
            key = getattr(request, "operation_key", None)
            if key is not None and response.status_code < 400:
                user_id, operation_id = key
                _keep(request, user_id, operation_id, response)
                _tell_the_page(request, operation_id, response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """The first answer of a repeated operation, a refusal, or None to let the view answer."""
        user_id = request.user.pk if request.user.is_authenticated else None
        if (
            request.method in ("GET", "HEAD", "OPTIONS")
            or user_id is None
            or getattr(view, "operation_exempt", False)
        ):
            return None
        named = request.headers.get(HEADER) or request.POST.get(FIELD, "")
        try:
            operation_id = uuid.UUID(named)
        except ValueError:
            return error_page(
                request,
                400,
                "operation.missing",
                "Lần gửi này thiếu mã việc nên không được nhận. Tải lại trang rồi làm lại.",
            )
        opened: ExitStack = request.operation_stack  # type: ignore[attr-defined]  # set above
        opened.enter_context(_alone(user_id, operation_id))
        answered = _first_answer(user_id, operation_id)
        if answered is not None:
            return _replay(request, answered)
        opened.enter_context(operation(user_id, operation_id))
        request.operation_key = (user_id, operation_id)  # type: ignore[attr-defined]  # read above
        return None


@contextmanager
def _alone(user_id: int, operation_id: uuid.UUID) -> Iterator[None]:
    """Inside the block no other request of the same operation runs: the second press waits.

    A lock of the database session, because an act may be several transactions; it ends with the
    session when web or database die.
    """
    name = f"{user_id}:{operation_id}".encode()
    key = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    session = connection.connection
    try:
        yield
    finally:
        if connection.connection is session and not session.closed:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
            except DatabaseError:
                logger.warning("the session of an operation ended before its answer was given")


def _first_answer(user_id: int, operation_id: uuid.UUID) -> OperationAnswer | None:
    return OperationAnswer.objects.filter(user_id=user_id, operation_id=operation_id).first()


def _replay(request: HttpRequest, answer: OperationAnswer) -> HttpResponse:
    other_content = answer.sent and answer.sent != _fingerprint(request)
    if answer.method_path != _method_path(request) or other_content:
        return error_page(
            request,
            409,
            "operation.reused",
            "Lần gửi này đã dùng cho một việc khác. Tải lại trang rồi làm lại.",
        )
    response = HttpResponse(
        bytes(answer.body), status=answer.status, content_type=answer.content_type or None
    )
    if answer.location:
        response["Location"] = answer.location
    _tell_the_page(request, answer.operation_id, response)
    return response


def _tell_the_page(request: HttpRequest, operation_id: uuid.UUID, response: HttpResponse) -> None:
    if wants_json(request):
        return
    response.set_cookie(
        f"{DONE}{operation_id}",
        "1",
        max_age=_DONE_SECONDS,
        secure=settings.CSRF_COOKIE_SECURE,
        samesite="Strict",
    )


def _method_path(request: HttpRequest) -> str:
    return f"{request.method} {request.path}"[:500]


def _fingerprint(request: HttpRequest) -> str:
    """A digest of what the request sends; "" when the view has used it up.

    Keyed, because what was sent may hold a password that could be guessed from a plain digest.
    """
    whole = hmac.new(settings.SECRET_KEY.encode(), digestmod=hashlib.sha256)
    try:
        if request.content_type not in _FORMS:
            whole.update(_without_codes(request.body))
            return whole.hexdigest()
        for name in sorted(request.POST.keys() - _NOT_THE_CONTENT):
            whole.update(repr((name, request.POST.getlist(name))).encode())
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                whole.update(repr((name, file.name, file.size)).encode())
                file.seek(0)
                for piece in file.chunks():
                    whole.update(piece)
    except (RawPostDataException, ValueError, OSError):
        return ""
    return whole.hexdigest()


def _without_codes(body: bytes) -> bytes:
    try:
        sent = json.loads(body)
    except ValueError:
        return body
    if not isinstance(sent, dict):
        return body
    kept = {name: value for name, value in sent.items() if name not in _NOT_THE_CONTENT}
    return json.dumps(kept, sort_keys=True).encode()


def _keep(
    request: HttpRequest, user_id: int, operation_id: uuid.UUID, response: HttpResponse
) -> None:
    if response.streaming or len(response.content) > _KEPT_BODY_BYTES:
        return
    OperationAnswer.objects.bulk_create(
        [
            OperationAnswer(
                user_id=user_id,
                operation_id=operation_id,
                method_path=_method_path(request),
                sent=_fingerprint(request),
                status=response.status_code,
                location=response.headers.get("Location", "")[:500],
                content_type=response.headers.get("Content-Type", "")[:100],
                body=response.content,
                created_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
