"""The verbs of the organization: setting up, whole lists at once, and the history of agencies."""

from __future__ import annotations

from nhactruong.masterdata.organization.commands.bulk import (
    AgencyLine,
    HoldingLine,
    PostLine,
    UnitLine,
    correct_agencies,
    correct_names,
    register_people,
    set_holdings,
    set_posts,
    set_roles,
    set_units,
)
from nhactruong.masterdata.organization.commands.ending import (
    close_agency,
    close_post,
    close_unit,
    end_holding,
    hand_over_books,
    hand_over_posts,
    take_role,
)
from nhactruong.masterdata.organization.commands.naming import give_identifier, rename_agency
from nhactruong.masterdata.organization.commands.setting_up import (
    appoint,
    create_organ,
    create_post,
    create_registry,
    create_unit,
    found_agency,
    grant_role,
    grant_signing_authority,
    open_term,
    register_person,
    seat,
)

__all__ = [
    "AgencyLine",
    "HoldingLine",
    "PostLine",
    "UnitLine",
    "appoint",
    "close_agency",
    "close_post",
    "close_unit",
    "correct_agencies",
    "correct_names",
    "create_organ",
    "create_post",
    "create_registry",
    "create_unit",
    "end_holding",
    "found_agency",
    "give_identifier",
    "grant_role",
    "grant_signing_authority",
    "hand_over_books",
    "hand_over_posts",
    "open_term",
    "register_people",
    "register_person",
    "rename_agency",
    "seat",
    "set_holdings",
    "set_posts",
    "set_roles",
    "set_units",
    "take_role",
]
