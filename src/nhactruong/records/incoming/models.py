"""Incoming documents, directions given on them and who handles them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from nhactruong.foundation.access.base import most_readers, walk_indexes
from nhactruong.foundation.persistence.base import PublicRecord, Record
from nhactruong.kernel.states import URGENCY_LABELS, Secrecy, Urgency
from nhactruong.masterdata.procedures.base import Case, case_indexes
from nhactruong.records.incoming.rules import STATE_LABELS, State


class IncomingDocument(Case):
    """A document that came to one agency: its own record, number, thread and grants."""

    class Channel(models.TextChoices):
        """By which way it came."""

        INSIDE = "inside", "Hệ thống"
        SCAN = "scan", "Bản giấy quét"
        UPLOAD = "upload", "Tệp"
        AXIS = "axis", "Trục liên thông"
        MAIL = "mail", "Thư điện tử"

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    registry = models.ForeignKey(
        "organization.Registry", on_delete=models.PROTECT, related_name="+"
    )
    document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, related_name="+"
    )
    delivery = models.OneToOneField(
        "distribution.Delivery", on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.UPLOAD)
    state = models.CharField(
        max_length=30,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.RECEIVED,
    )
    file_name = models.CharField(max_length=255)
    #: The day the list shows it under: arrival, which is the day it was received.
    arrived_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=300)
    series = models.ForeignKey(
        "numbering.NumberSeries", on_delete=models.PROTECT, null=True, related_name="+"
    )
    arrival_number = models.PositiveIntegerField(null=True)
    registered_at = models.DateTimeField(null=True)
    registered_by = models.CharField(max_length=300, blank=True)

    reference_code = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField(null=True)
    issuer_name = models.CharField(max_length=300, blank=True)
    issuer_agency = models.ForeignKey(
        "organization.Agency", on_delete=models.PROTECT, null=True, related_name="+"
    )
    document_type = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    signer_name = models.CharField(max_length=200, blank=True)
    signer_position = models.CharField(max_length=200, blank=True)
    urgency = models.CharField(
        max_length=20,
        choices=[(level.value, label) for level, label in URGENCY_LABELS.items()],
        default=Urgency.NORMAL,
    )
    due_on = models.DateField(null=True)
    due_rule = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    duplicate_key = models.CharField(max_length=300, blank=True)
    duplicate_reason = models.CharField(max_length=300, blank=True)
    directed_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    answered_by_reference = models.CharField(max_length=100, blank=True)
    result = models.CharField(max_length=500, blank=True)
    lead_printed = models.CharField(max_length=300, blank=True)
    folded = models.CharField(max_length=1500, blank=True)

    class Meta(Case.Meta):
        constraints = [
            most_readers("incoming"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="incoming_state",
            ),
            models.UniqueConstraint(
                fields=["series", "arrival_number"], name="arrival_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["received", "returned_to_sender"])
                | models.Q(arrival_number__isnull=False),
                name="incoming_registered_has_number",
            ),
            models.CheckConstraint(
                condition=~models.Q(secrecy=Secrecy.TOP_SECRET) | models.Q(subject=""),
                name="incoming_top_secret_without_subject",
            ),
        ]
        indexes = [
            *walk_indexes("incoming", "arrived_on"),
            *case_indexes("incoming"),
            GinIndex(fields=["folded"], name="incoming_folded", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["agency", "duplicate_key"], name="incoming_duplicate"),
        ]

    def __str__(self) -> str:
        return self.reference_code or self.subject or self.file_name

    @property
    def as_state(self) -> State:
        """The state as the rules know it."""
        return State(self.state)


class Direction(PublicRecord):
    """A bút phê: who said what, who leads, until when."""

    incoming = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="directions"
    )
    given_by = models.CharField(max_length=200)
    given_by_title = models.CharField(max_length=300)
    on_behalf_of = models.CharField(max_length=300, blank=True)
    post_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
    opinion = models.CharField(max_length=2000, blank=True)
    due_on = models.DateField(null=True)
    due_rule = models.CharField(max_length=200, blank=True)


class Handling(Record):
    """A unit's or post's part in a document: leading, supporting, informed, or doing."""

    class Part(models.TextChoices):
        """What is asked of them."""

        LEAD = "lead", "Chủ trì"
        SUPPORT = "support", "Phối hợp"
        INFORM = "inform", "Để biết"
        DO = "do", "Xử lý"

    incoming = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="handlings"
    )
    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )
    post = models.ForeignKey(
        "organization.Post", on_delete=models.PROTECT, null=True, related_name="+"
    )
    name_printed = models.CharField(max_length=300)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=300)
    ended_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False, post__isnull=True)
                | models.Q(unit__isnull=True, post__isnull=False),
                name="handling_by_unit_or_post",
            )
        ]
