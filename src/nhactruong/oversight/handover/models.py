"""Hand-overs with the receiver of each post."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import Record, VersionedRecord
from nhactruong.oversight.handover.rules import STATE_LABELS, State


class HandOver(VersionedRecord):
    """Who leaves (nobody: a post is only relieved of its work), on which day, by which paper."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    on = models.DateField()
    basis = models.CharField(max_length=300)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.ASKED,
    )
    asked_by = models.CharField(max_length=200)
    asked_person_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_person_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    carried_out_at = models.DateTimeField(null=True)

    class Meta(VersionedRecord.Meta):
        constraints = [
            # The second person is never the first, whatever the program says.
            models.CheckConstraint(
                condition=models.Q(decided_person_id=None)
                | ~models.Q(decided_person_id=models.F("asked_person_id")),
                name="handover_needs_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=[State.ASKED, State.APPROVED]),
                name="handover_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="handover_of_agency"),
            models.Index(fields=["state", "on"], name="handover_due"),
        ]

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as work items and notices know it."""
        return cls.__name__

    @property
    def as_state(self) -> State:
        """The state as the rules know it."""
        return State(self.state)


class Part(Record):
    """One post of it: who takes the post, or which post takes its work; some work apart.

    `apart` maps the identifier of a record to the post that takes it instead.
    """

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="parts")
    post = models.ForeignKey("organization.Post", on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    receiver = models.ForeignKey(
        "organization.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    apart = models.JSONField(default=dict)
    moved = models.PositiveIntegerField(default=0)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "post"], name="handed_over_once"),
            models.CheckConstraint(
                condition=models.Q(successor=None) | models.Q(receiver=None),
                name="post_or_its_work",
            ),
        ]
