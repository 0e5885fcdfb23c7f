"""Writing an approved list: every row checked again under lock, then all of them or none."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection

from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.persistence.base import command
from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import next_state
from nhactruong.masterdata.importing import selectors
from nhactruong.masterdata.importing.checking import Checked, Checker, checker_for
from nhactruong.masterdata.importing.commands.lines import Made, writer_for
from nhactruong.masterdata.importing.models import ImportRow, ListImport
from nhactruong.masterdata.importing.rules import (
    STATE_LABELS,
    TRANSITIONS,
    ListCode,
    Outcome,
    State,
)
from nhactruong.masterdata.organization.models import Agency

#: Lists are written one after another: two of them never wait for each other's rows.
_ONE_AT_A_TIME: Final = 7_031_420
_MOST_NAMED: Final = 20
_SET_BY_SLIPPING: Final = (
    "Có thay đổi vừa ghi cùng lúc nên chưa ghi được. Đồng chí đưa tệp lên lại."
)


class Moved(Exception):
    """Rows are no longer what was approved; nothing was written. `rows`: number → why."""

    def __init__(self, rows: Mapping[int, str]) -> None:
        self.rows = rows
        super().__init__(f"{len(rows)} rows have moved")


@command
def apply_list(actor: Actor, import_id: uuid.UUID) -> ListImport:
    """The list written, whole; one that is written already is left as it is.

    Raises: Moved when a row is no longer what was approved.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    found = ListImport.objects.select_for_update(of=("self",)).get(public_id=import_id)
    if found.as_state is not State.APPROVED:
        return found
    checker = _checker(found, is_writing=True)
    writer = writer_for(actor, ListCode(found.list_code))
    moved: dict[int, str] = {}
    touched: Counter[int] = Counter()
    for rows in selectors.written_rows(found):
        checked = _again(checker, rows)
        moved |= _differing(rows, checked)
        if not moved:
            _keep_made(rows, writer(checked))
            touched.update(row.agency_id for row in checked if row.agency_id)
    if moved:
        raise Moved(moved)
    found.state = next_state(TRANSITIONS, "apply", found.as_state, STATE_LABELS)
    found.applied_at = clock.now()
    found.save_changes("state", "applied_at")
    _record(actor, found, touched)
    return found


def _checker(found: ListImport, *, is_writing: bool) -> Checker:
    return checker_for(
        ListCode(found.list_code),
        found.scope,
        clock.today(),
        proposer_id=found.proposer_id,
        agency_id=found.agency_id,
        is_writing=is_writing,
    )


def _again(checker: Checker, rows: Sequence[ImportRow]) -> list[Checked]:
    return checker.check([(row.number, row.cells, 0) for row in rows])


def _differing(rows: Sequence[ImportRow], checked: Sequence[Checked]) -> dict[int, str]:
    """Rows that come to something else than was approved, and in words what has happened."""
    moved: dict[int, str] = {}
    for row, now in zip(rows, checked, strict=True):
        if now.outcome == row.outcome and [list(one) for one in now.changes] == row.changes:
            continue
        if now.faults:
            moved[row.number] = " ".join(fault.sentence for fault in now.faults)
        elif now.outcome is Outcome.SAME:
            moved[row.number] = "Nội dung này đã có sẵn, do người khác vừa ghi."
        else:
            moved[row.number] = "Dữ liệu đang có đã khác lúc kiểm tra."
    return moved


def _keep_made(rows: Sequence[ImportRow], made: Mapping[int, Made]) -> None:
    """Note with each row what it made or changed."""
    ids = [(row.pk, *made[row.number]) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE importing_importrow SET person_id = told.person, holding_id = told.holding,"
            " unit_id = told.unit, agency_id = told.agency"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
            " AS told(id, person, holding, unit, agency) WHERE importing_importrow.id = told.id",
            [list(column) for column in zip(*ids, strict=True)],
        )


def _record(actor: Actor, found: ListImport, touched: Mapping[int, int]) -> None:
    audit.record(
        actor,
        "importing.applied",
        found,
        sha256=found.sha256,
        new=found.new_count,
        changed=found.changed_count,
        same=found.same_count,
        agencies=len(touched),
    )
    for agency in Agency.objects.filter(pk__in=list(touched)).order_by("pk"):
        audit.record(
            actor,
            "importing.agency_written",
            agency,
            list_import=str(found.public_id),
            list=found.list_code,
            rows=touched[agency.pk],
        )


def moved_rows(import_id: uuid.UUID) -> Mapping[int, str]:
    """The rows of an approved list that are no longer what was approved, with the reasons."""
    found = ListImport.objects.get(public_id=import_id)
    checker = _checker(found, is_writing=False)
    moved: dict[int, str] = {}
    for rows in selectors.written_rows(found):
        moved |= _differing(rows, _again(checker, rows))
    return moved


@command
def note_moved(actor: Actor, import_id: uuid.UUID, moved: Mapping[int, str]) -> ListImport:
    """The approved list not written: others have changed what it is about; the rows are named."""
    found = ListImport.objects.select_for_update(of=("self",)).get(public_id=import_id)
    if found.as_state is not State.APPROVED:
        return found
    rows = ImportRow.objects.filter(list_import=found, number__in=list(moved))
    for row in rows.order_by("number"):
        row.has_moved = True
        row.faults = [["", moved[row.number]]]
        row.save(update_fields=["has_moved", "faults"])
    numbers = ", ".join(str(number) for number in sorted(moved)[:_MOST_NAMED])
    more = " và các dòng khác" if len(moved) > _MOST_NAMED else ""
    found.reason = (
        f"Từ lúc kiểm tra đến lúc ghi, dữ liệu đã đổi ở dòng {numbers}{more}. Chưa ghi dòng nào."
        if moved
        else _SET_BY_SLIPPING
    )
    found.state = next_state(TRANSITIONS, "find_changed", found.as_state, STATE_LABELS)
    found.save_changes("state", "reason")
    audit.record(actor, "importing.not_applied", found, rows=len(moved))
    return found
