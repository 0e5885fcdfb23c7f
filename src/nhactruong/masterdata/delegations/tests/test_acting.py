"""A delegate acts for the post: within the scope, until the second, under both names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, NotFound
from nhactruong.kernel.states import Act, Role, Secrecy
from nhactruong.masterdata.delegations import commands as delegations
from nhactruong.masterdata.delegations.commands import Scope
from nhactruong.masterdata.delegations.tests.lent import EVERYTHING, lend
from nhactruong.masterdata.organization.models import Delegation, Holding
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming import policies as incoming_policies
from nhactruong.records.incoming.models import Direction, IncomingDocument
from nhactruong.records.incoming.tests import letters as coming
from nhactruong.records.incoming.tests.conftest import Desk
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing import policies as outgoing_policies
from nhactruong.records.outgoing.tests import letters as going

pytestmark = pytest.mark.django_db


def direct(office: SmallOffice, who: str, letter: IncomingDocument) -> IncomingDocument:
    return incoming.direct(
        office.actor(who),
        letter.public_id,
        lead=coming.desk(office, "th"),
        opinion="Xử lý trong ngày.",
        version=None,
    )


def shown_everywhere(desk: Desk, letter: IncomingDocument, page: str) -> set[bool]:
    """Whether list, page, inbox and search show the letter; all must agree."""
    words = letter.subject[1:30]
    return {
        words in desk.get("/van-ban-den/").content.decode(),
        desk.get(page).status_code == 200,
        words in desk.get("/hop-viec/").content.decode(),
        words in desk.get("/tim/", {"q": letter.reference_code}).content.decode(),
    }


def test_until_the_second_and_not_at_it(
    office: SmallOffice, sign_in: Callable[[str], Desk]
) -> None:
    """Rule 4, through every door: list, page, inbox, search, the interface, the act."""
    letter = coming.registered(office)
    page = reverse("incoming:detail", args=[letter.public_id])
    act = reverse("incoming:direct", args=[letter.public_id])
    bute = {"lead": f"unit:{office.units['th'].pk}", "opinion": "Xử lý ngay."}
    lent = lend(office)
    ends_at = lent.valid.upper
    mien = sign_in("mien")
    with clock.frozen_at(ends_at):
        assert shown_everywhere(mien, letter, page) == {False}
        assert mien.send(act, bute).status_code == 404
        assert "lent-bar" not in mien.get("/hop-viec/").content.decode()
    assert not Direction.objects.exists()
    with clock.frozen_at(ends_at - timedelta(seconds=1)):
        assert shown_everywhere(mien, letter, page) == {True}
        inbox = mien.get("/hop-viec/").content.decode()
        assert "lent-bar" in inbox
        assert "(TL. Chánh Văn phòng Tỉnh ủy)" in inbox
        assert mien.send(act, bute).status_code == 303
    with clock.frozen_at(ends_at):
        assert mien.get(page).status_code == 404


def test_every_record_of_the_act_names_both(
    office: SmallOffice, sign_in: Callable[[str], Desk]
) -> None:
    """Rule 5: `Đinh Thùy Miên (TL. Chánh Văn phòng Tỉnh ủy)` in page, thread and record."""
    letter = coming.registered(office)
    lent = lend(office)
    direct(office, "mien", letter)
    both = "(TL. Chánh Văn phòng Tỉnh ủy)"
    given = Direction.objects.get()
    assert (given.given_by, given.on_behalf_of) == (
        "Đinh Thùy Miên",
        "TL. Chánh Văn phòng Tỉnh ủy",
    )
    assert given.post_id == office.posts["khue"].pk
    assert given.given_by_title == "Chuyên viên Phòng Tổng hợp"
    part = coming.fresh(letter).handlings.get(part="lead")
    assert part.given_by == f"Đinh Thùy Miên {both}"
    row = AuditRow.objects.get(action="incoming.directed")
    assert row.on_behalf_of == "TL. Chánh Văn phòng Tỉnh ủy"
    assert row.post_id == office.posts["mien"].pk
    assert row.facts["delegation"] == str(lent.public_id)
    chief = sign_in("khue")
    page = chief.get(reverse("incoming:detail", args=[letter.public_id])).content.decode()
    assert f"Chuyên viên Phòng Tổng hợp {both}" in page
    thread = chief.get(reverse("thread", args=[letter.public_id])).content.decode()
    assert both in thread
    assert both in chief.get("/nhat-ky/").content.decode()


def test_whoever_may_act_himself_acts_in_his_own_name(office: SmallOffice) -> None:
    letter = coming.registered(office)
    lend(office, "thu", "khue")
    direct(office, "khue", letter)
    assert Direction.objects.get().on_behalf_of == ""
    assert AuditRow.objects.get(action="incoming.directed").on_behalf_of == ""


@pytest.mark.parametrize(("act", "asked"), [(Act.DIRECT, True), (Act.REVIEW, False)])
def test_the_inbox_asks_for_what_was_lent_alone(office: SmallOffice, act: Act, asked: bool) -> None:
    """Seen it is either way; what the delegate may not do does not wait for him."""
    letter = coming.registered(office)
    lend(office, scope=Scope(acts=frozenset({act})))
    waits = [
        item.kind for item in workitems.open_for_object(office.actor("mien"), letter.public_id)
    ]
    assert waits == (["incoming.direct"] if asked else [])


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        (EVERYTHING, True),
        (Scope(acts=frozenset({Act.DIRECT})), True),
        (Scope(), False),
        (Scope(acts=frozenset({Act.ASSIGN, Act.HANDLE, Act.REVIEW})), False),
        (replace(EVERYTHING, document_types=frozenset({"bao-cao"})), True),
        (replace(EVERYTHING, document_types=frozenset({"cong-van"})), False),
        (replace(EVERYTHING, highest_secrecy=Secrecy.INTERNAL), True),
    ],
)
def test_the_scope_says_which_acts(office: SmallOffice, scope: Scope, may: bool) -> None:
    """Acts and types narrow what may be done; what is outside is seen and refused."""
    letter = coming.registered(office)
    lend(office, scope=scope)
    if may:
        assert direct(office, "mien", letter).state == "directed"
        return
    with pytest.raises(AccessDenied) as refusal:
        direct(office, "mien", letter)
    assert refusal.value.line == 5
    assert IncomingDocument.objects.visible_to(office.actor("mien")).filter(pk=letter.pk).exists()


def test_a_cap_of_secrecy_hides_in_every_path_and_stops_every_act(
    office: SmallOffice, sign_in: Callable[[str], Desk]
) -> None:
    """Rule 3: nothing above the mark, though the delegate's own clearance reaches it."""
    plain = coming.registered(office)
    marked = coming.registered(
        office, coming.again(reference_code="119-BC/ĐU", subject="việc nội bộ của xã")
    )
    with writes_allowed():
        IncomingDocument.objects.filter(pk=marked.pk).update(secrecy=Secrecy.INTERNAL)
        search.SearchCard.objects.filter(object_id=marked.document_id).update(secrecy=1)
        workitems.WorkItem.objects.filter(object_id=marked.public_id).update(secrecy=1)
        search.SearchCard.objects.filter(object_id=marked.public_id).update(secrecy=1)
    lend(office, scope=replace(EVERYTHING, highest_secrecy=Secrecy.ORDINARY))
    mien = office.actor("mien")
    assert mien.clearance == Secrecy.INTERNAL
    seen = IncomingDocument.objects.visible_to(mien).values_list("pk", flat=True)
    assert set(seen) == {plain.pk}
    waiting = workitems.waiting(mien).values_list("object_id", flat=True)
    assert set(waiting) == {plain.public_id}
    assert not search.find(mien, "việc nội bộ của xã").exists()
    assert search.find(mien, plain.subject).exists()
    with pytest.raises(NotFound):
        direct(office, "mien", marked)
    page = reverse("incoming:detail", args=[marked.public_id])
    assert sign_in("mien").get(page).status_code == 404
    assert direct(office, "mien", plain).state == "directed"


