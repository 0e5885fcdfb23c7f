"""Every read of outgoing documents; the actor comes first and sight filters all."""

from __future__ import annotations

from nhactruong.records.outgoing.selectors.addressing import addressees
from nhactruong.records.outgoing.selectors.answering import (
    Answered,
    answered,
)
from nhactruong.records.outgoing.selectors.books import (
    Book,
    BookCount,
    books,
    count_book,
    terms,
)
from nhactruong.records.outgoing.selectors.documents import (
    RegisterFilter,
    Reviewers,
    authorities_for,
    authority_holds,
    drafts,
    for_service,
    get_visible,
    holder_names,
    is_own_signer,
    issuing_organs,
    lock_for_service,
    lock_visible,
    newest_report,
    of_document,
    recipient_agencies,
    record_cards,
    register,
    reviewers,
    unsigned_counts,
    unsigned_of,
    visible,
    void_confirmers,
)

__all__ = [
    "Answered",
    "Book",
    "BookCount",
    "RegisterFilter",
    "Reviewers",
    "addressees",
    "answered",
    "authorities_for",
    "authority_holds",
    "books",
    "count_book",
    "drafts",
    "for_service",
    "get_visible",
    "holder_names",
    "is_own_signer",
    "issuing_organs",
    "lock_for_service",
    "lock_visible",
    "newest_report",
    "of_document",
    "recipient_agencies",
    "record_cards",
    "register",
    "reviewers",
    "terms",
    "unsigned_counts",
    "unsigned_of",
    "visible",
    "void_confirmers",
]
