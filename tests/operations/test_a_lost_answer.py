"""The act is done, its answer is lost, the person presses again: the first answer, nothing else.

Between the commit of an act and the keeping of its answer web or database may die; the steps of
the operation stand, the answer does not. Every POST of both flows is sent again in that state,
at once and once more when everything has moved on.
"""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.models import OperationAnswer
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, small_office
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.rules import State as IncomingState
from nhactruong.records.incoming.tests import letters as arrived
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from tests.operations.presses import Desks

CODE = {"step_up_code": PASSWORD}


@pytest.fixture
def desks(db: None) -> Desks:
    return Desks(small_office())


def out(name: str, document: OutgoingDocument, *more: Any) -> str:
    return reverse(f"outgoing:{name}", args=[document.public_id, *more])


def into(name: str, document: IncomingDocument) -> str:
    return reverse(f"incoming:{name}", args=[document.public_id])


def today() -> str:
    return f"{clock.today():%d/%m/%Y}"


def test_an_outgoing_document_pressed_twice_at_every_step(desks: Desks) -> None:
    office = desks.office
    opened = desks.press(
        "suong",
        reverse("outgoing:new_draft"),
        organ=office.organs["tu.btv"].pk,
        document_type="thong-bao",
        subject="kết luận về đê bao",
    )
    sketch = OutgoingDocument.objects.get(public_id=opened.rstrip("/").rsplit("/", 1)[1])
    desks.press("suong", out("save", sketch), version=sketch.version, subject="kết luận về đê")

    document = letters.drafted(office)
    typed = {"version": document.version, "subject": letters.SUBJECT, "act": "submit"}
    desks.press("suong", out("draft", document), **typed)
    desks.press("lam", out("comment", document), text="Sửa lời mở đầu")
    remark = document.comments.get()
    desks.press("suong", out("answer_comment", document, remark.public_id), answer="accepted")
    desks.press("lam", out("return_draft", document), reason="Bổ sung thời hạn")
    desks.press("suong", out("submit", document))
    desks.press("lam", out("approve", document))
    desks.press("khue", out("approve", document))
    assert letters.again(document).as_state == State.AWAITING_SIGNATURE
    desks.press("thu", out("sign", document), **CODE)
    desks.press("nhan", out("assign_number", document), dated_on=today(), **CODE)
    desks.press("nhan", out("request_seal", document), **CODE)
    letters.run_seal(office, document)
    desks.press("nhan", out("issue", document))
    assert letters.again(document).as_state == State.ISSUED
    assert letters.again(document).number == 1

    voided = letters.numbered(office)
    desks.press("nhan", out("request_void", voided), reason="Cấp nhầm sổ")
    desks.press("khue", out("confirm_void", voided), **CODE)
    assert letters.again(voided).as_state == State.CANCELLED

    assert len(desks.pressed) == 15
    for press in desks.pressed:
        desks.again(press)


def test_an_incoming_document_pressed_twice_at_every_step(desks: Desks) -> None:
    office = desks.office
    pdf = arrived.pdf_of(arrived.FROM_DONG_MO)
    desks.press("nhan", reverse("incoming:intake"), file=pdf)
    document = IncomingDocument.objects.get()
    line = {
        "reference_code": arrived.FROM_DONG_MO.reference_code,
        "issued_on": f"{arrived.FROM_DONG_MO.issued_on:%d/%m/%Y}",
        "issuer_name": "Đảng ủy xã Đồng Mơ",
        "document_type": "bao-cao",
        "subject": arrived.FROM_DONG_MO.subject,
        "urgency": "normal",
        "secrecy": "0",
    }
    desks.press("nhan", into("intake_item", document), **line)
    assert arrived.fresh(document).arrival_number == 1
    desks.press("khue", into("submit_to_leader", document), opinion="Trình đồng chí Bí thư.")
    unit = office.units["th"].pk
    desks.press("khoi", into("direct", document), lead=f"unit:{unit}", due="2")
    desks.press("lam", into("assign", document), post_id=office.posts["suong"].pk)
    dossier = dossiers.open_dossier(
        office.actor("suong"),
        agency_id=document.agency_id,
        code="01.VPTU",
        title="Đê bao",
        retention="20",
    )
    desks.press("suong", into("file", document), dossier=str(dossier.public_id))
    desks.press("suong", into("complete", document), result="Đã trả lời trực tiếp.")
    assert arrived.fresh(document).as_state == IncomingState.COMPLETED

    other = arrived.received(office, arrived.again(name="khac", reference_code="119-BC/ĐU"))
    desks.press("nhan", into("return_to_sender", other), reason="Gửi nhầm cơ quan")

    assert len(desks.pressed) == 8
    for press in desks.pressed:
        desks.again(press)


def test_a_repeated_signature_never_asks_the_key_again_and_any_other_code_is_no_way_in(
    desks: Desks,
) -> None:
    document = letters.presented(desks.office)
    wrong = {"operation_id": str(uuid.uuid4()), "step_up_code": "sai"}
    refused = desks.client("thu").post(out("sign", document), wrong)
    assert refused.status_code == 409
    assert letters.again(document).as_state == State.AWAITING_SIGNATURE
    # The same press with the right code is not bound by the refusal.
    assert desks.client("thu").post(out("sign", document), {**wrong, **CODE}).status_code == 303
    another = {"operation_id": str(uuid.uuid4()), **CODE}
    desks.client("thu").post(out("sign", document), another)
    assert AuditRow.objects.filter(action="outgoing.signed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_press_between_the_act_and_its_answer_waits_for_that_answer() -> None:
    office = small_office()
    document = letters.signed(office)
    press = {"operation_id": str(uuid.uuid4()), "dated_on": today(), **CODE}
    answers: list[tuple[int, str]] = []
    is_numbered = threading.Event()

    def send(after: threading.Event | None = None) -> None:
        try:
            client = Client()
            client.force_login(office.user("nhan"))
            if after is not None:
                assert after.wait(60)
            got = client.post(out("assign_number", document), press)
            answers.append((got.status_code, got.headers.get("Location", "")))
        finally:
            connection.close()

    others = [threading.Thread(target=send, args=(is_numbered,)) for _ in range(3)]
    threads = [threading.Thread(target=send), *others]
    for thread in threads:
        thread.start()
    while threads[0].is_alive() and letters.again(document).number is None:
        pass
    # Committed; the first press is still printing the number and has not been answered.
    is_numbered.set()
    for thread in threads:
        thread.join()
    assert answers == [(303, out("detail", document))] * 4
    assert AuditRow.objects.filter(action="outgoing.numbered").count() == 1
    assert OperationAnswer.objects.count() == 1
