"""Reading, remarking, approving, returning and signing, as the pages do it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.kernel.errors import OutsideFailure
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands, handlers
from nhactruong.records.outgoing.models import OutgoingDocument, ReviewComment
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing import selectors as reports
from nhactruong.records.signing.service import SigningService

Desk = Callable[[str], Client]


def op(**fields: Any) -> dict[str, Any]:
    """The fields of a form with an operation of its own."""
    return {"operation_id": str(uuid.uuid4()), **fields}


def url(name: str, document: OutgoingDocument) -> str:
    return reverse(f"outgoing:{name}", args=[document.public_id])


def test_the_head_approves_and_the_next_draft_opens(office: SmallOffice, desk: Desk) -> None:
    first, second = letters.submitted(office), letters.submitted(office)
    lam = desk("lam")
    page = lam.get(url("draft", first)).content.decode()
    assert 'data-key="d"' in page
    answer = lam.post(url("approve", first), op(version=first.version))
    assert answer.status_code == 303
    assert answer["Location"] == url("draft", second)
    assert letters.again(first).as_state == State.APPRAISAL
    last = lam.post(url("approve", second), op(version=second.version))
    assert last["Location"] == reverse("workitems:inbox")


def test_the_second_approval_lays_the_frozen_text_before_the_signer(
    office: SmallOffice, desk: Desk
) -> None:
    draft = letters.submitted(office)
    desk("lam").post(url("approve", draft), op())
    desk("khue").post(url("approve", draft), op())
    draft = letters.again(draft)
    assert draft.as_state == State.AWAITING_SIGNATURE
    assert draft.presented_hash
    assert draft.signer_printed == "Phan Thị Hoài Thư"


def test_when_freezing_fails_the_approval_stands_and_the_job_tries_again(
    office: SmallOffice, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = letters.submitted(office)
    commands.approve_content(office.actor("lam"), draft.public_id, version=None)

    def fails(*args: Any, **kwargs: Any) -> None:
        raise OutsideFailure("drafting.typesetting_failed", "Chưa dàn trang được.")

    with monkeypatch.context() as broken:
        broken.setattr(handlers, "typeset", fails)
        assert desk("khue").post(url("approve", draft), op()).status_code == 303
    waiting = letters.again(draft)
    assert (waiting.as_state, waiting.presented_hash) == (State.AWAITING_SIGNATURE, "")
    page = desk("thu").get(url("sign", draft)).content.decode()
    assert "Bản trình ký đang được chuẩn bị" in page
    assert 'name="step_up_code"' not in page
    assert handlers.present(draft.public_id)


def test_the_drafter_reads_and_may_not_approve(office: SmallOffice, desk: Desk) -> None:
    draft = letters.submitted(office)
    client = desk("suong")
    page = client.get(url("draft", draft)).content.decode()
    assert "Chờ duyệt nội dung" in page
    assert 'id="duyet"' not in page
    answer = client.post(url("approve", draft), op())
    assert answer.status_code == 403
    assert "Trưởng phòng của người soạn là người duyệt nội dung" in answer.content.decode()


def test_the_head_who_drafted_sees_why_not(office: SmallOffice, desk: Desk) -> None:
    draft = letters.drafted(office, by="lam")
    commands.submit(office.actor("lam"), draft.public_id, version=None)
    answer = desk("lam").post(url("approve", draft), op())
    assert answer.status_code == 403
    assert letters.again(draft).as_state == State.APPRAISAL


def test_a_return_needs_a_reason_and_keeps_the_dialog_open(office: SmallOffice, desk: Desk) -> None:
    draft = letters.submitted(office)
    lam = desk("lam")
    answer = lam.post(url("return_draft", draft), op(version=draft.version, reason=" "))
    assert answer.status_code == 422
    assert 'data-open-dialog="d-tra-lai"' in answer.content.decode()
    answer = lam.post(url("return_draft", draft), op(version=draft.version, reason="Thêm hạn"))
    assert answer.status_code == 303
    page = desk("suong").get(url("draft", draft)).content.decode()
    assert "trả lại để sửa: Thêm hạn" in page


def test_a_remark_stands_by_its_block_and_is_answered(office: SmallOffice, desk: Desk) -> None:
    draft = letters.submitted(office)
    block = draft.body["blocks"][1]["id"]
    lam = desk("lam")
    assert lam.post(url("comment", draft), op(text="", block=block)).status_code == 422
    lam.post(url("comment", draft), op(text="Bổ sung hạn <b>ngay</b>", block=block))
    page = lam.get(url("draft", draft)).content.decode()
    assert "Bổ sung hạn &lt;b&gt;ngay&lt;/b&gt;" in page
    assert "1. Thống nhất chủ trương" in page
    remark = ReviewComment.objects.get()
    here = reverse("outgoing:answer_comment", args=[draft.public_id, remark.public_id])
    suong = desk("suong")
    assert suong.post(here, op(answer="declined", reason="")).status_code == 303
    remark.refresh_from_db()
    assert remark.answer == "open"
    suong.post(here, op(answer="declined", reason="Hạn đã có ở khoản 2"))
    remark.refresh_from_db()
    assert (remark.answer, remark.answer_reason) == ("declined", "Hạn đã có ở khoản 2")


def test_the_signer_reads_everything_and_signs_with_the_code(
    office: SmallOffice, desk: Desk
) -> None:
    document, other = letters.presented(office), letters.presented(office)
    thu = desk("thu")
    assert thu.get(url("draft", document))["Location"] == url("sign", document)
    page = thu.get(url("sign", document)).content.decode()
    for words in ("Duyệt nội dung", "Vũ Ngọc Lâm", "T/M BAN THƯỜNG VỤ", "Điều 10 Quy chế làm việc"):
        assert words in page
    wrong = thu.post(url("sign", document), op(version=document.version, step_up_code="sai"))
    assert wrong.status_code == 409
    assert "Còn 4 lần thử" in wrong.content.decode()
    assert letters.again(document).as_state == State.AWAITING_SIGNATURE
    answer = thu.post(url("sign", document), op(version=document.version, step_up_code=PASSWORD))
    assert answer.status_code == 303
    assert answer["Location"] == url("sign", other)
    signed = letters.again(document)
    assert (signed.as_state, signed.signer_person) == (State.SIGNED, office.people["thu"])
    file = contents.rendition(signed.document_id, Rendition.Purpose.SIGNED)
    assert file is not None
    report = reports.latest_report(file.pk)
    assert report is not None and report.verdict == "valid"
    row = AuditRow.objects.get(action="outgoing.signed")
    assert row.on_behalf_of or row.facts["on_behalf"] == "T/M BAN THƯỜNG VỤ"


def test_pressing_sign_twice_signs_once(office: SmallOffice, desk: Desk) -> None:
    document = letters.presented(office)
    thu = desk("thu")
    sent = op(version=document.version, step_up_code=PASSWORD)
    first = thu.post(url("sign", document), sent)
    second = thu.post(url("sign", document), sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert second["Location"] == first["Location"]
    assert len(reports.signatures_of(document.document_id)) == 1


def test_five_wrong_codes_lock_the_signature(office: SmallOffice, desk: Desk) -> None:
    document = letters.presented(office)
    thu = desk("thu")
    for _ in range(5):
        answer = thu.post(url("sign", document), op(step_up_code="sai"))
    assert "bị khóa đến " in answer.content.decode()
    locked = thu.post(url("sign", document), op(step_up_code=PASSWORD))
    assert locked.status_code == 409
    assert letters.again(document).as_state == State.AWAITING_SIGNATURE


def test_reasons_are_said_before_a_code_is_asked(office: SmallOffice, desk: Desk) -> None:
    document = letters.presented(office)
    page = desk("khue").get(url("sign", document)).content.decode()
    assert "Văn bản này trình chức danh khác ký" in page
    assert 'name="step_up_code"' not in page
    answer = desk("khue").post(url("sign", document), op(step_up_code=PASSWORD))
    assert answer.status_code == 403
    assert letters.again(document).as_state == State.AWAITING_SIGNATURE


def test_the_signer_of_an_unapproved_text_reads_why_he_cannot_sign_yet(
    office: SmallOffice, desk: Desk
) -> None:
    draft = letters.submitted(office)
    desk("lam").post(url("approve", draft), op())
    desk("khue").post(url("approve", draft), op())
    thu = desk("thu")
    thu.post(url("return_draft", draft), op(reason="Nêu rõ thời hạn hoàn thành."))
    answer = thu.get(url("sign", draft), follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Chưa ký được: văn bản chưa được Chánh Văn phòng duyệt." in page
    assert "step_up_code" not in page
    assert "Chưa ký được" not in desk("lam").get(url("draft", draft)).content.decode()


def test_a_signature_that_fails_leaves_the_text_waiting(
    office: SmallOffice, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = letters.presented(office)

    def fails(*args: Any, **kwargs: Any) -> None:
        raise OutsideFailure("signing.device", "Không thấy thiết bị ký.")

    monkeypatch.setattr(SigningService, "ask", fails)
    answer = desk("thu").post(url("sign", document), op(step_up_code=PASSWORD))
    assert answer.status_code == 502
    assert "Không thấy thiết bị ký" in answer.content.decode()
    assert letters.again(document).as_state == State.AWAITING_SIGNATURE


def test_queries_of_review_and_signing_pages(
    office: SmallOffice, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    waiting, presented = letters.submitted(office), letters.presented(office)
    commands.comment(office.actor("lam"), waiting.public_id, text="Một")
    commands.comment(office.actor("lam"), waiting.public_id, text="Hai")
    for person, here in (
        ("lam", url("draft", waiting)),
        ("thu", url("sign", presented)),
        ("thu", reverse("outgoing:page", args=[presented.public_id, 1])),
    ):
        client = desk(person)
        client.get(here)
        with django_assert_max_num_queries(15):
            client.get(here)
