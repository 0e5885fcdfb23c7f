"""An import, and the rows of it that differ from what is or have a fault."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from nhactruong.foundation.files.models import Holding as FileHolding
from nhactruong.foundation.persistence.base import Record, VersionedRecord
from nhactruong.masterdata.importing.rules import (
    KINDS,
    OUTCOME_LABELS,
    STATE_LABELS,
    ListCode,
    ListKind,
    Outcome,
    State,
)
from nhactruong.masterdata.organization.models import Agency, Holding, Person, Unit


class ListImport(VersionedRecord):
    """A list brought in for an agency: the file, how far it was checked, who approved it."""

    list_code = models.CharField(
        max_length=30, choices=[(kind.code.value, kind.label) for kind in KINDS.values()]
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(FileHolding, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, label) for state, label in STATE_LABELS.items()],
        default=State.CHECKING.value,
    )
    #: Agencies the proposer reached when the file came in; rows of others are faults.
    scope = ArrayField(models.BigIntegerField())
    #: Agencies that rows of the file are about; whoever approves must reach them all.
    touched = ArrayField(models.BigIntegerField(), default=list)
    #: Whether a row gives a role that the post does not carry yet: then the head of office approves.
    gives_roles = models.BooleanField(default=False)
    #: As the file itself says; None where it does not.
    rows_expected = models.PositiveIntegerField(null=True)
    rows_checked = models.PositiveIntegerField(default=0)
    #: The number of the last row checked, as spreadsheets count: the headings are row 1.
    last_row = models.PositiveIntegerField(default=1)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    faulty_count = models.PositiveIntegerField(default=0)
    fault_count = models.PositiveIntegerField(default=0)
    proposer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.CharField(max_length=300)
    proposed_at = models.DateTimeField()
    decider = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    #: Why it was refused or withdrawn, could not be read, or was not written.
    reason = models.CharField(max_length=1000, blank=True)

    class Meta(VersionedRecord.Meta):
        indexes = [models.Index(fields=["agency", "-id"], name="imports_of_agency")]
        constraints = [
            models.CheckConstraint(
                name="import_approved_by_a_second_person",
                condition=~Q(
                    state__in=[
                        state.value for state in (State.APPROVED, State.APPLIED, State.OUTDATED)
                    ]
                )
                | Q(decider__isnull=False) & ~Q(decider=F("proposer")),
            ),
            models.CheckConstraint(
                name="import_applied_without_faults",
                condition=~Q(state=State.APPLIED.value)
                | Q(faulty_count=0, applied_at__isnull=False),
            ),
        ]

    @classmethod
    def type_name(cls) -> str:
        """The name under which work and cards know it."""
        return cls.__name__

    @property
    def title(self) -> str:
        """What the import is called on pages and in the inbox."""
        return f"{self.kind.label}: {self.file_name}"

    @property
    def as_state(self) -> State:
        """The state as the rules know it."""
        return State(self.state)

    @property
    def kind(self) -> ListKind:
        """What the list consists of."""
        return KINDS[ListCode(self.list_code)]


class ImportRow(Record):
    """A row that is new, changes something or has a fault, and what it made when it was written."""

    list_import = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    #: Rows of one set were compared with each other, and are again when they are written.
    set_number = models.PositiveIntegerField()
    outcome = models.CharField(
        max_length=10, choices=[(outcome.value, label) for outcome, label in OUTCOME_LABELS.items()]
    )
    #: The cells in the order of the list's columns; codes that were made up are filled in.
    cells = ArrayField(models.TextField())
    #: [column, before, after] of each thing that changes.
    changes = models.JSONField(default=list)
    #: [column, sentence] of each fault.
    faults = models.JSONField(default=list)
    #: Found again when it was to be written, but no longer as approved.
    has_moved = models.BooleanField(default=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["list_import", "number"], name="import_row_once")
        ]
        indexes = [
            models.Index(fields=["list_import", "outcome", "number"], name="import_rows_shown")
        ]

    @property
    def as_outcome(self) -> Outcome:
        """The outcome as the rules know it."""
        return Outcome(self.outcome)
