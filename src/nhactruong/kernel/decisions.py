"""The answer of a policy: yes, or no with the reason a button shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nhactruong.kernel.errors import AccessDenied


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an act is allowed; `reason` is the Vietnamese sentence of a refusal.

    `offered` is False when the role never has the act: then its button is not shown at all.
    """

    allowed: bool
    reason: str = ""
    code: str = ""
    offered: bool = True

    def require(self) -> None:
        """Nothing when allowed. Raises: AccessDenied with the reason."""
        if not self.allowed:
            raise AccessDenied(self.code or "act.refused", self.reason or "Chưa làm được việc này.")

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED: Final = Decision(True)


def refused(code: str, reason: str) -> Decision:
    """A no that the person may see, with its reason."""
    return Decision(False, reason, code)


def never(code: str, reason: str) -> Decision:
    """A no for somebody whose role never has the act."""
    return Decision(False, reason, code, offered=False)
