"""The exact Party form of a letter as PDF/A-2b, and the same letter frozen for signing.

Doors: `typeset` (PDF and anchors), `preview` (PDF), `freeze_for_signing` (PDF with the fields `so`,
`ngay`, `SIG_PERSON_1`, `SIG_AGENCY`), `pdfa_faults` (what a PDF lacks to be PDF/A-2b).
Sources: documents.md §4, signatures.md §2-3. How it works: docs/how-it-works/typesetting.md.
"""

from nhactruong.records.drafting.typesetting.freezing import freeze_for_signing
from nhactruong.records.drafting.typesetting.letter import (
    DATE_FIELD,
    NUMBER_FIELD,
    Anchors,
    Box,
    Letter,
    Typeset,
    date_line,
)
from nhactruong.records.drafting.typesetting.pdfa import pdfa_faults
from nhactruong.records.drafting.typesetting.setting import (
    FONT_FOLDER,
    preview,
    typeset,
    unprintable,
)

__all__ = [
    "DATE_FIELD",
    "FONT_FOLDER",
    "NUMBER_FIELD",
    "Anchors",
    "Box",
    "Letter",
    "Typeset",
    "date_line",
    "freeze_for_signing",
    "pdfa_faults",
    "preview",
    "typeset",
    "unprintable",
]