def test_units_narrow_to_what_lies_with_them(office: SmallOffice) -> None:
    letter = coming.directed(office)
    lend(office, scope=replace(EVERYTHING, unit_ids=frozenset({office.units["hc"].pk})))
    assert not incoming_policies.can_direct(office.actor("mien"), letter)
    delegations.revoke_delegation(office.actor("khue"), Delegation.objects.get().public_id)
    lend(office, scope=replace(EVERYTHING, unit_ids=frozenset({office.units["th"].pk})))
    assert incoming_policies.can_direct(office.actor("mien"), coming.fresh(letter))


def test_a_heads_delegate_assigns_and_a_doers_delegate_finishes(office: SmallOffice) -> None:
    letter = coming.directed(office)
    lend(office, "lam", "mien")
    incoming.assign(
        office.actor("mien"), letter.public_id, post_id=office.posts["suong"].pk, version=None
    )
    row = AuditRow.objects.get(action="incoming.assigned")
    assert row.on_behalf_of == "TL. Trưởng phòng Tổng hợp"
    lend(office, "suong", "hanh", kind=Delegation.Kind.SUBSTITUTE)
    incoming.complete(office.actor("hanh"), letter.public_id, result="Đã xong", version=None)
    row = AuditRow.objects.get(action="incoming.completed")
    assert row.on_behalf_of == "xử lý thay Chuyên viên Phòng Tổng hợp"


