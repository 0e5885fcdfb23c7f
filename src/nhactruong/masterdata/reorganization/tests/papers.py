"""Papers of the offices that end, in every state that matters; made by commands."""

from __future__ import annotations

import uuid

from tests.sight.walk import FACTS

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.masterdata.reorganization.tests.offices import Offices
from nhactruong.records.drafting.rules import body_to_json
from nhactruong.records.drafting.rules.plain import body_from_plain
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing import handlers
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.commands.sealing import SEAL_FIELD
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import Printed
from nhactruong.records.signing import commands as signatures
from nhactruong.records.signing.models import SigningKey

__all__ = ["store", "writes_allowed"]


def arrived(made: Offices, agency: str) -> IncomingDocument:
    """A file in the intake of the office."""
    return incoming.receive_file(
        made.actor(f"{agency}-vt"),
        agency_id=made.agency(agency).pk,
        stored=store.write([uuid.uuid4().bytes]),
        media_type="application/pdf",
        file_name="den.pdf",
        page_count=1,
    )


def registered(made: Offices, agency: str, subject: str = "Báo cáo tháng") -> IncomingDocument:
    """A registered paper that waits for bút phê."""
    paper = arrived(made, agency)
    return incoming.register(
        made.actor(f"{agency}-vt"),
        paper.public_id,
        incoming.RegisterLine(
            reference_code=f"{paper.pk}-BC/{agency}",
            issued_on=clock.today(),
            issuer_name="Đảng ủy xã Đồng Mơ",
            document_type="bao-cao",
            subject=subject,
        ),
        version=None,
    )


def directed(made: Offices, agency: str, subject: str = "Báo cáo tháng") -> IncomingDocument:
    """A paper given to the unit of the office."""
    return incoming.direct(
        made.actor(f"{agency}-chanh"),
        registered(made, agency, subject).public_id,
        lead=Desk(unit_id=made.unit(agency)),
        version=None,
    )


def assigned(made: Offices, agency: str, subject: str = "Báo cáo tháng") -> IncomingDocument:
    """A paper given by the head to the specialist."""
    return incoming.assign(
        made.actor(f"{agency}-truong"),
        directed(made, agency, subject).public_id,
        post_id=made.post(f"{agency}-cv"),
        version=None,
    )


def draft(made: Offices, agency: str, subject: str = "Về việc báo cáo") -> OutgoingDocument:
    """A letter by the specialist, to be signed by the chief of his office."""
    author = made.actor(f"{agency}-cv")
    begun = outgoing.create_draft(
        author,
        organ_id=made.small.organs[f"{agency}.ban"].pk,
        document_type="cong-van",
        subject=subject,
    )
    return outgoing.save_draft(
        author,
        begun.public_id,
        DraftContent(
            body=body_to_json(body_from_plain("Đề nghị báo cáo trước ngày 25.")),
            addressees=["Đảng ủy xã Đồng Mơ"],
            recipients=[RecipientLine("Như trên", made.small.agencies["dm"].pk)],
        ),
        version=None,
    )


def presented(made: Offices, agency: str) -> OutgoingDocument:
    """A letter before its signer: the only chief signs, so nobody appraises it."""
    made_draft = draft(made, agency)
    outgoing.submit(made.actor(f"{agency}-cv"), made_draft.public_id, version=None)
    outgoing.approve_content(made.actor(f"{agency}-truong"), made_draft.public_id, version=None)
    return OutgoingDocument.objects.get(pk=made_draft.pk)


def signed(made: Offices, agency: str) -> OutgoingDocument:
    """A letter signed and not yet numbered."""
    waiting = presented(made, agency)
    outgoing.record_presented(
        handlers.TYPESETTER,
        waiting.public_id,
        stored=store.write([uuid.uuid4().bytes]),
        pages=1,
        printed=Printed(
            f"BAN {agency.upper()} TỈNH ỦY", "Chánh", "CHÁNH VĂN PHÒNG", "", ("Như trên",)
        ),
        version=waiting.version,
    )
    signer = made.actor(f"{agency}-chanh")
    _key(made, agency, signer.person_id or 0, signer.name)
    request = outgoing.open_signature(signer, waiting.public_id, version=None)
    return outgoing.record_signature(
        signer,
        waiting.public_id,
        request.public_id,
        stored=store.write([uuid.uuid4().bytes]),
        facts=FACTS,
        signed_at=clock.now(),
    )


def _key(made: Offices, agency: str, person: int, name: str) -> None:
    """Certificates of the office's seal and of its chief, once."""
    for kind, holder in (("person", person), ("agency", made.agency(agency).pk)):
        if not SigningKey.objects.filter(holder_kind=kind, holder_id=holder).exists():
            signatures.register_key(
                handlers.TYPESETTER,
                holder_kind=kind,
                holder_id=holder,
                subject_id=f"TEST-{kind}-{agency}",
                subject_name=name,
            )


def issued(made: Offices, agency: str) -> OutgoingDocument:
    """A letter issued by the office, one copy queued for Đồng Mơ."""
    paper = signed(made, agency)
    clerk = made.actor(f"{agency}-vt")
    outgoing.assign_number(clerk, paper.public_id, version=None)
    outgoing.record_numbered(
        handlers.TYPESETTER, paper.public_id, stored=store.write([uuid.uuid4().bytes])
    )
    outgoing.request_seal(clerk, paper.public_id, version=None)
    request = signatures.open_request(
        clerk,
        paper.document,
        field_name=SEAL_FIELD,
        sha256_before="0" * 64,
        holder_kind="agency",
        holder_id=paper.agency_id,
    )
    outgoing.record_seal(
        clerk,
        paper.public_id,
        stored=store.write([uuid.uuid4().bytes]),
        request=request,
        facts=FACTS,
    )
    return outgoing.issue(clerk, paper.public_id, version=None)
