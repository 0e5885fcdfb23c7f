"""The verbs of an outgoing document, one function each."""

from __future__ import annotations

from nhactruong.records.outgoing.commands.batches import confirm_batch, open_batch
from nhactruong.records.outgoing.commands.drafting import (
    answer_comment,
    comment,
    create_draft,
    save_draft,
)
from nhactruong.records.outgoing.commands.issuing import (
    assign_number,
    confirm_void,
    issue,
    record_numbered,
    request_void,
)
from nhactruong.records.outgoing.commands.registers import note_export
from nhactruong.records.outgoing.commands.reviewing import (
    approve,
    approve_content,
    approve_form,
    return_draft,
    submit,
)
from nhactruong.records.outgoing.commands.sealing import (
    SEAL_FIELD,
    open_seal,
    record_seal,
    record_seal_failure,
    request_seal,
    seal,
)
from nhactruong.records.outgoing.commands.signing import (
    open_signature,
    record_presented,
    record_signature,
)
from nhactruong.records.outgoing.commands.taking_over import take_over

__all__ = [
    "SEAL_FIELD",
    "answer_comment",
    "approve",
    "approve_content",
    "approve_form",
    "assign_number",
    "comment",
    "confirm_batch",
    "confirm_void",
    "create_draft",
    "issue",
    "note_export",
    "open_batch",
    "open_seal",
    "open_signature",
    "record_numbered",
    "record_presented",
    "record_seal",
    "record_seal_failure",
    "record_signature",
    "request_seal",
    "request_void",
    "return_draft",
    "save_draft",
    "seal",
    "submit",
    "take_over",
]
