"""What a browser would have blocked in its own language: said at the field, in ours, nothing lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.accounts.models import User
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice, small_office
from nhactruong.records.incoming.tests import letters as arrived
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters

NO_CODE = "Thiếu Mã xác nhận. Đồng chí nhập mã rồi bấm lại."
LONG = "rất dài " * 100


class Form(HTMLParser):
    """Fields by id, what each holds, and every element's words by its id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, str | None]] = {}
        self.words: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        name = known.get("id") or ""
        if tag in ("input", "textarea", "select", "fieldset") and name:
            self.fields[name] = known
        self._open.append((tag, name))

    def handle_endtag(self, tag: str) -> None:
        if tag in (one for one, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        for _, name in self._open:
            if name:
                self.words[name] = self.words.get(name, "") + data

    def fault_at(self, name: str) -> str:
        """The sentence the field points to as its description."""
        described = (self.fields[name].get("aria-describedby") or "").split()
        assert f"{name}_error" in described, (name, self.fields[name])
        return self.words[f"{name}_error"].strip()


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


Press = Callable[..., tuple[int, Form]]


@pytest.fixture
def press(office: SmallOffice) -> Press:
    """(status, the form that came back) when a person sends a form."""

    def send(person: str, address: str, **fields: Any) -> tuple[int, Form]:
        client = Client()
        client.force_login(office.user(person))
        answer = client.post(address, {"operation_id": str(uuid.uuid4()), **fields})
        return answer.status_code, Form(answer.content.decode())

    return send


def out(name: str, document: Any) -> str:
    return reverse(f"outgoing:{name}", args=[document.public_id])


def into(name: str, document: Any) -> str:
    return reverse(f"incoming:{name}", args=[document.public_id])


def test_no_code_is_no_try(office: SmallOffice, press: Press) -> None:
    document = letters.presented(office)
    for _ in range(6):
        status, form = press("thu", out("sign", document), version=document.version)
        assert status == 422
        assert NO_CODE in " ".join(form.words.values())
    assert User.objects.get(username="thu").failed_confirmations == 0
    status, _ = press("thu", out("sign", document), step_up_code=PASSWORD)
    assert (status, letters.again(document).as_state) == (303, State.SIGNED)


def test_numbering_says_at_which_field_it_failed(office: SmallOffice, press: Press) -> None:
    document = letters.signed(office)
    today = f"{clock.today():%d/%m/%Y}"
    status, form = press("nhan", out("assign_number", document), dated_on=today, step_up_code="")
    assert (status, form.fault_at("ma-cap-so")) == (422, NO_CODE)
    assert form.fields["id_dated_on"]["value"] == today
    for day, said in (("", "Thiếu ngày."), ("01/01/2020", "Ngày văn bản phải từ ngày ký")):
        status, form = press(
            "nhan", out("assign_number", document), dated_on=day, step_up_code=PASSWORD
        )
        assert status == 422
        assert form.fault_at("id_dated_on").startswith(said)
        assert form.fields["id_dated_on"]["value" if day else "aria-invalid"] == (day or "true")


def test_a_reason_is_asked_at_its_field_and_kept_when_all_else_fails(
    office: SmallOffice, press: Press
) -> None:
    draft = letters.submitted(office)
    status, form = press("lam", out("return_draft", draft), reason="", version=draft.version)
    assert status == 422
    assert form.fault_at("d-tra-lai-ly-do").startswith("Trả lại phải nêu lý do")
    status, form = press("lam", out("return_draft", draft), reason="Sửa mục 2", version=999)
    assert status == 409
    assert form.words["d-tra-lai-ly-do"].strip() == "Sửa mục 2"

    document = letters.numbered(office)
    status, form = press("nhan", out("request_void", document), reason=" ")
    assert (status, form.fault_at("d-bo-so-ly-do")) == (422, "Bỏ số phải ghi lý do.")
    status, form = press("nhan", out("request_void", document), reason="Nhầm sổ", version=999)
    assert (status, form.words["d-bo-so-ly-do"].strip()) == (409, "Nhầm sổ")


def test_the_second_person_is_asked_for_the_code(office: SmallOffice, press: Press) -> None:
    document = letters.numbered(office)
    press("nhan", out("request_void", document), reason="Nhầm sổ")
    status, form = press("khue", out("confirm_void", document), step_up_code="")
    assert (status, form.fault_at("d-xac-nhan-bo-ma")) == (422, NO_CODE)


def test_a_draft_needs_its_type_and_keeps_its_subject(office: SmallOffice, press: Press) -> None:
    status, form = press(
        "suong",
        reverse("outgoing:new_draft"),
        organ=office.organs["tu.btv"].pk,
        subject="về việc hộ đê",
    )
    assert status == 422
    assert form.fault_at("id_document_type").startswith("Thiếu Loại văn bản.")
    assert form.words["id_subject"].strip() == "về việc hộ đê"


def test_an_incoming_document_is_not_closed_without_a_word(
    office: SmallOffice, press: Press
) -> None:
    document = arrived.assigned(office)
    status, form = press("suong", into("complete", document), result="")
    said = form.fault_at("ket-qua-giai-quyet")
    assert (status, said) == (422, "Kết thúc phải ghi kết quả giải quyết.")


def test_a_file_is_not_sent_back_without_a_fitting_word(office: SmallOffice, press: Press) -> None:
    document = arrived.received(office)
    here = into("return_to_sender", document)
    status, form = press("nhan", here, reason="", version=document.version)
    assert status == 422
    assert form.fault_at("d-tra-lai-ly-do") == "Trả lại nơi gửi phải nêu lý do."
    status, form = press("nhan", here, reason=LONG, version=document.version)
    assert status == 422
    assert form.fault_at("d-tra-lai-ly-do").startswith("Lý do dài quá 500 chữ.")
    assert form.words["d-tra-lai-ly-do"].strip() == LONG.strip()


def test_a_dossier_says_every_missing_field(office: SmallOffice, press: Press) -> None:
    status, form = press(
        "khue", reverse("dossiers:new"), agency=office.agencies["tu"].pk, title="Hồ sơ đê"
    )
    assert status == 422
    for field, label in (("id_code", "Số, ký hiệu hồ sơ"), ("id_keeping", "Thời hạn bảo quản")):
        assert form.fault_at(field).startswith(f"Thiếu {label}.")
    assert form.words["id_title"].strip() == "Hồ sơ đê"


def test_the_door_asks_for_name_and_password(db: None) -> None:
    form = Form(Client().post(reverse("accounts:sign_in")).content.decode())
    assert form.fault_at("id_username") == "Đồng chí nhập tên đăng nhập."
    assert form.fault_at("id_password") == "Đồng chí nhập mật khẩu."
