"""Reorganizations, the agencies in them, and which post follows which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nhactruong.foundation.persistence.base import Record, VersionedRecord
from nhactruong.masterdata.reorganization.rules import (
    KIND_LABELS,
    STATE_LABELS,
    Kind,
    State,
)

_PERSON = "organization.Person"
_AGENCY = "organization.Agency"
_POST = "organization.Post"


class Reorganization(VersionedRecord):
    """One merger, split or dissolution, from the proposal to the day it was carried out."""

    #: Above all the old agencies: its office proposes and approves.
    agency = models.ForeignKey(_AGENCY, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=10, choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    basis = models.CharField(max_length=500)
    effective_on = models.DateField()
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.DRAFT,
    )
    proposed_by = models.CharField(max_length=300)
    proposer = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=300, blank=True)
    approver = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    carried_out_by = models.CharField(max_length=300, blank=True)
    executor = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    carried_out_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    #: [words, how many] by kind, as carried out.
    result = models.JSONField(default=list)

    class Meta(VersionedRecord.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="reorganization_state"
            ),
            models.CheckConstraint(
                condition=(Q(approver=None) | ~Q(approver=F("proposer")))
                & (Q(executor=None) | ~Q(executor=F("proposer")) & ~Q(executor=F("approver"))),
                name="reorganization_three_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CARRIED_OUT.value)
                | Q(approver__isnull=False, executor__isnull=False),
                name="reorganization_carried_out_by_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_kind_words} ngày {self.effective_on:%d/%m/%Y}"

    @classmethod
    def type_name(cls) -> str:
        """The name under which work and notices know it."""
        return cls.__name__

    @property
    def as_kind_words(self) -> str:
        """The kind in the office's words."""
        return KIND_LABELS[Kind(self.kind)]

    @property
    def as_state(self) -> State:
        """The state as the rules know it."""
        return State(self.state)


class Part(Record):
    """An agency in a reorganization; one that ends has a successor for its post and its books."""

    class Side(models.TextChoices):
        """Whether it ends or comes after."""

        OLD = "old", "Kết thúc"
        NEW = "new", "Kế tục"

    reorganization = models.ForeignKey(
        Reorganization, on_delete=models.PROTECT, related_name="parts"
    )
    agency = models.ForeignKey(_AGENCY, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=3, choices=Side.choices)
    successor = models.ForeignKey(_AGENCY, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["reorganization", "agency"], name="part_once"),
            models.CheckConstraint(
                condition=Q(side="old", successor__isnull=False)
                | Q(side="new", successor__isnull=True),
                name="part_that_ends_has_successor",
            ),
        ]


class PostMapping(Record):
    """The post that takes over from a post that ends."""

    reorganization = models.ForeignKey(
        Reorganization, on_delete=models.PROTECT, related_name="mappings"
    )
    old_post = models.ForeignKey(_POST, on_delete=models.PROTECT, related_name="+")
    new_post = models.ForeignKey(_POST, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["reorganization", "old_post"], name="post_mapped_once")
        ]
