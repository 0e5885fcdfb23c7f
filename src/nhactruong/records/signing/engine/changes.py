"""Whether a file changed after a signature in a way that the office forbids.

Source: signatures.md 6.1 steps 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffPolicy,
    DiffResult,
    FormUpdatingRule,
    ModificationLevel,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    GenericFieldModificationRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
)
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from nhactruong.records.signing.engine.certificates import Holder
from nhactruong.records.signing.engine.covering import Rect, covers_words
from nhactruong.records.signing.engine.evidence import DAMAGE, FoundSignature
from nhactruong.records.signing.engine.fieldhistory import (
    ChangeKind,
    FieldChange,
    FieldHistory,
)
from nhactruong.records.signing.engine.pages import compared
from nhactruong.records.signing.engine.reserved import RESERVED_FIELDS
from nhactruong.records.signing.engine.structure import (
    Shown,
    Views,
    bytes_follow_the_end,
    pages_with_annotations,
    value_fills_the_gap,
)
from nhactruong.records.signing.engine.verdicts import (
    PageChange,
    ReasonCode,
    SignatureVerdict,
    worst,
)

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
    """What followed a signature: the conclusion, the kinds of change, the fields, the pages."""

    conclusion: Conclusion
    kinds: tuple[str, ...]
    fields: tuple[str, ...] = ()
    pages: tuple[PageChange, ...] = ()


#: The library's own rules, except that a tool may write down late that a form has signatures.
_RULES: Final = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        [SigFieldCreationRule(), SigFieldModificationRule(), GenericFieldModificationRule()],
        ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
)


class LockBlindPolicy(DiffPolicy):
    """The library's rules without its field locks, which forbid even later time stamps.

    Locks are kept by our own rule on fields. Source: signatures.md 2 (no field lock).
    """

    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        """The difference between two revisions."""
        return _RULES.apply(old, new, None, doc_mdp)

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        """The difference between one revision and all later ones; a form the rules do not know."""
        try:
            return _RULES.review_file(reader, base_revision, None, doc_mdp)
        except DAMAGE as error:
            return SuspiciousModification(f"cannot be compared: {error}")


class ChangeJudge:
    """Judges what followed each signature of one file.

    `strict` says whether the file kept the PDF syntax; `stamped_revisions` are those of document
    time stamps. `tell_pages` has what followed told page by page, which no verdict needs.
    """

    def __init__(
        self,
        pdf: bytes,
        reader: PdfFileReader,
        *,
        strict: bool,
        signatures: list[FoundSignature],
        stamped_revisions: list[int],
        tell_pages: bool,
    ) -> None:
        self._pdf = pdf
        self._strict = strict
        self._signatures = signatures
        self._stamped_revisions = stamped_revisions
        self._tell_pages = tell_pages
        self._history = FieldHistory(reader)
        self._views = Views(reader)
        self._reader = reader
        self._bytes_follow = bytes_follow_the_end(pdf, reader)
        self._last_revision = int(reader.xrefs.total_revisions) - 1

    def after(self, signature: FoundSignature, embedded: EmbeddedPdfSignature) -> Changes:
        """What followed `signature`; its integrity must have been computed before."""
        if not self._covers_its_revision(signature, embedded):
            return Changes(invalid(ReasonCode.NOT_COVERED), ("other",))
        syntax = () if self._strict else (_unclassified("the file breaks the PDF syntax"),)
        if embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE:
            return Changes(_together(syntax), ("none",))
        try:
            return self._compared(signature, embedded, syntax)
        except DAMAGE as error:
            return Changes(_unclassified(f"cannot be compared: {error}"), ("other",))

    def _compared(
        self,
        signature: FoundSignature,
        embedded: EmbeddedPdfSignature,
        syntax: tuple[Conclusion, ...],
    ) -> Changes:
        every = self._history.changes_after(signature.revision)
        changes = [change for change in every if change.kind is not ChangeKind.SIGNED]
        names = tuple(dict.fromkeys(change.name for change in changes))
        found = [
            self._order(signature),
            *(self._filled(signature, embedded, change) for change in changes),
            *self._shown_after(signature),
            self._explained(embedded),
            *self._purposeless(signature, every),
            *syntax,
        ]
        if not any(one.findings for one in found):
            found.append(self._laid_over_words(signature, embedded, every))
        return Changes(
            _together(found),
            self._kinds(signature, bool(changes), found),
            names,
            self._pages(signature, embedded),
        )

    def _pages(
        self, signature: FoundSignature, embedded: EmbeddedPdfSignature
    ) -> tuple[PageChange, ...]:
        """What differs page by page; nothing unless asked, or where pages cannot be told apart."""
        if not self._tell_pages:
            return ()
        end = int(embedded.byte_range[2]) + int(embedded.byte_range[3])
        try:
            return compared(self._pdf, self._reader, self._history, signature.revision, end)
        except DAMAGE:
            return ()

    def follows_another(self, signature: FoundSignature) -> bool:
        """Whether the file was signed before."""
        return any(other.revision < signature.revision for other in self._signatures)

    def vanished(self) -> list[str]:
        """The names of fields signed in some revision whose signature the file no longer shows."""
        signed: list[frozenset[str]] = []
        for revision in range(self._last_revision + 1):
            try:
                signed.append(self._history.signed_names(revision))
            except DAMAGE:
                # The first part of a linearized file has no catalogue of its own; a form that
                # cannot be read costs each signature its verdict elsewhere.
                signed.append(frozenset())
        return sorted(frozenset[str]().union(*signed[:-1]) - signed[-1])

    def _covers_its_revision(
        self, signature: FoundSignature, embedded: EmbeddedPdfSignature
    ) -> bool:
        if embedded.coverage not in WHOLE_REVISION or self._bytes_follow:
            return False
        if not value_fills_the_gap(self._pdf, embedded.byte_range, embedded.pkcs7_content):
            return False
        whole = int(embedded.byte_range[2]) + int(embedded.byte_range[3]) == len(self._pdf)
        if embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE:
            return whole
        return signature.revision < self._last_revision

    # What may change ----------------------------------------------------------------------

    def _order(self, signature: FoundSignature) -> Conclusion:
        if signature.purpose is Holder.AGENCY and any(
            other.purpose is Holder.PERSON and other.revision > signature.revision
            for other in self._signatures
        ):
            return _forbidden("a personal signature follows this seal")
        return Conclusion()

    def _filled(
        self, signature: FoundSignature, embedded: EmbeddedPdfSignature, change: FieldChange
    ) -> Conclusion:
        """What one change of a form field leads to.

        In our letters number and date may be filled between a personal signature and the first
        seal. In other files a certification may allow filling what was blank. Nothing may be
        filled once a seal stands. Source: signatures.md 6.1 step 3.
        """
        detail = f"form fields changed: {change.name}"
        seals = [one.revision for one in self._signatures if one.purpose is Holder.AGENCY]
        locks = embedded.fieldmdp
        if (
            change.kind is not ChangeKind.FILLED
            or signature.purpose is Holder.AGENCY
            or change.revision > min(seals, default=change.revision)
            or (locks is not None and locks.is_locked(change.name))
        ):
            return _forbidden(detail)
        signed = self._history.state(signature.revision)
        if RESERVED_FIELDS & signed.keys():
            return Conclusion() if change.name in RESERVED_FIELDS else _forbidden(detail)
        was_blank = change.label in signed and signed[change.label].is_blank
        permission = self._permission(signature)
        if permission is None:
            return _unclassified(detail) if was_blank else _forbidden(detail)
        return Conclusion() if was_blank else _unclassified(detail)

    def _laid_over_words(
        self, signature: FoundSignature, embedded: EmbeddedPdfSignature, changes: list[FieldChange]
    ) -> Conclusion:
        """What a field filled or a signature added over signed words leads to.

        Fields of our own letters stand where the letter leaves room for them.
        """
        signed = self._history.state(signature.revision)
        pages = pages_with_annotations(
            self._reader.get_historical_resolver(self._last_revision).root
        )
        places: list[tuple[int, Rect]] = []
        for change in changes:
            state = self._history.state(change.revision)[change.label]
            known = change.kind is ChangeKind.SIGNED and change.label in signed
            if state.rect is None or known or change.name in RESERVED_FIELDS:
                continue
            # A widget on no page shows nothing; page -1 is the last one, asked for safety.
            page = next((at for at, one in enumerate(pages) if state.number in one), -1)
            places.append((page, state.rect))
        end = int(embedded.byte_range[2]) + int(embedded.byte_range[3])
        if covers_words(self._pdf[:end], places):
            return _unclassified("something is laid over signed words")
        return Conclusion()

    def _permission(self, signature: FoundSignature) -> MDPPerm | None:
        """What the certification in force at `signature` allows; None without one."""
        levels = [
            level
            for one in self._signatures
            if one.embedded is not None
            and one.revision <= signature.revision
            and (level := one.embedded.docmdp_level) is not None
        ]
        return min(levels, key=lambda level: level.value, default=None)

    def _shown_after(self, signature: FoundSignature) -> Iterator[Conclusion]:
        """What differs to the eye, form fields apart; asked even where the library is content."""
        before = self._shown(signature.revision)
        comments_allowed = self._permission(signature) is MDPPerm.ANNOTATE
        for later in range(signature.revision + 1, self._last_revision + 1):
            after = self._shown(later)
            if after.pages != before.pages:
                yield _forbidden("pages changed")
            if after.comments != before.comments:
                detail = "annotations changed"
                yield _unclassified(detail) if comments_allowed else _forbidden(detail)
            if after.fields_are_drawn_anew and not before.fields_are_drawn_anew:
                yield _unclassified("fields are drawn anew")
            if not before.form_resources <= after.form_resources:
                yield _unclassified("resources of the form changed")

    def _purposeless(
        self, signature: FoundSignature, changes: list[FieldChange]
    ) -> Iterator[Conclusion]:
        """Revisions that neither sign, nor stamp, nor fill, nor keep validation data."""
        purposes = {change.revision for change in changes}
        purposes.update(one.revision for one in self._signatures)
        purposes.update(self._stamped_revisions)
        for later in range(signature.revision + 1, self._last_revision + 1):
            kept = self._shown(later).validation_data
            if later not in purposes and kept == self._shown(later - 1).validation_data:
                yield _unclassified("something was added for no known purpose")

    def _shown(self, revision: int) -> Shown:
        fields = frozenset(one.number for one in self._history.state(revision).values())
        return self._views.of(revision, fields)

    def _explained(self, embedded: EmbeddedPdfSignature) -> Conclusion:
        """What the library finds: it looks at every object, visible or not."""
        difference = embedded.diff_result
        if not isinstance(difference, DiffResult):
            return _unclassified(str(difference))
        permitted = embedded.summarise_integrity_info()["docmdp_ok"]
        if difference.modification_level > ModificationLevel.FORM_FILLING or not permitted:
            return _forbidden(f"modification level {difference.modification_level.name.lower()}")
        return Conclusion()

    def _kinds(
        self, signature: FoundSignature, filled: bool, found: list[Conclusion]
    ) -> tuple[str, ...]:
        kinds = ["form_filling"] if filled else []
        if any(other.revision > signature.revision for other in self._signatures):
            kinds.append("new_signature")
        if any(one.detail == "annotations changed" for one in found):
            kinds.append("annotations")
        embedded = signature.embedded
        difference = embedded.diff_result if embedded is not None else None
        stamped = any(revision > signature.revision for revision in self._stamped_revisions)
        level = difference.modification_level if isinstance(difference, DiffResult) else None
        if stamped or (not kinds and level not in (None, ModificationLevel.NONE)):
            kinds.append("validation_data")
        if level is None or any(one.findings for one in found):
            kinds.append("other")
        return tuple(kinds) or ("none",)


def _together(found: Iterable[Conclusion]) -> Conclusion:
    """One conclusion: a forbidden change says more than one that cannot be classified."""
    verdicts = [verdict for one in found for _, verdict in one.findings]
    detail = "; ".join(dict.fromkeys(one.detail for one in found if one.detail))
    match worst(verdicts):
        case SignatureVerdict.INVALID:
            return _forbidden(detail)
        case SignatureVerdict.VALID:
            return Conclusion()
        case _:
            return _unclassified(detail)


def _forbidden(detail: str) -> Conclusion:
    return invalid(ReasonCode.CHANGED_AFTER_SIGNING, detail)


def _unclassified(detail: str) -> Conclusion:
    finding = (ReasonCode.UNCLASSIFIED_CHANGE, SignatureVerdict.INDETERMINATE)
    return Conclusion((finding,), detail=detail)