def test_reviews_are_done_for_another_and_never_over_ones_own_draft(office: SmallOffice) -> None:
    """Separation of duties holds for the delegate and for whom he stands in."""
    draft = going.submitted(office)
    lend(office, "lam", "mien")
    outgoing.approve_content(office.actor("mien"), draft.public_id, version=None)
    assert (
        AuditRow.objects.get(action="outgoing.content_approved").on_behalf_of
        == "TL. Trưởng phòng Tổng hợp"
    )
    lend(office, "khue", "suong")
    with pytest.raises(AccessDenied, match="không tự duyệt"):
        outgoing.approve_form(office.actor("suong"), draft.public_id, version=None)
    lend(office, "khue", "le")
    outgoing.return_draft(office.actor("le"), draft.public_id, reason="Thiếu căn cứ", version=None)
    assert AuditRow.objects.get(action="outgoing.returned").on_behalf_of.startswith("TL. Chánh")


def test_a_head_who_drafted_is_not_reviewed_by_his_own_stand_in(office: SmallOffice) -> None:
    draft = going.drafted(office, by="lam")
    with writes_allowed():
        type(draft).objects.filter(pk=draft.pk).update(state="content_review")
    lend(office, "lam", "le")
    said = outgoing_policies.can_review(office.actor("le"), going.again(draft))
    assert (bool(said), said.code) == (False, "outgoing.own_draft")


def test_nobody_signs_numbers_or_seals_by_a_delegation(office: SmallOffice) -> None:
    """Rule 8 and rule 7: the signature is the signer's own, seal and books are never lent."""
    document = going.presented(office)
    lend(office, "thu", "khue")
    with pytest.raises(AccessDenied) as refusal:
        outgoing.open_signature(office.actor("khue"), document.public_id, version=None)
    assert refusal.value.code == "outgoing.not_the_signer"
    assert {act.value for act in Act} == {"direct", "assign", "handle", "review"}
    with pytest.raises(AccessDenied, match="giữ dấu"):
        lend(office, "nhan", "suong")


def test_what_was_lent_is_not_lent_on(office: SmallOffice) -> None:
    """Rule 2, also for who now has every act of the post."""
    lend(office)
    with pytest.raises(AccessDenied, match="không được ủy quyền tiếp"):
        delegations.delegate(
            office.actor("mien"),
            office.posts["khue"].pk,
            office.people["suong"],
            kind=Delegation.Kind.BY_ORDER,
            basis="Giấy",
            starts_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=1),
        )


@pytest.mark.parametrize("how", ["revoked", "giver_leaves", "delegate_leaves"])
def test_it_is_over_at_once(office: SmallOffice, how: str) -> None:
    letter = coming.registered(office)
    lent = lend(office)
    if how == "revoked":
        delegations.revoke_delegation(office.actor("khue"), lent.public_id)
    else:
        who = "khue" if how == "giver_leaves" else "mien"
        with writes_allowed():
            held = Holding.objects.get(person=office.people[who])
            held.valid = type(held.valid)(held.valid.lower, clock.today(), "[)")
            held.save()
    with pytest.raises(NotFound):
        direct(office, "mien", letter)


def test_a_delegate_who_reads_is_recorded_with_both_names(
    office: SmallOffice, sign_in: Callable[[str], Any]
) -> None:
    letter = coming.registered(office)
    lent = lend(office)
    sign_in("mien").get(reverse("incoming:detail", args=[letter.public_id]))
    row = AuditRow.objects.get(keep="read", person_name="Đinh Thùy Miên")
    assert row.facts["delegation"] == str(lent.public_id)
    assert row.on_behalf_of == "TL. Chánh Văn phòng Tỉnh ủy"


def test_notices_of_the_post_wait_for_its_holder(
    office: SmallOffice, sign_in: Callable[[str], Desk]
) -> None:
    """What the chief is told stays unread though his delegate presses `read all`."""
    lend(office, "khoi", "mien")
    coming.directed(office)
    sign_in("mien").send("/toi/thong-bao/")
    told = sign_in("khoi").get("/toi/thong-bao/").content.decode()
    assert "Để biết" in told
    assert "Chưa đọc" in told
    assert Role.SECRETARY not in {role for role, _ in office.actor("mien").role_reach}
