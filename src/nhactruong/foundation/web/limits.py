"""Limits met before a body is read.

How much a view takes is said by the view: `takes_files` for files up to `MAX_FILE_BYTES`,
everything else no more than a form needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from nhactruong.foundation.web.errors import NO_ROOM, bad_request, error_page
from nhactruong.kernel.text import whole_number

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: What the fields and part headers around a file may weigh together.
_FORM_ALLOWANCE: Final = 1_048_576
#: Bytes of one file, where the head of a multipart body tells; set by `telling_file_bytes`.
_FILE_BYTES: Final = "nhactruong.file_bytes"
_MIB: Final = 1_048_576


class BodyLimitMiddleware:
    """Refuses, unread, a body that is longer than its view takes or does not say how long it is.

    A NUL character in the address or in a field is refused as well: no text in the store can hold
    one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            return bad_request(request)
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """The refusal, or None to let the view read."""
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        declared = whole_number(request.META.get("CONTENT_LENGTH") or "0", digits=18)
        if declared is None or "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return _refuse(request, "Phần gửi lên không nói rõ độ lớn nên không được nhận.")
        if not getattr(view, "takes_files", False) or not request.user.is_authenticated:
            if declared > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
                return _refuse(
                    request,
                    f"Nội dung gửi lên nặng {_megabytes(declared)} MB, quá mức "
                    f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // _MIB} MB. Đồng chí gửi ít hơn.",
                )
            return _unusable(request)
        return self._too_heavy(request, declared) or _unusable(request)

    @staticmethod
    def _too_heavy(request: HttpRequest, declared: int) -> HttpResponse | None:
        limit = settings.MAX_FILE_BYTES
        size = request.META.get(_FILE_BYTES, declared - _FORM_ALLOWANCE)
        if size > limit:
            return _refuse(
                request,
                f"Tệp nặng {_megabytes(max(size, limit + 1))} MB, quá mức {limit // _MIB} MB một "
                "lần gửi. Đồng chí gửi từng tệp, hoặc tách phụ lục thành tệp riêng.",
            )
        return None


def _unusable(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a form that cannot be kept, its files now lying in the temporary folder."""
    try:
        sent = request.POST
    except OSError as fault:
        for handler in request.upload_handlers:
            with suppress(OSError):
                handler.upload_interrupted()
        if isinstance(fault, UnreadablePostError):
            return bad_request(request)  # whoever sent it has hung up
        return error_page(request, 502, "files.disk", NO_ROOM)
    if any("\0" in value for _, values in sent.lists() for value in values):
        return bad_request(request)
    return None


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Marks a view whose POST may carry files."""
    view.takes_files = True  # type: ignore[attr-defined]  # read by BodyLimitMiddleware
    return view


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    response = error_page(request, 413, "file.too_large", sentence)
    # What has not been read is never read: the next request needs another connection.
    response.headers["Connection"] = "close"
    return response


def _megabytes(size: int) -> int:
    return -(-size // _MIB)


# Whether a file is one byte too long cannot be told from the length of the whole body, which also
# counts the fields around the file; its first bytes tell.

_PEEKED_BYTES: Final = 16_384
_STEP: Final = 1024
_FILE_HEAD: Final = re.compile(rb'\r\nContent-Disposition:[^\r\n]*filename[^\r\n]*\r\n.*?\r\n\r\n|'
                               rb'\r\nContent-Disposition:[^\r\n]*filename[^\r\n]*\r\n\r\n', re.I | re.S)  # fmt: skip


class _Peeked:
    """A body whose first bytes have been looked at; read as if they had not."""

    def __init__(self, first: bytes, rest: Any) -> None:
        self._first = first
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, or all that remains."""
        if size < 0:
            first, self._first = self._first, b""
            return first + bytes(self._rest.read())
        if self._first:
            first, self._first = self._first[:size], self._first[size:]
            return first
        return bytes(self._rest.read(size))

    def readline(self) -> bytes:
        """The next line."""
        if not self._first:
            return bytes(self._rest.readline())
        line, end, self._first = self._first.partition(b"\n")
        return line + end if end else line + bytes(self._rest.readline())


def telling_file_bytes(application: Application) -> Application:
    """`application`, told how long the file in a multipart body is before the body is read.

    Only bodies that are a little longer than the limit are looked at: the others are decided by
    their length alone.
    """

    def told(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        declared = whole_number(environ.get("CONTENT_LENGTH") or "0", digits=18) or 0
        spare = declared - settings.MAX_FILE_BYTES
        kind = environ.get("CONTENT_TYPE", "")
        if 0 < spare <= _FORM_ALLOWANCE and kind.lower().startswith("multipart/form-data"):
            first = b""
            body = environ["wsgi.input"]
            while len(first) < _PEEKED_BYTES and not _FILE_HEAD.search(first):
                more = body.read(_STEP)
                if not more:
                    break
                first += more
            environ["wsgi.input"] = _Peeked(first, body)
            size = _file_bytes(first, declared, named="HTTP_IDEMPOTENCY_KEY" in environ)
            if size is not None:
                environ[_FILE_BYTES] = size
        return application(environ, start_response)

    return told


def _file_bytes(first: bytes, declared: int, *, named: bool) -> int | None:
    """The bytes of the file that begins within `first` and ends the body; None if that is unsure.

    Fields may follow the file only while the form has not named itself yet (`form_head` stands
    first in every form of ours).
    """
    head = _FILE_HEAD.search(first)
    if head is None or not (named or b'name="operation_id"' in first[: head.start()]):
        return None
    boundary = first.partition(b"\r\n")[0]
    return declared - head.end() - len(b"\r\n") - len(boundary) - len(b"--\r\n")
