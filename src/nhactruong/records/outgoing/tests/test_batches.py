"""Ký nhiều văn bản: one confirmation, each paper signed once or not at all."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import pem
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleBroken
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import batching, commands
from nhactruong.records.outgoing.events import BatchConfirmed, BatchOpened
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing import keys, verifying, waiting
from nhactruong.records.signing import selectors as signatures
from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.models import SignatureRecord, SigningBatch, SigningRequest
from nhactruong.records.signing.soft import sample_pki

Desk = Callable[[str], Client]


def op(**fields: Any) -> dict[str, Any]:
    """The fields of a form with an operation of its own."""
    return {"operation_id": str(uuid.uuid4()), **fields}


def url(name: str, *arguments: Any) -> str:
    return reverse(f"outgoing:{name}", args=arguments)


def opened(office: SmallOffice, *papers: OutgoingDocument) -> SigningBatch:
    """A batch of these papers, prepared by its job."""
    batch = commands.open_batch(office.actor("thu"), [one.public_id for one in papers])
    batching.prepare(BatchOpened(batch_id=batch.public_id))
    return batch


def confirmed(office: SmallOffice, batch: SigningBatch) -> BatchConfirmed:
    """The batch with the answers of the signer's key; its job has not run."""
    wanted = list(signatures.open_requests(batch))
    raws = keys.ask_all(batch.key, [waiting.to_be_signed(one) for one in wanted], "")
    answers = {one.public_id: raw for one, raw in zip(wanted, raws, strict=True)}
    commands.confirm_batch(office.actor("thu"), batch.public_id, answers)
    return BatchConfirmed(batch_id=batch.public_id)


def verdict_on(document: OutgoingDocument) -> FileOutcome:
    signed = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    assert signed is not None
    return verifying.verify(contents.bytes_of(signed)).verdict


