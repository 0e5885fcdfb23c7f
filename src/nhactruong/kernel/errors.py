"""The one family of errors a business rule may raise.

Every error carries a stable English code for machines, a Vietnamese sentence for the person
(what happened, why, what to do) and the facts named in that sentence.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self


class DomainError(Exception):
    """A refusal with a code, a sentence and facts; `http_status` is read by the web edge only.

    The message may hold named `%(x)s` places; they are filled from `facts`.
    """

    http_status: ClassVar[int] = 400

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        self.code = code
        self.template = message
        self.facts = facts
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The Vietnamese sentence with its facts filled in."""
        return self.template % self.facts if self.facts else self.template


class InvalidInput(DomainError):
    """What was sent has the wrong shape or value; `fields` maps a field name to its own sentence."""

    http_status = 422

    def __init__(
        self, code: str, message: str, *, fields: dict[str, str] | None = None, **facts: Any
    ) -> None:
        self.fields = fields or {}
        super().__init__(code, message, **facts)

    @classmethod
    def at(cls, field: str, code: str, sentence: str) -> Self:
        """The fault of one field, to be said beside it."""
        return cls(code, sentence, fields={field: sentence})


class RuleBroken(DomainError):
    """The act is well formed, but a rule of the office forbids it now."""

    http_status = 409


class ConflictingChange(DomainError):
    """Somebody else changed the record since it was read."""

    http_status = 409


class NotFound(DomainError):
    """The thing does not exist for this actor; what may not be seen does not exist."""

    http_status = 404


class AccessDenied(DomainError):
    """The actor sees the thing but may not do this to it.

    `line` is the line of the table of rights that says so; 0 where none does.
    """

    http_status = 403

    def __init__(self, code: str, message: str, *, line: int = 0, **facts: Any) -> None:
        self.line = line
        super().__init__(code, message, **facts)


class ConfirmationNeeded(AccessDenied):
    """The actor may do this once he has confirmed that it is he; a page leads him to do so."""


class OutsideFailure(DomainError):
    """Something outside (engine, device, disk, peer) failed; the act may be tried again."""

    http_status = 502
