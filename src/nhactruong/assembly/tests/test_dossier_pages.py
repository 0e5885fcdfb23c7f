"""The dossier's pages, as its keeper, its readers and strangers open them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.assembly.tests.busy_office import LANDSLIDE, BusyOffice
from nhactruong.assembly.tests.pages import BUDGET, operation, words
from nhactruong.records.dossiers import commands, selectors
from nhactruong.records.dossiers.models import Dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(busy: BusyOffice) -> Dossier:
    return Dossier.objects.get(code="15.01.V")


def sent(busy: BusyOffice, **values: str) -> dict[str, Any]:
    """The form of a new dossier outside the plan."""
    return {
        "agency": str(busy.people.agencies["vptu"].pk),
        "heading": "",
        "code": "15.02.V",
        "title": "Hồ sơ hội nghị tổng kết năm 2026",
        "keeping": "years",
        "years": "10",
        **operation(),
        **values,
    }


def test_the_list_shows_the_dossiers_one_may_see(sit: Callable[[str], Client]) -> None:
    for person, count in (("suong", 1), ("khue", 1), ("luu", 1), ("nhan", 0), ("tram", 0)):
        page = sit(person).get(reverse("dossiers:list"))
        assert len(page.context["lines"]) == count, person


def test_the_list_is_filtered_by_state_and_words(sit: Callable[[str], Client]) -> None:
    client = sit("suong")
    for query, count in (
        ({"trang-thai": "open"}, 1),
        ({"trang-thai": "closed"}, 0),
        ({"tim": "sạt lở"}, 1),
        ({"tim": "hội nghị"}, 0),
    ):
        assert len(client.get(reverse("dossiers:list"), query).context["lines"]) == count


def test_an_empty_list_says_what_a_dossier_is_for_and_how_one_comes_to_be(
    sit: Callable[[str], Client],
) -> None:
    here, new = reverse("dossiers:list"), f'href="{reverse("dossiers:new")}"'
    son, nhan = sit("son").get(here), sit("nhan").get(here)
    for page in (son, nhan):
        assert "Hồ sơ gom mọi văn bản của một việc" in words(page)
    assert "Lập hồ sơ từ danh mục năm 2026" in words(son)
    # One button at the head of the page, one where the eye is.
    assert son.content.decode().count(new) == 2
    assert "Chuyên viên, Trưởng phòng hoặc lãnh đạo Văn phòng lập hồ sơ" in words(nhan)
    assert new not in nhan.content.decode()


def test_a_dossier_is_opened_outside_the_plan(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    answer = sit("mien").post(reverse("dossiers:new"), sent(busy))
    made = Dossier.objects.get(code="15.02.V")
    assert answer.headers["Location"] == reverse("dossiers:detail", args=[made.public_id])
    assert (made.retention, made.heading) == ("10", None)


def test_a_dossier_is_opened_from_a_heading_of_the_plan(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    heading = commands.enter_plan_line(
        busy.people.actor("khue"),
        agency_id=busy.people.agencies["vptu"].pk,
        year=2026,
        code="02.01.T",
        title="Hồ sơ hội nghị Ban Thường vụ",
        retention="vinh_vien",
        position=1,
    )
    client = sit("mien")
    page = client.get(reverse("dossiers:new"), {"muc": str(heading.public_id)})
    assert page.context["form"].initial["keeping"] == "vinh_vien"
    client.post(
        reverse("dossiers:new"),
        sent(busy, heading=str(heading.public_id), keeping="vinh_vien", years="", code="02.01.T"),
    )
    made = Dossier.objects.get(code="02.01.T")
    assert (made.heading, made.retention) == (heading, "vinh_vien")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"years": ""}, "Thiếu Số năm."),
        ({"title": ""}, "Thiếu Tiêu đề hồ sơ."),
        ({"code": "15.01.V"}, "Số, ký hiệu này đã dùng cho hồ sơ khác trong năm."),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    change: dict[str, str], sentence: str, busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    answer = sit("mien").post(reverse("dossiers:new"), sent(busy, **change))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="15.0' in answer.content.decode()


def test_the_clerk_opens_no_dossier(busy: BusyOffice, sit: Callable[[str], Client]) -> None:
    assert sit("nhan").get(reverse("dossiers:new")).status_code == 403
    assert "Lập hồ sơ" not in words(sit("nhan").get(reverse("dossiers:list")))


def test_an_agency_of_others_is_not_among_the_choices(
    busy: BusyOffice, sit: Callable[[str], Client]
) -> None:
    foreign = str(busy.people.agencies["dm"].pk)
    assert sit("mien").post(reverse("dossiers:new"), sent(busy, agency=foreign)).status_code == 422


def test_the_table_of_contents_lists_what_lies_in_it(
    dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    page = sit("suong").get(reverse("dossiers:detail", args=[dossier.public_id]))
    assert [card.title for _, card in page.context["contents"]] == [LANDSLIDE]
    sheet = sit("suong").get(reverse("dossiers:detail", args=[dossier.public_id]), {"in": "1"})
    assert "MỤC LỤC VĂN BẢN TRONG HỒ SƠ" in words(sheet)
    assert [row.cells["number"] for row in sheet.context["rows"]] == [1]


def test_a_reader_sees_only_the_papers_in_his_sight(
    dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    page = sit("luu").get(reverse("dossiers:detail", args=[dossier.public_id]))
    assert page.context["contents"] == []
    assert LANDSLIDE not in words(page)


def test_a_dossier_out_of_sight_does_not_exist(
    dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    client = sit("tram")
    for name in ("detail", "candidates"):
        assert client.get(reverse(f"dossiers:{name}", args=[dossier.public_id])).status_code == 404
    for name in ("file", "remove", "close"):
        answer = client.post(reverse(f"dossiers:{name}", args=[dossier.public_id]), operation())
        assert answer.status_code == 404
    assert client.get(reverse("dossiers:detail", args=[uuid.uuid4()])).status_code == 404


def test_the_picker_finds_only_what_the_person_may_see(
    dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    address = reverse("dossiers:candidates", args=[dossier.public_id])
    found = sit("suong").get(address, {"q": "sat lo"}).json()["options"]
    assert LANDSLIDE in [one["label"] for one in found]
    assert sit("luu").get(address, {"q": "sat lo"}).json()["options"] == []


def test_a_paper_is_filed_and_taken_out_again(
    busy: BusyOffice, dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    client, actor = sit("suong"), busy.people.actor("suong")
    paper = {"document": str(busy.drafted["reply"])}
    client.post(reverse("dossiers:file", args=[dossier.public_id]), paper | operation())
    assert len(selectors.contents(actor, dossier)) == 2
    client.post(reverse("dossiers:remove", args=[dossier.public_id]), paper | operation())
    assert len(selectors.contents(actor, dossier)) == 1


def test_a_paper_out_of_sight_cannot_be_filed(
    busy: BusyOffice, dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    paper = {"document": str(busy.received["new"])}
    answer = sit("suong").post(
        reverse("dossiers:file", args=[dossier.public_id]), paper | operation()
    )
    assert answer.status_code == 404


def test_nothing_chosen_is_said_on_the_same_page(
    dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    answer = sit("suong").post(reverse("dossiers:file", args=[dossier.public_id]), operation())
    assert answer.status_code == 422
    assert "Chưa chọn văn bản." in words(answer)


def test_a_closed_dossier_takes_nothing_more_and_says_why(
    busy: BusyOffice, dossier: Dossier, sit: Callable[[str], Client]
) -> None:
    client, address = sit("suong"), reverse("dossiers:detail", args=[dossier.public_id])
    client.post(
        reverse("dossiers:close", args=[dossier.public_id]),
        {"version": str(dossier.version), **operation()},
    )
    assert "Đã kết thúc" in words(client.get(address))
    answer = client.post(
        reverse("dossiers:file", args=[dossier.public_id]),
        {"document": str(busy.drafted["reply"]), **operation()},
    )
    assert answer.status_code == 403
    assert "Hồ sơ đã kết thúc nên không thêm văn bản được." in words(answer)


def test_an_empty_dossier_is_not_closed(busy: BusyOffice, sit: Callable[[str], Client]) -> None:
    empty = busy.dossier("15.03.V", "Hồ sơ chưa có văn bản")
    answer = sit("suong").post(
        reverse("dossiers:close", args=[empty.public_id]),
        {"version": str(empty.version), **operation()},
    )
    assert answer.status_code == 409
    assert "Hồ sơ chưa có văn bản nào nên chưa kết thúc được." in words(answer)


@pytest.mark.parametrize("name", ["list", "new", "detail"])
def test_dossier_pages_ask_few_questions(
    name: str,
    dossier: Dossier,
    sit: Callable[[str], Client],
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = sit("suong")
    client.get(reverse("me"))
    arguments = [dossier.public_id] if name == "detail" else []
    with django_assert_max_num_queries(BUDGET):
        assert client.get(reverse(f"dossiers:{name}", args=arguments)).status_code == 200
