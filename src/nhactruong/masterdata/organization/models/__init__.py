"""The bodies, the posts and the people, with their periods."""

from __future__ import annotations

from nhactruong.masterdata.organization.models.bodies import (
    Agency,
    AgencyIdentifier,
    AgencyName,
    Organ,
    Registry,
    RegistryService,
    Term,
    Unit,
)
from nhactruong.masterdata.organization.models.lending import (
    Absence,
    Delegation,
)
from nhactruong.masterdata.organization.models.posts import (
    Holding,
    InheritedSight,
    Named,
    OrganMembership,
    Person,
    Post,
    PostRole,
    SigningAuthority,
)

__all__ = [
    "Absence",
    "Agency",
    "AgencyIdentifier",
    "AgencyName",
    "Delegation",
    "Holding",
    "InheritedSight",
    "Named",
    "Organ",
    "OrganMembership",
    "Person",
    "Post",
    "PostRole",
    "Registry",
    "RegistryService",
    "SigningAuthority",
    "Term",
    "Unit",
]
