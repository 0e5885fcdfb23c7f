"""Requests to take many documents out as one file."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import VersionedRecord
from nhactruong.records.releases.rules import STATE_LABELS, State


class Release(VersionedRecord):
    """One table that somebody wants to take out; `address` names the register and its filters."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=500)
    address = models.CharField(max_length=2000)
    rows = models.PositiveIntegerField()
    reason = models.CharField(max_length=1000)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.ASKED,
    )
    asked_by = models.CharField(max_length=200)
    asked_person_id = models.BigIntegerField()
    asked_post_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_person_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=1000, blank=True)

    class Meta(VersionedRecord.Meta):
        constraints = [
            # The second person is never the first, whatever the program says.
            models.CheckConstraint(
                condition=models.Q(decided_person_id=None)
                | ~models.Q(decided_person_id=models.F("asked_person_id")),
                name="release_needs_a_second_person",
            )
        ]
        indexes = [
            models.Index(fields=["asked_person_id", "-id"], name="release_of_person"),
            models.Index(fields=["agency", "-id"], name="release_of_agency"),
        ]

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as work items and notices know it."""
        return "Release"

    @property
    def as_state(self) -> State:
        """The state as a value of the table."""
        return State(self.state)
