"""Dossiers, their entries and the plan they are opened from."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.persistence.base import PublicRecord, Record
from nhactruong.records.dossiers.rules import STATE_LABELS, State


class PlanHeading(PublicRecord):
    """A line of the file plan (danh mục hồ sơ) of one agency and year."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    retention = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0)


class Dossier(SightedRecord):
    """A work dossier of one agency."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    heading = models.ForeignKey(PlanHeading, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500)
    retention = models.CharField(max_length=20)
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )
    keeper_post = models.ForeignKey("organization.Post", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.OPEN,
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta(SightedRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "code"], name="dossier_code"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="dossier_state",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-opened_on", "-id"], name="dossier_list")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class DossierEntry(Record):
    """A record filed in a dossier; one record may lie in several dossiers."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="entries")
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "object_id"],
                condition=models.Q(removed_at=None),
                name="filed_once",
            )
        ]
        indexes = [models.Index(fields=["object_id"], name="filed_object")]
