"""Agencies: known by their identifier; a new one stands under one that is in reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from nhactruong.masterdata.importing.checking.base import Checked, Checker
from nhactruong.masterdata.importing.checking.coding import free_code, slug_of
from nhactruong.masterdata.importing.rules import KINDS, ListCode
from nhactruong.masterdata.importing.rules.lists import LEVELS
from nhactruong.masterdata.organization.models import Agency

#: From the top downwards.
_RANKS: Final = {level: rank for rank, level in enumerate(LEVELS)}
_NO_SUPERIOR: Final = "Cơ quan cấp trên phải có sẵn hoặc đứng ở dòng trên."


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """An agency as the file wants it; `superior` is an identifier, as it may be new itself."""

    agency_id: int | None
    key: str
    identifier: str
    name: str
    short_name: str
    level: str
    superior: str
    symbol: str
    place: str
    since: date


class AgencyChecker(Checker):
    """Checks the list of agencies."""

    kind = KINDS[ListCode.AGENCIES]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._said: dict[str, int] = {}
        #: Identifier → identifier of the superior, of the whole directory and of earlier rows.
        self._above: dict[str, str] = {}
        #: Identifier → level, in the same way.
        self._levels: dict[str, str] = {}
        self._keys: set[str] = set()
        known = Agency.objects.values_list("identifier", "key", "parent__identifier", "level")
        for identifier, key, superior, level in known:
            self._above[identifier] = superior or ""
            self._levels[identifier] = level
            self._keys.add(key)

    def compare(self, rows: Sequence[Checked]) -> None:
        """Note faults and changes of the rows."""
        wanted = {row.values["identifier"] for row in rows if "identifier" in row.values}
        found = self.locked(Agency.objects.filter(identifier__in=wanted))
        by_identifier = {agency.identifier: agency for agency in found}
        names = dict(Agency.objects.values_list("pk", "identifier"))
        self.fetch_agencies(
            row.values[column]
            for row in rows
            for column in ("identifier", "superior")
            if column in row.values
        )
        for row in rows:
            agency = by_identifier.get(row.values.get("identifier", ""))
            self._compare(row, agency, names)

    def _compare(self, row: Checked, agency: Agency | None, names: dict[int, str]) -> None:
        values = row.values
        identifier = values.get("identifier")
        if identifier is None:
            return
        if identifier in self._said:
            row.fault("identifier", f"Trùng dòng {self._said[identifier]}: cùng mã định danh.")
            return
        if agency is not None:
            self.agency_of(row, "identifier")
            row.agency_id = agency.pk
        superior = self._superior(row, agency, names)
        if superior is not None and self._is_below(superior, identifier):
            row.fault("superior", "Cơ quan cấp trên lại đứng dưới chính cơ quan này.")
        self._said[identifier] = row.number
        self._refuse_level(row, identifier, superior or "")
        if row.faults:
            return
        self._above[identifier] = superior or ""
        self._levels[identifier] = values["level"]
        self._plan(row, agency, identifier, superior or "", names)

    def _superior(self, row: Checked, agency: Agency | None, names: dict[int, str]) -> str | None:
        """The identifier of the superior the row names, or keeps; None after a fault."""
        said = row.values.get("superior")
        if said is None:
            if agency is None:
                if not any(fault.column == "superior" for fault in row.faults):
                    row.fault("superior", "Cơ quan mới phải có mã định danh cấp trên.")
                return None
            return names.get(agency.parent_id or 0, "")
        if said in self._said and said in self._above:
            return str(said)
        known = self._agencies.get(said)
        if known is None:
            row.fault("superior", _NO_SUPERIOR)
            return None
        if agency is not None and agency.parent_id == known.pk:
            return known.identifier
        found = self.agency_of(row, "superior")
        if found is not None and row.agency_id is None:
            row.agency_id = found.pk
        return found.identifier if found else None

    def _refuse_level(self, row: Checked, identifier: str, superior: str) -> None:
        """A commune has no province under it. Source: exchange.md 1."""
        level = row.values.get("level")
        if level is None:
            return
        above = self._levels.get(superior)
        if above is not None and _RANKS[above] > _RANKS[level]:
            row.fault(
                "level",
                f"Cơ quan cấp {LEVELS[level].lower()} không đứng dưới cơ quan cấp "
                f"{LEVELS[above].lower()}.",
            )
        if self._levels.get(identifier, level) != level and any(
            _RANKS[level] > _RANKS[self._levels[one]]
            for one, over in self._above.items()
            if over == identifier
        ):
            row.fault("level", "Bên dưới cơ quan này có cơ quan cấp cao hơn cấp vừa ghi.")

    def _is_below(self, one: str, other: str) -> bool:
        """Whether `one` is `other` or stands under it."""
        passed: set[str] = set()
        while one and one not in passed:
            if one == other:
                return True
            passed.add(one)
            one = self._above.get(one, "")
        return False

    def _plan(
        self,
        row: Checked,
        agency: Agency | None,
        identifier: str,
        superior: str,
        names: dict[int, str],
    ) -> None:
        values = row.values
        name = values["name"]
        short = values.get("short_name") or (agency.short_name if agency else name[:200])
        if agency is None:
            row.is_new = True
        else:
            row.change("name", agency.name, name)
            row.change("short_name", agency.short_name, short)
            row.change("level", LEVELS[agency.level], LEVELS[values["level"]])
            row.change("superior", names.get(agency.parent_id or 0, ""), superior)
            row.change("symbol", agency.symbol, values["symbol"])
            row.change("place", agency.place, values["place"])
            row.change("since", agency.valid_from, values["since"])
        row.plan = AgencyPlan(
            agency_id=agency.pk if agency else None,
            key=agency.key if agency else self._new_key(identifier),
            identifier=identifier,
            name=name,
            short_name=short,
            level=values["level"],
            superior=superior,
            symbol=values["symbol"],
            place=values["place"],
            since=values["since"],
        )

    def _new_key(self, identifier: str) -> str:
        key = free_code(slug_of(identifier), self._keys.__contains__)
        self._keys.add(key)
        return key
