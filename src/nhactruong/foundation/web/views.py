"""Marks that views carry for the middleware."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse

V = TypeVar("V", bound=Callable[..., HttpResponse])


def public(view: V) -> V:
    """`view`, answering without sign-in."""
    view.public = True  # type: ignore[attr-defined]  # read by ActorMiddleware
    return view


def operation_exempt(view: V) -> V:
    """`view`, whose POST needs no operation identifier (sign-in, sign-out)."""
    view.operation_exempt = True  # type: ignore[attr-defined]  # read by OperationMiddleware
    return view
