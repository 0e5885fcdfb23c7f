"""The verbs of the organization: setting up, delegating, and whole lists at once."""

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
from nhactruong.masterdata.organization.commands.setting_up import (
    appoint,
    create_organ,
    create_post,
    create_registry,
    create_unit,
    delegate,
    found_agency,
    grant_signing_authority,
    open_term,
    register_person,
    revoke_delegation,
    seat,
)

__all__ = [
    "AgencyLine",
    "HoldingLine",
    "PostLine",
    "UnitLine",
    "appoint",
    "correct_agencies",
    "correct_names",
    "create_organ",
    "create_post",
    "create_registry",
    "create_unit",
    "delegate",
    "found_agency",
    "grant_signing_authority",
    "open_term",
    "register_people",
    "register_person",
    "revoke_delegation",
    "seat",
    "set_holdings",
    "set_posts",
    "set_roles",
    "set_units",
]
