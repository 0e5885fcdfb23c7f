"""A reply drafted from the document it answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.incoming.tests import letters as incoming
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.tests.pages import op

Desk = Callable[[str], Client]


def test_a_reply_begins_with_what_it_answers(office: SmallOffice, desk: Desk) -> None:
    asked = incoming.assigned(office)
    client = desk("suong")
    here = reverse("outgoing:new_draft")
    page = client.get(here, {"tra-loi": str(asked.public_id)}).content.decode()
    assert "118-BC/ĐU" in page
    answer = client.post(
        here,
        op(
            organ=office.organs["tu.btv"].pk,
            document_type="cong-van",
            subject="về việc trả lời",
            **{"tra-loi": str(asked.public_id)},
        ),
    )
    draft = OutgoingDocument.objects.get()
    assert answer["Location"] == reverse("outgoing:draft", args=[draft.public_id])
    assert draft.answers == asked.document
    assert draft.addressees == ["Đảng ủy xã Đồng Mơ"]
    (first, *_) = draft.recipients.order_by("position")
    assert (first.line, first.agency) == ("Như trên", office.agencies["dm"])
    runs = draft.body["blocks"][0]["runs"]
    assert runs[1]["cite"] == str(asked.public_id)
    assert "118-BC/ĐU" in runs[1]["text"]


def test_a_document_one_may_not_see_cannot_be_answered(office: SmallOffice, desk: Desk) -> None:
    asked = incoming.assigned(office)
    for wanted in (str(asked.public_id), str(uuid.uuid4()), "khong-phai-uuid"):
        answer = desk("may").get(reverse("outgoing:new_draft"), {"tra-loi": wanted})
        assert answer.status_code == 404
        assert "118-BC" not in answer.content.decode()
