"""Pure reading of printed words: references, dates, marks, signers, and what to propose."""

from nhactruong.records.extraction.rules.directory import Directory, KnownAgency, NoDirectory
from nhactruong.records.extraction.rules.page import Box, Line, Page, ReadDocument, Word
from nhactruong.records.extraction.rules.proposals import Proposal, Proposals, SourceSpan, propose

__all__ = [
    "Box",
    "Directory",
    "KnownAgency",
    "Line",
    "NoDirectory",
    "Page",
    "Proposal",
    "Proposals",
    "ReadDocument",
    "SourceSpan",
    "Word",
    "propose",
]
