"""Reading reorganizations, their plans, and agencies with their history."""

from __future__ import annotations

from nhactruong.masterdata.reorganization.selectors.counting import blockers, counted
from nhactruong.masterdata.reorganization.selectors.leaving import why_no_post
from nhactruong.masterdata.reorganization.selectors.planning import (
    Planned,
    mappings_of,
    planned,
)
from nhactruong.masterdata.reorganization.selectors.reading import (
    deciding_agency,
    get_visible,
    lock_visible,
    receiving_agency,
    record_cards,
    visible,
)

__all__ = [
    "Planned",
    "blockers",
    "counted",
    "deciding_agency",
    "get_visible",
    "lock_visible",
    "mappings_of",
    "planned",
    "receiving_agency",
    "record_cards",
    "visible",
    "why_no_post",
]
