"""Programs do what people do on the pages: the same commands, refusals and confirmations, once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from nhactruong.foundation.accounts.commands import issue_api_token
from nhactruong.foundation.accounts.models import User
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    PASSWORD,
    SmallOffice,
    small_office,
)
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters as arriving
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.selectors import authorities_for
from nhactruong.records.outgoing.tests import letters
from tests.interface.programs import problem_of

OUT, IN, DOSSIERS = (
    f"/api/v1/{one}" for one in ("outgoing-documents", "incoming-documents", "dossiers")
)


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


class Machine:
    """A person's own program."""

    def __init__(self, office: SmallOffice, person: str) -> None:
        key = issue_api_token(FOUNDER, office.user(person), "máy thử")
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def send(self, path: str, operation: str = "", **sent: Any) -> Any:
        """The answer to an act."""
        return self.client.post(
            path,
            sent,
            content_type="application/json",
            headers={"Idempotency-Key": operation or str(uuid.uuid4())},
        )

    def act(self, path: str, **sent: Any) -> dict[str, Any]:
        """What became of an act that is done."""
        answer = self.send(path, **sent)
        assert answer.status_code == 200, answer.content.decode()
        told: dict[str, Any] = answer.json()
        return told


def draft_by_program(office: SmallOffice) -> str:
    """A draft by the specialist's program, ready to be sent on; its address."""
    suong = Machine(office, "suong")
    made = suong.act(
        f"{OUT}/drafts",
        organ_id=office.organs["tu.btv"].pk,
        document_type="cong-van",
        subject="Về việc báo cáo tháng",
    )
    draft = OutgoingDocument.objects.get(public_id=made["id"])
    signer = office.posts["thu"].pk
    saved = suong.act(
        f"{OUT}/{made['id']}/save",
        version=made["version"],
        text="Đề nghị các đảng ủy báo cáo trước ngày 25.",
        addressees=["Đảng ủy xã Đồng Mơ"],
        recipients=[{"line": "Như trên", "agency_id": office.agencies["dm"].pk}, {"line": "Lưu"}],
        authority_id=next(row.pk for row in authorities_for(draft) if row.post_id == signer),
        secrecy="ordinary",
    )
    assert saved["version"] > made["version"]
    return f"{OUT}/{made['id']}"


def test_a_document_goes_its_whole_way_by_program(office: SmallOffice) -> None:
    here = draft_by_program(office)
    clerk = Machine(office, "nhan")
    assert Machine(office, "suong").act(f"{here}/submit")["state"] == "content_review"
    remark = Machine(office, "lam").act(f"{here}/comments", text="Nêu rõ ngày")
    answered = Machine(office, "suong").act(f"{here}/comments/{remark['id']}/answer", accepted=True)
    assert answered["answer"] == "accepted"
    assert Machine(office, "lam").act(f"{here}/approve")["state"] == "appraisal"
    assert Machine(office, "khue").act(f"{here}/approve")["state"] == "awaiting_signature"
    thu = Machine(office, "thu")
    assert thu.act(f"{here}/sign", step_up_code=PASSWORD)["state"] == "signed"
    numbered = clerk.act(f"{here}/assign-number", step_up_code=PASSWORD)
    assert (numbered["state"], numbered["reference_code"]) == ("numbered", "01-CV/TU")
    assert clerk.act(f"{here}/seal", step_up_code=PASSWORD)["state"] == "sealing"
    letters.run_seal(office, OutgoingDocument.objects.get(public_id=numbered["id"]))
    assert clerk.act(f"{here}/issue")["state"] == "issued"
    dossier = Machine(office, "suong").act(
        f"{DOSSIERS}/open",
        agency_id=office.agencies["vptu"].pk,
        code="01.TH",
        title="Hồ sơ báo cáo tháng",
        retention="permanent",
    )
    filed = Machine(office, "suong").act(f"{here}/file", dossier=dossier["id"])
    assert filed == {"dossier": dossier["id"], "document": numbered["id"]}
    address = f"{DOSSIERS}/{dossier['id']}"
    told = Machine(office, "suong").client.get(address).json()
    assert [entry["id"] for entry in told["entries"]] == [numbered["id"]]
    assert told["retention"] == "vinh_vien"
    assert Machine(office, "suong").act(f"{address}/close")["state"] == "closed"


