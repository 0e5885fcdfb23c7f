"""Outgoing documents brought to each stage through commands, with the jobs' work done at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from nhactruong.foundation.files import store
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.drafting.rules import body_from_plain, body_to_json
from nhactruong.records.outgoing import commands, handlers, selectors
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.events import SealRequested
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.signing import keys

SUBJECT = "kết luận của Ban Thường vụ Tỉnh ủy về di dời các hộ dân vùng sạt lở"
TEXT = """Ngày 20/11/2026, Ban Thường vụ Tỉnh ủy đã nghe báo cáo và kết luận như sau:
1. Thống nhất chủ trương di dời 214 hộ dân, hoàn thành trước ngày 15/4/2027.
2. Giao Văn phòng Tỉnh ủy theo dõi, đôn đốc việc thực hiện."""


def drafted(
    office: SmallOffice, *, by: str = "suong", organ: str = "tu.btv", text: str = TEXT, **extra: Any
) -> OutgoingDocument:
    """A notice of the standing board with text and recipients, still with its drafter."""
    actor = office.actor(by)
    draft = commands.create_draft(
        actor, organ_id=office.organs[organ].pk, document_type="thong-bao", subject=SUBJECT
    )
    deputy = office.posts["thu"].pk
    rows = selectors.authorities_for(draft)
    content = DraftContent(
        authority_id=next((row.pk for row in rows if row.post_id == deputy), None),
        body=body_to_json(body_from_plain(text)),
        recipients=[
            RecipientLine("Đảng ủy xã Đồng Mơ", office.agencies["dm"].pk),
            RecipientLine("Lưu Văn phòng Tỉnh ủy"),
        ],
        **extra,
    )
    return commands.save_draft(actor, draft.public_id, content, version=draft.version)


def again(document: OutgoingDocument) -> OutgoingDocument:
    """The document as it now is."""
    return selectors.for_service(document.public_id)


def submitted(office: SmallOffice, **extra: Any) -> OutgoingDocument:
    """Waiting for the head of the division."""
    draft = drafted(office, **extra)
    return commands.submit(office.actor("suong"), draft.public_id, version=draft.version)


def presented(office: SmallOffice, **extra: Any) -> OutgoingDocument:
    """On the signer's desk with its frozen PDF."""
    draft = submitted(office, **extra)
    commands.approve_content(office.actor("lam"), draft.public_id, version=None)
    commands.approve_form(office.actor("khue"), draft.public_id, version=None)
    assert handlers.present(draft.public_id)
    return again(draft)


def sign(actor: Actor, document: OutgoingDocument) -> OutgoingDocument:
    """The signature as the page makes it: request, key, record."""
    request = commands.open_signature(actor, document.public_id, version=None)
    shown = contents.rendition(document.document_id, Rendition.Purpose.PRESENTED)
    assert shown is not None
    made = keys.sign_personal(contents.bytes_of(shown), request.key)
    return commands.record_signature(
        actor,
        document.public_id,
        request.public_id,
        stored=store.write([made.pdf]),
        facts=made.facts,
        signed_at=made.made_at,
    )


def signed(office: SmallOffice, **extra: Any) -> OutgoingDocument:
    """Signed by the deputy secretary, now the clerk's to number."""
    document = presented(office, **extra)
    sign(office.actor("thu"), document)
    return again(document)


def numbered(office: SmallOffice, *, dated_on: date | None = None) -> OutgoingDocument:
    """With number and date printed on the page."""
    document = signed(office)
    commands.assign_number(
        office.actor("nhan"), document.public_id, version=None, dated_on=dated_on
    )
    assert handlers.stamp_number(document.public_id)
    return again(document)


def sealed(office: SmallOffice) -> OutgoingDocument:
    """With the agency's seal, ready to be issued."""
    document = numbered(office)
    commands.request_seal(office.actor("nhan"), document.public_id, version=None)
    run_seal(office, document)
    return again(document)


def run_seal(office: SmallOffice, document: OutgoingDocument, *, by: str = "nhan") -> None:
    """The job behind the clerk's request."""
    clerk = office.actor(by)
    assert clerk.post is not None
    handlers.apply_seal(
        SealRequested(
            outgoing_id=document.public_id,
            asked_by_person=clerk.person_id or 0,
            asked_by_post=clerk.post.post_id,
        )
    )


def issued(office: SmallOffice) -> OutgoingDocument:
    """Issued; its deliveries are queued."""
    document = sealed(office)
    commands.issue(office.actor("nhan"), document.public_id, version=None)
    return again(document)
