"""What every page of an act of force asks first: may it be done, and is it he who presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from nhactruong.foundation.accounts import commands
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.decisions import Decision

#: The field of the code, as the components `step_up` and `confirm` send it.
CODE: Final = "step_up_code"


def require_code(
    request: ActorRequest,
    act: Callable[..., Any],
    may: Callable[[], Decision] | None = None,
    *,
    anew: bool = False,
) -> None:
    """Nothing when the command `act` may go on, as `commands.confirm_act` says.

    Raises: AccessDenied; InvalidInput and RuleBroken of `commands.confirm`.
    """
    commands.confirm_act(request.actor, act, request.POST.get(CODE, ""), may, anew=anew)
