"""Whether a file changed after a signature in a way that the office forbids.

Source: signatures.md 6.1 steps 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from nhactruong.records.signing.engine.certificates import Holder
from nhactruong.records.signing.engine.evidence import FoundSignature
from nhactruong.records.signing.engine.fields import RESERVED_FIELDS
from nhactruong.records.signing.engine.structure import (
    FieldHistory,
    bytes_follow_the_end,
    visible_content,
)
from nhactruong.records.signing.engine.verdicts import ReasonCode, SignatureVerdict

WHOLE_REVISION: Final = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


@dataclass(frozen=True)
class Conclusion:
    """Findings on one question: codes with the verdict each leads to."""

    findings: tuple[tuple[ReasonCode, SignatureVerdict], ...] = ()
    notes: tuple[ReasonCode, ...] = ()
    detail: str = ""


def invalid(code: ReasonCode, detail: str = "") -> Conclusion:
    """A conclusion that makes the signature invalid for one reason."""
    return Conclusion(((code, SignatureVerdict.INVALID),), detail=detail)


@dataclass(frozen=True)
class Changes:
    """What followed a signature: the conclusion, the kinds of change, the fields changed."""

    conclusion: Conclusion
    kinds: tuple[str, ...]
    fields: tuple[str, ...] = ()


class ChangeJudge:
    """Judges what followed each signature of one file.

    `strict` says whether the file kept the PDF syntax; `stamped_revisions` are those of document
    time stamps.
    """

    def __init__(
        self,
        pdf: bytes,
        reader: PdfFileReader,
        *,
        strict: bool,
        signatures: list[FoundSignature],
        stamped_revisions: list[int],
    ) -> None:
        self._reader = reader
        self._strict = strict
        self._signatures = signatures
        self._stamped_revisions = stamped_revisions
        self._history = FieldHistory(reader)
        self._bytes_follow = bytes_follow_the_end(pdf, reader)
        self._last_revision = int(reader.xrefs.total_revisions) - 1

    def after(self, signature: FoundSignature, embedded: EmbeddedPdfSignature) -> Changes:
        """What followed `signature`; its integrity must have been computed before."""
        covered = embedded.coverage in WHOLE_REVISION and not self._bytes_follow
        if signature.revision == self._last_revision:
            covered = covered and embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE
        if not covered:
            return Changes(invalid(ReasonCode.NOT_COVERED), ("other",))
        changes = self._history.changes_after(signature.revision)
        names = tuple(dict.fromkeys(change.name for change in changes))
        kinds = self._kinds(signature, bool(changes))
        forbidden = ""
        if self._breaks_order(signature):
            forbidden = "a personal signature follows this seal"
        elif not all(self._may_fill(signature, one.name, one.revision) for one in changes):
            forbidden = "form fields changed: " + ", ".join(names)
        if forbidden:
            conclusion = invalid(ReasonCode.CHANGED_AFTER_SIGNING, forbidden)
            return Changes(conclusion, kinds, names)
        difference = embedded.diff_result
        if not isinstance(difference, DiffResult):
            conclusion = self._unexplained(signature, str(difference))
            return Changes(conclusion, (*kinds, "other"), names)
        permitted = embedded.summarise_integrity_info()["docmdp_ok"]
        if difference.modification_level > ModificationLevel.FORM_FILLING or not permitted:
            detail = f"modification level {difference.modification_level.name.lower()}"
            conclusion = invalid(ReasonCode.CHANGED_AFTER_SIGNING, detail)
            return Changes(conclusion, (*kinds, "other"), names)
        if not self._strict:
            return Changes(_unclassified("the file breaks the PDF syntax"), kinds, names)
        return Changes(Conclusion(), kinds or ("none",), names)

    def _kinds(self, signature: FoundSignature, filled: bool) -> tuple[str, ...]:
        kinds = ["form_filling"] if filled else []
        if any(other.revision > signature.revision for other in self._signatures):
            kinds.append("new_signature")
        embedded = signature.embedded
        difference = embedded.diff_result if embedded is not None else None
        if isinstance(difference, DiffResult) and not kinds:
            if difference.modification_level is not ModificationLevel.NONE:
                kinds.append("validation_data")
        elif any(revision > signature.revision for revision in self._stamped_revisions):
            kinds.append("validation_data")
        return tuple(kinds)

    def _breaks_order(self, signature: FoundSignature) -> bool:
        return signature.purpose is Holder.AGENCY and any(
            other.purpose is Holder.PERSON and other.revision > signature.revision
            for other in self._signatures
        )

    def _may_fill(self, signature: FoundSignature, name: str, revision: int) -> bool:
        """Number and date may be filled between a personal signature and the first seal."""
        seals = [one.revision for one in self._signatures if one.purpose is Holder.AGENCY]
        return (
            name in RESERVED_FIELDS
            and signature.purpose is Holder.PERSON
            and revision <= min(seals, default=revision)
        )

    def _unexplained(self, signature: FoundSignature, detail: str) -> Conclusion:
        """The library cannot explain a change: forbidden if anything visible differs."""
        before = visible_content(self._reader, signature.revision)
        for later in range(signature.revision + 1, int(self._reader.xrefs.total_revisions)):
            if visible_content(self._reader, later) != before:
                return invalid(ReasonCode.CHANGED_AFTER_SIGNING, detail)
        return _unclassified(detail)


def _unclassified(detail: str) -> Conclusion:
    finding = (ReasonCode.UNCLASSIFIED_CHANGE, SignatureVerdict.INDETERMINATE)
    return Conclusion((finding,), detail=detail)
