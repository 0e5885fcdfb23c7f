"""Every read of incoming documents; the actor comes first and sight filters all."""

from __future__ import annotations

from nhactruong.records.incoming.selectors.pages import (
    DeskCard,
    Original,
    agency_named,
    desks,
    directions_of,
    nearest_knots,
    next_arrival_number,
    open_loads,
    opened,
    original_of,
    readings_of,
    same_file,
    seen,
    similar_parts,
)
from nhactruong.records.incoming.selectors.register import (
    ListFilter,
    at_agency,
    for_service,
    get_visible,
    intake,
    listed,
    lock_visible,
    possible_duplicates,
    record_cards,
    visible,
)

__all__ = [
    "DeskCard",
    "ListFilter",
    "Original",
    "agency_named",
    "at_agency",
    "desks",
    "directions_of",
    "for_service",
    "get_visible",
    "intake",
    "listed",
    "lock_visible",
    "nearest_knots",
    "next_arrival_number",
    "open_loads",
    "opened",
    "original_of",
    "possible_duplicates",
    "readings_of",
    "record_cards",
    "same_file",
    "seen",
    "similar_parts",
    "visible",
]
