"""Marks that views carry for the middleware."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
R = TypeVar("R", bound=HttpResponseBase)


def public(view: V) -> V:
    """`view`, answering without sign-in."""
    view.public = True  # type: ignore[attr-defined]  # read by ActorMiddleware
    return view


def operation_exempt(view: V) -> V:
    """`view`, whose POST needs no operation identifier (sign-in, sign-out)."""
    view.operation_exempt = True  # type: ignore[attr-defined]  # read by OperationMiddleware
    return view


def post_only(view: Callable[..., R]) -> Callable[..., R]:
    """`view`, answering POST alone; nobody is ever sent to it."""
    only = require_POST(view)
    only.post_only = True  # type: ignore[attr-defined]  # read by web.addresses
    return only


def open_without_second_factor(view: V) -> V:
    """`view`, open to somebody who must have a second factor and has none yet."""
    view.open_without_second_factor = True  # type: ignore[attr-defined]  # read by ActorMiddleware
    return view
