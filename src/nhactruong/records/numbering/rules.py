"""What makes a series one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What makes a series one: documents of one key share one counter."""

    registry_id: int
    issuing_body: str
    group: str
    period: str
    copy_kind: str = "original"
    secrecy_class: str = "open"

    def as_fields(self) -> dict[str, object]:
        """The key as columns."""
        return {
            "registry_id": self.registry_id,
            "issuing_body": self.issuing_body,
            "group": self.group,
            "period": self.period,
            "copy_kind": self.copy_kind,
            "secrecy_class": self.secrecy_class,
        }
