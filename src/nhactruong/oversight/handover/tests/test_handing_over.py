"""Somebody leaves: everything has a receiver, on the day, by two persons; nothing is orphaned."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from nhactruong.foundation.access.rules import post_token
from nhactruong.foundation.notices.models import Notice
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.kernel.actor import service_actor
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.states import Role
from nhactruong.masterdata.delegations.tests.lent import lend
from nhactruong.masterdata.organization.models import Delegation, Holding
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.oversight.handover import commands, rules
from nhactruong.oversight.handover.commands import Receiving
from nhactruong.oversight.handover.models import HandOver
from nhactruong.oversight.handover.rules import Burden, State
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters as coming
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.tests import letters as going

HOUSEKEEPER = service_actor("messenger", "Hệ thống")
NOTHING = Burden("Chuyên viên", 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("burden", "successor", "receiver", "left"),
    [
        (NOTHING, False, False, 0),
        (Burden("X", 1, 0, 0, 0), False, False, 1),
        (Burden("X", 0, 1, 0, 0), False, False, 1),
        (Burden("X", 0, 0, 1, 0), False, False, 1),
        (Burden("X", 3, 1, 1, 0), False, True, 0),
        (Burden("X", 3, 1, 1, 2), False, True, 1),
        (Burden("X", 0, 0, 0, 0, ("Văn thư",)), False, True, 1),
        (Burden("X", 0, 0, 0, 0, (), True), False, True, 1),
        (Burden("X", 3, 1, 1, 2, ("Văn thư",), True), True, False, 0),
    ],
)
def test_what_would_be_left_to_nobody(
    burden: Burden, successor: bool, receiver: bool, left: int
) -> None:
    said = list(rules.orphans(burden, has_successor=successor, has_receiver=receiver))
    assert len(said) == left


def propose(
    office: SmallOffice,
    leaver: str | None,
    *receiving: Receiving,
    by: str = "lam",
    in_days: int = 0,
) -> HandOver:
    return commands.propose(
        office.actor(by),
        agency_id=office.agencies["vptu"].pk,
        person=office.people[leaver] if leaver else None,
        on=clock.today() + timedelta(days=in_days),
        basis="Quyết định số 45-QĐ/VPTU",
        receiving=receiving,
    )


def carried_out(office: SmallOffice, made: HandOver, by: str = "khue") -> HandOver:
    return commands.approve(office.actor(by), made.public_id, version=None)


def held(office: SmallOffice, person: str) -> set[int]:
    today = Holding.objects.filter(person=office.people[person], valid__contains=clock.today())
    return set(today.values_list("post_id", flat=True))


def desks() -> list[tuple[int, bool]]:
    """Before whom each piece of the papers' work is or was."""
    rows = WorkItem.objects.exclude(kind="handover.decide").order_by("pk")
    return list(rows.values_list("token", "is_open"))


def desk_of_suong(office: SmallOffice) -> tuple[IncomingDocument, OutgoingDocument, Dossier]:
    """A letter to handle, a draft in her hands, an open dossier."""
    letter = coming.assigned(office)
    draft = going.drafted(office)
    dossier = dossiers.open_dossier(
        office.actor("suong"),
        agency_id=office.agencies["vptu"].pk,
        code="01.TH",
        title="Hồ sơ sạt lở",
        retention="10",
    )
    return letter, draft, dossier


@pytest.mark.django_db
def test_a_successor_takes_the_post_and_nothing_moves(office: SmallOffice) -> None:
    letter, draft, dossier = desk_of_suong(office)
    post = office.posts["suong"].pk
    before = desks()
    lend(office, "suong", "hanh")
    lend(office, "lam", "suong")
    made = propose(office, "suong", Receiving(post, successor_id=office.people["luu"].pk))
    assert held(office, "suong") == {post}  # proposed is not done
    done = carried_out(office, made)
    assert done.state == State.CARRIED_OUT
    assert held(office, "suong") == set()
    assert post in held(office, "luu")
    assert (
        list(
            WorkItem.objects.exclude(kind="handover.decide")
            .order_by("pk")
            .values_list("token", "is_open")
        )
        == before
    )
    incoming.complete(office.actor("luu"), letter.public_id, result="Xong", version=None)
    saved = outgoing.submit(office.actor("luu"), draft.public_id, version=None)
    assert saved.state == "content_review"
    assert Dossier.objects.visible_to(office.actor("luu")).filter(pk=dossier.pk).exists()
    assert not Delegation.objects.filter(revoked_at=None).exists()
    suong = office.actor("suong")
    assert (suong.posts, suong.lent) == ((), ())
    assert not IncomingDocument.objects.visible_to(suong).exists()


