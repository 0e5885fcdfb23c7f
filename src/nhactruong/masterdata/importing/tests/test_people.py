"""The list of people and posts: checked in one pass, written once, again without a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel.actor import Actor
from nhactruong.kernel.errors import AccessDenied, NotFound
from nhactruong.masterdata.importing import commands, handlers, selectors
from nhactruong.masterdata.importing.events import ListApproved, ListBroughtIn
from nhactruong.masterdata.importing.models import ImportRow
from nhactruong.masterdata.importing.policies import PROPOSING
from nhactruong.masterdata.importing.rules import State
from nhactruong.masterdata.importing.tests.files import (
    PEOPLE,
    again,
    brought_in,
    checked,
    csv_of,
    faults_of,
    person_row,
    written,
    xlsx_of,
)
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Holding, Person, Post, PostRole
from nhactruong.masterdata.organization.tests.scenarios import FOUNDER, SmallOffice, small_office

pytestmark = pytest.mark.django_db

THREE = (
    person_row("CB-1", "Lê Văn An", unit="Phòng Tổng hợp", roles="Chuyên viên; specialist@A99.01"),
    person_row("CB-2", "Trần Thị Bình", title="Phó trưởng phòng", post="vptu.phtp", rank="75"),
    person_row("CB-3", "Phạm Cường", kind="Kiêm nhiệm", until="01/01/2027"),
)


@pytest.fixture
def office(db: None) -> SmallOffice:
    return small_office()


def organization_counts() -> dict[str, int]:
    return {
        model._meta.db_table: model._default_manager.count()
        for model in apps.get_app_config("organization").get_models()
    }


def test_a_list_is_written_once_and_again_changes_nothing(office: SmallOffice) -> None:
    before = organization_counts()
    found = checked(office, PEOPLE, csv_of(PEOPLE, THREE), by="lam")
    assert (found.as_state, found.new_count, found.rows_expected) == (State.PROPOSED, 3, 3)
    assert organization_counts() == before, "a check writes nothing"
    found = written(office, found)
    assert found.as_state is State.APPLIED
    an = Holding.objects.get(person__key="CB-1")
    assert (an.post.unit, an.post.title) == (office.units["th"], "Chuyên viên")
    assert set(an.post.roles.values_list("role", "agency__key")) == {(7, "vptu"), (7, "tu")}
    second = Holding.objects.get(person__key="CB-2")
    assert (second.post.key, second.post.rank) == ("vptu.phtp", 75)
    third = Holding.objects.get(person__key="CB-3")
    assert (third.kind, third.valid.upper) == ("concurrent", date(2027, 1, 1))
    row = ImportRow.objects.get(list_import=found, number=3)
    assert (row.person, row.holding) == (second.person, second)
    handlers.write(ListApproved(import_id=found.public_id))
    after = organization_counts()
    repeated = checked(office, PEOPLE, xlsx_of(PEOPLE, THREE), by="lam")
    assert (repeated.as_state, repeated.same_count) == (State.UNCHANGED, 3)
    assert organization_counts() == after
    with pytest.raises(AccessDenied):
        commands.approve(office.actor("khue"), repeated.public_id, version=None)


def test_the_record_has_one_row_for_the_list_and_one_for_each_agency(office: SmallOffice) -> None:
    found = written(office, checked(office, PEOPLE, csv_of(PEOPLE, THREE), by="lam"))
    acts = AuditRow.objects.filter(action__startswith="importing.").order_by("pk")
    assert list(acts.values_list("action", "person_name")) == [
        ("importing.brought_in", "Vũ Ngọc Lâm"),
        ("importing.checked", "Hệ thống"),
        ("importing.approved", "Đỗ Minh Khuê"),
        ("importing.applied", "Đỗ Minh Khuê"),
        ("importing.agency_written", "Đỗ Minh Khuê"),
    ]
    applied = acts.get(action="importing.applied")
    assert (applied.facts["sha256"], applied.facts["new"]) == (found.sha256, 3)
    assert not AuditRow.objects.filter(
        action="organization.appointed", object_id__in=Person.objects.filter(
            key__startswith="CB-").values("public_id")
    ).exists()  # fmt: skip


PAST_POST_OF_OTHERS = person_row(
    "F-17", "A B", post="dm.may", since="01/01/2020", until="01/01/2021"
)
#: What is wrong → (the row, the column of the fault, words of its sentence).
WRONG: dict[str, tuple[list[str], str, str]] = {
    "no name": (person_row("F-1", ""), "full_name", "Thiếu Họ và tên"),
    "long": (person_row("F-2", "Lê " * 100), "full_name", "dài quá 200 ký tự"),
    "agency": (person_row("F-3", "Lê Ba", agency="A99.77"), "agency", "Không có cơ quan nào"),
    "reach": (person_row("F-4", "Lê Tư", agency="A99.03"), "agency", "ngoài phạm vi"),
    "unit": (person_row("F-5", "Lê Năm", unit="Phòng Lạ"), "unit", "không có đơn vị"),
    "day": (person_row("F-6", "Lê Sáu", since="31/02/2026"), "since", "Không đọc được ngày"),
    "period": (person_row("F-7", "Lê Bảy", until="01/07/2025"), "until", "phải sau ngày giữ"),
    "role": (person_row("F-8", "Lê Tám", roles="Trưởng bản"), "roles", "Không có vai trò"),
    "guarded": (person_row("F-9", "Lê Chín", roles="sysadmin"), "roles", "giao bằng phiếu thay đổi"),
    "far role": (person_row("F-10", "A B", roles="clerk@A99.03"), "roles", "ngoài phạm vi"),
    "kind": (person_row("F-11", "Lê Mười", kind="Tạm"), "kind", "Không có lựa chọn"),
    "rank": (person_row("F-12", "Lê Hai", rank="một"), "rank", "phải là số nguyên"),
    "formula": (person_row("F-13", '=HYPERLINK("http://x")'), "full_name", "công thức"),
    "unseen": (person_row("F-14", "Lê\0Văn"), "full_name", "không nhìn thấy"),
    "turned": (person_row("F-15", "Lê\u202eVăn"), "full_name", "không nhìn thấy"),
    "held": (person_row("F-16", "Lê Ba", post="vptu.khue", title="Chánh Văn phòng Tỉnh ủy"),
             "since", "Trùng thời gian với Đỗ Minh Khuê, giữ chức danh này từ 01/07/2025"),
    "name of others": (person_row("may", "Vi Thị Khác"), "full_name", "là của Vi Thị Mây"),
    "post of others": (PAST_POST_OF_OTHERS, "post", "thuộc cơ quan khác"),
    "code": (person_row("F 18", "Lê Ba"), "person", "Mã chỉ gồm"),
    "cells": ([*person_row("F-19", "Lê Ba"), "thừa"], "", "thêm 1 ô"),
}  # fmt: skip


def test_every_fault_is_named_in_one_pass_and_nothing_is_written(office: SmallOffice) -> None:
    before = organization_counts()
    rows = [*THREE, *(row for row, _, _ in WRONG.values())]
    found = checked(office, PEOPLE, csv_of(PEOPLE, rows, delimiter=";"), by="lam")
    assert (found.as_state, found.new_count) == (State.FAULTY, 3)
    said = faults_of(found)
    wrong = []
    for number, (what, (_, column, words)) in enumerate(WRONG.items(), 2 + len(THREE)):
        told = said.get(number, [])
        if len(told) != 1 or told[0][0] != column or words not in told[0][1]:
            wrong.append((what, told))
    assert wrong == []
    assert (found.faulty_count, found.fault_count) == (len(WRONG), len(WRONG))
    assert organization_counts() == before
    with pytest.raises(AccessDenied):
        commands.approve(office.actor("khue"), found.public_id, version=None)


def test_rows_of_one_file_are_compared_with_each_other(office: SmallOffice) -> None:
    rows = [
        person_row("D-1", "Lê Một", post="vptu.x", title="Lái xe"),
        person_row("D-1", "Lê Một", post="vptu.x", title="Lái xe"),
        person_row("D-2", "Lê Hai", post="vptu.x", title="Lái xe", since="01/08/2025"),
        person_row("D-1", "Lê Mốt", post="vptu.y"),
        person_row("D-3", "Lê Ba", post="vptu.y", title="Kế toán", since="01/01/2024",
                   until="01/07/2025"),
    ]  # fmt: skip
    found = checked(office, PEOPLE, csv_of(PEOPLE, rows))
    assert faults_of(found) == {
        3: [("person", "Trùng dòng 2: cùng người, cùng chức danh, cùng ngày giữ.")],
        4: [("since", "Trùng thời gian giữ chức danh với dòng 2.")],
        5: [("full_name", "Mã cán bộ này ở dòng 2 ghi họ tên khác.")],
        6: [("title", "Chức danh này ở dòng 5 ghi khác.")],
    }


def test_several_faults_of_one_row_are_all_told(office: SmallOffice) -> None:
    row = person_row("M-1", "", agency="A99.77", since="x", roles="Trưởng bản", kind="Tạm")
    found = checked(office, PEOPLE, csv_of(PEOPLE, [row]))
    assert {column for column, _ in faults_of(found)[2]} >= {"full_name", "agency", "since", "kind"}


def test_what_changes_is_told_before_and_done_after(office: SmallOffice) -> None:
    rows = [
        # The head's post passes on: whoever goes stands before whoever comes.
        person_row("lam", "Vũ Ngọc Lâm", unit="Phòng Tổng hợp", title="Trưởng phòng Tổng hợp",
                   post="vptu.lam", rank="70", until="01/09/2026"),
        person_row("mien", "Đinh Thùy Miên", unit="Phòng Tổng hợp", title="Trưởng phòng Tổng hợp",
                   post="vptu.lam", kind="Quyền", since="01/09/2026"),
        person_row("suong", "Hoàng Mai Sương", unit="vptu-hc", title="Chuyên viên chính",
                   post="vptu.suong", roles="Chuyên viên"),
        person_row("nhan", "Bùi Thị Thanh Nhạn", unit="Phòng Hành chính - Lưu trữ",
                   title="Văn thư"),
    ]  # fmt: skip
    found = checked(office, PEOPLE, csv_of(PEOPLE, rows), by="hanh")
    assert (found.new_count, found.changed_count) == (1, 3), faults_of(found)
    changes = {row.number: row.changes for row in found.rows.all()}
    assert changes[2] == [["until", "", "01/09/2026"]]
    assert changes[4] == [
        ["title", "Chuyên viên Phòng Tổng hợp", "Chuyên viên chính"],
        ["unit", "Phòng Tổng hợp", "Phòng Hành chính - Lưu trữ"],
        ["roles", "Chuyên viên; Chuyên viên@A99.01", "Chuyên viên"],
    ]
    assert changes[5] == [["full_name", "Bùi Thị Nhạn", "Bùi Thị Thanh Nhạn"]]
    written(office, found)
    post = office.posts["lam"]
    held = Holding.objects.filter(post=post).order_by("pk")
    assert [(row.person.key, row.kind) for row in held] == [("lam", "main"), ("mien", "acting")]
    roles = PostRole.objects.filter(post=office.posts["suong"], valid__endswith=None)
    assert [role.agency.key for role in roles] == ["vptu"]
    assert Post.objects.get(key="vptu.suong").unit == office.units["hc"]
    assert Person.objects.get(key="nhan").full_name == "Bùi Thị Thanh Nhạn"
    assert checked(office, PEOPLE, csv_of(PEOPLE, rows)).as_state is State.UNCHANGED


def test_a_day_of_handing_over_moves(office: SmallOffice) -> None:
    def rows(day: str) -> list[list[str]]:
        same = {"post": "vptu.x", "title": "Lái xe"}
        return [person_row("X-1", "Lê Một", until=day, **same),
                person_row("X-2", "Lê Hai", since=day, **same)]  # fmt: skip

    written(office, checked(office, PEOPLE, csv_of(PEOPLE, rows("01/03/2026"))))
    for day in ("01/02/2026", "01/05/2026"):
        found = checked(office, PEOPLE, csv_of(PEOPLE, rows(day)))
        assert found.changed_count == 2, faults_of(found)
        assert written(office, found).as_state is State.APPLIED
    assert Holding.objects.filter(post__key="vptu.x").count() == 2


def test_the_second_person_is_another_one_and_reaches_every_agency(office: SmallOffice) -> None:
    own = checked(office, PEOPLE, csv_of(PEOPLE, THREE[1:]), by="khue")
    for person in ("khue", "suong", "lam", "nhan"):
        with pytest.raises(AccessDenied):
            commands.approve(office.actor(person), own.public_id, version=None)
    for person in ("son", "quan", "khoi"):
        with pytest.raises(NotFound):
            commands.approve(office.actor(person), own.public_id, version=None)
    with writes_allowed():
        own.touched = [*own.touched, office.agencies["dm"].pk]
        own.save()
    with pytest.raises(AccessDenied, match="ngoài phạm vi"):
        commands.approve(office.actor("le"), own.public_id, version=None)


def test_nobody_gives_himself_a_post_or_a_role(office: SmallOffice) -> None:
    own = [
        person_row("suong", "Hoàng Mai Sương", title="Trưởng ban Cơ yếu"),
        person_row("mien", "Đinh Thùy Miên", unit="Phòng Tổng hợp", post="vptu.suong",
                   title="Chuyên viên Phòng Tổng hợp", rank="10", since="01/01/2020",
                   until="01/01/2021"),
        person_row("khue", "Đỗ Minh Khuê", title="Trưởng ban Tuyên giáo"),
    ]  # fmt: skip
    said = faults_of(checked(office, PEOPLE, csv_of(PEOPLE, own)))
    assert {row: [where for where, _ in told] for row, told in said.items()} == {
        2: ["person"],
        3: ["person"],
    }
    found = checked(office, PEOPLE, csv_of(PEOPLE, own[2:]))
    with pytest.raises(AccessDenied, match="về chính đồng chí"):
        commands.approve(office.actor("khue"), found.public_id, version=None)
    assert written(office, found, by="le").as_state is State.APPLIED


def test_what_others_wrote_meanwhile_stops_the_writing_and_is_named(office: SmallOffice) -> None:
    rows = [*THREE, person_row("suong", "Hoàng Mai Sương Hai", unit="Phòng Tổng hợp",
                               title="Chuyên viên Phòng Tổng hợp")]  # fmt: skip
    found = checked(office, PEOPLE, csv_of(PEOPLE, rows), by="hanh")
    assert found.changed_count == 1, faults_of(found)
    with writes_allowed():
        Person.objects.filter(key="suong").update(full_name="Hoàng Mai Sương Ba")
    organization.register_person(FOUNDER, key="CB-2", full_name="Người khác")
    before = organization_counts()
    found = written(office, found)
    assert found.as_state is State.OUTDATED
    assert "dòng 3, 5" in found.reason
    assert organization_counts() == before, "whole or nothing"
    assert [row.number for row in selectors.rows_shown(found, None, moved=True)] == [3, 5]


def test_what_slips_in_under_the_check_is_refused_by_the_database(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checked(office, PEOPLE, csv_of(PEOPLE, THREE), by="lam")
    commands.approve(office.actor("khue"), found.public_id, version=None)
    plain = organization.set_posts

    def slipping(actor: Actor, lines: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        organization.create_post(
            FOUNDER, key="vptu.phtp", agency=office.agencies["vptu"], title="x", rank=1,
            valid_from=date(2025, 7, 1),
        )  # fmt: skip
        return plain(actor, lines)

    monkeypatch.setattr(organization, "set_posts", slipping)
    handlers.write(ListApproved(import_id=found.public_id))
    monkeypatch.undo()
    assert again(found).as_state is State.OUTDATED
    assert not Person.objects.filter(key="CB-1").exists()


def test_a_check_that_died_goes_on_where_it_was(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [person_row(f"R-{n}", f"Lê Văn {n}") for n in range(1_400)]
    rows[1_200] = rows[3]
    found = brought_in(office, PEOPLE, csv_of(PEOPLE, rows))
    note, calls = commands.note_rows, []

    def dying(*args: Any, **kwargs: Any) -> bool:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return note(*args, **kwargs)

    monkeypatch.setattr(commands, "note_rows", dying)
    with pytest.raises(KeyboardInterrupt):
        handlers.check(ListBroughtIn(import_id=found.public_id))
    assert again(found).rows_checked == 1_000
    handlers.check(ListBroughtIn(import_id=found.public_id))
    found = again(found)
    assert (found.rows_checked, found.new_count, found.as_state) == (1_400, 1_399, State.FAULTY)
    assert list(faults_of(found)) == [1_202]
    handlers.check(ListBroughtIn(import_id=found.public_id))
    assert again(found).rows_checked == 1_400


def test_a_set_of_rows_costs_few_queries(
    office: SmallOffice, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    content = csv_of(PEOPLE, [person_row(f"Q-{n}", f"Lê Văn {n}") for n in range(1_000)])
    found = brought_in(office, PEOPLE, content)
    with django_assert_max_num_queries(30):
        handlers.check(ListBroughtIn(import_id=found.public_id))
    commands.approve(office.actor("khue"), found.public_id, version=None)
    with django_assert_max_num_queries(60):
        handlers.write(ListApproved(import_id=found.public_id))
    assert again(found).as_state is State.APPLIED


def test_what_is_taken_out_and_brought_in_again_changes_nothing(office: SmallOffice) -> None:
    scope = selectors.reach_of(office.actor("suong"), PROPOSING)
    lines = list(selectors.lines_of(PEOPLE, scope))
    assert len(lines) == 11
    found = checked(office, PEOPLE, csv_of(PEOPLE, lines))
    assert (found.as_state, found.same_count) == (State.UNCHANGED, 11), faults_of(found)


def test_what_administers_and_what_sees_documents_never_meet_in_one_hand(
    office: SmallOffice,
) -> None:
    """A list gives the administrator no desk, nor a desk's holder the administrator's post."""
    kept = office.people["quan"]
    desk = person_row(
        kept.key, kept.full_name, unit="Phòng Tổng hợp", kind="Kiêm nhiệm", roles="Chuyên viên"
    )
    other = person_row(kept.key, kept.full_name, title="Trưởng ban Văn nghệ", kind="Kiêm nhiệm")
    said = faults_of(checked(office, PEOPLE, csv_of(PEOPLE, [desk, other]), by="lam"))
    assert {row: [where for where, _ in told] for row, told in said.items()} == {2: ["person"]}
    assert "không xem văn bản" in said[2][0][1]
