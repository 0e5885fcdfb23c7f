"""Procedures, their versions, and who has adopted which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nhactruong.foundation.persistence.base import PublicRecord, Record, VersionedRecord
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.procedures.rules import STATE_LABELS, State


class Procedure(PublicRecord):
    """One procedure of one level; without an agency it is shipped for everybody."""

    code = models.SlugField(max_length=60)
    agency = models.ForeignKey(
        "organization.Agency", on_delete=models.PROTECT, null=True, related_name="+"
    )
    level = models.CharField(max_length=20, choices=Agency.Level.choices)
    name = models.CharField(max_length=200)
    #: Lĩnh vực.
    subject_field = models.CharField(max_length=100)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["code", "agency"], name="procedure_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProcedureVersion(VersionedRecord):
    """One wording of a procedure; from publication on its content is closed, by the database too."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.DRAFT,
    )
    content = models.JSONField()
    #: What is new and why.
    note = models.CharField(max_length=1000, blank=True)
    #: The superior's version that this one adapts.
    adapts = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.CharField(max_length=300, blank=True)
    proposer = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=300, blank=True)
    publisher = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)

    class Meta(VersionedRecord.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="procedure_state"
            ),
            models.UniqueConstraint(fields=["procedure", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(state=State.PUBLISHED.value),
                name="one_version_in_force",
            ),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(state__in=[State.DRAFT.value, State.PROPOSED.value]),
                name="one_version_in_the_making",
            ),
            models.CheckConstraint(
                condition=Q(publisher=None) | ~Q(publisher=F("proposer")),
                name="published_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure}, bản {self.number}"

    @property
    def as_state(self) -> State:
        """The state as the rules know it."""
        return State(self.state)


class Adoption(Record):
    """A superior's version that an agency applies as it is; a later adoption ends the earlier."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.PROTECT, related_name="adoptions"
    )
    adopted_by = models.CharField(max_length=300)
    adopted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"],
                condition=Q(ended_at=None),
                name="one_adoption_at_a_time",
            )
        ]
