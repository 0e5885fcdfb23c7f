"""The pages that bring the modules together, as the people of a small office open them."""

from __future__ import annotations

import re
import tomllib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.assembly.act_words import WORDS
from nhactruong.assembly.environment import PROJECT_ROOT
from nhactruong.assembly.tests.busy_office import LANDSLIDE, BusyOffice
from nhactruong.assembly.tests.pages import BUDGET, words
from nhactruong.assembly.third_parties import LIBRARIES
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.thread import commands as threads
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.masterdata.reorganization.rules import Kind
from nhactruong.masterdata.reorganization.tests.offices import carried_out, offices, proposal
from nhactruong.records.incoming import selectors as incoming

pytestmark = pytest.mark.django_db


# Hộp việc


def test_the_tabs_of_the_inbox_count_what_they_list(sit: Callable[[str], Client]) -> None:
    client = sit("lam")
    for due in ("", "qua-han", "hom-nay", "tuan-nay"):
        page = client.get(reverse("workitems:inbox"), {"han": due})
        here = next(tab for tab in page.context["tabs"] if tab.current)
        assert here.count == sum(len(group.lines) for group in page.context["groups"])


def test_the_late_paper_stands_first_in_its_own_group(sit: Callable[[str], Client]) -> None:
    page = sit("lam").get(reverse("workitems:inbox"))
    first = page.context["groups"][0]
    assert (first.label, first.is_late) == ("Quá hạn", True)
    assert "Quá hạn 2 ngày" in words(page)


def test_counts_follow_the_filter_of_kind(sit: Callable[[str], Client]) -> None:
    page = sit("thu").get(reverse("workitems:inbox"), {"loai": "outgoing.sign"})
    lines = [line for group in page.context["groups"] for line in group.lines]
    assert {line.item.kind for line in lines} == {"outgoing.sign"}
    assert page.context["tabs"][0].count == len(lines)


def test_work_without_a_term_shows_no_due(sit: Callable[[str], Client]) -> None:
    page = sit("thu").get(reverse("workitems:inbox"))
    assert [group.label for group in page.context["groups"]] == ["Chưa đặt hạn"]
    assert "Chưa có hạn" not in words(page)


def test_who_serves_two_agencies_reads_for_which_the_work_is(
    sit: Callable[[str], Client],
) -> None:
    for person, said in (("khue", {"Tỉnh ủy Sông Lam"}), ("thu", {""})):
        groups = sit(person).get(reverse("workitems:inbox")).context["groups"]
        assert {line.agency for group in groups for line in group.lines} == said


def test_the_panel_shows_the_chosen_row(busy: BusyOffice, sit: Callable[[str], Client]) -> None:
    items = workitems.listed(
        busy.people.actor("suong"), workitems.InboxFilter(), today=clock.today()
    )
    chosen = items.get(object_id=busy.received["landslide"])
    address = reverse("workitems:inbox")
    page = sit("suong").get(address, {"xem": str(chosen.public_id)})
    assert page.context["peek"].line.item == chosen
    panel = sit("suong").get(
        address, {"xem": str(chosen.public_id)}, headers={"X-Requested-With": "nt-peek"}
    )
    assert LANDSLIDE in words(panel)
    assert "<html" not in panel.content.decode()


