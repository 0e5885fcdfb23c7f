"""The pages of incoming documents."""

from __future__ import annotations

from nhactruong.records.incoming.views.content import download, page, signatures
from nhactruong.records.incoming.views.detail import detail as detail_page
from nhactruong.records.incoming.views.handling import (
    assign,
    complete,
    direct,
    file,
    submit_to_leader,
)
from nhactruong.records.incoming.views.intake import intake, intake_item, return_to_sender
from nhactruong.records.incoming.views.lists import list_page, register_book

__all__ = [
    "assign",
    "complete",
    "detail_page",
    "direct",
    "download",
    "file",
    "intake",
    "intake_item",
    "list_page",
    "page",
    "register_book",
    "return_to_sender",
    "signatures",
    "submit_to_leader",
]
