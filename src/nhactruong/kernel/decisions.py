"""The answer of a policy: yes, or no with the reason a button shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nhactruong.kernel.errors import AccessDenied


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an act is allowed; `reason` is the Vietnamese sentence of a refusal.

    `offered` is False when the role never has the act: then its button is not shown at all.
    `line` is the line of the table of rights the answer rests on; 0 where it rests on none.
    """

    allowed: bool
    reason: str = ""
    code: str = ""
    offered: bool = True
    line: int = 0

    def require(self) -> None:
        """Nothing when allowed. Raises: AccessDenied with the reason."""
        if not self.allowed:
            raise AccessDenied(
                self.code or "act.refused",
                self.reason or "Chưa làm được việc này.",
                line=self.line,
            )

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED: Final = Decision(True)


def refused(code: str, reason: str, *, line: int = 0) -> Decision:
    """A no that the person may see, with its reason and the line of the table of rights."""
    return Decision(False, reason, code, line=line)


def never(code: str, reason: str, *, line: int = 0) -> Decision:
    """A no for somebody whose role, or part in the thing, never has the act."""
    return Decision(False, reason, code, offered=False, line=line)
