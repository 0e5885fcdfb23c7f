"""Reading the record: who did what, who has seen a thing, whether the chain holds."""

from nhactruong.foundation.audit.selectors.expiry import hashes_of_month, months_past
from nhactruong.foundation.audit.selectors.searching import (
    RecordFilter,
    acts_on,
    is_known,
    record_page,
    rows_of,
)
from nhactruong.foundation.audit.selectors.state import RootState, last_root, unchained_too_long
from nhactruong.foundation.audit.selectors.verifying import Verification, verify

__all__ = [
    "RecordFilter",
    "RootState",
    "Verification",
    "acts_on",
    "hashes_of_month",
    "is_known",
    "last_root",
    "months_past",
    "record_page",
    "rows_of",
    "unchained_too_long",
    "verify",
]
