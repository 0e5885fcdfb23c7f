"""What search and the list's filter box know of an outgoing document."""

from __future__ import annotations

from nhactruong.foundation.search import commands as search
from nhactruong.foundation.workitems.commands import Wording
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.text import fold
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.drafting.rules import parse_body, plain_text
from nhactruong.records.outgoing.models import OutgoingDocument


def folded_words(document: OutgoingDocument) -> str:
    """The folded words of number, subject, signer and recipients for the list's filter."""
    parts = [
        document.reference_code,
        document.subject,
        document.signer_printed,
        *document.recipients_printed,
    ]
    return fold(" ".join(parts))[:1300]


def put_card(actor: Actor, document: OutgoingDocument) -> None:
    """The search card is as the document now stands."""
    search.put(actor, _card(document, plain_text(parse_body(document.body))))


def tell_number(actor: Actor, document: OutgoingDocument) -> None:
    """The search card tells the number just given; the text, frozen since signing, stays."""
    if not search.tell_anew(actor, _card(document, "")):
        put_card(actor, document)


def _card(document: OutgoingDocument, body: str) -> search.Card:
    return search.Card(
        object_type=document.type_name(),
        object_id=document.public_id,
        agency_id=document.agency_id,
        title=document.subject or "(chưa có trích yếu)",
        reference=document.reference_code,
        facts=" · ".join(
            part
            for part in (
                type_name(document.document_type),
                document.organ.name,
                document.signer_printed,
            )
            if part
        ),
        body=body,
        occurred_on=document.listed_on,
        secrecy=document.secrecy,
        readers=document.readers,
    )


def wording(document: OutgoingDocument, source: str) -> Wording:
    """How the inbox shows work on this document."""
    return Wording(
        title=document.subject,
        reference=document.reference_code or type_name(document.document_type),
        source=source,
        urgency=document.urgency,
        due_on=document.due_on,
        secrecy=document.secrecy,
    )
