"""In whose right an act is done: one's own, or that of a post lent for it at this second."""

from __future__ import annotations

from collections.abc import Callable

from nhactruong.kernel.actor import Actor, Paper
from nhactruong.kernel.decisions import Decision
from nhactruong.kernel.states import Act


def rightful(
    actor: Actor, act: Act, paper: Paper, judge: Callable[[Actor], Decision]
) -> tuple[Decision, Actor]:
    """What `judge` says, and of whom: the actor, else the first lent post that may do the act.

    A refusal that would be a yes at another step is told rather than one that never is.
    """
    said, who = judge(actor), actor
    if said:
        return said, who
    for lent in actor.lent:
        if not lent.covers(act, paper):
            continue
        standing = actor.standing_in(lent)
        answer = judge(standing)
        if answer:
            return answer, standing
        if answer.offered and not said.offered:
            said, who = answer, standing
    return said, who
