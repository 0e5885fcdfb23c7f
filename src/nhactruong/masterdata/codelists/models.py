"""Code lists, their entries with validity, and the changes two persons make to them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from nhactruong.foundation.persistence.base import PublicRecord, Record, VersionedRecord
from nhactruong.masterdata.codelists.rules import STATE_LABELS, VERB_LABELS, State, Verb


class CodeList(PublicRecord):
    """A list the office may change; what it is for, who answers for it, on what basis."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    meaning = models.CharField(max_length=500)
    basis = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class CodeEntry(Record):
    """A code and its name in a period; a change is a new row, the earlier one superseded."""

    code_list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    valid = DateRangeField()
    position = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_meaning_of_a_code_at_a_time",
                expressions=[
                    ("code_list", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name


class CodeChange(VersionedRecord):
    """A change one person proposes and another approves; `agency` is where it is approved."""

    code_list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="changes")
    agency = models.ForeignKey("organization.Agency", on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(
        max_length=10, choices=[(verb.value, label) for verb, label in VERB_LABELS.items()]
    )
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True)
    from_on = models.DateField()
    basis = models.CharField(max_length=500)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.PROPOSED,
    )
    proposed_by = models.CharField(max_length=300)
    proposer = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="+")
    proposer_post_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=300, blank=True)
    decider = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    class Meta(VersionedRecord.Meta):
        constraints = [
            # The second person is never the first, whatever the program says.
            models.CheckConstraint(
                condition=Q(decider=None)
                | ~Q(decider=F("proposer"))
                | Q(state=State.WITHDRAWN.value),
                name="code_change_needs_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED.value) | Q(decider__isnull=False),
                name="code_change_approved_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["code_list", "code"],
                condition=Q(state=State.PROPOSED.value),
                name="one_open_change_of_a_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{VERB_LABELS[self.as_verb]} {self.code}"

    @classmethod
    def type_name(cls) -> str:
        """The kind of record, as work items and notices know it."""
        return "CodeChange"

    @property
    def as_state(self) -> State:
        """The state as a value of the table."""
        return State(self.state)

    @property
    def as_verb(self) -> Verb:
        """The verb as a value of the table."""
        return Verb(self.verb)