def test_a_stranger_s_row_is_not_shown_in_the_panel(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    foreign = workitems.waiting(busy.people.actor("thu")).first()
    assert foreign is not None
    page = sit("suong").get(reverse("workitems:inbox"), {"xem": str(foreign.public_id)})
    assert page.context["peek"].line.item != foreign


def test_the_inbox_is_walked_by_key(busy: BusyOffice, sit: Callable[[str], Client]) -> None:
    for number in range(60):
        busy.register(f"more-{number}", f"Công văn số {number}", f"{number + 200}-CV/ĐU")
    client = sit("khue")
    address, seen = reverse("workitems:inbox"), []
    while address:
        page = client.get(address)
        seen += [line.key for group in page.context["groups"] for line in group.lines]
        older = page.context["older_url"]
        address = reverse("workitems:inbox") + older if older else ""
    assert len(seen) == len(set(seen)) == workitems.count_waiting(busy.people.actor("khue"))


# Hôm nay


def test_the_leader_finds_the_first_document_to_sign_with_who_approved_it(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    page = sit("thu").get(reverse("today"))
    hero = page.context["now"].hero
    assert hero.line.item.object_id == busy.drafted["reply"]
    said = [check.sentence for check in hero.checks]
    assert "Chánh Văn phòng Tỉnh ủy Đỗ Minh Khuê đã duyệt lúc 07:50 hôm nay" in said
    assert any("đúng thẩm quyền Phó Bí thư" in sentence for sentence in said)
    assert all(check.is_good for check in hero.checks)
    assert hero.page_url == reverse("outgoing:page", args=[busy.drafted["reply"], 1])
    assert "Sáng nay có 1 việc chờ đồng chí" in words(page)


def test_the_urgent_document_is_the_first_to_sign(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    busy.draft("urgent", "Di dời khẩn cấp các hộ dân", urgency="urgent")
    busy.present("urgent")
    now = sit("thu").get(reverse("today")).context["now"]
    assert now.hero.line.item.object_id == busy.drafted["urgent"]
    assert now.to_sign_count == len(now.to_sign) == 2


def test_the_greeting_counts_what_the_inbox_counts(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    for person in ("thu", "khue", "lam", "suong", "nhan", "may"):
        now = sit(person).get(reverse("today")).context["now"]
        assert now.waiting == workitems.count_waiting(busy.people.actor(person))


def test_late_papers_are_those_the_register_lists_as_late(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    now = sit("thu").get(reverse("today")).context["now"]
    listed = incoming.listed(
        busy.people.actor("thu"), incoming.ListFilter(late=True), today=clock.today()
    )
    assert now.overdue_count == listed.count() == 1
    assert now.overdue[0].days == -2


def test_news_begin_with_the_afternoon_of_the_last_working_day(
    sit: Callable[[str], Client],
) -> None:
    now = sit("khue").get(reverse("today")).context["now"]
    assert now.news.heading == "Từ chiều thứ Sáu đến nay"
    assert now.news.lines[0].title == "1 văn bản đến"


def test_another_agency_hears_nothing_of_it(sit: Callable[[str], Client]) -> None:
    said = words(sit("tram").get(reverse("today")))
    assert "Sáng nay không có việc nào chờ đồng chí" in said
    assert "sạt lở" not in said


def test_technical_roles_are_sent_to_their_own_page(sit: Callable[[str], Client]) -> None:
    assert sit("quan").get(reverse("today")).headers["Location"] == reverse("administration")


# Sợi chỉ đỏ


def test_one_press_from_any_knot_shows_the_others(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    for key in (busy.received["landslide"], busy.drafted["reply"]):
        page = sit("suong").get(reverse("thread", args=[key])).context["page"]
        assert {card.object_type for card in page.knots} == {
            "IncomingDocument",
            "OutgoingDocument",
            "Dossier",
        }
        assert len(page.edges) == 2


def test_the_story_names_person_post_and_act(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    page = sit("khue").get(reverse("thread", args=[busy.received["landslide"]]))
    said = words(page)
    assert "Vào sổ Báo cáo 118-BC/ĐU, số đến 2" in said
    assert "Bút phê Báo cáo 118-BC/ĐU: giao Phòng Tổng hợp chủ trì" in said
    assert "Bùi Thị Nhạn, Văn thư" in said


def test_a_knot_out_of_sight_is_absent_and_its_story_untold(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    page = sit("nhan").get(reverse("thread", args=[busy.received["landslide"]]))
    shown = page.context["page"]
    assert [card.object_type for card in shown.knots] == ["IncomingDocument"]
    assert shown.edges == []
    assert "Hỗ trợ khẩn cấp" not in words(page)
    assert "Duyệt nội dung" not in words(page)


def test_a_thread_is_not_followed_through_a_knot_out_of_sight(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    beyond = busy.draft("beyond", "Việc nằm sau văn bản không được xem")
    khue = busy.people.actor("khue")
    hidden = ("Document", busy.received["late"])
    threads.connect_ids(khue, ("Document", busy.received["landslide"]), hidden, "implements")
    threads.connect_ids(khue, hidden, ("Document", beyond.public_id), "implements")
    knots = (
        sit("suong").get(reverse("thread", args=[busy.received["landslide"]])).context["page"].knots
    )
    assert beyond.public_id not in {card.object_id for card in knots}
    here = sit("suong").get(reverse("thread", args=[beyond.public_id])).context["page"]
    assert [card.object_id for card in here.knots] == [beyond.public_id]


def test_a_thread_that_begins_out_of_sight_does_not_exist(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    for key in (busy.received["landslide"], busy.drafted["reply"], uuid.uuid4()):
        assert sit("tram").get(reverse("thread", args=[key])).status_code == 404


def test_every_act_on_a_document_or_dossier_has_its_words(busy: BusyOffice) -> None:
    told = set(
        AuditRow.objects.filter(
            object_type__in=["IncomingDocument", "OutgoingDocument", "Document", "Dossier"]
        ).values_list("action", flat=True)
    )
    assert told <= set(WORDS)


# Quản trị, trợ giúp, mã nguồn, đăng nhập


def test_administration_exists_for_technical_roles_only(sit: Callable[[str], Client]) -> None:
    page = sit("quan").get(reverse("administration"))
    assert "Không có tín hiệu" in words(page)
    assert "sạt lở" not in words(page)
    assert sit("khue").get(reverse("administration")).status_code == 404


def test_help_speaks_of_what_the_role_does(sit: Callable[[str], Client]) -> None:
    assert "Vào sổ văn bản đến" in words(sit("nhan").get(reverse("help")))
    assert "Vào sổ văn bản đến" not in words(sit("thu").get(reverse("help")))


def test_the_licence_page_is_open_to_everybody() -> None:
    said = words(Client().get(reverse("source_code")))
    assert "GNU AGPL" in said
    assert "Tinos" in said


def test_every_declared_library_stands_on_the_licence_page() -> None:
    declared = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {re.split(r"[\[<>=]", line)[0] for line in declared["project"]["dependencies"]}
    assert names == {library.name for library in LIBRARIES}


def test_the_sign_in_page_keeps_the_name_and_says_what_is_wrong(busy: BusyOffice) -> None:
    answer = Client().post(reverse("accounts:sign_in"), {"username": "khue", "password": "sai"})
    assert answer.status_code == 422
    assert 'value="khue"' in answer.content.decode()
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in words(answer)


# Ngân sách truy vấn


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("thu", "today"),
        ("khue", "today"),
        ("suong", "today"),
        ("khue", "workitems:inbox"),
        ("khue", "search"),
        ("suong", "thread"),
        ("khue", "me"),
        ("khue", "notices"),
        ("suong", "dossiers:list"),
    ],
)
def test_pages_ask_few_questions(
    person: str,
    name: str,
    busy: BusyOffice,
    sit: Callable[[str], Client],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = sit(person)
    arguments = [busy.received["landslide"]] if name == "thread" else []
    client.get(reverse("me"))
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(reverse(name, args=arguments), {"q": "sat lo"})
    assert answer.status_code == 200


def test_who_holds_no_post_is_told_where_the_work_went(django_assert_max_num_queries: Any) -> None:
    made = offices()
    chief, mail = made.small.user("a1-chanh"), made.small.user("a1-vt")
    carried_out(made, proposal(made, Kind.DISSOLVE, old=("a1",), new=("b",)))
    client = Client()
    for person in (chief, mail):
        client.force_login(person)
        with django_assert_max_num_queries(BUDGET):
            page = words(client.get(reverse("today")))
        today = f"{clock.today():%d/%m/%Y}"
        assert f"Ban A1 Tỉnh ủy đã kết thúc hoạt động từ ngày {today}" in page
        assert "công việc do Ban B Tỉnh ủy tiếp nhận" in page
    client.force_login(made.small.user("suong"))
    assert "chức danh mới" not in words(client.get(reverse("today")))
