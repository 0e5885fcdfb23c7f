"""Devices and who keeps them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nhactruong.foundation.persistence.base import VersionedRecord
from nhactruong.kernel import clock
from nhactruong.masterdata.devices.rules import (
    KIND_LABELS,
    STATE_LABELS,
    TWO_CUSTODIANS,
    Kind,
    State,
)

_PERSON = "organization.Person"
_TWO = sorted(kind.value for kind in TWO_CUSTODIANS)


class Device(VersionedRecord):
    """A certificate, token, HSM or cipher device of an agency; the seal's has no personal holder."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=20, choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    serial = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    holder = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(_PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    held_since = models.DateField()
    #: When the holder, and the second custodian, said that they have it.
    holder_received_at = models.DateTimeField(null=True)
    second_received_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    basis = models.CharField(max_length=500)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.IN_USE,
    )
    ended_reason = models.CharField(max_length=500, blank=True)
    ended_by = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    #: Days before the end of which the holders were told last.
    warned_at_days = models.PositiveSmallIntegerField(null=True)

    class Meta(VersionedRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "serial"],
                condition=~Q(state=State.RETURNED.value),
                name="device_registered_once",
            ),
            # Two people, whatever the program says.
            models.CheckConstraint(
                condition=(Q(kind__in=_TWO) & Q(second__isnull=False) & ~Q(second=F("holder")))
                | (~Q(kind__in=_TWO) & Q(second=None)),
                name="device_custodians",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="device_of_agency")]

    def __str__(self) -> str:
        return f"{KIND_LABELS[self.as_kind]} {self.serial}"

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as notices and the record know it."""
        return "Device"

    @property
    def as_kind(self) -> Kind:
        """The kind as a value of the table."""
        return Kind(self.kind)

    @property
    def as_state(self) -> State:
        """The state as a value of the table."""
        return State(self.state)

    @property
    def is_expired(self) -> bool:
        """Whether its last day is over."""
        return self.valid_until is not None and self.valid_until < clock.today()

    @property
    def is_received(self) -> bool:
        """Whether all custodians have said that they have it."""
        return self.holder_received_at is not None and (
            self.second_id is None or self.second_received_at is not None
        )
