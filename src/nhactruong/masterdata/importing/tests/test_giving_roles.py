"""A list that gives roles is no weaker door than a change order: who brings it in, who approves it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, NotFound
from nhactruong.masterdata.importing import commands
from nhactruong.masterdata.importing.models import ListImport
from nhactruong.masterdata.importing.rules import KINDS, State
from nhactruong.masterdata.importing.tests.files import (
    PEOPLE,
    also_leads,
    checked,
    csv_of,
    faults_of,
    person_row,
    written,
)
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Agency, Holding
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SmallOffice, small_office

pytestmark = pytest.mark.django_db

MIEN = {"unit": "Phòng Tổng hợp", "title": "Chuyên viên Phòng Tổng hợp", "post": "vptu.mien"}
#: A colleague made secretary of Tỉnh ủy; a new post that sees documents.
SECRETARY = person_row("mien", "Đinh Thùy Miên", **MIEN, roles="Chuyên viên; Bí thư@A99.01")
DESK = person_row("CB-1", "Lê Văn An", unit="Phòng Hành chính - Lưu trữ", roles="Chuyên viên")
#: The head of the unit gets the role of the second in the office.
HEAD = person_row("lam", "Vũ Ngọc Lâm", unit="Phòng Tổng hợp", title="Trưởng phòng Tổng hợp",
                  post="vptu.lam", roles="Trưởng phòng; Trưởng phòng@A99.01; Phó Chánh Văn phòng")  # fmt: skip


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


def listed(office: SmallOffice, *rows: list[str], by: str) -> ListImport:
    return checked(office, PEOPLE, csv_of(PEOPLE, rows), by=by)


def asked(office: SmallOffice, found: ListImport) -> set[str]:
    """In whose inbox the list waits."""
    return {
        person
        for person in office.people
        if workitems.open_for_object(office.actor(person), found.public_id)
    }


@pytest.mark.parametrize("by", ["suong", "nhan", "le"])
def test_a_specialist_a_clerk_a_deputy_give_no_role_by_list(office: SmallOffice, by: str) -> None:
    plain = person_row("CB-2", "Trần Thị Bình")
    found = listed(office, SECRETARY, DESK, plain, by=by)
    said = faults_of(found)
    assert found.as_state is State.FAULTY
    assert {row: [where for where, _ in told] for row, told in said.items()} == {
        2: ["roles"],
        3: ["roles"],
    }
    assert all("Vai trò do trưởng phòng, Chánh Văn phòng" in said[row][0][1] for row in (2, 3))
    # Without roles, with the roles that are, or with fewer, such a list goes its way.
    fewer = person_row("mien", "Đinh Thùy Miên", **MIEN, roles="Chuyên viên")
    may_go = listed(office, fewer, plain, by=by)
    assert (may_go.as_state, may_go.gives_roles) == (State.PROPOSED, False), faults_of(may_go)


def test_the_chief_approves_it_a_deputy_is_refused_and_not_asked(office: SmallOffice) -> None:
    also_leads(office, "hanh", "th")
    found = listed(office, HEAD, DESK, by="hanh")
    assert (found.as_state, found.gives_roles) == (State.PROPOSED, True), faults_of(found)
    assert asked(office, found) == {"khue"}
    for act in (
        lambda who: commands.approve(who, found.public_id, version=None),
        lambda who: commands.refuse(who, found.public_id, reason="Thôi", version=None),
    ):
        with pytest.raises(AccessDenied, match=r"giao vai trò\. Chánh Văn phòng") as refusal:
            act(office.actor("le"))
        assert refusal.value.line == 25
    assert written(office, found, by="khue").as_state is State.APPLIED


def test_who_gains_does_not_decide_and_the_chief_above_does(office: SmallOffice) -> None:
    vptu, tu = office.agencies["vptu"], office.agencies["tu"]
    with writes_allowed():
        Agency.objects.filter(pk=office.agencies["dm"].pk).update(parent=tu)
    # The chief of the commune himself brings it in: the one above is asked, and reads it.
    desk = person_row("CB-9", "Lò Văn Chín", agency="A99.03", roles="Chuyên viên")
    found = checked(office, PEOPLE, csv_of(PEOPLE, [desk]), by="son", agency="dm")
    assert (found.as_state, found.gives_roles) == (State.PROPOSED, True), faults_of(found)
    assert asked(office, found) == {"khue"}
    # Where the inbox leads the index leads too, and nobody else.
    for who, shown in (("khue", True), ("son", True), ("le", False), ("suong", False)):
        client = Client()
        client.force_login(office.user(who))
        index = client.get(reverse("importing:list")).content.decode()
        address = reverse("importing:detail", args=[found.public_id])
        assert (address in index) is shown, who
        assert client.get(address).status_code == (200 if shown else 404), who
    with pytest.raises(NotFound):
        commands.approve(office.actor("le"), found.public_id, version=None)
    with pytest.raises(AccessDenied, match="không tự duyệt"):
        commands.approve(office.actor("son"), found.public_id, version=None)
    assert written(office, found, by="khue").as_state is State.APPLIED
    # What gives the chief himself a role he does not approve; nobody stands above here.
    own = person_row("khue", "Đỗ Minh Khuê", unit="Phòng Hành chính - Lưu trữ",
                     title="Trưởng ban Biên tập", roles="Chuyên viên")  # fmt: skip
    about = listed(office, own, by="hanh")
    for who, words in (("khue", "về chính đồng chí"), ("le", "Chánh Văn phòng")):
        with pytest.raises(AccessDenied, match=words):
            commands.approve(office.actor(who), about.public_id, version=None)
    assert vptu.parent_id is None


def test_who_no_longer_leads_when_it_is_written_has_given_nothing(office: SmallOffice) -> None:
    found = listed(office, DESK, by="hanh")
    held = Holding.objects.get(person=office.people["hanh"], valid__endswith=None)
    organization.end_holding(FOUNDER, held.person, held.post, on=clock.today())
    found = written(office, found)
    assert found.as_state is State.OUTDATED
    moved = found.rows.get(has_moved=True)
    assert "Vai trò do trưởng phòng" in moved.faults[0][1]
    assert not Holding.objects.filter(
        person__key="CB-1", valid__contains=clock.today() - timedelta(days=1)
    ).exists()


def test_a_head_gives_roles_in_his_own_unit_only(office: SmallOffice) -> None:
    """As with change orders; neither by moving a post to the unit nor by filling one outside it."""
    moved = person_row("suong", "Hoàng Mai Sương", unit="Phòng Hành chính - Lưu trữ",
                       title="Chuyên viên", post="vptu.suong",
                       roles="Chuyên viên; Chuyên viên@A99.01; Trưởng phòng")  # fmt: skip
    loose = person_row("CB-3", "Phạm Cường", roles="Chuyên viên")
    filled = person_row("CB-4", "Lý Thị Dung", unit="Phòng Tổng hợp", post="vptu.lam",
                        title="Trưởng phòng Tổng hợp", since="01/01/2030")  # fmt: skip
    held = Holding.objects.get(person=office.people["lam"], valid__endswith=None)
    organization.end_holding(FOUNDER, held.person, held.post, on=clock.today())
    said = faults_of(listed(office, SECRETARY, DESK, moved, loose, filled, by="hanh"))
    assert {row: [where for where, _ in told] for row, told in said.items()} == {
        row: ["roles"] for row in (2, 4, 5, 6)
    }
    assert all("trong đơn vị mình" in told[0][1] for told in said.values())
    found = listed(office, DESK, by="hanh")
    assert (found.as_state, found.gives_roles) == (State.PROPOSED, True), faults_of(found)


def test_a_vacant_post_gives_what_it_carries(office: SmallOffice) -> None:
    """Coming into a post that carries roles is gaining them: the same people decide."""
    held = Holding.objects.get(person=office.people["thu"], valid__endswith=None)
    organization.end_holding(FOUNDER, held.person, held.post, on=clock.today())
    row = person_row("suong2", "Hoàng Thị Sương", agency="A99.01", title=held.post.title,
                     post=held.post.key, since=f"{clock.today():%d/%m/%Y}")  # fmt: skip
    with writes_allowed():
        Agency.objects.filter(pk=office.agencies["tu"].pk).update(parent=office.agencies["vptu"])
    for by in ("mien", "le"):
        said = faults_of(listed(office, row, by=by))
        assert [where for where, _ in said[2]] == ["roles"], said
    found = listed(office, row, by="khue")
    assert (found.as_state, found.gives_roles) == (State.PROPOSED, True), faults_of(found)
    with pytest.raises(AccessDenied, match="giao vai trò"):
        commands.approve(office.actor("le"), found.public_id, version=None)
    # What is over already gives nothing.
    past = row[:]
    past[KINDS[PEOPLE].keys.index("since")] = "01/01/2020"
    past[KINDS[PEOPLE].keys.index("until")] = "01/01/2021"
    assert listed(office, past, by="mien").gives_roles is False


def test_no_list_puts_anybody_into_a_post_of_administrators(office: SmallOffice) -> None:
    held = Holding.objects.get(person=office.people["quan"], valid__endswith=None)
    organization.end_holding(FOUNDER, held.person, held.post, on=clock.today())
    row = person_row("mien", "Đinh Thùy Miên", title=held.post.title, post=held.post.key,
                     unit=held.post.unit.name if held.post.unit else "",
                     since=f"{clock.today():%d/%m/%Y}")  # fmt: skip
    said = faults_of(listed(office, row, by="hanh"))
    assert any("phiếu thay đổi" in words for _, words in said[2]), said