def test_what_came_in_is_handled_by_program(office: SmallOffice) -> None:
    known = arriving.received(office)
    here = f"{IN}/{known.public_id}"
    line = {
        "reference_code": "118-BC/ĐU",
        "issued_on": clock.today().isoformat(),
        "issuer_name": "Đảng ủy xã Đồng Mơ",
        "document_type": "bao-cao",
        "subject": "Báo cáo sạt lở",
    }
    clerk, chief = Machine(office, "nhan"), Machine(office, "khue")
    wrong = clerk.send(f"{here}/register", **{**line, "document_type": "khong-co"})
    assert problem_of(wrong) == (422, "incoming.no_type")
    secret = clerk.send(f"{here}/register", **line, secrecy="secret")
    assert problem_of(secret) == (409, "secrecy.register_only")
    assert clerk.act(f"{here}/register", **line, urgency="urgent")["state"] == "submitted"
    assert problem_of(chief.send(f"{here}/direct", lead="unit:999999")) == (404, "desk.not_here")
    unit, post = office.units["th"].pk, office.posts["suong"].pk
    chief.act(f"{here}/direct", lead=f"unit:{unit}", informed=[f"post:{office.posts['thu'].pk}"])
    assert Machine(office, "lam").act(f"{here}/assign", post_id=post)["state"] == "assigned"
    done = Machine(office, "suong").act(f"{here}/complete", result="Đã hỗ trợ xong")
    assert done["state"] == "completed"


def test_an_act_sent_again_is_done_once_and_answers_as_the_first_time(office: SmallOffice) -> None:
    suong, operation = Machine(office, "suong"), str(uuid.uuid4())
    sent = {"organ_id": office.organs["tu.btv"].pk, "document_type": "cong-van"}
    first = suong.send(f"{OUT}/drafts", operation, **sent)
    again = suong.send(f"{OUT}/drafts", operation, **sent)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert OutgoingDocument.objects.count() == 1
    other = suong.send(f"{OUT}/{first.json()['id']}/submit", operation)
    assert problem_of(other) == (409, "operation.reused")
    # Something else under the same name is not the same: nothing is dropped in silence.
    for changed in ({**sent, "document_type": "bao-cao"}, {**sent, "subject": "việc khác"}):
        refused = suong.send(f"{OUT}/drafts", operation, **changed)
        assert problem_of(refused) == (409, "operation.reused")
    assert OutgoingDocument.objects.count() == 1
    for named in ({}, {"Idempotency-Key": "một"}):
        answer = suong.client.post(
            f"{OUT}/drafts", sent, content_type="application/json", headers=named
        )
        assert problem_of(answer) == (400, "operation.missing")
    # Another person's program may use the same name for an operation of its own.
    assert Machine(office, "lam").send(f"{OUT}/drafts", operation, **sent).status_code == 200


def test_a_number_is_given_once_however_often_the_program_asks(office: SmallOffice) -> None:
    document, operation = letters.signed(office), str(uuid.uuid4())
    clerk, here = Machine(office, "nhan"), f"{OUT}/{document.public_id}/assign-number"
    answers = [clerk.send(here, operation, step_up_code=PASSWORD) for _ in range(3)]
    assert {(one.status_code, one.json()["reference_code"]) for one in answers} == {
        (200, answers[0].json()["reference_code"])
    }
    assert problem_of(clerk.send(here, step_up_code=PASSWORD))[0] == 403


