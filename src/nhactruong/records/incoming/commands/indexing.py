"""What search, the list's filter and the inbox know of an incoming document."""

from __future__ import annotations

from nhactruong.foundation.search import commands as search
from nhactruong.foundation.workitems.commands import Wording
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.states import Secrecy
from nhactruong.kernel.text import fold
from nhactruong.masterdata.vocabularies.selectors import type_name
from nhactruong.records.incoming.models import IncomingDocument


def folded_words(document: IncomingDocument) -> str:
    """The folded words of number, subject, issuer and signer for the list's filter."""
    number = str(document.arrival_number or "")
    parts = [
        number,
        document.reference_code,
        document.subject,
        document.issuer_name,
        document.signer_name,
    ]
    return fold(" ".join(parts))[:1500]


def put_card(actor: Actor, document: IncomingDocument, text: str | None = None) -> None:
    """The search card is as the document now stands; `text` is what was read of the file."""
    search.put(
        actor,
        search.Card(
            object_type=document.type_name(),
            object_id=document.public_id,
            agency_id=document.agency_id,
            title=document.subject or document.file_name,
            reference=document.reference_code,
            facts=" · ".join(
                part
                for part in (
                    type_name(document.document_type) if document.document_type else "",
                    document.issuer_name,
                    document.signer_name,
                    f"số đến {document.arrival_number}" if document.arrival_number else "",
                )
                if part
            ),
            body=text or "",
            occurred_on=document.arrived_on,
            secrecy=document.secrecy,
            readers=document.readers,
        ),
    )


def wording(document: IncomingDocument) -> Wording:
    """How the inbox shows work on this document; the subject of secret ones is not told."""
    is_open = document.secrecy <= Secrecy.INTERNAL
    return Wording(
        title=(document.subject or document.file_name) if is_open else "(văn bản mật)",
        reference=document.reference_code,
        source=document.issuer_name,
        urgency=document.urgency,
        due_on=document.due_on,
        due_rule=document.due_rule,
        secrecy=document.secrecy,
    )
