"""A change of organisation, posts or rights that one person asks for and another decides."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nhactruong.foundation.persistence.base import VersionedRecord
from nhactruong.kernel.errors import NotFound
from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.masterdata.changes.rules import (
    ABOUT_ACCOUNTS,
    FOR_A_PERSON,
    KIND_LABELS,
    STATE_LABELS,
    Kind,
    State,
)
from nhactruong.masterdata.organization.models import Agency, Person, Post, Unit


class ChangeOrder(VersionedRecord):
    """One change of one kind; what it is about stands in columns, new words in `said`."""

    kind = models.CharField(
        max_length=20, choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.PositiveSmallIntegerField(
        choices=[(role.value, label) for role, label in ROLE_LABELS.items()], null=True
    )
    #: The agency the role reaches.
    reached = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    said = models.JSONField(default=dict)
    #: What of the world it changes, so that one thing has one open order.
    mark = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    basis = models.CharField(max_length=500)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.REQUESTED,
    )
    #: [what, before, after] of each thing that changes, as it stood when it was decided.
    compared = models.JSONField(default=list)
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_by = models.CharField(max_length=300)
    requester_post_id = models.BigIntegerField()
    requested_at = models.DateTimeField()
    #: The agency whose head of office it waits for: its own, or the next one above.
    deciding = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta(VersionedRecord.Meta):
        indexes = [models.Index(fields=["agency", "-id"], name="changes_of_agency")]
        constraints = [
            # Whatever the program says: who asked never answers, who gains does neither.
            models.CheckConstraint(
                name="change_decided_by_a_second_person",
                condition=Q(state__in=[State.REQUESTED.value, State.WITHDRAWN.value])
                | Q(decider__isnull=False, decided_at__isnull=False) & ~Q(decider=F("requester")),
            ),
            models.CheckConstraint(
                name="change_for_a_third_person",
                condition=~Q(kind__in=[kind.value for kind in FOR_A_PERSON])
                | Q(person__isnull=False)
                & ~Q(person=F("requester"))
                & (Q(decider=None) | ~Q(person=F("decider")) | ~Q(state=State.APPROVED.value)),
            ),
            models.CheckConstraint(
                name="change_reasoned",
                condition=~Q(reason="")
                & (~Q(basis="") | Q(kind__in=sorted(kind.value for kind in ABOUT_ACCOUNTS))),
            ),
            models.UniqueConstraint(
                fields=["mark"],
                condition=Q(state=State.REQUESTED.value),
                name="one_open_change_of_a_thing",
            ),
        ]

    def __str__(self) -> str:
        return KIND_LABELS[self.as_kind]

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as work items and notices know it."""
        return "ChangeOrder"

    @property
    def the_post(self) -> Post:
        """The post it is about. Raises: NotFound when it names none."""
        if self.post is None:
            raise NotFound("change.no_post", "Không có chức danh này.")
        return self.post

    @property
    def the_person(self) -> Person:
        """The person it is about. Raises: NotFound when it names none."""
        if self.person is None:
            raise NotFound("change.no_person", "Không có người này.")
        return self.person

    @property
    def the_role(self) -> tuple[Role, Agency]:
        """The role it is about and the agency it reaches. Raises: NotFound when it names none."""
        if self.role is None or self.reached is None:
            raise NotFound("change.no_role", "Không có vai trò này.")
        return Role(self.role), self.reached

    @property
    def as_kind(self) -> Kind:
        """The kind as a value of the table."""
        return Kind(self.kind)

    @property
    def as_state(self) -> State:
        """The state as a value of the table."""
        return State(self.state)
