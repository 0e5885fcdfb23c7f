"""The bodies, the posts and the people, with their periods."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from nhactruong.foundation.persistence.base import PublicRecord, Record
from nhactruong.kernel.states import (
    ACT_LABELS,
    PARTY_FORM_PREFIX,
    ROLE_LABELS,
    Role,
    Secrecy,
    SigningForm,
)
from nhactruong.masterdata.organization import rules

_ACTS = tuple(ACT_LABELS.items())


class Agency(PublicRecord):
    """A legal body with a seal and an identifier; its names live in `AgencyName`."""

    class Level(models.TextChoices):
        """Where the body stands; there is no district level since 01/7/2025."""

        CENTRAL = "central", "Trung ương"
        PROVINCE = "province", "Tỉnh"
        COMMUNE = "commune", "Xã"

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=200)
    level = models.CharField(max_length=20, choices=Level.choices)
    kind = models.CharField(max_length=40)
    symbol = models.CharField(max_length=30)
    identifier = models.CharField(max_length=35, unique=True)
    superior_line = models.CharField(max_length=200, blank=True)
    issuer_lines = ArrayField(models.CharField(max_length=200))
    place = models.CharField(max_length=100)
    seal_name = models.CharField(max_length=300)
    seal_diameter_mm = models.PositiveSmallIntegerField(default=36)
    #: Where one person is clerk and drafter at once, she may number and seal what she drafted.
    drafter_may_seal = models.BooleanField(default=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sort_key = models.CharField(max_length=400, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.short_name


class AgencyName(Record):
    """How an agency was named in a period; a correction is a new row, the old one superseded."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=200)
    issuer_lines = ArrayField(models.CharField(max_length=200))
    valid = DateRangeField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_name_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None),
            )
        ]


class AgencyIdentifier(Record):
    """The electronic identifier of an agency in a period, in one of the two forms in use.

    Source: exchange.md 7.1, 7.2.
    """

    class Scheme(models.TextChoices):
        """Which form the value has."""

        NEW = "new", "Mã định danh"
        OLD = "old", "Mã dạng cũ"

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=3, choices=Scheme.choices)
    value = models.CharField(max_length=35)
    valid = DateRangeField()

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_identifier_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="identifier_of_one_agency",
                expressions=[
                    ("value", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Unit(PublicRecord):
    """A division (phòng) of an agency."""

    key = models.SlugField(max_length=60, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Registry(PublicRecord):
    """An office of văn thư; it may keep the books of several agencies."""

    key = models.SlugField(max_length=60, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    serves = models.ManyToManyField(Agency, through="RegistryService", related_name="+")


class RegistryService(Record):
    """One agency whose books a registry keeps; at any time exactly one registry serves it."""

    registry = models.ForeignKey(Registry, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    valid = DateRangeField()

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_registry_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Organ(PublicRecord):
    """What decides and issues: BCH, Ban Thường vụ, a Ban Chỉ đạo, an office under one head.

    Organs with the same `series_body` share one symbol and one counter per type.
    """

    key = models.CharField(max_length=60, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    name_block = ArrayField(models.CharField(max_length=200))
    superior_line = models.CharField(max_length=200, blank=True)
    collective_line = models.CharField(max_length=200, blank=True)
    series_body = models.CharField(max_length=60)
    symbol = models.CharField(max_length=30)
    is_temporary = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


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


class Term(PublicRecord):
    """A committee's term: from the closing of one congress to the closing of the next."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


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
