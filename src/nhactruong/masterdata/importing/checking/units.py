"""Units: found by their code, else by their name within the agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from nhactruong.kernel.text import fold
from nhactruong.masterdata.importing.checking.base import Checked, Checker
from nhactruong.masterdata.importing.checking.coding import free_code, is_code, slug_of
from nhactruong.masterdata.importing.rules import KINDS, ListCode, Values
from nhactruong.masterdata.organization.models import Unit

_WRONG_CODE: Final = "Mã đơn vị chỉ gồm chữ thường không dấu, số, dấu gạch."


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit as the file wants it; `unit_id` is None for one to be created."""

    unit_id: int | None
    key: str
    agency_id: int
    name: str
    short_name: str
    since: date


class UnitChecker(Checker):
    """Checks the list of units."""

    kind = KINDS[ListCode.UNITS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._said: dict[str, int] = {}
        self._named: dict[tuple[int, str], int] = {}

    def compare(self, rows: Sequence[Checked]) -> None:
        """Note faults and changes of the rows."""
        self.fetch_agencies(row.values.get("agency", "") for row in rows)
        for row in rows:
            agency = self.agency_of(row)
            row.agency_id = agency.pk if agency else None
        known = self._known(rows)
        by_key = {unit.key: unit for unit in known}
        by_name = {
            (unit.agency_id, fold(unit.name)): unit for unit in known if unit.valid_to is None
        }
        for row in rows:
            self._compare(row, by_key, by_name)

    def _known(self, rows: Sequence[Checked]) -> list[Unit]:
        agencies = {row.agency_id for row in rows if row.agency_id}
        keys = {row.values["unit"] for row in rows if "unit" in row.values}
        theirs = Unit.objects.filter(agency_id__in=agencies, valid_to=None)
        coded = Unit.objects.filter(key__in=keys)
        return list(
            {unit.pk: unit for one in (theirs, coded) for unit in self.locked(one)}.values()
        )

    def _compare(
        self, row: Checked, by_key: dict[str, Unit], by_name: dict[tuple[int, str], Unit]
    ) -> None:
        values, agency_id = row.values, row.agency_id
        if agency_id is None or "name" not in values:
            return
        code, name = values.get("unit"), values["name"]
        named = (agency_id, fold(name))
        unit = by_key.get(code) if code else by_name.get(named)
        if unit is None and code is None:
            code = self._new_code(values, by_key)
        code = unit.key if unit else str(code)
        if unit is None and not is_code(code):
            row.fault("unit", _WRONG_CODE)
        if unit is not None and unit.agency_id != agency_id:
            row.fault("unit", "Đơn vị này thuộc cơ quan khác.")
        elif unit is not None and unit.valid_to is not None:
            row.fault("unit", "Đơn vị này đã kết thúc.")
        elif code in self._said:
            row.fault("unit", f"Trùng dòng {self._said[code]}: cùng một đơn vị.")
        elif unit is None or fold(unit.name) != named[1]:
            # Only a name that comes anew may meet another: what stands alike already may stay.
            twin = by_name.get(named)
            if named in self._named:
                row.fault(
                    "name", f"Trùng dòng {self._named[named]}: cùng cơ quan, cùng tên đơn vị."
                )
            elif twin is not None:
                row.fault("name", f"Cơ quan đã có đơn vị mang tên này, mã {twin.key}.")
        self._said.setdefault(code, row.number)
        self._named.setdefault(named, row.number)
        if not row.faults:
            self._plan(row, unit, code, agency_id)

    def _new_code(self, values: Values, by_key: dict[str, Unit]) -> str:
        agency = self._agencies[values["agency"]]

        def is_taken(code: str) -> bool:
            return code in by_key or code in self._said or Unit.objects.filter(key=code).exists()

        return free_code(slug_of(agency.key if agency else "", values["name"]), is_taken)

    def _plan(self, row: Checked, unit: Unit | None, code: str, agency_id: int) -> None:
        values = row.values
        name, since = values["name"], values["since"]
        short = values.get("short_name") or (unit.short_name if unit else name[:100])
        if unit is None:
            row.is_new = True
        else:
            row.change("name", unit.name, name)
            row.change("short_name", unit.short_name, short)
            row.change("since", unit.valid_from, since)
        self.fill(row, "unit", code)
        row.plan = UnitPlan(unit.pk if unit else None, code, agency_id, name, short, since)
