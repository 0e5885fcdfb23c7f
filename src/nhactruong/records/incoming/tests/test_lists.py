"""Văn bản đến as list and register: filters, pages, columns, print, export."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhactruong.foundation.access import base
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.incoming import commands
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters
from nhactruong.records.incoming.tests.conftest import Desk
from nhactruong.records.incoming.views import lists
from nhactruong.records.incoming.views.lists import escaped

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Desk]
LIST = "/van-ban-den/"
BOOK = "/van-ban-den/so/"


def exported(desk: Desk, **query: str) -> list[list[str]]:
    answer: Any = desk.get(BOOK, {"xuat": "csv", **query})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def three(office: SmallOffice) -> SmallOffice:
    """Three letters of Tỉnh ủy: a directed report, a late submission, one to come; one of another."""
    letters.directed(office)
    late = letters.again(
        reference_code="31-TTr/ĐU", kind="to-trinh", subject="xin chủ trương di dời"
    )
    with clock.frozen_at(clock.now() - timedelta(days=40)):
        letters.registered(
            office,
            late,
            due_on=clock.today() + timedelta(days=3),
            issued_on=clock.today(),
        )
    letters.registered(
        office, letters.again(reference_code="45-GM/ĐU", kind="giay-moi", subject="mời họp")
    )
    letters.registered(office, clerk="thao", agency="dm")
    return office


@pytest.mark.parametrize("narrow", [True, False])
def test_a_register_runs_by_number_in_whatever_order_the_files_came(
    office: SmallOffice, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, narrow: bool
) -> None:
    monkeypatch.setattr(base, "is_narrow", lambda *_: narrow)
    monkeypatch.setattr(lists, "ROWS", 2)
    codes = [f"{n}-BC/ĐU" for n in (1, 2, 3, 4)]
    waiting = [letters.received(office, letters.again(reference_code=code)) for code in codes]
    for place in (2, 0, 3, 1):
        commands.register(
            office.actor("nhan"),
            waiting[place].public_id,
            letters.line_of(reference_code=codes[place]),
            version=None,
        )
    nhan, tu = sign_in("nhan"), str(office.agencies["tu"].pk)
    for url in (LIST, BOOK):
        first = nhan.get(url, {"co-quan": tu}).content.decode()
        older = re.search(r'href="(\?[^"]*trang=[^"]+)" rel="next"', first)
        assert older
        second = nhan.get(url + html.unescape(older[1])).content.decode()
        assert (codes_on(first), codes_on(second)) == (["4", "3"], ["2", "1"])
        newer = re.search(r'href="(\?[^"]*trang=[^"]+)" rel="prev"', second)
        assert newer
        assert codes_on(nhan.get(url + html.unescape(newer[1])).content.decode()) == ["4", "3"]
    assert [row[1] for row in exported(nhan, **{"co-quan": tu})[1:]] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, {"118-BC/ĐU", "31-TTr/ĐU", "45-GM/ĐU"}),
        ({"loai": "to-trinh"}, {"31-TTr/ĐU"}),
        ({"trang-thai": "directed"}, {"118-BC/ĐU"}),
        ({"qua-han": "1"}, {"31-TTr/ĐU"}),
        ({"q": "xin chu truong"}, {"31-TTr/ĐU"}),
        ({"q": "mac van tram moi hop"}, {"45-GM/ĐU"}),
        ({"thang": f"{clock.today() - timedelta(days=40):%Y-%m}"}, {"31-TTr/ĐU"}),
        ({"ngay": f"{clock.today():%d/%m/%Y}"}, {"118-BC/ĐU", "45-GM/ĐU"}),
        (
            {"ngay": "không phải ngày", "loai": "lạ", "thang": "2026"},
            {"118-BC/ĐU", "31-TTr/ĐU", "45-GM/ĐU"},
        ),
        ({"q": "không có gì"}, set()),
    ],
)
def test_each_filter_keeps_what_it_says(
    three: SmallOffice, sign_in: SignIn, query: dict[str, str], codes: set[str]
) -> None:
    del three
    page = sign_in("khue").get(LIST, query).content.decode()
    found = {code for code in ("118-BC/ĐU", "31-TTr/ĐU", "45-GM/ĐU") if code in page}
    assert found == codes
    assert f"{len(codes)} văn bản" in page


def test_active_filters_are_tags_that_can_be_taken_away(
    three: SmallOffice, sign_in: SignIn
) -> None:
    del three
    page = sign_in("khue").get(LIST, {"loai": "to-trinh", "qua-han": "1"}).content.decode()
    assert "Bỏ lọc Tờ trình" in page
    assert 'href="?loai=to-trinh"' in page
    assert 'href="?qua-han=1"' in page
    nothing = sign_in("khue").get(LIST, {"q": "xyz"}).content.decode()
    assert "Không có văn bản nào khớp bộ lọc." in nothing


def test_nobody_lists_what_he_may_not_see(three: SmallOffice, sign_in: SignIn) -> None:
    del three
    for person in ("quan", "suong"):
        page = sign_in(person).get(LIST).content.decode()
        assert "0 văn bản" in page
    assert "31-TTr/ĐU" not in sign_in("thao").get(LIST).content.decode()


def codes_on(page: str) -> list[str]:
    body = page[page.index("<tbody>") :]
    return re.findall(r'row-cell-link" href="[^"]+">(\d+)</a>', body)


@pytest.mark.parametrize("url", [LIST, BOOK])
def test_pages_are_walked_there_and_back(
    three: SmallOffice, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    del three
    monkeypatch.setattr(lists, "ROWS", 2)
    khue = sign_in("khue")
    first = khue.get(url).content.decode()
    older = re.search(r'href="(\?[^"]*trang=[^"]+)" rel="next"', first)
    assert older
    second = khue.get(url + html.unescape(older[1])).content.decode()
    newer = re.search(r'href="(\?[^"]*trang=[^"]+)" rel="prev"', second)
    assert newer
    assert (codes_on(first), codes_on(second)) == (["3", "1"], ["2"])
    assert codes_on(khue.get(url + html.unescape(newer[1])).content.decode()) == ["3", "1"]
    assert khue.get(url, {"trang": "hong"}).status_code == 422


def test_the_chosen_columns_are_remembered_and_the_filter_stays(
    three: SmallOffice, sign_in: SignIn
) -> None:
    del three
    khue = sign_in("khue")
    here = f"http://testserver{LIST}?loai=bao-cao"
    answer = khue.get(f"{LIST}?cot=number&cot=subject&cot=issuer&cot=la", headers={"Referer": here})
    assert (answer.status_code, answer["Location"]) == (303, f"{LIST}?loai=bao-cao")
    page = khue.get(LIST).content.decode()
    heads = page[page.index("<thead>") : page.index("</thead>")]
    assert 'col-off">Hạn' in heads
    assert 'class="">Cơ quan ban hành' in heads


def test_the_register_is_of_one_agency_and_has_the_ten_columns(
    three: SmallOffice, sign_in: SignIn
) -> None:
    letters.registered(three, letters.again(reference_code="7-CV/ĐU"), agency="vptu")
    nhan = sign_in("nhan")
    page = nhan.get(BOOK).content.decode()
    assert "7-CV/ĐU" not in page
    heads = page[page.index("<thead>") : page.index("</thead>")]
    assert heads.count("<th ") == 10
    own = nhan.get(BOOK, {"co-quan": three.agencies["vptu"].pk}).content.decode()
    assert "7-CV/ĐU" in own
    assert "118-BC/ĐU" not in own


def test_what_was_sent_back_is_in_the_list_but_not_in_the_register(
    office: SmallOffice, sign_in: SignIn
) -> None:
    waiting = letters.received(office, read=False)
    commands.return_to_sender(
        office.actor("nhan"), waiting.public_id, reason="Gửi nhầm", version=None
    )
    nhan = sign_in("nhan")
    assert (
        "Trả lại nơi gửi" in nhan.get(LIST, {"trang-thai": "returned_to_sender"}).content.decode()
    )
    assert waiting.file_name not in nhan.get(BOOK).content.decode()


def test_the_print_runs_from_the_first_number_and_is_closed(
    three: SmallOffice, sign_in: SignIn
) -> None:
    del three
    page = sign_in("nhan").get(BOOK, {"in": "1"}).content.decode()
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in page
    assert "TỈNH ỦY SÔNG LAM" in page
    assert "Sổ này có 3 văn bản, từ số" in page
    assert page.index("31-TTr/ĐU") < page.index("45-GM/ĐU")
    assert AuditRow.objects.filter(action="incoming.register_exported").count() == 1


def print_head_of(page: str) -> str:
    head = page[page.index('<div class="print-head">') :]
    return re.sub(r"<[^>]+>|\s+", " ", head[: head.index("<table")])


def test_a_printed_list_says_whose_it_is_for_when_and_by_which_filter(
    three: SmallOffice, sign_in: SignIn
) -> None:
    del three
    nhan = sign_in("nhan")
    head = print_head_of(nhan.get(LIST).content.decode())
    today = f"{clock.today():%d/%m/%Y}"
    for words in ("TỈNH ỦY SÔNG LAM", "DANH SÁCH VĂN BẢN ĐẾN", "Sổ văn bản đến của Tỉnh ủy"):
        assert words in head
    assert f"Tính đến ngày {today}" in head and f"3 văn bản. In ngày {today}." in head
    assert "Lọc theo" not in head
    month = f"{clock.today():%m/%Y}"
    asked = {"loai": "bao-cao", "thang": f"{clock.today():%Y-%m}"}
    head = print_head_of(nhan.get(LIST, asked).content.decode())
    assert f"Tháng {month}" in head and "Lọc theo: Báo cáo" in head and "1 văn bản" in head


def test_the_register_printed_as_it_stands_says_whose_book_it_is_and_of_which_year(
    three: SmallOffice, sign_in: SignIn
) -> None:
    nhan, year = sign_in("nhan"), clock.today().year
    with writes_allowed():
        rows = IncomingDocument.objects.filter(agency=three.agencies["tu"])
        rows.update(arrived_on=date(year, 1, 1))
    head = print_head_of(nhan.get(BOOK).content.decode())
    for words in ("TỈNH ỦY SÔNG LAM", "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", f"Năm {year}. Tính đến ngày"):
        assert words in head
    assert "3 văn bản. In ngày" in head
    assert f"Năm {year}." in print_head_of(nhan.get(BOOK, {"in": "1"}).content.decode())
    with writes_allowed():
        rows.filter(reference_code="31-TTr/ĐU").update(arrived_on=date(year - 1, 12, 30))
    assert f"Năm {year - 1} đến năm {year}" in print_head_of(nhan.get(BOOK).content.decode())


def test_a_printed_list_of_several_pages_says_that_it_is_a_part(
    three: SmallOffice, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    del three
    monkeypatch.setattr(lists, "ROWS", 2)
    assert "2 trong 3 văn bản" in print_head_of(sign_in("nhan").get(LIST).content.decode())


def test_what_paper_has_a_column_for_stands_under_the_subject_on_the_screen_alone(
    three: SmallOffice, sign_in: SignIn
) -> None:
    del three
    page = sign_in("nhan").get(LIST).content.decode()
    under = re.findall(r'<span class="row-meta">(.*?)</td>', page, re.S)
    assert under
    for line in under:
        for told in re.findall(r"<span[^>]*>[^<]*</span>", line):
            assert 'class="on-screen"' in told or "sổ của" in told, told


def test_the_export_holds_the_filter_and_no_formula(three: SmallOffice, sign_in: SignIn) -> None:
    evil = letters.again(reference_code="=HYPERLINK(1)", subject="+cmd|' /C calc'!A0")
    letters.registered(three, evil, issuer_name="@SUM(1+1)", note="-2+3")
    nhan = sign_in("nhan")
    rows = exported(nhan)
    assert len(rows) == 5
    assert rows[0][:4] == ["Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu"]
    assert [row[1] for row in rows[1:]] == ["2", "1", "3", "4"]
    assert rows[4][2:4] == ["'@SUM(1+1)", "'=HYPERLINK(1)"]
    assert rows[4][9] == "'-2+3"
    assert [row[3] for row in exported(nhan, loai="to-trinh")[1:]] == ["31-TTr/ĐU"]
    taken = AuditRow.objects.filter(action="incoming.register_exported").latest("pk")
    assert taken.facts["filters"]["loai"] == "to-trinh"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_as_a_formula(start: str) -> None:
    assert escaped(f"{start}1").startswith("'")
    assert escaped(None) == ""
    assert escaped("1-BC/ĐU") == "1-BC/ĐU"


@pytest.mark.parametrize("url", [LIST, BOOK])
def test_lists_are_thrifty(
    three: SmallOffice,
    sign_in: SignIn,
    url: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    del three
    for person in ("nhan", "khue"):
        desk = sign_in(person)
        desk.get(url)
        with django_assert_max_num_queries(15):
            assert desk.get(url, {"q": "sat lo"}).status_code == 200


def test_addresses_of_the_contract() -> None:
    assert reverse("incoming:list") == LIST
    assert reverse("incoming:register_book") == BOOK