@pytest.mark.django_db
def test_work_goes_to_another_post_and_some_of_it_apart(office: SmallOffice) -> None:
    letter, draft, dossier = desk_of_suong(office)
    other = coming.assigned(office, coming.again(reference_code="120-BC/ĐU"))
    suong, mien, luu = (office.posts[key].pk for key in ("suong", "mien", "luu"))
    made = propose(
        office,
        "suong",
        Receiving(suong, receiver_id=mien, apart={str(other.public_id): luu}),
    )
    done = carried_out(office, made)
    assert done.parts.get().moved == 4
    assert not WorkItem.objects.filter(is_open=True, token=post_token(suong)).exists()
    incoming.complete(office.actor("mien"), letter.public_id, result="Xong", version=None)
    incoming.complete(office.actor("luu"), other.public_id, result="Xong", version=None)
    with pytest.raises(NotFound):
        incoming.complete(office.actor("mien"), other.public_id, result="Xong", version=None)
    sent = outgoing.submit(office.actor("mien"), draft.public_id, version=None)
    assert sent.drafter_person_id == office.people["mien"].pk
    assert Dossier.objects.get(pk=dossier.pk).keeper_post_id == mien
    assert held(office, "suong") == set()


@pytest.mark.django_db
def test_a_post_is_relieved_and_its_holder_stays(office: SmallOffice) -> None:
    letter, _, _ = desk_of_suong(office)
    suong, mien = office.posts["suong"].pk, office.posts["mien"].pk
    made = propose(office, None, Receiving(suong, receiver_id=mien), by="quan")
    carried_out(office, made)
    assert held(office, "suong") == {suong}
    with pytest.raises(AccessDenied):
        incoming.complete(office.actor("suong"), letter.public_id, result="Xong", version=None)
    incoming.complete(office.actor("mien"), letter.public_id, result="Xong", version=None)


@pytest.mark.django_db
def test_a_text_under_review_keeps_its_author(office: SmallOffice) -> None:
    """Else the head who takes it over would be barred, or approve what he did not write."""
    draft = going.submitted(office)
    made = propose(
        office,
        "suong",
        Receiving(office.posts["suong"].pk, receiver_id=office.posts["mien"].pk),
        by="le",
    )
    carried_out(office, made)
    now = going.again(draft)
    assert now.drafter_person_id == office.people["suong"].pk
    assert now.drafter_post_id == office.posts["mien"].pk


@pytest.mark.django_db
def test_what_would_be_orphaned_is_refused_with_what_it_is(office: SmallOffice) -> None:
    desk_of_suong(office)
    with pytest.raises(RuleBroken, match="còn việc đang mở") as refusal:
        propose(office, "suong", Receiving(office.posts["suong"].pk))
    assert refusal.value.code == "handover.orphaned"
    coming.received(office, coming.again(reference_code="121-BC/ĐU"))
    with pytest.raises(RuleBroken, match="duy nhất giữ vai trò Văn thư"):
        propose(
            office,
            "nhan",
            Receiving(office.posts["nhan"].pk, receiver_id=office.posts["mien"].pk),
            by="le",
        )
    going.presented(office)
    with writes_allowed():
        WorkItem.objects.filter(kind="outgoing.sign").update(
            token=post_token(office.posts["lam"].pk)
        )
    with pytest.raises(RuleBroken, match="1 văn bản chờ ký"):
        propose(
            office,
            "lam",
            Receiving(office.posts["lam"].pk, receiver_id=office.posts["mien"].pk),
            by="le",
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("by", "leaver", "error"),
    [("mien", "suong", AccessDenied), ("hanh", "suong", AccessDenied), ("quan", "suong", None)],
)
def test_who_may_propose(
    office: SmallOffice, by: str, leaver: str, error: type[Exception] | None
) -> None:
    receiving = Receiving(office.posts[leaver].pk, successor_id=office.people["luu"].pk)
    if error is None:
        assert propose(office, leaver, receiving, by=by).state == State.ASKED
        return
    with pytest.raises(error) as refusal:
        propose(office, leaver, receiving, by=by)
    assert refusal.value.line == 25  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_two_persons_and_neither_who_receives(office: SmallOffice) -> None:
    suong = office.posts["suong"].pk
    own = propose(office, "suong", Receiving(suong, successor_id=office.people["le"].pk), by="khue")
    for who, said in (("khue", "không tự duyệt"), ("le", "Người nhận chức danh")):
        with pytest.raises(AccessDenied, match=said):
            carried_out(office, own, who)
    with pytest.raises(NotFound):
        carried_out(office, own, "mien")
    with pytest.raises(IntegrityError), transaction.atomic(), writes_allowed():
        HandOver.objects.filter(pk=own.pk).update(decided_person_id=own.asked_person_id)
    with pytest.raises(RuleBroken, match="chưa xong"):
        propose(office, "suong", Receiving(suong, successor_id=office.people["luu"].pk))
    commands.withdraw(office.actor("khue"), own.public_id)
    again = propose(office, "suong", Receiving(suong, successor_id=office.people["luu"].pk))
    with pytest.raises(InvalidInput):
        commands.refuse(office.actor("le"), again.public_id, reason=" ", version=None)
    commands.refuse(office.actor("le"), again.public_id, reason="Chưa có quyết định", version=None)
    assert held(office, "suong") == {suong}
    assert not WorkItem.objects.filter(kind="handover.decide", is_open=True).exists()


