"""Bút phê, giao, kết thúc: who may, who gets what, what is proposed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nhactruong.foundation.notices import selectors as notices
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.incoming import commands, policies, selectors
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.incoming.rules import State
from nhactruong.records.incoming.tests import letters
from nhactruong.records.incoming.views import directing

pytestmark = pytest.mark.django_db


def work_of(office: SmallOffice, person: str, document: IncomingDocument) -> list[str]:
    waiting = workitems.open_for_object(office.actor(person), document.public_id)
    return [item.kind for item in waiting]


def test_a_direction_gives_each_desk_its_part(office: SmallOffice) -> None:
    document = letters.directed(office, due_on=clock.today() + timedelta(days=5))
    assert document.as_state == State.DIRECTED
    assert document.lead_printed == "Phòng Tổng hợp"
    assert work_of(office, "lam", document) == ["incoming.assign"]
    assert work_of(office, "hanh", document) == ["incoming.support"]
    assert work_of(office, "khue", document) == []
    assert notices.count_unread(office.actor("khoi")) == 1
    # The specialist of the leading division sees nothing before it is given to her.
    with pytest.raises(NotFound):
        selectors.opened(office.actor("suong"), document.public_id)


def test_a_later_direction_replaces_the_parts_of_the_earlier(office: SmallOffice) -> None:
    document = letters.directed(office)
    commands.direct(
        office.actor("khoi"),
        document.public_id,
        lead=letters.desk(office, "hc"),
        opinion="Phòng Hành chính chủ trì.",
        version=None,
    )
    opened = selectors.opened(office.actor("khoi"), document.public_id)
    current = [
        (part.part, part.name_printed) for part in opened.handlings.all() if not part.ended_at
    ]
    assert current == [("lead", "Phòng Hành chính - Lưu trữ")]
    assert [one.given_by for one in selectors.directions_of(opened)] == [
        "Tạ Đình Khôi",
        "Đỗ Minh Khuê",
    ]
    assert work_of(office, "lam", document) == []
    assert work_of(office, "hanh", document) == ["incoming.assign"]


@pytest.mark.parametrize("person", ["lam", "suong", "nhan"])
def test_who_does_not_lead_gives_no_direction(office: SmallOffice, person: str) -> None:
    document = letters.registered(office)
    with pytest.raises((AccessDenied, NotFound)):
        commands.direct(
            office.actor(person),
            document.public_id,
            lead=letters.desk(office, "th"),
            version=None,
        )
    assert letters.fresh(document).as_state == State.SUBMITTED


def test_a_desk_of_another_agency_is_no_desk(office: SmallOffice) -> None:
    document = letters.registered(office)
    with pytest.raises(NotFound):
        commands.direct(
            office.actor("khue"),
            document.public_id,
            lead=letters.desk(office, "may"),
            version=None,
        )


def test_a_day_that_is_past_is_no_deadline(office: SmallOffice) -> None:
    document = letters.registered(office)
    with pytest.raises(InvalidInput):
        commands.direct(
            office.actor("khue"),
            document.public_id,
            lead=letters.desk(office, "th"),
            due_on=clock.today() - timedelta(days=1),
            version=None,
        )


def test_put_before_the_leader_it_waits_for_the_leader(office: SmallOffice) -> None:
    document = letters.registered(office)
    commands.submit_to_leader(office.actor("khue"), document.public_id, version=None)
    assert work_of(office, "khoi", document) == ["incoming.direct"]
    assert work_of(office, "khue", document) == []


def test_given_to_a_specialist_and_then_to_another(office: SmallOffice) -> None:
    document = letters.assigned(office)
    assert work_of(office, "suong", document) == ["incoming.handle"]
    commands.assign(
        office.actor("lam"), document.public_id, post_id=office.posts["mien"].pk, version=None
    )
    assert work_of(office, "suong", document) == []
    assert work_of(office, "mien", document) == ["incoming.handle"]
    doing = Handling.objects.filter(incoming=document, part="do", ended_at=None)
    assert [part.post_id for part in doing] == [office.posts["mien"].pk]


def test_the_head_of_a_supporting_division_assigns_nobody(office: SmallOffice) -> None:
    document = letters.directed(office)
    with pytest.raises(AccessDenied):
        commands.assign(
            office.actor("hanh"), document.public_id, post_id=office.posts["luu"].pk, version=None
        )


def test_closing_wants_a_result_and_closes_all_work(office: SmallOffice) -> None:
    document = letters.assigned(office)
    suong = office.actor("suong")
    with pytest.raises(InvalidInput):
        commands.complete(suong, document.public_id, result="", version=None)
    closed = commands.complete(
        suong, document.public_id, result="Đã thông báo cho xã", version=None
    )
    assert closed.as_state == State.COMPLETED
    for person in ("suong", "lam", "hanh", "khue"):
        assert work_of(office, person, document) == []


def test_the_act_is_signed_with_the_highest_office(office: SmallOffice) -> None:
    document = letters.registered(office)
    for person, title in (("khoi", "Bí thư Tỉnh ủy"), ("khue", "Chánh Văn phòng Tỉnh ủy")):
        post = policies.directing_post(office.actor(person), document)
        assert post is not None
        assert post.title == title
    assert policies.directing_post(office.actor("lam"), document) is None


def test_the_last_letter_of_the_same_issuer_and_type_is_followed(office: SmallOffice) -> None:
    khue = office.actor("khue")
    other_type = letters.again(reference_code="1-TTr/ĐU", kind="to-trinh")
    letters.directed(office, other_type, lead="hc")
    letters.directed(office, letters.again(reference_code="2-BC/ĐU"))
    elsewhere = letters.again(reference_code="3-BC/ĐU")
    letters.directed(office, elsewhere, lead="hc", issuer_name="Đảng ủy xã Hạ Tân")
    document = letters.registered(office)
    like = selectors.similar_parts(khue, document)
    choices = directing.due_choices(document, clock.today())
    proposal = directing.propose(document, like, choices, directing.reason_for(document, like))
    assert proposal.lead == f"unit:{office.units['th'].pk}"
    assert proposal.support == (f"unit:{office.units['hc'].pk}",)
    assert proposal.inform == (f"post:{office.posts['khoi'].pk}",)
    assert "cùng nơi gửi, cùng loại báo cáo" in proposal.reason


def test_without_a_like_letter_nothing_is_chosen_but_the_day(office: SmallOffice) -> None:
    document = letters.registered(office, due_on=clock.today() + timedelta(days=3))
    like = selectors.similar_parts(office.actor("khue"), document)
    choices = directing.due_choices(document, clock.today())
    proposal = directing.propose(document, like, choices, directing.reason_for(document, like))
    assert like == []
    assert (proposal.lead, proposal.due, proposal.reason) == ("", "van-ban", "")
