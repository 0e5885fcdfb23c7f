"""Jobs: checking a file that came in, writing a list that was approved. Doing either again is safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError

from nhactruong.foundation.files import store
from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.errors import InvalidInput
from nhactruong.masterdata.importing import commands
from nhactruong.masterdata.importing.checking import checker_for
from nhactruong.masterdata.importing.engine.opening import opened
from nhactruong.masterdata.importing.events import ListApproved, ListBroughtIn
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import ListCode, State, order_of
from nhactruong.masterdata.organization import selectors as organization

CHECKER: Final = service_actor("list-checker", "Hệ thống")


def check(event: ListBroughtIn) -> None:
    """Every row compared with what is, and noted; from where a job that died has left off."""
    found = ListImport.objects.get(public_id=event.import_id)
    if found.as_state is not State.CHECKING:
        return
    try:
        is_done = _check_rows(found)
    except InvalidInput as refusal:
        commands.give_up(CHECKER, event.import_id, reason=refusal.sentence)
        return
    if is_done:
        commands.conclude(CHECKER, event.import_id)


def _check_rows(found: ListImport) -> bool:
    """Whether all rows are noted; False when the import was withdrawn or another job is at it."""
    checker = checker_for(
        ListCode(found.list_code),
        found.scope,
        clock.today(),
        proposer_id=found.proposer_id,
        agency_id=found.agency_id,
    )
    noted = found.last_row
    with store.local_copy(found.sha256) as path, opened(path) as file:
        order = order_of(found.kind, file.heading)
        commands.note_expected(CHECKER, found.public_id, file.expected)
        for batch in file.batches:
            # Rows that are noted already are looked at again: later ones are compared with them.
            checked = checker.check([(number, *_placed(cells, order)) for number, cells in batch])
            last = checked[-1].number
            if last <= noted:
                continue
            if not commands.note_rows(CHECKER, found.public_id, checked, after_row=noted):
                return False
            noted = last
    return True


def _placed(cells: Sequence[str], order: Sequence[int]) -> tuple[list[str], int]:
    """The cells in the order of the list's columns, and how many stand under no heading."""
    placed = [cells[place] if 0 <= place < len(cells) else "" for place in order]
    known = set(order)
    beyond = sum(1 for place, cell in enumerate(cells) if cell.strip() and place not in known)
    return placed, beyond


def write(event: ListApproved) -> None:
    """The approved list written whole, in the name of whoever approved it; or the rows that moved."""
    import_id = event.import_id
    found = ListImport.objects.get(public_id=import_id)
    if found.as_state is not State.APPROVED or found.decider_id is None:
        return
    actor = organization.actor_for_person(found.decider_id)
    try:
        commands.apply_list(actor, import_id)
    except commands.Moved as moved:
        commands.note_moved(CHECKER, import_id, moved.rows)
    except IntegrityError:
        # Something slipped in between the check under lock and the row: the database refused it.
        commands.note_moved(CHECKER, import_id, commands.moved_rows(import_id))
