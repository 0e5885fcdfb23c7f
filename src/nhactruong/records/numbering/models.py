"""Series and the numbers taken from them."""

from __future__ import annotations

from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord, Record


class NumberSeries(PublicRecord):
    """One counter; `last_number` is the only thing that changes."""

    class SecrecyClass(models.TextChoices):
        """Secret documents are numbered apart."""

        OPEN = "open", "Thường"
        SECRET = "secret", "Mật"

    registry = models.ForeignKey(
        "organization.Registry", on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    issuing_body = models.CharField(max_length=60)
    group = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    copy_kind = models.CharField(max_length=20, default="original")
    secrecy_class = models.CharField(
        max_length=10, choices=SecrecyClass.choices, default=SecrecyClass.OPEN
    )
    last_number = models.PositiveIntegerField(default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "registry",
                    "issuing_body",
                    "group",
                    "period",
                    "copy_kind",
                    "secrecy_class",
                ],
                name="series_key",
            )
        ]


class AllottedNumber(Record):
    """One number of a series and what it was given to; voided with two names, never reused."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    dated_on = models.DateField()
    object_type = models.CharField(max_length=60)
    object_id = models.UUIDField()
    allotted_at = models.DateTimeField()
    allotted_by = models.CharField(max_length=200)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=500, blank=True)
    void_requested_by = models.CharField(max_length=200, blank=True)
    void_confirmed_by = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="number_once"),
            models.UniqueConstraint(
                fields=["series", "object_id"],
                condition=models.Q(voided_at=None),
                name="one_number_for_a_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at=None)
                | (~models.Q(void_reason="") & ~models.Q(void_confirmed_by="")),
                name="void_has_reason_and_second",
            ),
        ]
