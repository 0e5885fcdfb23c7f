"""The base of every fact an app announces: frozen, past tense, plain values only."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any, ClassVar, Self


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact; `payload_version` is raised when its fields change their meaning."""

    payload_version: ClassVar[int] = 1
    #: Whoever waits at a screen goes before what nobody waits for; larger is sooner.
    priority: ClassVar[int] = 0

    event_id: uuid.UUID = dataclasses.field(default_factory=uuid.uuid4)

    @classmethod
    def name(cls) -> str:
        """The stable name under which the fact travels, e.g. `outgoing.DocumentIssued`."""
        app = cls.__module__.split(".")[-2]
        return f"{app}.{cls.__name__}"

    def payload(self) -> dict[str, Any]:
        """The fact as JSON values."""
        return {
            field.name: str(value) if isinstance(value, uuid.UUID) else value
            for field in dataclasses.fields(self)
            for value in [getattr(self, field.name)]
        }

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """The fact read back from its payload."""
        values = dict(payload)
        for field in dataclasses.fields(cls):
            if field.type in ("uuid.UUID", uuid.UUID) and field.name in values:
                values[field.name] = uuid.UUID(values[field.name])
        return cls(**values)
