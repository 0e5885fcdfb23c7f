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
from nhactruong.records.signing.commands.requests import close_request, keep_prepared, open_request

__all__ = [
    "Certificate",
    "close_request",
    "keep_first_report",
    "keep_picture",
    "keep_prepared",
    "keep_report",
    "open_request",
    "record",
    "register_certificate",
    "register_key",
    "usable_key",
]