def test_acts_of_force_want_the_code_of_the_person_and_tries_are_counted(
    office: SmallOffice,
) -> None:
    document = letters.signed(office)
    clerk, here = Machine(office, "nhan"), f"{OUT}/{document.public_id}/assign-number"
    assert problem_of(clerk.send(here)) == (422, "confirmation.missing")
    early = clerk.send(here, dated_on="2020-01-01", step_up_code="sai")
    assert problem_of(early) == (422, "outgoing.bad_date")
    assert User.objects.get(pk=office.user("nhan").pk).failed_confirmations == 0
    codes = [problem_of(clerk.send(here, step_up_code="sai"))[1] for _ in range(5)]
    assert codes == ["confirmation.wrong"] * 4 + ["confirmation.locked"]
    assert problem_of(clerk.send(here, step_up_code=PASSWORD)) == (409, "confirmation.locked")
    assert OutgoingDocument.objects.get(pk=document.pk).number is None


def test_a_stale_reader_does_not_overwrite(office: SmallOffice) -> None:
    here = draft_by_program(office)
    suong = Machine(office, "suong")
    seen = suong.client.get(here).json()["version"]
    suong.act(f"{here}/save", version=seen, subject="Về việc mới")
    late = suong.send(f"{here}/save", version=seen, subject="Về việc cũ")
    assert problem_of(late) == (409, "record.changed")
    assert suong.client.get(here).json()["subject"] == "Về việc mới"


def test_what_means_nothing_is_named_and_changes_nothing(office: SmallOffice) -> None:
    here = draft_by_program(office)
    suong = Machine(office, "suong")
    seen = suong.client.get(here).json()["version"]
    for wrong, field in (
        ({"subjekt": "Về việc"}, "subjekt"),
        ({"subject": "a\0b"}, "subject"),
        ({"subject": "a\ud800b"}, "subject"),
        ({"secrecy": "rat_mat"}, "secrecy"),
        ({"recipients": [{"agency_id": 1}]}, "line"),
        ({"authority_id": 10**12}, "authority_id"),
    ):
        answer = suong.send(f"{here}/save", **wrong)
        assert problem_of(answer) == (422, "bad_parameter")
        assert list(answer.json()["fields"]) == [field]
    both = suong.send(f"{here}/save", text="a", body={"schema": 1, "blocks": []})
    assert problem_of(both) == (422, "outgoing.two_texts")
    assert problem_of(suong.send(f"{here}/save", body={"a": "b\0"})) == (422, "text.unstorable")
    assert problem_of(suong.send(f"{here}/save", secrecy="secret")) == (
        422,
        "secrecy.register_only",
    )
    unread = suong.client.post(
        f"{here}/save",
        "{",
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert problem_of(unread) == (400, "bad_request")
    assert suong.client.get(here).json()["version"] == seen


def test_who_may_not_see_or_do_is_answered_as_on_the_pages(office: SmallOffice) -> None:
    here = draft_by_program(office)
    assert Machine(office, "may").send(f"{here}/submit").status_code == 404
    hidden = Machine(office, "may").send(f"{here}/submit")
    absent = Machine(office, "may").send(f"{OUT}/{uuid.uuid4()}/submit")
    assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())
    Machine(office, "suong").act(f"{here}/submit")
    refused = Machine(office, "suong").send(f"{here}/approve")
    assert refused.status_code == 403
    answers = {"answers": str(arriving.registered(office, clerk="nhan").public_id)}
    sent = {"organ_id": office.organs["dm.btv"].pk, "document_type": "cong-van", **answers}
    assert Machine(office, "may").send(f"{OUT}/drafts", **sent).status_code == 404
    assert IncomingDocument.objects.get().state == "submitted"


def test_a_session_of_the_pages_writes_only_with_its_secret(office: SmallOffice) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.user("suong"))
    answer = client.post(
        f"{OUT}/drafts",
        {"organ_id": office.organs["tu.btv"].pk, "document_type": "cong-van"},
        content_type="application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == 403
    assert not OutgoingDocument.objects.exists()
