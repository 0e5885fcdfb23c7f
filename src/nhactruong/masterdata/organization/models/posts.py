"""Posts and the people who hold them, with their periods; who may sign."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    RangeOperators,
)
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from nhactruong.foundation.persistence.base import PublicRecord, Record
from nhactruong.kernel.states import (
    PARTY_FORM_PREFIX,
    ROLE_LABELS,
    Role,
    Secrecy,
    SigningForm,
)
from nhactruong.masterdata.organization.models.bodies import Agency, Organ, Unit


class Post(PublicRecord):
    """A position (chức danh) of an agency or unit; work and sight belong to it."""

    key = models.CharField(max_length=80, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    rank = models.PositiveSmallIntegerField(default=90)
    clearance = models.PositiveSmallIntegerField(default=Secrecy.INTERNAL)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title


class PostRole(Record):
    """A role the post carries and the agency it reaches."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="roles")
    role = models.PositiveSmallIntegerField(
        choices=[(role.value, label) for role, label in ROLE_LABELS.items()]
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="role_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [models.Index(fields=["agency", "role"], name="role_reach")]

    @property
    def as_role(self) -> Role:
        """The role as the kernel knows it."""
        return Role(self.role)


class InheritedSight(Record):
    """A sight token of a post that has ended, borne by the post that took its work over.

    What the old post saw, open or long closed, is seen by its successor without touching a row.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="inherited")
    token = models.IntegerField()
    since = models.DateField()

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint(fields=["post", "token"], name="inherited_once")]


class Named(models.Func):
    """A name as it is looked for: folded, a blank before it, its initials behind."""

    function = "office_named"
    output_field = models.TextField()


class Person(PublicRecord):
    """A person; may have an account, holds posts for a time."""

    key = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400, db_collation="C")
    #: Made by the database from the name.
    named = models.GeneratedField(
        expression=Named("full_name"), output_field=models.TextField(), db_persist=True
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(PublicRecord.Meta):
        indexes = [
            GinIndex(fields=["named"], name="person_named", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["sort_key", "id"], name="person_order"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Holding(Record):
    """A person's time in a post; at any time one main or acting holder at most."""

    class Kind(models.TextChoices):
        """How the post is held."""

        MAIN = "main", "Chính thức"
        CONCURRENT = "concurrent", "Kiêm nhiệm"
        ACTING = "acting", "Quyền"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MAIN)
    valid = DateRangeField()
    recorded_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_holder_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class OrganMembership(Record):
    """A post's seat in an organ; members of temporary organs come from many agencies."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=100)
    valid = DateRangeField()


class SigningAuthority(PublicRecord):
    """Who may sign what for an organ, in which form, from when to when, on what basis.

    An empty `document_types` means every type. Source: documents.md 8.1.
    """

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="+")
    document_types = ArrayField(models.CharField(max_length=60), default=list)
    form = models.CharField(
        max_length=5, choices=[(form.value, PARTY_FORM_PREFIX[form] or "–") for form in SigningForm]
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    capacity_line = models.CharField(max_length=200, blank=True)
    title_line = models.CharField(max_length=200)
    valid = DateRangeField()
    basis = models.CharField(max_length=500)
