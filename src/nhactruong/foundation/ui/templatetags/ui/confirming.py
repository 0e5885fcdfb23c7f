"""The field of the second confirmation, as the person at the screen gives it."""

from __future__ import annotations

from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from .fields import input
from .registry import element_id, library, part_of, rendered

_CODE_HINT = "Sáu số trên ứng dụng xác thực, hoặc một mã dự phòng."


@library.simple_tag(takes_context=True)
def step_up(
    context: Context,
    error: str = "",
    hint: str = "",
    after: str = "",
    id: str = "",
    span: str = "",
    anew: bool = False,
) -> SafeString:
    """Mã xác nhận: the password, or the code and key of a second factor, sent as `step_up_code`.

    `hint` stands under a password only, `after` under any. Nothing is asked while an earlier
    confirmation by second factor holds, unless the act asks `anew`.
    """
    way = _way(context)
    identifier = id or element_id(context, "f", "step_up_code")
    if way is None or not way.by_factor:
        return input(
            context,
            "step_up_code",
            "Mã xác nhận",
            type="password",
            required=True,
            autocomplete="current-password",
            error=error,
            hint=" ".join(part for part in (hint, after) if part),
            id=identifier,
            span=span,
        )
    if way.valid_until is not None and not anew:
        return rendered(
            "confirmed", valid_until=way.valid_until, after=after, span=span, error=error
        )
    asked = input(
        context,
        "step_up_code",
        "Mã xác nhận",
        type="code",
        required=True,
        error=error,
        hint=" ".join(part for part in (_CODE_HINT, after) if part),
        id=identifier,
        span=span,
    )
    return asked + rendered("key_for_code", identifier=identifier) if way.by_key else asked


def _way(context: Context) -> Any:
    return part_of(context.get("shell") or {}, "confirmation", None)
