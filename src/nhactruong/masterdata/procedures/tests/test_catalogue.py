"""Publishing by four eyes, adopting below, and cases that stay with their version."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import pytest
from django.db import InternalError, ProgrammingError, transaction

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.masterdata.procedures import commands, rules, selectors
from nhactruong.masterdata.procedures.models import Adoption, Procedure, ProcedureVersion
from nhactruong.masterdata.procedures.rules import Content, Norm, State, Step, Unit
from nhactruong.records.incoming import rules as arriving
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing import rules as departing
from nhactruong.records.outgoing.models import OutgoingDocument

pytestmark = pytest.mark.django_db
HOURS = rules.OfficeDay.read("07:30-11:30,13:30-17:30")


def shipped(code: str) -> Procedure:
    return Procedure.objects.get(code=code, agency=None)


def in_force(procedure: Procedure) -> ProcedureVersion:
    found = selectors.published(procedure)
    assert found is not None
    return found


def quicker(content: Content, key: str, hours: int) -> Content:
    """The same with one step's norm in hours."""
    steps = [
        dataclasses.replace(step, norm=Norm(hours, Unit.HOURS)) if step.key == key else step
        for step in content.steps
    ]
    return dataclasses.replace(content, steps=tuple(steps))


def proposed(office: SmallOffice, source: Procedure, agency: str, who: str) -> ProcedureVersion:
    """A quicker numbering step, worded and sent by `who`."""
    person = office.actor(who)
    draft = commands.open_draft(person, source.public_id, agency_id=office.agencies[agency].pk)
    commands.save_draft(
        person,
        draft.public_id,
        quicker(selectors.reads(draft), "cap-so", 4),
        note="Cấp số trong buổi",
        version=None,
    )
    return commands.send(person, draft.public_id, version=None)


@pytest.mark.parametrize(("code", "law"), [("van-ban-den", arriving), ("van-ban-di", departing)])
def test_the_shipped_procedures_agree_with_the_state_tables(code: str, law: object) -> None:
    states, table = law.State, law.TRANSITIONS  # type: ignore[attr-defined]
    assert code == law.PROCEDURE  # type: ignore[attr-defined]
    content = selectors.reads(in_force(shipped(code)))
    covered = [state for step in content.steps for state in step.states] + list(content.closing)
    assert sorted(covered) == sorted(state.value for state in states)
    for step in content.steps:
        leaving = {verb for verb, state in table if state.value in step.states}
        assert set(step.verbs) == leaving, step.key
    for state in content.closing:
        assert not [verb for verb, at in table if at.value == state], state
    for step, following in zip(content.steps, content.steps[1:], strict=False):
        reached = {to.value for (_, at), to in table.items() if at.value in step.states}
        assert reached & set(following.states), f"{step.key} never leads to {following.key}"


def test_loading_the_shipped_procedures_again_changes_nothing() -> None:
    before = list(ProcedureVersion.objects.values_list("pk", "number", "state"))
    from nhactruong.kernel.actor import service_actor

    assert commands.load_shipped(service_actor("setup", "Thiết lập")) == 0
    assert list(ProcedureVersion.objects.values_list("pk", "number", "state")) == before


def test_a_version_is_published_by_another_person_and_then_closed() -> None:
    office = small_office()
    version = proposed(office, shipped("van-ban-di"), "vptu", "khue")
    with pytest.raises(AccessDenied, match="người thứ hai"):
        commands.publish(office.actor("khue"), version.public_id, version=None)
    with pytest.raises(AccessDenied):
        commands.publish(office.actor("suong"), version.public_id, version=None)
    commands.publish(office.actor("le"), version.public_id, version=None)
    version.refresh_from_db()
    assert version.as_state == State.PUBLISHED
    assert AuditRow.objects.filter(
        object_id=version.public_id, action="procedures.published"
    ).exists()
    with pytest.raises(AccessDenied):
        commands.save_draft(
            office.actor("khue"), version.public_id, Content(()), note="", version=None
        )
    for change in ({"content": {}}, {"number": 9}, {"state": "draft"}):
        with (
            pytest.raises((ProgrammingError, InternalError), match="closed"),
            writes_allowed(),
            transaction.atomic(),
        ):
            ProcedureVersion.objects.filter(pk=version.pk).update(**change)


