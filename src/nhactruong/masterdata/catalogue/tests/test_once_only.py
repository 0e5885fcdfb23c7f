"""Nobody types what the office knows: every field says whence it comes, and it is counted."""

from __future__ import annotations

import ast
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.foundation.ui.sources import Entered, Kind, known, typed
from nhactruong.kernel import clock
from nhactruong.masterdata.catalogue import census, rules
from nhactruong.masterdata.catalogue.models import EntryCount
from nhactruong.masterdata.catalogue.views.once import WANTED_PERCENT
from nhactruong.masterdata.codelists import selectors
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.masterdata.procedures.models import Procedure
from nhactruong.records.dossiers.commands import enter_plan_line
from nhactruong.records.incoming import handlers
from nhactruong.records.incoming.selectors import pages
from nhactruong.records.incoming.tests import letters as arriving
from nhactruong.records.outgoing.tests import letters as leaving


@pytest.fixture
def office(db: None, settings: Any, tmp_path: Path) -> SmallOffice:
    settings.STATE_FOLDER = tmp_path
    settings.FILE_STORE = tmp_path / "files"
    pages._agencies_by_name.cache_clear()
    pages._desks.cache_clear()
    handlers._known_agencies.cache_clear()
    return small_office()


def client_of(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def get(office: SmallOffice, person: str, url: str) -> str:
    return client_of(office, person).get(url).content.decode()


def send(office: SmallOffice, person: str, url: str, **said: Any) -> Any:
    return client_of(office, person).post(url, {"operation_id": str(uuid.uuid4()), **said})


def shown(html: str, name: str) -> list[str]:
    """What a page shows in the field of that name before anybody touched it."""
    field = re.escape(name)
    found = re.findall(rf'<textarea[^>]*name="{field}"[^>]*>([^<]*)</textarea>', html)
    for tag in re.findall(rf'<input[^>]*name="{field}"[^>]*>', html):
        is_choice = 'type="radio"' in tag or 'type="checkbox"' in tag
        if not is_choice or " checked" in tag:
            found += re.findall(r'value="([^"]*)"', tag)
    for body in re.findall(rf'<select[^>]*name="{field}"[^>]*>(.*?)</select>', html, re.S):
        found += re.findall(r'value="([^"]*)"[^>]* selected', body)
    return [value.strip() for value in found if value.strip()]


# ── Declared ─────────────────────────────────────────────────────────────────────────────────


def test_at_least_ninety_five_fields_of_a_hundred_declare_their_source() -> None:
    lines = census.fields()
    declared, total = census.share(lines)
    silent = [f"{line.app}: {line.form} {line.field}" for line in lines if line.source is None]
    assert total > 100
    assert 100 * declared >= WANTED_PERCENT * total, silent


def test_a_declared_source_says_something_and_names_a_field_there_is() -> None:
    for form in census._classes():
        unknown = set(form.sources) - set(form.base_fields)
        assert unknown == set(), form.form_code()
        if form.sources:
            assert form.form_name, form.form_code()
    empty = [
        line.field
        for line in census.fields()
        if line.source and not (line.source.words or line.source.code_list)
    ]
    assert empty == []


def test_a_field_nobody_declared_is_found_in_the_code() -> None:
    tree = ast.parse(
        "def view(request):\n"
        "    a = request.POST.get('ten')\n"
        "    b = request.POST['so']\n"
        "    c = request.FILES.getlist('tep')\n"
        "    d = 'co' in request.POST\n"
        "    return request.GET.get('loc')\n"
        "def read(sent):\n"
        "    return sent.get(f'muc-{a}')\n"
    )
    found = set(census._names(tree, "nhactruong.kernel.clock", reads_whole=True))
    assert found == {"ten", "so", "tep", "co", "muc-*"}


@pytest.mark.django_db
def test_a_code_list_that_is_named_exists() -> None:
    named = {line.source.code_list for line in census.fields() if line.source} - {""}
    assert len(named) >= 4
    for slug in named:
        assert selectors.entries(slug), slug


# ── Filled in before anybody types: ten forms ────────────────────────────────────────────────


def _intake(office: SmallOffice) -> tuple[str, dict[str, str]]:
    letter = arriving.received(office)
    html = get(office, "nhan", reverse("incoming:intake_item", args=[letter.public_id]))
    return html, {"reference_code": "118-BC/ĐU", "issuer_name": "Đảng ủy xã Đồng Mơ"}


def _direction(office: SmallOffice) -> tuple[str, dict[str, str]]:
    arriving.directed(office)
    alike = arriving.again(
        arriving.FROM_DONG_MO, name="bao-cao-2", reference_code="119-BC/ĐU", subject="tình hình đê"
    )
    second = arriving.registered(office, alike)
    html = get(office, "khue", reverse("incoming:detail", args=[second.public_id]))
    return html, {
        "lead": f"unit:{office.units['th'].pk}",
        "support": f"unit:{office.units['hc'].pk}",
    }


def _reply(office: SmallOffice) -> tuple[str, dict[str, str]]:
    asked = arriving.assigned(office)
    html = get(office, "suong", f"/du-thao/moi/?tra-loi={asked.public_id}")
    about = "về việc trả lời Báo cáo số 118-BC/ĐU của Đảng ủy xã Đồng Mơ"
    return html, {"document_type": "cong-van", "subject": about}


def _number(office: SmallOffice) -> tuple[str, dict[str, str]]:
    document = leaving.signed(office)
    html = get(office, "nhan", reverse("outgoing:detail", args=[document.public_id]))
    return html, {"dated_on": f"{clock.today():%d/%m/%Y}"}


def _dossier(office: SmallOffice) -> tuple[str, dict[str, str]]:
    heading = enter_plan_line(
        office.actor("khue"),
        agency_id=office.agencies["vptu"].pk,
        year=clock.today().year,
        code="05.TH",
        title="Hồ sơ phòng, chống thiên tai",
        retention="10",
        position=1,
    )
    html = get(office, "suong", f"/ho-so/moi/?muc={heading.public_id}")
    return html, {"code": "05.TH", "title": "Hồ sơ phòng, chống thiên tai", "years": "10"}


def _key(office: SmallOffice) -> tuple[str, dict[str, str]]:
    return get(office, "quan", "/quan-tri/khoa/de-nghi/"), {
        "days": "90",
        "requests_per_minute": "60",
    }


def _emergency(office: SmallOffice) -> tuple[str, dict[str, str]]:
    return get(office, "suong", "/khan-cap/de-nghi/"), {"minutes": "60"}


def _sheet(office: SmallOffice) -> tuple[str, dict[str, str]]:
    asked = arriving.assigned(office)
    url = f"/du-thao/moi/?tra-loi={asked.public_id}"
    opened = send(
        office,
        "suong",
        url,
        **{
            "organ": office.organs["vptu.vp"].pk,
            "document_type": "cong-van",
            "subject": "V/v trả lời",
            "tra-loi": asked.public_id,
        },
    )
    html = get(office, "suong", opened.headers["Location"])
    return html, {"addressees": "Đảng ủy xã Đồng Mơ", "subject": "V/v trả lời"}


def _wording(office: SmallOffice) -> tuple[str, dict[str, str]]:
    shipped = Procedure.objects.get(code="van-ban-di", agency=None)
    opened = send(
        office,
        "suong",
        reverse("procedures:open_draft", args=[shipped.public_id]),
        agency=office.agencies["vptu"].pk,
    )
    html = get(office, "suong", opened.headers["Location"])
    first = re.search(r'name="(ten-[a-z_-]+)"', html)
    assert first is not None
    assert shown(html, first[1])
    return html, {}


def _code(office: SmallOffice) -> tuple[str, dict[str, str]]:
    html = get(office, "suong", "/du-lieu/ma/fields-of-work/de-nghi/?viec=rename&ma=luu-tru")
    return html, {
        "code": "luu-tru",
        "name": "Lưu trữ",
        "from_on": f"{clock.today():%d/%m/%Y}",
    }


@pytest.mark.parametrize(
    "opened",
    [
        _intake,
        _direction,
        _reply,
        _number,
        _dossier,
        _key,
        _emergency,
        _sheet,
        _wording,
        _code,
    ],
)
def test_what_is_said_to_be_known_stands_in_the_form(
    office: SmallOffice, opened: Callable[[SmallOffice], tuple[str, dict[str, str]]]
) -> None:
    html, wanted = opened(office)
    for name, value in wanted.items():
        assert value in shown(html, name), name


# ── Counted ──────────────────────────────────────────────────────────────────────────────────


def test_what_a_sent_field_adds() -> None:
    def entry(kind: Kind, value: Any, prefilled: Any = None, *, changed: bool = False) -> Entered:
        return Entered("a.Form", "field", kind, value, prefilled, changed)

    day = clock.today()

    def numbers(one: Entered, office_knows: set[str] = frozenset()) -> tuple[int, ...]:  # type: ignore[assignment]
        (row,) = rules.counted([one], office_knows, day)
        return (row.filled, row.corrected, row.by_hand, row.retyped)

    assert numbers(entry(Kind.KNOWN, "a", "a")) == (1, 0, 0, 0)
    assert numbers(entry(Kind.KNOWN, "b", "a", changed=True)) == (1, 1, 0, 0)
    assert numbers(entry(Kind.READ, "Đảng ủy xã"), {"Đảng ủy xã"}) == (0, 0, 1, 1)
    assert numbers(entry(Kind.READ, None)) == (0, 0, 0, 0)
    assert numbers(entry(Kind.TYPED, "Đảng  ủy xã "), {"Đảng ủy xã"}) == (0, 0, 0, 1)
    assert numbers(entry(Kind.CODE_LIST, "Đảng ủy xã"), {"Đảng ủy xã"}) == (0, 0, 0, 0)
    assert numbers(entry(Kind.WITHHELD, "Đảng ủy xã"), {"Đảng ủy xã"}) == (0, 0, 0, 0)
    assert (typed("vì sao").kind, known("từ đâu").kind) == (Kind.TYPED, Kind.KNOWN)


def count_of(form: str, field: str) -> tuple[int, int, int, int, int]:
    row = EntryCount.objects.get(form=form, field=field)
    return (row.sent, row.filled, row.corrected, row.by_hand, row.retyped)


def test_a_corrected_reading_is_counted_and_its_value_forgotten(office: SmallOffice) -> None:
    letter = arriving.received(office)
    url = reverse("incoming:intake_item", args=[letter.public_id])
    html = get(office, "nhan", url)
    names = (
        "reference_code",
        "issued_on",
        "issuer_name",
        "document_type",
        "subject",
        "signer_name",
    )
    said = {name: (shown(html, name) or [""])[0] for name in names}
    said |= {"urgency": "urgent", "secrecy": "0", "version": str(letter.version)}
    said["subject"] = "tình hình sạt lở, bản sửa"
    assert send(office, "nhan", url, **{**said, "issued_on": "31/02/2026"}).status_code == 422
    assert not EntryCount.objects.exists()
    operation = str(uuid.uuid4())
    for _ in range(2):  # the same press twice is one sending
        answer = client_of(office, "nhan").post(url, {**said, "operation_id": operation})
        assert answer.status_code == 303
    form = "incoming.RegisterForm"
    assert count_of(form, "reference_code") == (1, 1, 0, 0, 0)
    assert count_of(form, "subject") == (1, 1, 1, 0, 0)
    assert count_of(form, "note") == (1, 0, 0, 0, 0)
    kept = [field.name for field in EntryCount._meta.fields]
    assert kept == [
        *("id", "form", "field", "month", "sent"),
        *("filled", "corrected", "by_hand", "retyped"),
    ]


def test_another_lead_than_proposed_is_a_correction(office: SmallOffice) -> None:
    arriving.directed(office)
    alike = arriving.again(
        arriving.FROM_DONG_MO, name="bao-cao-2", reference_code="119-BC/ĐU", subject="tình hình đê"
    )
    second = arriving.registered(office, alike)
    url = reverse("incoming:direct", args=[second.public_id])
    sent = send(
        office,
        "khue",
        url,
        lead=f"unit:{office.units['th'].pk}",
        lead_other=f"unit:{office.units['hc'].pk}",
        inform=f"post:{office.posts['khoi'].pk}",
        opinion="Đảng ủy xã Đồng Mơ",
    )
    assert sent.status_code == 303
    form = "incoming.DirectForm"
    assert count_of(form, "lead") == (1, 1, 1, 0, 0)
    assert count_of(form, "inform") == (1, 1, 0, 0, 0)
    assert count_of(form, "support") == (1, 1, 1, 0, 0)
    assert count_of(form, "opinion") == (1, 0, 0, 0, 1)


def test_a_new_code_is_typed_and_an_old_one_is_known(office: SmallOffice) -> None:
    day = f"{clock.today():%d/%m/%Y}"
    new = {"code": "du-lieu", "name": "Đảng ủy xã Đồng Mơ", "from_on": day, "basis": "Kết luận"}
    old = {"code": "luu-tru", "name": "Lưu trữ số", "from_on": day, "basis": "Kết luận"}
    here = "/du-lieu/ma/fields-of-work/de-nghi/"
    assert send(office, "suong", f"{here}?viec=add", **new).status_code == 303
    assert send(office, "suong", f"{here}?viec=rename&ma=luu-tru", **old).status_code == 303
    assert count_of("codelists.NewCodeForm", "code") == (1, 0, 0, 0, 0)
    assert count_of("codelists.NewCodeForm", "name") == (1, 0, 0, 0, 1)
    assert count_of("codelists.ProposalForm", "code") == (1, 1, 0, 0, 0)
    assert count_of("codelists.ProposalForm", "name") == (1, 1, 1, 0, 0)


def test_a_number_typed_again_is_counted_only_for_whom_it_is_known(office: SmallOffice) -> None:
    arriving.directed(office)
    for person, expected in (("lam", 1), ("may", 0)):
        EntryCount.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
        answer = send(
            office,
            person,
            "/khan-cap/de-nghi/",
            asked="118-BC/ĐU",
            reason="Họp khẩn",
            minutes="60",
        )
        assert answer.status_code == 303
        assert count_of("inspection.EmergencyForm", "asked") == (1, 0, 0, 0, expected)


def test_the_page_shows_share_forms_fields_and_months(
    office: SmallOffice, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    month = rules.month_of(clock.today())
    before = rules.month_of(month - timedelta(days=1))

    with writes_allowed():
        for when, corrected in ((before, 7), (month, 3)):
            EntryCount.objects.create(
                form="incoming.RegisterForm",
                field="subject",
                month=when,
                sent=1250,
                filled=1200,
                corrected=corrected,
            )
    client = client_of(office, "mien")
    with django_assert_max_num_queries(15):
        html = client.get("/du-lieu/mot-lan/").content.decode()
    declared, total = census.share(census.fields())
    assert f"{declared} trong {total} trường" in html
    assert "Vào sổ văn bản đến" in html
    with django_assert_max_num_queries(15):
        page = client.get("/du-lieu/mot-lan/", {"bieu-mau": "incoming.RegisterForm"})
    html = page.content.decode()
    assert "Trích yếu ở trang 1" in html
    assert "1.250" in html
    assert f"{before:%m/%Y}" in html
    assert client.get("/du-lieu/mot-lan/", {"bieu-mau": "khong-co"}).status_code == 404
