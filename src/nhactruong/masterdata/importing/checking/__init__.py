"""Rows compared with what is: what each would add or change, and every fault of it.

Rows come in sets of a thousand; what a set needs of the store is fetched at once. A checker
remembers what earlier rows of the file said. The same checker is asked again before writing, then
with the rows locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from nhactruong.masterdata.importing.checking.agencies import AgencyChecker
from nhactruong.masterdata.importing.checking.base import Checked, Checker
from nhactruong.masterdata.importing.checking.people import PeopleChecker
from nhactruong.masterdata.importing.checking.units import UnitChecker
from nhactruong.masterdata.importing.rules import ListCode

__all__ = ["Checked", "Checker", "checker_for"]

_CHECKERS: Final[Mapping[ListCode, type[Checker]]] = {
    ListCode.PEOPLE: PeopleChecker,
    ListCode.UNITS: UnitChecker,
    ListCode.AGENCIES: AgencyChecker,
}


def checker_for(
    code: ListCode,
    scope: Iterable[int],
    day: date,
    *,
    proposer_id: int | None,
    agency_id: int | None,
    is_writing: bool = False,
) -> Checker:
    """A checker of that list for rows about agencies in `scope`; locks what it finds if writing.

    Nobody brings in what is about himself: `proposer_id`; what that person may give is asked of
    the agency the list is brought in for: `agency_id`.
    """
    return _CHECKERS[code](
        frozenset(scope),
        day,
        proposer_id=proposer_id,
        agency_id=agency_id,
        is_writing=is_writing,
    )
