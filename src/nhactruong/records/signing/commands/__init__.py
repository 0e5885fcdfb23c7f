"""The verbs of keys, requests to sign, signatures and reports."""

from __future__ import annotations

from nhactruong.records.signing.commands.keeping import keep_first_report, keep_report, record
from nhactruong.records.signing.commands.registering import (
    Certificate,
    keep_picture,
    register_certificate,
    register_key,
    usable_key,
)
from nhactruong.records.signing.commands.requests import (
    MOST_PAPERS,
    close_request,
    fail_request,
    keep_answers,
    keep_prepared,
    open_batch,
    open_request,
)

__all__ = [
    "MOST_PAPERS",
    "Certificate",
    "close_request",
    "fail_request",
    "keep_answers",
    "keep_first_report",
    "keep_picture",
    "keep_prepared",
    "keep_report",
    "open_batch",
    "open_request",
    "record",
    "register_certificate",
    "register_key",
    "usable_key",
]
