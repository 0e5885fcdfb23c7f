"""Requests for sight in an emergency, and alarms found in the record."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nhactruong.foundation.persistence.base import PublicRecord, Record, VersionedRecord
from nhactruong.oversight.inspection.rules import STATE_LABELS, State


class EmergencyRequest(VersionedRecord):
    """One person's wish to see one record in an emergency, and what became of it.

    `asked` is what was typed; the record it means is never told to who asks.
    """

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    asked = models.CharField(max_length=200)
    reason = models.CharField(max_length=1000)
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.ASKED,
    )
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    reference = models.CharField(max_length=100, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_person_id = models.BigIntegerField()
    asked_post_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_person_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    is_automatic = models.BooleanField(default=False)
    lease_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    review_due_on = models.DateField(null=True)
    review = models.CharField(max_length=2000, blank=True)
    reviewed_by = models.CharField(max_length=200, blank=True)
    reviewed_person_id = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta(VersionedRecord.Meta):
        constraints = [
            # Never the same person, whatever the program says.
            models.CheckConstraint(
                condition=Q(decided_person_id=None) | ~Q(decided_person_id=F("asked_person_id")),
                name="emergency_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_person_id=None) | ~Q(reviewed_person_id=F("asked_person_id")),
                name="emergency_reviewed_by_another",
            ),
            # One at a time: what was opened must be reviewed before the next is asked for.
            models.UniqueConstraint(
                fields=["asked_person_id"],
                condition=Q(state__in=[State.ASKED, State.ALLOWED, State.OPENED]),
                name="one_emergency_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="emergency_of_agency"),
            models.Index(fields=["object_id"], name="emergency_of_object"),
        ]

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as work items and notices know it."""
        return "EmergencyRequest"

    @property
    def as_state(self) -> State:
        """The state as a value of the table."""
        return State(self.state)


class Alert(PublicRecord):
    """Something alarming in the record, found once; somebody takes note of it and says what of it."""

    rule = models.CharField(max_length=40)
    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    #: What the alarm is about, so that the same is not found twice.
    key = models.CharField(max_length=120)
    person_name = models.CharField(max_length=200, blank=True)
    user_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    found_at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True)
    noted_by = models.CharField(max_length=200, blank=True)
    conclusion = models.CharField(max_length=1000, blank=True)

    class Meta(PublicRecord.Meta):
        constraints = [models.UniqueConstraint(fields=["rule", "key"], name="alert_found_once")]
        indexes = [models.Index(fields=["agency", "-id"], name="alert_of_agency")]

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as notices know it."""
        return "Alert"


class Watch(Record):
    """Up to when the record has been looked through for alarms; one row."""

    looked_until = models.DateTimeField()
