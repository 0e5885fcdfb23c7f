"""What the job that checks a file notes down, set by set; a job that died is taken up again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from django.db import connection

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command, require_command
from nhactruong.foundation.workitems import commands as workitems
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import next_state
from nhactruong.masterdata.importing import selectors
from nhactruong.masterdata.importing.checking import Checked
from nhactruong.masterdata.importing.commands.uploading import DECIDE
from nhactruong.masterdata.importing.models import ImportRow, ListImport
from nhactruong.masterdata.importing.rules import STATE_LABELS, TRANSITIONS, Outcome, State

_COPY = (
    "COPY importing_importrow (list_import_id, number, set_number, outcome, cells, changes, faults,"
    " has_moved) FROM STDIN"
)
_NO_ROWS = "Tệp không có dòng nào dưới dòng tiêu đề."


def _locked(import_id: uuid.UUID) -> ListImport:
    return ListImport.objects.select_for_update(of=("self",)).get(public_id=import_id)


@command
def note_expected(actor: Actor, import_id: uuid.UUID, rows: int | None) -> int | None:
    """How many rows the file says it has, for whoever waits."""
    ListImport.objects.filter(public_id=import_id).update(rows_expected=rows)
    return rows


@command
def note_rows(
    actor: Actor, import_id: uuid.UUID, rows: Sequence[Checked], *, after_row: int
) -> bool:
    """Whether the checked rows were noted now; False when they already were, or nobody waits.

    Rows that say what already is are counted and not kept.
    """
    found = _locked(import_id)
    if found.as_state is not State.CHECKING or found.last_row != after_row:
        return False
    counts = dict.fromkeys(Outcome, 0)
    for row in rows:
        counts[row.outcome] += 1
    _keep(found, after_row, [row for row in rows if row.outcome is not Outcome.SAME])
    found.rows_checked += len(rows)
    found.last_row = rows[-1].number
    found.new_count += counts[Outcome.NEW]
    found.changed_count += counts[Outcome.CHANGED]
    found.same_count += counts[Outcome.SAME]
    found.faulty_count += counts[Outcome.FAULTY]
    found.fault_count += sum(len(row.faults) for row in rows)
    written = {row.agency_id for row in rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)}
    found.touched = sorted({*found.touched, *(agency for agency in written if agency)})
    found.gives_roles = found.gives_roles or any(row.gives_roles for row in rows)
    found.save(
        update_fields=[
            *("rows_checked", "last_row", "touched", "gives_roles", "new_count", "changed_count"),
            *("same_count", "faulty_count", "fault_count"),
        ]
    )
    return True


def _keep(found: ListImport, set_number: int, rows: Sequence[Checked]) -> None:
    """The rows in their table, by the quickest way the database has: half the time of a check."""
    require_command(ImportRow.__name__)
    with connection.cursor() as cursor, cursor.copy(_COPY) as target:
        for row in rows:
            target.write_row(
                (
                    found.pk,
                    row.number,
                    set_number,
                    row.outcome.value,
                    row.cells,
                    json.dumps(row.changes),
                    json.dumps(row.faults),
                    False,
                )
            )


@command
def conclude(actor: Actor, import_id: uuid.UUID) -> ListImport:
    """The import with all its rows checked: faulty, without a change, or before a second person."""
    found = _locked(import_id)
    if found.as_state is not State.CHECKING:
        return found
    if not found.rows_checked:
        return _given_up(actor, found, _NO_ROWS)
    verb = "find_nothing"
    if found.faulty_count:
        verb = "find_faults"
    elif found.new_count or found.changed_count:
        verb = "propose"
    found.state = next_state(TRANSITIONS, verb, found.as_state, STATE_LABELS)
    found.rows_expected = found.rows_checked
    found.save_changes("state", "rows_expected")
    if verb == "propose":
        _put_before_approvers(actor, found)
    audit.record(
        actor,
        "importing.checked",
        found,
        new=found.new_count,
        changed=found.changed_count,
        same=found.same_count,
        faulty=found.faulty_count,
    )
    return found


def _put_before_approvers(actor: Actor, found: ListImport) -> None:
    wording = workitems.Wording(found.title, source=found.proposer.full_name)
    for token in selectors.approving_tokens(found):
        workitems.put_before(actor, token, DECIDE, found, wording)


@command
def give_up(actor: Actor, import_id: uuid.UUID, *, reason: str) -> ListImport:
    """The import whose file cannot be read, with the reason."""
    found = _locked(import_id)
    return _given_up(actor, found, reason) if found.as_state is State.CHECKING else found


def _given_up(actor: Actor, found: ListImport, reason: str) -> ListImport:
    found.state = next_state(TRANSITIONS, "give_up", found.as_state, STATE_LABELS)
    found.reason = reason[:1000]
    found.save_changes("state", "reason")
    audit.record(actor, "importing.unreadable", found, reason=reason)
    return found
