"""Pictures of pages: the only answers a browser keeps, and asks about each time it shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response

#: Kept by this browser alone and asked for again each time: a signed-out person gets nothing.
#: Everything else is `private, no-store` (`csp.py`); a page turned back and forth is not drawn
#: and sent anew.
_ASKED_EACH_TIME: Final = "private, no-cache"


def tagged_picture(request: HttpRequest, tag: str, draw: Callable[[], bytes]) -> HttpResponse:
    """The PNG that `draw` gives; 304 without drawing when the browser has the one of that tag."""
    quoted = f'"{tag}"'
    response = get_conditional_response(request, etag=quoted)
    if not isinstance(response, HttpResponseNotModified):
        response = HttpResponse(draw(), content_type="image/png")
    response.headers["ETag"] = quoted
    response.headers["Cache-Control"] = _ASKED_EACH_TIME
    return response
