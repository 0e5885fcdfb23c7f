"""Three offices become one: what moves, what stays, who sees what afterwards."""

from __future__ import annotations

import pytest

from nhactruong.foundation.access.models import Grant
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.errors import DomainError, NotFound, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.reorganization.models import Reorganization
from nhactruong.masterdata.reorganization.rules import State
from nhactruong.masterdata.reorganization.tests import papers
from nhactruong.masterdata.reorganization.tests.offices import (
    OLD,
    Offices,
    carried_out,
    offices,
    proposal,
)
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming import selectors as arrivals
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.handlers import CARRIER
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing import selectors as departures
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State as OutgoingState

pytestmark = pytest.mark.django_db


def waiting(made: Offices, person: str) -> set[tuple[str, str]]:
    """(kind, title) of what waits for somebody."""
    return set(workitems.waiting(made.actor(person)).values_list("kind", "title"))


def test_open_work_passes_to_the_posts_that_come_after() -> None:
    made = offices()
    papers.registered(made, "a1", "Chờ bút phê")
    papers.directed(made, "a2", "Đã bút phê")
    given = papers.assigned(made, "a3", "Đã giao")
    done = carried_out(made, proposal(made))
    assert done.as_state == State.CARRIED_OUT
    assert ("incoming.direct", "Chờ bút phê") in waiting(made, "b-chanh")
    assert ("incoming.assign", "Đã bút phê") in waiting(made, "b-truong")
    assert ("incoming.handle", "Đã giao") in waiting(made, "b-cv")
    finished = incoming.complete(
        made.actor("b-cv"), given.public_id, result="Đã báo cáo", version=None
    )
    assert finished.result == "Đã báo cáo"
    # Those who held the old posts hold none now.
    assert not made.actor("a3-cv").posts
    assert waiting(made, "a3-cv") == set()
    with pytest.raises(NotFound):
        arrivals.get_visible(made.actor("a3-cv"), given.public_id)


def test_a_paper_that_waits_for_direction_is_directed_by_the_new_chief_to_his_own_unit() -> None:
    made = offices()
    paper = papers.registered(made, "a1")
    carried_out(made, proposal(made))
    given = incoming.direct(
        made.actor("b-chanh"),
        paper.public_id,
        lead=Desk(unit_id=made.unit("b")),
        version=None,
    )
    assert given.lead_printed == "Phòng Nghiệp vụ"
    with pytest.raises(DomainError):
        incoming.direct(
            made.actor("b-chanh"),
            paper.public_id,
            lead=Desk(unit_id=made.unit("a1")),
            version=None,
        )


def test_a_registered_paper_keeps_agency_number_and_registry_only_its_handler_changes() -> None:
    made = offices()
    before = papers.assigned(made, "a1")
    carried_out(made, proposal(made))
    after = IncomingDocument.objects.get(pk=before.pk)
    kept = ("agency_id", "registry_id", "series_id", "arrival_number", "reference_code", "readers")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    ended, begun = after.handlings.filter(part="do").order_by("pk")
    assert (ended.post_id, begun.post_id) == (made.post("a1-cv"), made.post("b-cv"))
    assert ended.ended_at is not None
    assert begun.given_by.startswith("Sắp xếp cơ quan: Quyết định 15-QĐ/TU")


def test_an_issued_document_keeps_its_issuer_and_is_opened_by_the_successors() -> None:
    made = offices()
    old = papers.issued(made, "a2")
    carried_out(made, proposal(made))
    for person in ("b-chanh", "b-vt", "b-cv", "b-truong"):
        seen = departures.get_visible(made.actor(person), old.public_id)
        assert seen.issuer_printed == "BAN A2 TỈNH ỦY"
        assert seen.agency_id == made.agency("a2").pk
        assert seen.reference_code == old.reference_code
        assert seen.reference_code.endswith("/BA2")
    for stranger in ("may", "mien", "a2-chanh"):
        with pytest.raises(NotFound):
            departures.get_visible(made.actor(stranger), old.public_id)


def test_what_a_specialist_once_settled_is_seen_by_whoever_comes_after() -> None:
    made = offices()
    paper = papers.assigned(made, "a1")
    incoming.complete(made.actor("a1-cv"), paper.public_id, result="Xong", version=None)
    grants = Grant.objects.count()
    carried_out(made, proposal(made))
    assert arrivals.get_visible(made.actor("b-cv"), paper.public_id).result == "Xong"
    # Nothing was written to the paper nor to its grants: the post bears the tokens of the old one.
    assert Grant.objects.count() == grants
    readers = set(IncomingDocument.objects.get(pk=paper.pk).readers)
    granted = Grant.objects.filter(object_id=paper.public_id, revoked_at=None)
    assert readers == set(granted.values_list("token", flat=True))


