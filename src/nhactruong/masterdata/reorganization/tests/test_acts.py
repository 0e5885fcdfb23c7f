"""Who may, in which order, and what is refused: then nothing has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.persistence.operations import operation
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.kernel.states import Role, Secrecy
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import (
    AgencyIdentifier,
    Holding,
    InheritedSight,
    Post,
    PostRole,
)
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SINCE
from nhactruong.masterdata.reorganization import commands, selectors
from nhactruong.masterdata.reorganization.models import Reorganization
from nhactruong.masterdata.reorganization.rules import Kind, State
from nhactruong.masterdata.reorganization.tests import papers
from nhactruong.masterdata.reorganization.tests.offices import (
    BASIS,
    Offices,
    approved,
    carried_out,
    offices,
    proposal,
)
from nhactruong.records.incoming.models import Handling, IncomingDocument
from nhactruong.records.numbering.models import NumberSeries
from nhactruong.records.outgoing.models import OutgoingDocument

pytestmark = pytest.mark.django_db


def test_three_people_propose_approve_and_carry_out() -> None:
    made = offices()
    drafted = proposal(made, by="le")
    commands.send(made.actor("le"), drafted.public_id, version=None)
    with pytest.raises(AccessDenied, match="không tự duyệt"):
        commands.approve(made.actor("le"), drafted.public_id, version=None)
    with pytest.raises(AccessDenied, match="Lãnh đạo Văn phòng"):
        commands.approve(made.actor("suong"), drafted.public_id, version=None)
    commands.approve(made.actor("khue"), drafted.public_id, version=None)
    for same in ("khue", "le"):
        with pytest.raises(AccessDenied, match="người thứ ba"):
            commands.carry_out(made.actor(same), drafted.public_id, version=None)
    with pytest.raises(AccessDenied, match="Quản trị hệ thống hoặc lãnh đạo"):
        commands.carry_out(made.actor("suong"), drafted.public_id, version=None)
    done = commands.carry_out(made.actor("quan"), drafted.public_id, version=None)
    assert done.as_state == State.CARRIED_OUT


def test_whoever_drew_it_up_cannot_have_another_send_it_and_then_approve_it() -> None:
    made = offices()
    drafted = proposal(made, by="le")
    mapping = {made.post("a1-vt"): made.post("b-vt")}
    commands.map_posts(made.actor("le"), drafted.public_id, mapping, version=None)
    # Neither a colleague nor the chief touches what another has drawn up.
    for other in ("suong", "khue"):
        with pytest.raises(AccessDenied, match="Chỉ người lập đề nghị") as refusal:
            commands.send(made.actor(other), drafted.public_id, version=None)
        assert refusal.value.line == 20
        with pytest.raises(AccessDenied, match="Chỉ người lập đề nghị"):
            commands.map_posts(made.actor(other), drafted.public_id, mapping, version=None)
    commands.send(made.actor("le"), drafted.public_id, version=None)
    with pytest.raises(AccessDenied, match="không tự duyệt"):
        commands.approve(made.actor("le"), drafted.public_id, version=None)
    # Sent back it is still the drafter's, and sent again still not his to approve.
    commands.send_back(made.actor("khue"), drafted.public_id, reason="Rà lại", version=None)
    with pytest.raises(AccessDenied, match="Chỉ người lập đề nghị"):
        commands.send(made.actor("suong"), drafted.public_id, version=None)
    again = commands.send(made.actor("le"), drafted.public_id, version=None)
    assert again.proposer_id == made.small.people["le"].pk
    with pytest.raises(AccessDenied, match="không tự duyệt"):
        commands.approve(made.actor("le"), drafted.public_id, version=None)


def test_the_database_too_wants_three_people() -> None:
    made = offices()
    drafted = proposal(made)
    own = {"approver_id": drafted.proposer_id}
    with pytest.raises(IntegrityError), writes_allowed(), transaction.atomic():
        Reorganization.objects.filter(pk=drafted.pk).update(**own)
    other = made.small.people["khue"].pk
    with pytest.raises(IntegrityError), writes_allowed(), transaction.atomic():
        Reorganization.objects.filter(pk=drafted.pk).update(approver_id=other, executor_id=other)


def test_a_stranger_neither_sees_nor_proposes() -> None:
    made = offices()
    drafted = proposal(made)
    for stranger in ("thao", "may", "a1-chanh"):
        with pytest.raises(NotFound):
            selectors.get_visible(made.actor(stranger), drafted.public_id)
    with pytest.raises(AccessDenied, match="thuộc cấp mình"):
        commands.open_proposal(
            made.actor("son"),
            kind=Kind.MERGE,
            old_ids=[made.agency(key).pk for key in ("a1", "a2")],
            new_ids=[made.small.agencies["dm"].pk],
            successor_id=None,
            basis=BASIS,
            effective_on=clock.today(),
        )
    with pytest.raises(AccessDenied):
        commands.open_proposal(
            made.actor("quan"),
            kind=Kind.DISSOLVE,
            old_ids=[made.agency("a1").pk],
            new_ids=[made.agency("b").pk],
            successor_id=None,
            basis=BASIS,
            effective_on=clock.today(),
        )


def test_an_agency_is_in_one_reorganization_at_a_time() -> None:
    made = offices()
    first = proposal(made)
    with pytest.raises(RuleBroken, match="một lần sắp xếp khác"):
        proposal(made, Kind.DISSOLVE, old=("a1",))
    commands.withdraw(made.actor("suong"), first.public_id, reason="Chờ chủ trương", version=None)
    assert proposal(made, Kind.DISSOLVE, old=("a1",)).as_state == State.DRAFT


def test_before_its_day_it_is_not_carried_out() -> None:
    made = offices()
    drafted = approved(made, proposal(made, on=clock.today() + timedelta(days=3)))
    with pytest.raises(RuleBroken, match="Chưa đến ngày có hiệu lực"):
        commands.carry_out(made.actor("quan"), drafted.public_id, version=None)
    assert made.actor("a1-vt").posts


def test_every_post_has_a_successor_before_the_proposal_is_sent() -> None:
    made = offices()
    drafted = proposal(made)
    commands.map_posts(
        made.actor("suong"), drafted.public_id, {made.post("a1-vt"): None}, version=None
    )
    with pytest.raises(RuleBroken, match="Chưa chọn chức danh mới cho Văn thư, Ban A1"):
        commands.send(made.actor("suong"), drafted.public_id, version=None)
    for wrong in ({made.post("khue"): made.post("b-vt")}, {made.post("a1-vt"): made.post("khue")}):
        with pytest.raises(InvalidInput, match="không thuộc các cơ quan này"):
            commands.map_posts(made.actor("suong"), drafted.public_id, wrong, version=None)
    with pytest.raises(ConflictingChange):
        commands.map_posts(made.actor("suong"), drafted.public_id, {}, version=1)


def test_work_for_which_nobody_would_be_there_is_named() -> None:
    made = offices()
    papers.registered(made, "a1")
    holding = Holding.objects.get(post_id=made.post("b-chanh"))
    organization.end_holding(FOUNDER, holding.person, holding.post, on=clock.today())
    drafted = proposal(made)
    with pytest.raises(RuleBroken, match=r"1 việc đang chờ Chánh Văn phòng, Ban A1.* không có ai"):
        commands.send(made.actor("suong"), drafted.public_id, version=None)


def test_a_successor_cleared_lower_does_not_take_over() -> None:
    made = offices()
    with writes_allowed():
        Post.objects.filter(pk=made.post("a1-cv")).update(clearance=Secrecy.SECRET)
    drafted = proposal(made)
    with pytest.raises(RuleBroken, match="thấp hơn mức Tối mật của Chuyên viên, Ban A1"):
        commands.send(made.actor("suong"), drafted.public_id, version=None)


def test_nobody_of_the_three_takes_a_role_he_has_not_had() -> None:
    made = offices()
    before = Holding.objects.get(post_id=made.post("b-cv"))
    organization.end_holding(FOUNDER, before.person, before.post, on=clock.today())
    # The proposer herself is to hold the specialist's post, which then follows the clerk's.
    organization.appoint(
        FOUNDER,
        made.small.people["suong"],
        Post.objects.get(pk=made.post("b-cv")),
        kind="concurrent",
        since=clock.today(),
    )
    drafted = proposal(made)
    commands.map_posts(
        made.actor("suong"),
        drafted.public_id,
        {made.post("a1-vt"): made.post("b-cv")},
        version=None,
    )
    with pytest.raises(RuleBroken, match="nhận thêm vai trò"):
        commands.send(made.actor("suong"), drafted.public_id, version=None)


def _standing() -> list[object]:
    """What a reorganization would change, counted."""
    return [
        list(NumberSeries.objects.order_by("pk").values_list("pk", "closed_on", "registry_id")),
        list(WorkItem.objects.order_by("pk").values_list("pk", "token", "is_open", "agency_id")),
        list(Handling.objects.order_by("pk").values_list("pk", "ended_at")),
        list(OutgoingDocument.objects.order_by("pk").values_list("pk", "agency_id", "state")),
        list(IncomingDocument.objects.order_by("pk").values_list("pk", "agency_id", "version")),
        list(Post.objects.order_by("pk").values_list("pk", "valid_to")),
        PostRole.objects.count(),
        InheritedSight.objects.count(),
    ]


def test_a_fault_at_the_very_end_leaves_everything_as_it_was() -> None:
    made = offices()
    for agency in ("a1", "a2"):
        papers.assigned(made, agency)
        papers.arrived(made, agency)
        papers.presented(made, agency)
    drafted = approved(made, proposal(made))
    before = _standing()
    with transaction.atomic(), connection.cursor() as cursor:
        # The last agency refuses to end: the machine fails when all the work has moved.
        cursor.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;"
            " CREATE TRIGGER fail BEFORE UPDATE ON organization_agency FOR EACH ROW"
            f" WHEN (NEW.valid_to IS NOT NULL AND NEW.id = {made.agency('a3').pk})"
            " EXECUTE FUNCTION fail()"
        )
        with pytest.raises(DatabaseError, match="disk full"):
            commands.carry_out(made.actor("quan"), drafted.public_id, version=None)
        cursor.execute("DROP TRIGGER fail ON organization_agency; DROP FUNCTION fail()")
    assert _standing() == before
    done = commands.carry_out(made.actor("quan"), drafted.public_id, version=None)
    assert dict(done.result)["Dự thảo chưa ký"] == 2
    assert _standing() != before


def test_a_second_press_gets_the_first_answer() -> None:
    made = offices()
    papers.assigned(made, "a1")
    drafted = approved(made, proposal(made))
    press = papers.uuid.uuid4()
    user = made.small.user("quan").pk
    answers = []
    for _ in range(2):
        with operation(user, press):
            answers.append(commands.carry_out(made.actor("quan"), drafted.public_id, version=None))
    assert answers[0].result == answers[1].result
    assert answers[0].version == answers[1].version
    with pytest.raises(AccessDenied, match="đã thực hiện"):
        commands.carry_out(made.actor("quan"), drafted.public_id, version=None)


def test_one_office_splits_and_each_draft_goes_with_its_drafter() -> None:
    made = offices()
    first = papers.draft(made, "a1")
    paper = papers.assigned(made, "a1")
    old = papers.issued(made, "a1")
    drafted = proposal(made, Kind.SPLIT, old=("a1",), new=("b", "c"), successor="b")
    posts = {
        made.post("a1-chanh"): made.post("b-chanh"),
        made.post("a1-vt"): made.post("b-vt"),
        made.post("a1-truong"): made.post("c-truong"),
        made.post("a1-cv"): made.post("c-cv"),
    }
    commands.map_posts(made.actor("suong"), drafted.public_id, posts, version=None)
    carried_out(made, drafted)
    assert OutgoingDocument.objects.get(pk=first.pk).agency_id == made.agency("c").pk
    assert paper.handlings.get(part="do", ended_at=None).post_id == made.post("c-cv")
    # Registers and seal pass to the principal successor, what a post saw to the post after it.
    sees = {
        person: OutgoingDocument.objects.visible_to(made.actor(person)).filter(pk=old.pk).exists()
        for person in ("b-chanh", "b-vt", "c-cv", "c-truong", "c-chanh", "c-vt", "may")
    }
    assert sees == {
        "b-chanh": True,
        "b-vt": True,
        "c-cv": True,
        "c-truong": True,
        "c-chanh": False,
        "c-vt": False,
        "may": False,
    }
    assert selectors.receiving_agency(made.agency("a1").pk) == made.agency("b").pk


def test_an_office_dissolves_into_one_that_lives_and_later_both_into_a_third() -> None:
    made = offices()
    paper = papers.assigned(made, "a1")
    carried_out(made, proposal(made, Kind.DISSOLVE, old=("a1",), new=("a2",)))
    assert NumberSeries.objects.filter(agency=made.agency("a2"), closed_on=None).exists()
    carried_out(made, proposal(made, Kind.DISSOLVE, old=("a2",), new=("b",)))
    assert selectors.receiving_agency(made.agency("a1").pk) == made.agency("b").pk
    seen = IncomingDocument.objects.visible_to(made.actor("b-cv")).get(pk=paper.pk)
    assert seen.handlings.get(part="do", ended_at=None).post_id == made.post("b-cv")
    assert made.actor("b-chanh").has_role(Role.CHIEF_OF_OFFICE, made.agency("a1").pk)


def test_an_agency_is_renamed_from_a_day_and_its_papers_keep_their_words() -> None:
    made = offices()
    old = papers.issued(made, "a1")
    renamed = organization.rename_agency(
        FOUNDER,
        made.agency("a1"),
        name="Ban Nội vụ Tỉnh ủy",
        short_name="Ban Nội vụ",
        issuer_lines=["BAN NỘI VỤ"],
        since=clock.today(),
        basis=BASIS,
    )
    names = renamed.names.order_by("pk").values_list("short_name", "valid__endswith")
    assert list(names) == [("Ban A1 Tỉnh ủy", clock.today()), ("Ban Nội vụ", None)]
    made.small.organs["a1.ban"].refresh_from_db()
    assert made.small.organs["a1.ban"].name_block == ["BAN NỘI VỤ"]
    assert OutgoingDocument.objects.get(pk=old.pk).issuer_printed == "BAN A1 TỈNH ỦY"
    with pytest.raises(RuleBroken, match="đã đổi tên từ ngày này"):
        organization.rename_agency(
            FOUNDER,
            renamed,
            name="x",
            short_name="x",
            issuer_lines=["X"],
            since=SINCE,
            basis=BASIS,
        )


def _given(made: Offices, agency: str, value: str, scheme: str = "new") -> AgencyIdentifier:
    return organization.give_identifier(
        FOUNDER,
        made.agency(agency),
        scheme=AgencyIdentifier.Scheme(scheme),
        value=value,
        since=clock.today(),
    )


def test_an_identifier_is_one_agencys_at_a_time_in_each_form() -> None:
    made = offices()
    _given(made, "a1", "A99.88")
    assert made.agency("a1").identifier == "A99.88"
    _given(made, "a1", "000.00.88.A99", "old")
    assert made.agency("a1").identifiers.filter(valid__endswith=None).count() == 2
    with pytest.raises(RuleBroken, match="đã cấp cho cơ quan khác"):
        _given(made, "a2", "A99.88")
    # What the first bore until today is free from today on.
    assert _given(made, "a2", "A99.77.A1").value == "A99.77.A1"


def test_a_unit_with_posts_does_not_end_and_a_closed_post_gives_nothing() -> None:
    made = offices()
    unit = made.small.units["a1-nv"]
    with pytest.raises(RuleBroken, match="còn chức danh"):
        organization.close_unit(FOUNDER, unit, on=clock.today())
    for person in ("a1-truong", "a1-cv"):
        organization.close_post(FOUNDER, made.small.posts[person], on=clock.today())
    assert organization.close_unit(FOUNDER, unit, on=clock.today()).valid_to == clock.today()
    assert not made.actor("a1-cv").tokens