def test_a_proposal_does_not_exist_for_other_agencies() -> None:
    office = small_office()
    version = proposed(office, shipped("van-ban-di"), "vptu", "suong")
    with pytest.raises(NotFound):
        selectors.get_version(office.actor("thao"), version.public_id)
    with pytest.raises(NotFound):
        selectors.get_procedure(office.actor("thao"), version.procedure.public_id)
    commands.publish(office.actor("khue"), version.public_id, version=None)
    assert selectors.get_version(office.actor("thao"), version.public_id) == version


def test_a_proposal_is_sent_back_with_a_reason_and_sent_again() -> None:
    office = small_office()
    version = proposed(office, shipped("van-ban-di"), "vptu", "suong")
    with pytest.raises(InvalidInput):
        commands.send_back(office.actor("khue"), version.public_id, reason=" ", version=None)
    back = commands.send_back(
        office.actor("khue"), version.public_id, reason="Chưa rõ lý do", version=None
    )
    assert (back.as_state, back.returned_reason) == (State.DRAFT, "Chưa rõ lý do")
    commands.send(office.actor("suong"), version.public_id, version=None)
    commands.publish(office.actor("khue"), version.public_id, version=None)


def test_below_a_step_may_be_added_or_shortened_never_lengthened_or_removed() -> None:
    office = small_office()
    clerk = office.actor("thao")
    source = shipped("van-ban-di")
    draft = commands.open_draft(clerk, source.public_id, agency_id=office.agencies["dm"].pk)
    above = selectors.reads(in_force(source))

    def offered(content: Content) -> None:
        commands.save_draft(clerk, draft.public_id, content, note="Điều chỉnh", version=None)
        commands.send(clerk, draft.public_id, version=None)

    without = dataclasses.replace(
        above, steps=tuple(step for step in above.steps if step.key != "cap-so")
    )
    with pytest.raises(RuleBroken, match="bắt buộc"):
        offered(without)
    with pytest.raises(RuleBroken, match="không được dài hơn 1 ngày làm việc"):
        offered(quicker(above, "cap-so", 9))
    with pytest.raises(RuleBroken, match="Thứ tự"):
        offered(dataclasses.replace(above, steps=above.steps[::-1]))
    with pytest.raises(RuleBroken, match="không gắn với trạng thái"):
        extra = Step("them", "Bước thêm", (Role.CLERK,), states=("elsewhere",))
        offered(dataclasses.replace(above, steps=(*above.steps, extra)))
    extra = Step("doc-soat", "Đọc soát lần cuối", (Role.CLERK,), Norm(2, Unit.HOURS))
    steps = (*above.steps[:3], extra, *above.steps[3:])
    offered(quicker(dataclasses.replace(above, steps=steps), "cap-so", 4))
    draft.refresh_from_db()
    assert draft.as_state == State.PROPOSED
    assert [one.what for one in rules.changes(above, selectors.reads(draft))] == [
        "Thêm bước 4 “Đọc soát lần cuối”",
        "Bước 6 “Cấp số, ghi ngày”",
    ]


