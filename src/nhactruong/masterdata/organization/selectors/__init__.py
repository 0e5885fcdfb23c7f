"""Reading the organization: the actor of an account, bodies, posts and their holders."""

from __future__ import annotations

from nhactruong.masterdata.organization.selectors.actors import (
    actor_for_account,
    actor_for_person,
    must_have_second_factor,
)
from nhactruong.masterdata.organization.selectors.bodies import (
    agencies,
    agencies_kept_with,
    agency,
    agency_names,
    authorities,
    organs_of,
    registry_of,
    require_in_force,
    term_of,
    term_starts_on,
    unit_names,
    units_of,
    units_serving,
    with_those_below,
)
from nhactruong.masterdata.organization.selectors.posts import (
    PostCard,
    accounts_with,
    carried_elsewhere,
    find_people,
    heads_of_unit,
    is_filled,
    post_cards,
    posts_reaching,
    posts_with_role,
    roles_in_hand,
    watched_agencies,
)

__all__ = [
    "PostCard",
    "accounts_with",
    "actor_for_account",
    "actor_for_person",
    "agencies",
    "agencies_kept_with",
    "agency",
    "agency_names",
    "authorities",
    "carried_elsewhere",
    "find_people",
    "heads_of_unit",
    "is_filled",
    "must_have_second_factor",
    "organs_of",
    "post_cards",
    "posts_reaching",
    "posts_with_role",
    "registry_of",
    "require_in_force",
    "roles_in_hand",
    "term_of",
    "term_starts_on",
    "unit_names",
    "units_of",
    "units_serving",
    "watched_agencies",
    "with_those_below",
]
