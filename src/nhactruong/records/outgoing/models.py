"""Outgoing documents, their recipients and review comments."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from nhactruong.foundation.access.base import most_readers, walk_indexes
from nhactruong.foundation.persistence.base import PublicRecord, Record
from nhactruong.kernel.states import URGENCY_LABELS, SigningForm, Urgency
from nhactruong.masterdata.procedures.base import Case, case_indexes
from nhactruong.records.outgoing.rules import STATE_LABELS, State


class OutgoingDocument(Case):
    """A document on its way out of one agency; frozen words stand beside the keys at issue."""

    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    registry = models.ForeignKey(
        "organization.Registry", on_delete=models.PROTECT, related_name="+"
    )
    organ = models.ForeignKey("organization.Organ", on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(
        "documents.Document", on_delete=models.PROTECT, related_name="+"
    )
    document_type = models.CharField(max_length=60)
    subject = models.CharField(max_length=1000, blank=True)
    urgency = models.CharField(
        max_length=20,
        choices=[(level.value, label) for level, label in URGENCY_LABELS.items()],
        default=Urgency.NORMAL,
    )
    state = models.CharField(
        max_length=30,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.DRAFT,
    )
    body = models.JSONField(default=dict)
    addressees = ArrayField(models.CharField(max_length=300), default=list)
    draft_number = models.PositiveSmallIntegerField(default=1)
    drafter_person = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, related_name="+"
    )
    drafter_post = models.ForeignKey(
        "organization.Post", on_delete=models.PROTECT, related_name="+"
    )
    drafting_unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )
    authority = models.ForeignKey(
        "organization.SigningAuthority", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answers = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_on = models.DateField(null=True)
    #: The day the register lists it under: numbering, before that the day it was opened.
    listed_on = models.DateField()
    opened_at = models.DateTimeField()

    series = models.ForeignKey(
        "numbering.NumberSeries", on_delete=models.PROTECT, null=True, related_name="+"
    )
    number = models.PositiveIntegerField(null=True)
    reference_code = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    signer_person = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    numbered_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)
    void_requested_by = models.CharField(max_length=200, blank=True)
    void_requested_person = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    void_reason = models.CharField(max_length=500, blank=True)
    presented_hash = models.CharField(max_length=64, blank=True)

    issuer_printed = models.CharField(max_length=400, blank=True)
    signer_printed = models.CharField(max_length=200, blank=True)
    position_printed = models.CharField(max_length=200, blank=True)
    capacity_printed = models.CharField(max_length=200, blank=True)
    signing_form = models.CharField(
        max_length=5, choices=[(form.value, form.value) for form in SigningForm], blank=True
    )
    recipients_printed = ArrayField(models.CharField(max_length=300), default=list)
    copies = models.PositiveIntegerField(default=0)
    #: Folded words for the list's own filter box.
    folded = models.CharField(max_length=1300, blank=True)

    class Meta(Case.Meta):
        constraints = [
            most_readers("outgoing"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]),
                name="outgoing_state",
            ),
            models.UniqueConstraint(fields=["series", "number"], name="outgoing_number_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "draft",
                        "content_review",
                        "appraisal",
                        "awaiting_signature",
                        "returned",
                        "signed",
                    ]
                )
                | (models.Q(number__isnull=False) & models.Q(issued_on__isnull=False)),
                name="outgoing_numbered_has_number",
            ),
        ]
        indexes = [
            *walk_indexes("outgoing", "listed_on"),
            *case_indexes("outgoing"),
            GinIndex(fields=["folded"], name="outgoing_folded", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.reference_code or self.subject

    @property
    def as_state(self) -> State:
        """The state as the rules know it."""
        return State(self.state)


class Recipient(Record):
    """One line of Nơi nhận; with an agency it is also sent there."""

    rows_may_go = True

    outgoing = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="recipients"
    )
    agency = models.ForeignKey(
        "organization.Agency", on_delete=models.PROTECT, null=True, related_name="+"
    )
    line = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    @classmethod
    def replace_all(cls, outgoing: OutgoingDocument, lines: Sequence[Recipient]) -> None:
        """The lines of a draft are now these; nothing of it is registered yet."""
        models.QuerySet(cls).filter(outgoing=outgoing).delete()
        cls.objects.bulk_create(lines)


class ReviewComment(PublicRecord):
    """What a reviewer said of a block, and what became of it."""

    class Answer(models.TextChoices):
        """What the drafter did with the comment."""

        OPEN = "open", "Chưa xử lý"
        ACCEPTED = "accepted", "Đã tiếp thu"
        DECLINED = "declined", "Không tiếp thu"

    outgoing = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="comments"
    )
    block_id = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=2000)
    author_name = models.CharField(max_length=200)
    author_title = models.CharField(max_length=300)
    said_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    answer_reason = models.CharField(max_length=1000, blank=True)
