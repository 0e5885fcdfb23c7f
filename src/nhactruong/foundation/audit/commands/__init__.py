"""Writing the record, chaining it, sealing its days, letting go what is past its time."""

from nhactruong.foundation.audit.commands.chaining import AT_ONCE, seal_chain
from nhactruong.foundation.audit.commands.expiring import expire_months
from nhactruong.foundation.audit.commands.exporting import export_record
from nhactruong.foundation.audit.commands.recording import (
    Audited,
    record,
    record_reading,
    record_refusal,
)
from nhactruong.foundation.audit.commands.rooting import open_months, seal_roots, stamp_shelf

__all__ = [
    "AT_ONCE",
    "Audited",
    "expire_months",
    "export_record",
    "open_months",
    "record",
    "record_reading",
    "record_refusal",
    "seal_chain",
    "seal_roots",
    "stamp_shelf",
]
