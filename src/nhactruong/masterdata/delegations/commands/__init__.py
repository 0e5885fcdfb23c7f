"""Every act on delegations and absences."""

from nhactruong.masterdata.delegations.commands.absences import declare_absence, end_absence
from nhactruong.masterdata.delegations.commands.digests import send_digests
from nhactruong.masterdata.delegations.commands.lending import (
    Scope,
    delegate,
    end_all_of,
    revoke_delegation,
)

__all__ = [
    "Scope",
    "declare_absence",
    "delegate",
    "end_absence",
    "end_all_of",
    "revoke_delegation",
    "send_digests",
]
