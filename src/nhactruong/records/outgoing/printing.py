"""The letter of a document: what its page says, made from what the system knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Urgency
from nhactruong.masterdata.organization.models import SigningAuthority
from nhactruong.masterdata.vocabularies import selectors as vocabularies
from nhactruong.records.drafting.library import templates
from nhactruong.records.drafting.rules import Body, parse_body, plain_text
from nhactruong.records.drafting.typesetting import Letter, date_line, unprintable
from nhactruong.records.outgoing import selectors
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import EDITABLE, Printed, State, Written

_UNNUMBERED: Final = "........"
_DRAFT_STATES: Final = EDITABLE | {State.CONTENT_REVIEW, State.APPRAISAL}


def number_line(document: OutgoingDocument) -> str:
    """Number and symbol as printed, with dots while there is no number. Source: documents.md 3.1."""
    if document.reference_code:
        return f"Số {document.reference_code}"
    kind = vocabularies.document_type(document.document_type)
    code = kind.code if kind else ""
    return f"Số {_UNNUMBERED}-{code}/{document.organ.symbol}"


def signer_name(authority: SigningAuthority | None) -> str:
    """Who holds the signing post today, empty when it is vacant or not chosen."""
    if authority is None:
        return ""
    return selectors.holder_names([authority.post_id]).get(authority.post_id, "")


def recipient_lines(document: OutgoingDocument) -> tuple[str, ...]:
    """The lines of Nơi nhận in their order; one line may stand for several agencies."""
    lines = document.recipients.order_by("position").values_list("line", flat=True)
    return tuple(dict.fromkeys(lines))


def letter_of(
    document: OutgoingDocument,
    *,
    for_signature: bool = False,
    recipients: tuple[str, ...] | None = None,
    signer: str | None = None,
) -> Letter:
    """The letter as it would be printed now; drafts carry their draft mark.

    `recipients` and `signer` spare a query where the caller has read them already.
    """
    template = templates().get(document.document_type)
    name = vocabularies.type_name(document.document_type)
    prints_name = template.printed_name is not None if template else True
    authority = document.authority
    is_draft = document.as_state in _DRAFT_STATES and not for_signature
    return Letter(
        superior_line=document.organ.superior_line,
        issuer_lines=tuple(document.organ.name_block),
        number_line=number_line(document),
        place=document.agency.place,
        date=document.issued_on,
        date_hint=clock.today(),
        type_name=name.upper() if prints_name else None,
        subject=document.subject,
        body=parse_body(document.body),
        capacity_line=authority.capacity_line if authority else "",
        title_lines=(authority.title_line,) if authority else (),
        signer_name=signer_name(authority) if signer is None else signer,
        addressee_label=template.addressing.label if template else "",
        addressees=tuple(document.addressees) if template and template.addressing.label else (),
        recipients=recipient_lines(document) if recipients is None else recipients,
        urgency=Urgency(document.urgency),
        draft_mark=f"Dự thảo lần {document.draft_number}" if is_draft else None,
    )


def written(
    document_type: str,
    *,
    subject: str,
    body: Body,
    addressees: Sequence[str],
    recipients: Sequence[str],
    has_authority: bool,
    own_signer: bool,
) -> Written:
    """What a draft of that type says, for judging whether it may go to review."""
    template = templates().get(document_type)
    return Written(
        subject=subject,
        text=plain_text(body),
        addressed_by=template.addressing.label if template else "",
        addressees=addressees,
        recipients=recipients,
        has_authority=has_authority,
        own_signer=own_signer,
        placeholders=template.placeholders if template else (),
    )


def written_in(document: OutgoingDocument) -> Written:
    """What the stored draft says; two queries."""
    return written(
        document.document_type,
        subject=document.subject,
        body=parse_body(document.body),
        addressees=document.addressees,
        recipients=recipient_lines(document),
        has_authority=document.authority_id is not None,
        own_signer=selectors.is_own_signer(document.authority_id, document.drafter_person_id),
    )


def require_printable(document: OutgoingDocument) -> None:
    """Nothing when the letter faces have every character of the document.

    Said before review, so that freezing for signature cannot fail on it.
    Raises: InvalidInput `drafting.unprintable` that names the characters.
    """
    missing = unprintable(letter_of(document))
    if missing:
        raise InvalidInput(
            "drafting.unprintable",
            "Văn bản có ký tự mà bộ chữ của thể thức không in được: %(characters)s. "
            "Đồng chí thay các ký tự này bằng chữ thường dùng.",
            characters=" ".join(f"{one} (U+{ord(one):04X})" for one in missing[:8]),
        )


def printed_of(letter: Letter) -> Printed:
    """The words the register keeps beside the keys."""
    return Printed(
        issuer=" ".join(letter.issuer_lines),
        signer=letter.signer_name,
        position=" ".join(letter.title_lines),
        capacity=letter.capacity_line,
        recipients=letter.recipients,
    )


def final_lines(document: OutgoingDocument) -> tuple[str, str]:
    """Number line and date line as they are filled into the signed page."""
    letter = letter_of(document, for_signature=True)
    return letter.number_line, date_line(letter)
