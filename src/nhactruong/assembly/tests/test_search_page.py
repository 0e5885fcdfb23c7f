"""Tìm kiếm: what fits best first, then by date, and nothing beyond one's sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhactruong.assembly import search as finding
from nhactruong.assembly.tests.busy_office import LANDSLIDE, BusyOffice
from nhactruong.assembly.tests.pages import BUDGET, words
from nhactruong.foundation.files import store
from nhactruong.foundation.search.selectors import find
from nhactruong.kernel.actor import Actor
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.commands.indexing import put_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(busy: BusyOffice) -> Callable[..., Any]:
    """The page of search that answers a person."""

    def asked(person: str, query: str, **more: str) -> Any:
        client = Client()
        client.force_login(busy.people.user(person))
        return client.get(reverse("search"), {"q": query, **more})

    return asked


def titles(hits: Sequence[finding.Hit]) -> list[str]:
    return [hit.found.title for hit in hits]


def shown(page: Any) -> list[finding.Hit]:
    """Every hit of a page, in the order it stands there."""
    return [*page.context["results"].best, *page.context["results"].hits]


@pytest.mark.parametrize("query", ["sạt lở bờ sông", "sat lo bo song", "SAT LO", "118-bc/du"])
def test_search_needs_no_accents(query: str, ask: Callable[..., Any]) -> None:
    assert LANDSLIDE in titles(shown(ask("khue", query)))


def test_the_tabs_of_search_count_what_they_list(ask: Callable[..., Any]) -> None:
    for kind in ("", "den", "di", "ho-so"):
        page = ask("suong", "sat lo", loai=kind)
        here = next(tab for tab in page.context["tabs"] if tab.current)
        assert here.count == len(shown(page)) > 0


def test_search_and_list_show_the_same_documents(busy: BusyOffice, ask: Callable[..., Any]) -> None:
    for person in ("khue", "suong", "nhan", "tram"):
        hits = shown(ask(person, "sat lo"))
        assert len(hits) == find(busy.people.actor(person), "sat lo").count()
    assert hits == []


def test_a_search_without_result_says_so(ask: Callable[..., Any]) -> None:
    said = words(ask("tram", "sat lo"))
    assert "Không tìm thấy “sat lo” trong những gì đồng chí được xem." in said


# What stands first


def test_the_exact_number_stands_first(busy: BusyOffice, ask: Callable[..., Any]) -> None:
    busy.register("later", "Trả lời văn bản 118-BC/ĐU của xã", "300-CV/ĐU")
    first, second = shown(ask("khue", "118-BC/ĐU"))
    assert (first.found.reference, first.is_exact) == ("118-BC/ĐU", True)
    assert (second.found.reference, second.is_exact) == ("300-CV/ĐU", False)


@pytest.mark.parametrize(
    "asked",
    ["77/BC", "77-BC", "77 bc", "77bc", "77-BC/ĐU", "77/bc-đu", "077-BC/ĐU", "số 77-BC/ĐU", "77"],
)
def test_a_number_is_found_however_it_is_written(
    asked: str, busy: BusyOffice, ask: Callable[..., Any]
) -> None:
    busy.register("there", "Kết quả thu ngân sách", "77-BC/ĐU")
    busy.register("other", "Kết quả rà soát các xã", "771-BC/ĐU")
    busy.register("cited", "Trả lời 77-BC/ĐU và 77 bc khác", "12-CV/ĐU")
    best = ask("khue", asked).context["results"].best
    assert best[0].found.reference == "77-BC/ĐU"
    assert "771-BC/ĐU" not in [hit.found.reference for hit in best]


def test_words_beside_a_number_narrow_it(busy: BusyOffice, ask: Callable[..., Any]) -> None:
    busy.register("there", "Kết quả thu ngân sách", "77-BC/ĐU")
    for asked in ("ngân sách 77/BC", "báo cáo 77/bc", "ngan sach 77"):
        assert titles(shown(ask("khue", asked))) == ["Kết quả thu ngân sách"]
    assert shown(ask("khue", "thủy lợi 77/BC")) == []


def test_the_title_that_says_it_stands_before_what_is_newer(
    busy: BusyOffice, ask: Callable[..., Any]
) -> None:
    busy.register("titled", "Kế hoạch sản xuất vụ đông năm 2026", "5-KH/ĐU")
    for number in range(30):
        issuer = f"Hợp tác xã vụ đông số {number}"
        busy.register(f"by-{number}", f"Việc thứ {number}", f"{number}-TB/HTX", issuer_name=issuer)
    page = ask("khue", "Vụ Đông")
    assert titles(page.context["results"].best) == ["Kế hoạch sản xuất vụ đông năm 2026"]
    assert "Khớp nhất" in words(page)
    # The list below is by date and shows nothing twice, to its last page.
    seen = [hit.found.pk for hit in shown(page)]
    while page.context["results"].older:
        page = ask("khue", "Vụ Đông", trang=page.context["results"].older)
        assert page.context["results"].best == []
        seen += [hit.found.pk for hit in page.context["results"].hits]
    assert len(seen) == len(set(seen)) == page.context["results"].total == 31
    assert seen[1:] == sorted(seen[1:], reverse=True)


def test_a_tab_holds_its_own_kind_also_above_the_list(
    busy: BusyOffice, ask: Callable[..., Any]
) -> None:
    for kind, object_type in (("den", "IncomingDocument"), ("ho-so", "Dossier")):
        hits = shown(ask("suong", "sat lo", loai=kind))
        assert {hit.found.object_type for hit in hits} == {object_type}
    assert shown(ask("khue", "118-BC/ĐU", loai="di")) == []


def test_a_number_out_of_sight_is_not_told(busy: BusyOffice, ask: Callable[..., Any]) -> None:
    for person in ("tram", "may"):
        page = ask(person, "118-BC/ĐU")
        assert shown(page) == [] and page.context["results"].total == 0


def test_too_general_a_question_is_answered_by_date(
    busy: BusyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "COUNTED", 3)
    for number in range(6):
        busy.register(f"more-{number}", f"Công văn {number}", f"{number + 400}-CV/ĐU")
    found = finding.results(busy.people.actor("khue"), "cong van")
    assert (found.best, found.counts, found.total) == ([], {}, None)
    assert titles(found.hits)[:2] == ["Công văn 5", "Công văn 4"]


# What is asked and how it is shown


def test_a_file_name_stays_as_it_is(busy: BusyOffice, ask: Callable[..., Any]) -> None:
    clerk = busy.people.actor("nhan")
    waiting = incoming.receive_file(
        clerk,
        agency_id=busy.people.agencies["tu"].pk,
        stored=store.write([b"quet"]),
        media_type="application/pdf",
        file_name="quet-tong-hop.pdf",
        page_count=1,
    )
    put_card(clerk, waiting)
    busy.register("subject", "quét mã định danh", "78-BC/ĐU")
    said = words(ask("nhan", "quet"))
    assert "quet-tong-hop.pdf" in said and "Quét mã định danh" in said


def test_too_long_a_question_is_not_asked(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("khue", "sat lo " + "x" * 193).status_code == 200
    monkeypatch.setattr(finding, "find", None)
    page = ask("khue", "sat lo " + "x" * 194)
    assert page.status_code == 422
    assert "Câu tìm dài quá 200 ký tự nên chưa tìm." in words(page)


def test_search_is_thrifty(
    busy: BusyOffice, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(busy.people.user("khue"))
    client.get(reverse("search"))
    for query in ("sat lo", "118-bc/du"):
        with django_assert_max_num_queries(BUDGET):
            assert shown(client.get(reverse("search"), {"q": query}))


@pytest.mark.parametrize("query", ["số đến 2", "so den 2"])
def test_the_number_of_arrival_is_found(query: str, ask: Callable[..., Any]) -> None:
    found = [hit for hit in shown(ask("khue", query)) if hit.found.title == LANDSLIDE]
    assert [hit.found.facts.rpartition(" · ")[2] for hit in found] == ["số đến 2"]


# Questions with very many hits


def everything_by_pages(ask: Callable[..., Any], query: str, kind: str = "") -> list[int]:
    """Keys of all hits, page after page, then the same back again: both ways must agree."""
    page, found, newer = ask("khue", query, loai=kind), [], []
    while True:
        result = page.context["results"]
        found.append([hit.found.pk for hit in [*result.best, *result.hits]])
        if not result.older:
            break
        page = ask("khue", query, loai=kind, trang=result.older)
    while page.context["results"].newer:
        page = ask("khue", query, loai=kind, trang=page.context["results"].newer)
        newer.append([hit.found.pk for hit in page.context["results"].hits])
    # The way back ends at the first page, which lists its best by date then.
    assert newer[:-1] == found[1:-1][::-1]
    return [key for keys in found for key in keys]


@pytest.mark.parametrize("steps", [1, 40, 1000])
def test_what_many_cards_hold_is_found_by_walking_and_nothing_is_lost(
    steps: int, busy: BusyOffice, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(70):
        busy.register(f"many-{number}", f"Phong trào thứ {number}", f"{number + 500}-CV/ĐU")
    counted = everything_by_pages(ask, "phong trao")
    assert len(counted) == len(set(counted)) == 70
    monkeypatch.setattr(finding, "MANY", 0)
    monkeypatch.setattr(finding, "STEPS", steps)
    walked = everything_by_pages(ask, "phong trao")
    assert sorted(walked) == sorted(counted)
    assert walked == sorted(walked, reverse=True)
    page = ask("khue", "phong trao")
    # A walk too short to fill the page counts after all.
    assert page.context["results"].total == (70 if steps == 1 else None)
    assert ("Rất nhiều kết quả, mới nhất đứng trước" in words(page)) == (steps > 1)
    for kind in ("den", "di", "ho-so"):
        assert set(everything_by_pages(ask, "phong trao", kind)) <= set(counted)
    # Nobody walks beyond what he sees.
    for person in ("tram", "may"):
        assert shown(ask(person, "phong trao")) == []


def test_what_was_expected_in_vain_is_looked_for_as_begun(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MANY", 0)
    assert LANDSLIDE in titles(shown(ask("khue", "sạt lở bờ sôn")))
    assert shown(ask("khue", "không có ở đâu cả")) == []


def test_whoever_holds_nothing_finds_nothing() -> None:
    nobody = Actor(name="Không giữ chức danh nào")
    assert finding.results(nobody, "sat lo").total == 0