def test_drafts_become_the_new_agencys_and_are_signed_by_its_chief() -> None:
    made = offices()
    own, on_the_desk = papers.draft(made, "a1"), papers.presented(made, "a2")
    carried_out(made, proposal(made))
    for paper in (own, on_the_desk):
        after = OutgoingDocument.objects.select_related("authority", "document").get(pk=paper.pk)
        assert after.agency_id == after.document.agency_id == made.agency("b").pk
        assert after.organ_id == made.small.organs["b.ban"].pk
        assert after.drafter_post_id == made.post("b-cv")
        assert after.drafting_unit_id == made.unit("b")
        assert after.authority is not None
        assert after.authority.post_id == made.post("b-chanh")
    back = OutgoingDocument.objects.get(pk=on_the_desk.pk)
    assert back.as_state == OutgoingState.RETURNED
    assert back.draft_number == on_the_desk.draft_number + 1
    assert back.step == "soan-thao"
    assert ("outgoing.revise", back.subject) in waiting(made, "b-cv")
    assert not {kind for kind, _ in waiting(made, "b-chanh")} & {"outgoing.sign"}
    # The way goes on: head, then signer, in the new office.
    outgoing.submit(made.actor("b-cv"), back.public_id, version=None)
    outgoing.approve_content(made.actor("b-truong"), back.public_id, version=None)
    assert ("outgoing.sign", back.subject) in waiting(made, "b-chanh")


def test_what_is_signed_and_not_issued_stands_in_the_way() -> None:
    made = offices()
    papers.signed(made, "a3")
    with pytest.raises(RuleBroken, match="Đã ký, chưa phát hành: văn bản chưa có số của Ban A3"):
        carried_out(made, proposal(made))
    assert made.agency("a3").valid_to is None
    assert made.actor("a3-vt").has_role(Role.CLERK, made.agency("a3").pk)


def test_the_intake_passes_on_and_is_registered_in_the_new_book() -> None:
    made = offices()
    paper = papers.arrived(made, "a1")
    carried_out(made, proposal(made))
    assert {kind for kind, _ in waiting(made, "b-vt")} == {"incoming.register"}
    registered = incoming.register(
        made.actor("b-vt"),
        paper.public_id,
        incoming.RegisterLine("12-BC/DM", clock.today(), "Đảng ủy xã", "bao-cao", "Báo cáo"),
        version=None,
    )
    assert registered.agency_id == made.agency("b").pk
    assert registered.arrival_number == 1
    assert ("incoming.direct", "Báo cáo") in waiting(made, "b-chanh")


def test_nothing_is_taken_in_opened_or_drafted_for_what_has_ended() -> None:
    made = offices()
    carried_out(made, proposal(made))
    clerk, author = made.actor("b-vt"), made.actor("b-cv")
    old = made.agency("a1").pk
    with pytest.raises(RuleBroken, match="đã kết thúc hoạt động"):
        incoming.receive_file(
            clerk,
            agency_id=old,
            stored=papers.store.write([b"x"]),
            media_type="application/pdf",
            file_name="x.pdf",
            page_count=1,
        )
    with pytest.raises(RuleBroken, match="đã kết thúc hoạt động"):
        dossiers.open_dossier(author, agency_id=old, code="1", title="x", retention="10")
    with pytest.raises(NotFound):
        outgoing.create_draft(
            author, organ_id=made.small.organs["a1.ban"].pk, document_type="cong-van"
        )
    assert old not in set(organization.agencies().values_list("pk", flat=True))


def test_an_open_dossier_is_kept_by_the_successor_under_its_old_code() -> None:
    made = offices()
    for key in ("a1", "a2"):
        dossiers.open_dossier(
            made.actor(f"{key}-cv"),
            agency_id=made.agency(key).pk,
            code="01.NV",
            title="Báo cáo tháng",
            retention="10",
        )
    paper = papers.registered(made, "a1")
    carried_out(made, proposal(made))
    kept = list(Dossier.objects.order_by("pk"))
    assert {one.keeper_post_id for one in kept} == {made.post("b-cv")}
    assert [one.agency_id for one in kept] == [made.agency(key).pk for key in ("a1", "a2")]
    assert dossiers.file(made.actor("b-cv"), kept[0].public_id, paper).dossier == kept[0]
    new = papers.registered(made, "b")
    assert dossiers.file(made.actor("b-cv"), kept[1].public_id, new).dossier == kept[1]


def test_copies_sent_to_what_has_ended_arrive_at_the_successor() -> None:
    made = offices()
    sent = papers.issued(made, "a1")
    delivery = Delivery.objects.get(document=sent.document)
    own = incoming.receive_copy(CARRIER, delivery)
    assert own.agency_id == made.small.agencies["dm"].pk
    carried_out(made, proposal(made))
    again = papers.issued(made, "b")
    late = Delivery.objects.get(document=again.document)
    with papers.writes_allowed():
        Delivery.objects.filter(pk=late.pk).update(recipient_agency=made.agency("a2"))
    received = incoming.receive_copy(CARRIER, Delivery.objects.get(pk=late.pk))
    assert received.agency_id == made.agency("b").pk
    assert {kind for kind, _ in waiting(made, "b-vt")} == {"incoming.register"}


def test_the_record_says_who_ended_what_by_whom_and_how_much_moved() -> None:
    made = offices()
    papers.assigned(made, "a1")
    done = carried_out(made, proposal(made))
    closed = AuditRow.objects.filter(action="organization.agency_closed")
    assert {str(row.object_id) for row in closed} == {
        str(made.agency(key).public_id) for key in OLD
    }
    row = AuditRow.objects.get(action="reorganization.carried_out")
    assert row.person_name == made.actor("quan").name
    assert dict(done.result)["Văn bản đến đang giải quyết"] == 1
    assert Reorganization.objects.get(pk=done.pk).result == done.result
