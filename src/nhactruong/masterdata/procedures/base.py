"""The base of records that walk through a procedure.

A case carries the version it is pinned to and its own trail, so that a list needs no further
query to show the step, and a change of state needs no further statement to note it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol, cast

from django.apps import apps
from django.conf import settings
from django.db import models

from nhactruong.foundation.access.base import SightedRecord
from nhactruong.kernel import clock
from nhactruong.masterdata.procedures.rules import (
    FINISHED,
    Content,
    OfficeDay,
    due_at,
    from_json,
)
from nhactruong.masterdata.workdays import selectors as workdays


class _Walking(Protocol):
    state: str
    agency_id: int


@lru_cache(maxsize=512)
def content_of(version_id: int) -> Content:
    """What a published version says; it never changes, so a process reads it once."""
    version = apps.get_model("procedures", "ProcedureVersion")._default_manager.get(pk=version_id)
    return from_json(version.content)


def office_day() -> OfficeDay:
    """The office's hours, a setting."""
    return OfficeDay.read(settings.OFFICE_HOURS)


class Case(SightedRecord):
    """A record in a procedure: `step` is where it stands, `trail` how it came there.

    A trail is a list of [step, instant]; its last entry has an empty step once the case is over.
    Whoever inherits has the fields `state` and `agency`.
    """

    procedure = models.ForeignKey(
        "procedures.ProcedureVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    step = models.CharField(max_length=40, blank=True)
    step_due_at = models.DateTimeField(null=True)
    trail = models.JSONField(default=list)

    class Meta(SightedRecord.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, a new one with its first step; only inside a command."""
        if self._state.adding:
            self._follow()
        super().save(*args, **kwargs)

    def save_changes(self, *fields: str) -> None:
        """Write `fields`, and with the state the step it belongs to; only inside a command."""
        moved = self._follow() if "state" in fields else ()
        super().save_changes(*fields, *moved)

    def _follow(self) -> tuple[str, ...]:
        """The fields that changed because the state leads into another step."""
        if self.procedure_id is None:
            return ()
        walking = cast(_Walking, self)
        content = content_of(self.procedure_id)
        key = content.step_of(str(walking.state))
        if key == self.step and self.trail:
            return ()
        now = clock.now()
        step = content.step(key)
        self.step = key
        self.step_due_at = (
            due_at(step.norm, now, workdays.calendar(walking.agency_id), office_day())
            if step is not None and key != FINISHED
            else None
        )
        self.trail = [*self.trail, [key, now.isoformat()]]
        return ("step", "step_due_at", "trail")


def case_indexes(prefix: str) -> list[models.Index]:
    """The index that finds the running cases of a version, the latest first."""
    return [
        models.Index(
            fields=["procedure", "step_due_at"],
            condition=~models.Q(step=""),
            name=f"{prefix}_running",
        )
    ]
