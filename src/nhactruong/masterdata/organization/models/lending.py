"""Absences, and posts lent for a time."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import Q

from nhactruong.foundation.persistence.base import PublicRecord
from nhactruong.kernel.states import (
    ACT_LABELS,
    Secrecy,
)
from nhactruong.masterdata.organization import rules
from nhactruong.masterdata.organization.models.posts import Person, Post

_ACTS = tuple(ACT_LABELS.items())


class Absence(PublicRecord):
    """Days on which somebody is away, declared by himself, with who works in his place."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    valid = DateRangeField()
    reason = models.CharField(max_length=100)
    declared_at = models.DateTimeField()
    #: When the person came back earlier than declared, or gave the absence up.
    ended_at = models.DateTimeField(null=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            ExclusionConstraint(
                name="absent_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                condition=Q(valid__startswith__isnull=False, valid__endswith__isnull=False),
                name="absence_ends",
            ),
        ]


class Delegation(PublicRecord):
    """A post lent to a person, in writing, from one second to another: its sight, and some acts.

    The holder makes it himself, confirmed by a code, so that nobody else approves it. Nobody signs,
    numbers or seals by it. Types and units narrow the acts; no types and no units mean all.
    Source: security.md 7.
    """

    class Kind(models.TextChoices):
        """In whose name the delegate works."""

        AUTHORISED = "authorised", "TUQ"
        BY_ORDER = "by_order", "TL"
        SUBSTITUTE = "substitute", "Xử lý thay"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    delegate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    basis = models.CharField(max_length=500)
    acts = ArrayField(
        models.CharField(max_length=20, choices=[(act.value, label) for act, label in _ACTS]),
        default=list,
    )
    document_types = ArrayField(models.CharField(max_length=60), default=list)
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    highest_secrecy = models.PositiveSmallIntegerField(default=Secrecy.TOP_SECRET)
    valid = DateTimeRangeField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(PublicRecord.Meta):
        constraints = [
            ExclusionConstraint(
                name="delegated_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(revoked_at=None),
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & Q(valid__endswith__isnull=False),
                name="delegation_written_and_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["given_by", "-id"], name="delegation_given"),
            models.Index(fields=["delegate", "-id"], name="delegation_received"),
        ]

    @classmethod
    def type_name(cls) -> str:
        """The name under which notices know this kind of record."""
        return cls.__name__

    @property
    def named(self) -> str:
        """How the delegate is named: `TL. Chánh Văn phòng Tỉnh ủy`."""
        return rules.named(self.kind, self.post.title)