def test_three_papers_are_signed_by_one_confirmation_on_the_pages(
    office: SmallOffice, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    papers = [letters.presented(office) for _ in range(3)]
    thu = desk("thu")
    with django_assert_max_num_queries(15):
        page = thu.get(url("choose_batch")).content.decode()
    assert page.count('name="papers"') == 3
    chosen = [str(one.public_id) for one in papers]
    answer = thu.post(url("choose_batch"), op(papers=chosen))
    assert answer.status_code == 303
    batch = SigningBatch.objects.get()
    here = url("batch", batch.public_id)
    assert answer["Location"] == here
    assert "Đang chuẩn bị 0/3 văn bản" in thu.get(here).content.decode()
    assert "Đang chuẩn bị" in thu.get(here, headers={"HX-Request": "true"}).content.decode()
    early = thu.post(here, op(step_up_code=PASSWORD))
    assert (early.status_code, "đang được chuẩn bị" in early.content.decode()) == (409, True)
    batching.prepare(BatchOpened(batch_id=batch.public_id))
    with django_assert_max_num_queries(15):
        ready = thu.get(here).content.decode()
    assert "Ký tất cả" in ready
    wrong = thu.post(here, op(step_up_code="sai"))
    assert (wrong.status_code, "không đúng" in wrong.content.decode()) == (409, True)
    assert thu.post(here, op(step_up_code=PASSWORD)).status_code == 303
    assert "Đang ký 0/3 văn bản" in thu.get(here).content.decode()
    batching.finish(BatchConfirmed(batch_id=batch.public_id))
    assert "HX-Refresh" in thu.get(here, headers={"HX-Request": "true"})
    with django_assert_max_num_queries(15):
        assert "Đã ký 3 văn bản" in thu.get(here).content.decode()
    assert {letters.again(one).as_state for one in papers} == {State.SIGNED}
    assert [verdict_on(one) for one in papers] == [FileOutcome.VALID] * 3
    assert "Không có văn bản nào chờ" in thu.get(url("choose_batch")).content.decode()


def test_one_that_has_changed_meanwhile_stays_and_says_why(office: SmallOffice, desk: Desk) -> None:
    good, returned = letters.presented(office), letters.presented(office)
    batch = opened(office, good, returned)
    commands.return_draft(office.actor("thu"), returned.public_id, reason="Sửa", version=None)
    batching.finish(confirmed(office, batch))
    assert letters.again(good).as_state is State.SIGNED
    assert letters.again(returned).as_state is State.RETURNED
    assert SignatureRecord.objects.count() == 1
    page = desk("thu").get(url("batch", batch.public_id)).content.decode()
    assert "Đã ký 1/2 văn bản" in page
    assert "Chưa ký được" in page


@pytest.mark.parametrize("killed_after", [0, 1, 2])
def test_killed_in_the_middle_each_is_signed_once(
    office: SmallOffice, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = [letters.presented(office) for _ in range(3)]
    fact = confirmed(office, opened(office, *papers))
    written = []

    class Killed(BaseException):
        """The worker is gone between the file and its record."""

    def write(chunks: Any) -> Any:
        if len(written) == killed_after:
            raise Killed
        written.append(1)
        return store.write(chunks)

    with monkeypatch.context() as dying:
        dying.setattr(batching, "store", type("Store", (), {"write": staticmethod(write)}))
        with pytest.raises(Killed):
            batching.finish(fact)
    assert SignatureRecord.objects.count() == killed_after
    for _ in range(2):
        batching.finish(fact)
    assert SignatureRecord.objects.count() == 3
    assert [verdict_on(one) for one in papers] == [FileOutcome.VALID] * 3
    kept = SigningRequest.objects.values_list("outcome", "prepared", "answer")
    assert list(kept) == [("signed", None, None)] * 3


def test_a_batch_is_its_opener_s_alone_confirmed_once_and_not_for_ever(
    office: SmallOffice, desk: Desk
) -> None:
    paper = letters.presented(office)
    batch = opened(office, paper)
    for person in ("khoi", "suong", "nhan"):
        for method in (desk(person).get, desk(person).post):
            answer = method(url("batch", batch.public_id), op(step_up_code=PASSWORD))
            assert answer.status_code == 404
    (request,) = signatures.open_requests(batch)
    raw = keys.ask_all(batch.key, [waiting.to_be_signed(request)], "")[0]
    thu = office.actor("thu")
    for answers in ({}, {uuid.uuid4(): raw}):
        with pytest.raises(RuleBroken) as refusal:
            commands.confirm_batch(thu, batch.public_id, answers)
        assert refusal.value.code == "signing.lapsed"
    with (
        clock.frozen_at(clock.now() + timedelta(minutes=31)),
        pytest.raises(RuleBroken, match="hết hạn"),
    ):
        commands.confirm_batch(thu, batch.public_id, {request.public_id: raw})
    commands.confirm_batch(thu, batch.public_id, {request.public_id: raw})
    with pytest.raises(RuleBroken, match="hết hạn"):
        commands.confirm_batch(thu, batch.public_id, {request.public_id: raw})


def test_an_answer_of_another_key_signs_nothing(office: SmallOffice) -> None:
    paper = letters.presented(office)
    batch = opened(office, paper)
    (request,) = signatures.open_requests(batch)
    commands.confirm_batch(office.actor("thu"), batch.public_id, {request.public_id: b"khac"})
    batching.finish(BatchConfirmed(batch_id=batch.public_id))
    assert letters.again(paper).as_state is State.AWAITING_SIGNATURE
    request.refresh_from_db()
    assert "không khớp" in request.fault


def test_what_may_not_be_signed_opens_no_batch(office: SmallOffice) -> None:
    paper, other = letters.presented(office), letters.submitted(office)
    thu = office.actor("thu")
    with pytest.raises(NotFound):
        commands.open_batch(thu, [paper.public_id, other.public_id])
    with pytest.raises(AccessDenied):
        commands.open_batch(office.actor("khue"), [paper.public_id])
    for wanted in ([], [uuid.uuid4() for _ in range(201)]):
        with pytest.raises(InvalidInput):
            commands.open_batch(thu, wanted)
    assert SigningBatch.objects.count() == 0


def test_a_batch_begins_anew_after_one_that_was_left(office: SmallOffice) -> None:
    paper = letters.presented(office)
    first, second = opened(office, paper), opened(office, paper)
    outcomes = SigningRequest.objects.order_by("pk").values_list("batch", "outcome")
    assert list(outcomes) == [(first.pk, "lapsed"), (second.pk, "")]
    batching.finish(confirmed(office, second))
    assert letters.again(paper).as_state is State.SIGNED


def test_the_helper_is_handed_every_paper_of_the_batch(office: SmallOffice, desk: Desk) -> None:
    papers = [letters.presented(office) for _ in range(2)]
    batch = opened(office, *papers)
    identity = keys_of(office)
    with writes_allowed():
        batch.key.mode = "agent"
        batch.key.certificates = identity
        batch.key.reference = {"token": "Thiết bị 01", "key_id": "a1"}
        batch.key.save()
    thu = desk("thu")
    prepared = thu.post(
        url("prepare_batch", batch.public_id),
        op(step_up_code=PASSWORD),
        headers={"Accept": "application/json"},
    ).json()
    asked = [base64.b64decode(one["to_be_signed"]) for one in prepared["ask"]["papers"]]
    assert len(asked) == 2
    with writes_allowed():
        batch.key.mode = "soft"
        batch.key.save()
    raws = keys.ask_all(batch.key, asked, "")
    with writes_allowed():
        batch.key.mode = "agent"
        batch.key.save()
    sent = [base64.b64encode(one).decode() for one in raws]
    few = thu.post(url("batch", batch.public_id), op(signature=sent[:1]))
    assert few.status_code == 409
    assert thu.post(url("batch", batch.public_id), op(signature=sent)).status_code == 303
    batching.finish(BatchConfirmed(batch_id=batch.public_id))
    assert {letters.again(one).as_state for one in papers} == {State.SIGNED}


def keys_of(office: SmallOffice) -> str:
    """The certificate of the deputy secretary's sample key, as PEM."""
    identity = sample_pki().person(office.people["thu"].full_name, "", "TEST-thu")
    ders = (identity.certificate_der, *identity.chain_der)
    return b"".join(pem.armor("CERTIFICATE", der) for der in ders).decode()
