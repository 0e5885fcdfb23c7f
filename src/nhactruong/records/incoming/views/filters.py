"""The filter of the list and the register: read from the address, said in tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from nhactruong.foundation.ui.fields import DATE_FORMATS
from nhactruong.foundation.ui.rules import date_words
from nhactruong.foundation.ui.shapes import FilterTag
from nhactruong.records.incoming.forms import type_choices
from nhactruong.records.incoming.rules import STATE_LABELS, State
from nhactruong.records.incoming.selectors import ListFilter

_MONTHS_BACK: Final = 18
#: What may stand in the address, in the order of the tags.
_KEYS: Final = ("co-quan", "loai", "trang-thai", "thang", "ngay", "qua-han", "q")

STATE_OPTIONS: Final = [
    ("", "Mọi trạng thái"),
    *((state.value, label) for state, label in STATE_LABELS.items() if state != State.RECEIVED),
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter as asked for, and its values as the address carries them."""

    asked: ListFilter
    values: Mapping[str, str]

    def address(self, **changes: str) -> str:
        """The address of the same list with some values changed; empty ones are left out."""
        kept = {**self.values, **{key.replace("_", "-"): text for key, text in changes.items()}}
        kept = {key: text for key, text in kept.items() if text}
        return f"?{urlencode(kept)}" if kept else "?"


def _day(text: str) -> date | None:
    try:
        return forms.DateField(input_formats=DATE_FORMATS).clean(text) if text else None
    except forms.ValidationError:
        return None


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None


def read(
    query: QueryDict, agencies: Sequence[tuple[int, str]], *, one_agency: bool = False
) -> Chosen:
    """The filter of this address; values nobody can mean are ignored.

    With `one_agency` a register is read: always of exactly one agency, the first when none is named.
    """
    known = {str(key): key for key, _ in agencies}
    agency = known.get(query.get("co-quan", ""))
    if agency is None and one_agency and agencies:
        agency = agencies[0][0]
    kind = query.get("loai", "")
    state = query.get("trang-thai", "")
    asked = ListFilter(
        agency=agency,
        document_type=kind if kind in dict(type_choices()) else "",
        state=state if state in dict(STATE_OPTIONS) else "",
        month=_month(query.get("thang", "")),
        day=_day(query.get("ngay", "")),
        words=query.get("q", "").strip()[:200],
        late=query.get("qua-han") == "1",
    )
    values = {
        "co-quan": str(agency) if agency and (one_agency or len(agencies) > 1) else "",
        "loai": asked.document_type,
        "trang-thai": asked.state,
        "thang": f"{asked.month:%Y-%m}" if asked.month else "",
        "ngay": date_words(asked.day),
        "qua-han": "1" if asked.late else "",
        "q": asked.words,
    }
    return Chosen(asked, {key: values[key] for key in _KEYS})


def tags(
    chosen: Chosen, agencies: Sequence[tuple[int, str]], *, with_agency: bool = True
) -> list[FilterTag]:
    """One removable tag for each active condition."""
    agency = dict(agencies).get(chosen.asked.agency or 0, "") if with_agency else ""
    words = {"co_quan": agency, **_words(chosen.asked)}
    return [FilterTag(text, chosen.address(**{key: ""})) for key, text in words.items() if text]


def _words(asked: ListFilter) -> dict[str, str]:
    return {
        "loai": dict(type_choices()).get(asked.document_type, ""),
        "trang_thai": STATE_LABELS[State(asked.state)] if asked.state else "",
        "thang": f"Tháng {asked.month:%m/%Y}" if asked.month else "",
        "ngay": f"Ngày {date_words(asked.day)}" if asked.day else "",
        "qua_han": "Quá hạn" if asked.late else "",
        "q": f"“{asked.words}”" if asked.words else "",
    }


def narrowing_words(chosen: Chosen) -> list[str]:
    """The active conditions in words, but for agency and period."""
    words = _words(chosen.asked)
    return [text for key, text in words.items() if text and key not in ("thang", "ngay")]


def month_options(today: date) -> list[tuple[str, str]]:
    """The last eighteen months, newest first."""
    options = [("", "Mọi tháng")]
    year, month = today.year, today.month
    for _ in range(_MONTHS_BACK):
        options.append((f"{year}-{month:02d}", f"Tháng {month:02d}/{year}"))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return options


def type_options() -> list[tuple[str, str]]:
    """Every type, after the word for all."""
    return [("", "Mọi loại"), *type_choices()]
