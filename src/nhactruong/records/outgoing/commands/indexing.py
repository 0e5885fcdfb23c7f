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
    search.put(
        actor,
        search.Card(
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
            body=plain_text(parse_body(document.body)),
            occurred_on=document.listed_on,
            secrecy=document.secrecy,
            readers=document.readers,
        ),
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
