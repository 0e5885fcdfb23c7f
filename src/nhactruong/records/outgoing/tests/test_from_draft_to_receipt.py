"""One document's whole way, told through the commands the pages and the jobs call."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from nhactruong.foundation.jobs import commands as jobs
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel.errors import AccessDenied, ConflictingChange, InvalidInput, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.distribution import commands as distribution
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.distribution.rules import DeliveryState
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.drafting.rules import body_from_plain, body_to_json
from nhactruong.records.outgoing import commands, handlers, policies, selectors
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.events import DocumentSigned
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing import selectors as reports
from nhactruong.records.signing.models import VerificationReport


def kinds_before(office: SmallOffice, person: str) -> list[str]:
    return [item.kind for item in workitems.waiting(office.actor(person)).order_by("pk")]


def test_a_document_goes_from_draft_to_receipt(office: SmallOffice) -> None:
    draft = letters.submitted(office)
    assert draft.as_state == State.CONTENT_REVIEW
    assert kinds_before(office, "lam") == ["outgoing.review"]
    commands.approve_content(office.actor("lam"), draft.public_id, version=None)
    assert kinds_before(office, "khue") == ["outgoing.appraise"]
    commands.approve_form(office.actor("khue"), draft.public_id, version=None)
    handlers.present(draft.public_id)
    assert kinds_before(office, "thu") == ["outgoing.sign"]
    letters.sign(office.actor("thu"), draft)
    handlers.check_signature(draft.public_id)
    assert kinds_before(office, "nhan") == ["outgoing.number"]
    commands.assign_number(office.actor("nhan"), draft.public_id, version=None)
    handlers.stamp_number(draft.public_id)
    assert kinds_before(office, "nhan") == ["outgoing.seal"]
    commands.request_seal(office.actor("nhan"), draft.public_id, version=None)
    letters.run_seal(office, draft)
    assert kinds_before(office, "nhan") == ["outgoing.issue"]
    issued = commands.issue(office.actor("nhan"), draft.public_id, version=None)
    assert issued.reference_code == "01-TB/TU"
    assert kinds_before(office, "nhan") == []

    sealed = contents.best_rendition(issued.document_id)
    assert sealed is not None and sealed.purpose == Rendition.Purpose.SEALED
    report = reports.latest_report(sealed.pk)
    assert report is not None and report.verdict == "valid"
    (copy,) = deliveries.of_document(issued.document_id)
    assert copy.recipient_agency == office.agencies["dm"]
    distribution.record_delivered(office.actor("thao"), copy.public_id)
    distribution.record_acknowledged(office.actor("thao"), copy.public_id)
    assert deliveries.delivery(copy.public_id).state == DeliveryState.ACKNOWLEDGED
    assert deliveries.tallies([issued.document_id]) == {issued.document_id: (1, 1)}


def test_the_seal_runs_once_however_often_the_job_does(office: SmallOffice) -> None:
    document = letters.sealed(office)
    first = contents.best_rendition(document.document_id)
    letters.run_seal(office, document)
    assert contents.best_rendition(document.document_id) == first
    assert letters.again(document).as_state == State.SEALED


def test_a_drafter_does_not_approve_his_own_draft(office: SmallOffice) -> None:
    draft = letters.submitted(office)
    with pytest.raises(AccessDenied) as refusal:
        commands.approve_content(office.actor("suong"), draft.public_id, version=None)
    assert refusal.value.code == "outgoing.not_the_head"
    draft = letters.drafted(office, by="lam")
    commands.submit(office.actor("lam"), draft.public_id, version=None)
    assert letters.again(draft).as_state == State.APPRAISAL
    with pytest.raises(AccessDenied) as refusal:
        commands.approve_content(office.actor("lam"), draft.public_id, version=None)
    assert refusal.value.code == "outgoing.own_draft"


def test_the_signer_signs_only_in_turn_and_within_the_table(office: SmallOffice) -> None:
    draft = letters.submitted(office)
    commands.approve_content(office.actor("lam"), draft.public_id, version=None)
    commands.approve_form(office.actor("khue"), draft.public_id, version=None)
    with pytest.raises(AccessDenied) as refusal:
        commands.open_signature(office.actor("thu"), draft.public_id, version=None)
    assert refusal.value.code == "outgoing.not_presented"
    handlers.present(draft.public_id)
    with pytest.raises(AccessDenied) as refusal:
        commands.open_signature(office.actor("khue"), draft.public_id, version=None)
    assert refusal.value.code == "outgoing.not_the_signer"


def test_nothing_is_numbered_before_it_is_signed_nor_sealed_before_its_number(
    office: SmallOffice,
) -> None:
    document = letters.signed(office)
    clerk = office.actor("nhan")
    with pytest.raises(AccessDenied, match="Đóng dấu được sau khi cấp số"):
        commands.request_seal(clerk, document.public_id, version=None)
    with pytest.raises(AccessDenied, match="Phát hành được sau khi đóng dấu"):
        commands.issue(clerk, document.public_id, version=None)
    with pytest.raises(AccessDenied):
        commands.assign_number(office.actor("khue"), document.public_id, version=None)


def test_the_clerk_who_signed_does_not_number(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = letters.signed(office)
    real = selectors.lock_visible

    def signed_by_the_clerk(*args: Any, **how: Any) -> Any:
        found = real(*args, **how)
        found.signer_person = office.people["nhan"]
        return found

    monkeypatch.setattr(selectors, "lock_visible", signed_by_the_clerk)
    with pytest.raises(AccessDenied) as refusal:
        commands.assign_number(office.actor("nhan"), document.public_id, version=None)
    assert refusal.value.code == "outgoing.signer_is_clerk"


def test_a_signer_outside_the_table_is_not_chosen(office: SmallOffice) -> None:
    draft = letters.drafted(office)
    other = selectors.authorities_for(letters.drafted(office, by="khue", organ="vptu.vp"))[0]
    with pytest.raises(InvalidInput) as refusal:
        commands.save_draft(
            office.actor("suong"),
            draft.public_id,
            DraftContent(authority_id=other.pk),
            version=None,
        )
    assert refusal.value.code == "outgoing.authority_unknown"


def test_a_returned_draft_is_the_next_draft_and_needs_a_reason(office: SmallOffice) -> None:
    document = letters.presented(office)
    with pytest.raises(InvalidInput):
        commands.return_draft(office.actor("thu"), document.public_id, reason=" ", version=None)
    commands.return_draft(
        office.actor("thu"), document.public_id, reason="Bổ sung thời hạn", version=None
    )
    document = letters.again(document)
    assert document.as_state == State.RETURNED
    assert document.draft_number == 2
    assert document.presented_hash == ""
    assert contents.best_rendition(document.document_id) is None
    assert kinds_before(office, "suong") == ["outgoing.revise"]
    assert kinds_before(office, "thu") == []


def test_a_text_that_moved_on_is_not_signed(office: SmallOffice) -> None:
    document = letters.presented(office)
    request = commands.open_signature(office.actor("thu"), document.public_id, version=None)
    commands.return_draft(office.actor("thu"), document.public_id, reason="Sửa", version=None)
    with pytest.raises((AccessDenied, ConflictingChange)):
        commands.record_signature(
            office.actor("thu"),
            document.public_id,
            request.public_id,
            stored=letters.store.write([b"%PDF-"]),
            facts={},
            signed_at=document.opened_at,
        )


def test_letters_the_faces_lack_are_said_before_review(office: SmallOffice) -> None:
    draft = letters.drafted(office, text="Chữ Hán 漢字 không có trong bộ chữ.")
    with pytest.raises(InvalidInput, match=r"U\+6F22"):
        commands.submit(office.actor("suong"), draft.public_id, version=None)
    assert letters.again(draft).as_state == State.DRAFT


def test_a_broken_signature_is_not_sealed(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = letters.numbered(office)
    commands.request_seal(office.actor("nhan"), document.public_id, version=None)
    real = contents.bytes_of

    def tampered(row: Rendition) -> bytes:
        whole = bytearray(real(row))
        whole[len(whole) // 3] ^= 1
        return bytes(whole)

    monkeypatch.setattr(contents, "bytes_of", tampered)
    letters.run_seal(office, document)
    document = letters.again(document)
    assert document.as_state == State.NUMBERED
    assert contents.rendition(document.document_id, Rendition.Purpose.SEALED) is None


def test_a_void_number_stays_in_the_book_with_two_names(office: SmallOffice) -> None:
    document = letters.numbered(office)
    commands.request_void(
        office.actor("nhan"), document.public_id, reason="Cấp nhầm sổ", version=None
    )
    with pytest.raises(RuleBroken):
        commands.request_seal(office.actor("nhan"), document.public_id, version=None)
    with pytest.raises(AccessDenied):
        commands.confirm_void(office.actor("nhan"), document.public_id, version=None)
    commands.confirm_void(office.actor("khue"), document.public_id, version=None)
    following = letters.numbered(office)
    assert (document.number, following.number) == (1, 2)
    (book,) = [one for one in selectors.books(office.actor("nhan")) if one.body == "tu"]
    period = f"term:{selectors.terms(book.agency_id)[0].starts_on.isoformat()}"
    count = selectors.count_book(book, period)
    assert (count.given, count.voided, count.missing) == (2, 1, 0)


def test_who_asked_for_the_void_is_never_the_second_person(office: SmallOffice) -> None:
    document = letters.numbered(office)
    clerk = office.actor("nhan")
    both = replace(
        clerk, role_reach=clerk.role_reach | {(Role.CHIEF_OF_OFFICE, document.agency_id)}
    )
    document = commands.request_void(both, document.public_id, reason="Cấp nhầm", version=None)
    refusal = policies.can_confirm_void(both, document)
    assert not refusal and refusal.code == "outgoing.own_void_request"
    assert policies.can_confirm_void(office.actor("khue"), document)


@pytest.mark.parametrize(
    ("drafted", "signed", "small", "code"),
    [
        (True, False, False, "outgoing.drafter_is_clerk"),
        (True, False, True, ""),
        (False, True, False, "outgoing.signer_is_clerk"),
        (False, True, True, "outgoing.signer_is_clerk"),
        (False, False, False, ""),
    ],
)
def test_who_numbers_has_not_signed_nor_drafted_unless_two_people_are_all_there_are(
    office: SmallOffice, drafted: bool, signed: bool, small: bool, code: str
) -> None:
    document = letters.drafted(office)
    document.state = State.SIGNED
    clerk = office.actor("nhan")
    if drafted:
        document.drafter_person_id = clerk.person_id
    if signed:
        document.signer_person_id = clerk.person_id
    document.agency.drafter_may_seal = small
    decision = policies.can_assign_number(clerk, document)
    assert (bool(decision), decision.code) == (not code, code)


def test_several_agencies_may_stand_behind_one_printed_line(office: SmallOffice) -> None:
    draft = letters.drafted(office)
    lines = [
        RecipientLine("Các cơ quan, đơn vị", office.agencies["dm"].pk),
        RecipientLine("Các cơ quan, đơn vị", office.agencies["vptu"].pk),
    ]
    saved = commands.save_draft(
        office.actor("suong"), draft.public_id, DraftContent(recipients=lines), version=None
    )
    assert handlers.printing.recipient_lines(saved) == ("Các cơ quan, đơn vị",)
    assert len(selectors.recipient_agencies(saved)) == 2


def test_a_remark_is_taken_up_or_declined_with_a_reason(office: SmallOffice) -> None:
    draft = letters.submitted(office)
    said = commands.comment(office.actor("lam"), draft.public_id, text="Bổ sung hạn")
    with pytest.raises(InvalidInput):
        commands.answer_comment(
            office.actor("suong"), draft.public_id, said.public_id, accepted=False
        )
    answered = commands.answer_comment(
        office.actor("suong"), draft.public_id, said.public_id, accepted=True
    )
    assert answered.answer == "accepted"


def test_an_empty_draft_is_refused_with_every_reason_listed(office: SmallOffice) -> None:
    actor = office.actor("suong")
    draft = commands.create_draft(
        actor, organ_id=office.organs["tu.btv"].pk, document_type="thong-bao"
    )
    empty = DraftContent(body=body_to_json(body_from_plain("")), recipients=[])
    commands.save_draft(actor, draft.public_id, empty, version=None)
    with pytest.raises(RuleBroken, match="thiếu Trích yếu"):
        commands.submit(actor, draft.public_id, version=None)


def signed_facts(document: OutgoingDocument) -> list[dict[str, Any]]:
    """The jobs queued by the signature, as the worker takes them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE args->>'event' = %s"
            " AND args->'payload'->>'outgoing_id' = %s",
            [DocumentSigned.name(), str(document.public_id)],
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_a_signature_is_looked_at_although_the_page_died_after_recording_it(
    office: SmallOffice,
) -> None:
    document = letters.signed(office)
    file = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    assert file is not None and reports.latest_report(file.pk) is None
    (job,) = signed_facts(document)
    jobs.handle(**job)
    report = reports.latest_report(file.pk)
    assert report is not None and report.verdict == "valid"
    jobs.handle(**job)
    handlers.verify_signature(DocumentSigned.from_payload(job["payload"]))
    assert VerificationReport.objects.filter(rendition=file).count() == 1


def test_a_signature_refused_leaves_nothing_to_look_at(office: SmallOffice) -> None:
    document = letters.presented(office)
    request = commands.open_signature(office.actor("thu"), document.public_id, version=None)
    with pytest.raises(AccessDenied):
        commands.record_signature(
            office.actor("khue"),
            document.public_id,
            request.public_id,
            stored=letters.store.write([b"%PDF-"]),
            facts={},
            signed_at=document.opened_at,
        )
    assert signed_facts(document) == []