def test_a_commune_adopts_what_the_province_publishes_and_is_listed_as_follower() -> None:
    office = small_office()
    version = proposed(office, shipped("van-ban-di"), "tu", "suong")
    commands.publish(office.actor("khue"), version.public_id, version=None)
    province = version.procedure
    dm = office.agencies["dm"].pk
    assert selectors.version_in_force("van-ban-di", dm) == in_force(shipped("van-ban-di")).pk
    with pytest.raises(AccessDenied):
        commands.adopt(office.actor("thao"), province.public_id, agency_id=dm)
    chief = next(
        key
        for key in office.people
        if office.actor(key).has_role(Role.CHIEF_OF_OFFICE, dm)
        or office.actor(key).has_role(Role.DEPUTY_CHIEF, dm)
    )
    commands.adopt(office.actor(chief), province.public_id, agency_id=dm)
    commands.adopt(office.actor(chief), province.public_id, agency_id=dm)
    assert selectors.version_in_force("van-ban-di", dm) == version.pk
    assert Adoption.objects.filter(agency_id=dm, ended_at=None).count() == 1
    assert [
        (one.agency, one.is_adapted, one.is_current) for one in selectors.followers(province)
    ] == [("Đảng ủy xã Đồng Mơ", False, True)]
    with pytest.raises(RuleBroken, match="cấp trên"):
        own = selectors.get_procedure(office.actor("khue"), province.public_id)
        commands.adopt(office.actor("khue"), own.public_id, agency_id=office.agencies["vptu"].pk)


def draft_of(office: SmallOffice) -> OutgoingDocument:
    return outgoing.create_draft(
        office.actor("suong"),
        organ_id=office.organs["tu.btv"].pk,
        document_type="cong-van",
        subject="Về việc báo cáo",
    )


def test_a_running_case_stays_with_the_version_it_began_under() -> None:
    office = small_office()
    early = draft_of(office)
    version = proposed(office, shipped("van-ban-di"), "tu", "suong")
    commands.publish(office.actor("khue"), version.public_id, version=None)
    late = draft_of(office)
    early.refresh_from_db()
    assert early.procedure_id == in_force(shipped("van-ban-di")).pk
    assert late.procedure_id == version.pk


def test_the_trail_tells_the_steps_and_the_page_the_late_ones() -> None:
    office = small_office()
    monday = datetime(2026, 11, 16, 9, tzinfo=clock.OFFICE_ZONE)
    with clock.frozen_at(monday):
        draft = draft_of(office)
    with clock.frozen_at(monday.replace(day=17)), writes_allowed():
        draft.state = departing.State.CONTENT_REVIEW
        draft.save_changes("state")
    draft.refresh_from_db()
    assert [key for key, _ in draft.trail] == ["soan-thao", "duyet-noi-dung"]
    drafter = office.actor("suong")
    with clock.frozen_at(monday.replace(day=18)):
        standing = selectors.standing_of(draft)
        assert standing is not None and standing.due is not None
        assert (standing.position, standing.steps, standing.due.remaining) == (2, 7, 0)
        assert selectors.measured(drafter, shipped("van-ban-di")).late == 0
    with clock.frozen_at(monday.replace(day=19)):
        found = selectors.measured(drafter, shipped("van-ban-di"))
        assert (found.running, found.late) == (1, 1)
        late = selectors.late_cases(drafter, shipped("van-ban-di"))
        assert [(card.object_id, step) for card, step, _ in late] == [
            (draft.public_id, "Duyệt nội dung")
        ]
        assert selectors.measured(office.actor("thao"), shipped("van-ban-di")).running == 0
        assert selectors.late_cases(office.actor("thao"), shipped("van-ban-di")) == []
    with clock.frozen_at(monday.replace(day=20)), writes_allowed():
        draft.state, draft.number = departing.State.CANCELLED, 1
        draft.issued_on = clock.today()
        draft.save_changes("state", "number", "issued_on")
        done = selectors.measured(drafter, shipped("van-ban-di"))
    assert (done.running, done.finished) == (0, 1)
    assert done.minutes_by_step == {"soan-thao": 480, "duyet-noi-dung": 3 * 480}


def test_standing_costs_no_query(django_assert_num_queries: object) -> None:
    office = small_office()
    draft = draft_of(office)
    selectors.standing_of(draft)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert selectors.standing_of(draft) is not None