@pytest.mark.django_db
def test_it_is_done_on_its_day_and_not_before(office: SmallOffice) -> None:
    suong = office.posts["suong"].pk
    made = propose(
        office, "suong", Receiving(suong, successor_id=office.people["luu"].pk), in_days=2
    )
    assert carried_out(office, made).state == State.APPROVED
    assert commands.carry_out_due(HOUSEKEEPER) == 0
    assert held(office, "suong") == {suong}
    the_day = datetime.combine(made.on, time(0, 10), clock.OFFICE_ZONE)
    with clock.frozen_at(the_day):
        assert commands.carry_out_due(HOUSEKEEPER) == 1
        assert commands.carry_out_due(HOUSEKEEPER) == 0
        assert held(office, "suong") == set()
        assert suong in held(office, "luu")


@pytest.mark.django_db
def test_what_is_no_longer_right_on_the_day_is_held_back_and_told(office: SmallOffice) -> None:
    """Nothing waited when it was approved; since then work came, and nobody would receive it."""
    suong = office.posts["suong"].pk
    made = propose(office, "suong", Receiving(suong), in_days=2)
    carried_out(office, made)
    coming.assigned(office)
    with clock.frozen_at(datetime.combine(made.on, time(0, 10), clock.OFFICE_ZONE)):
        assert commands.carry_out_due(HOUSEKEEPER) == 0
        assert held(office, "suong") == {suong}
    now = HandOver.objects.get(pk=made.pk)
    assert now.state == State.REFUSED
    assert "Chưa thực hiện được" in now.decision_reason
    told = Notice.objects.filter(kind="handover.held_back").values_list("token", flat=True)
    assert post_token(office.posts["lam"].pk) in set(told)


@pytest.mark.django_db
def test_nothing_is_given_to_a_post_that_only_administers_or_is_vacant(office: SmallOffice) -> None:
    suong = office.posts["suong"].pk
    desk_of_suong(office)
    with pytest.raises(NotFound):
        propose(office, "suong", Receiving(suong, receiver_id=office.posts["quan"].pk))
    with pytest.raises(NotFound):
        propose(office, "suong", Receiving(suong, receiver_id=office.posts["may"].pk))
    carried_out(
        office,
        propose(
            office,
            "mien",
            Receiving(office.posts["mien"].pk, receiver_id=office.posts["luu"].pk),
        ),
    )
    with pytest.raises(RuleBroken, match="hiện không có người"):
        propose(office, "suong", Receiving(suong, receiver_id=office.posts["mien"].pk))
    assert Role.SYSADMIN not in {role for role, _ in office.actor("luu").role_reach}


@pytest.mark.django_db
def test_who_administers_takes_up_no_post_that_sees_documents(office: SmallOffice) -> None:
    """Source: security.md 8 (administrators never see content)."""
    suong = office.posts["suong"].pk
    with pytest.raises(RuleBroken, match="không xem văn bản"):
        propose(office, "suong", Receiving(suong, successor_id=office.people["quan"].pk))
    assert not HandOver.objects.exists()
