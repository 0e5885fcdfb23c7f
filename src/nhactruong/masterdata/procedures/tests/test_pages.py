"""The catalogue as people see it: list, procedure, wording, comparison, print."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.masterdata.procedures import selectors
from nhactruong.masterdata.procedures.models import Procedure, ProcedureVersion
from nhactruong.masterdata.procedures.rules import State

pytestmark = pytest.mark.django_db


def client_of(office: SmallOffice, person: str) -> Client:
    client = Client()
    client.force_login(office.user(person))
    return client


def post(client: Client, name: str, thing: uuid.UUID, **sent: Any) -> Any:
    sent = {"operation_id": str(uuid.uuid4()), **sent}
    return client.post(reverse(f"procedures:{name}", args=[thing]), sent)


def shipped() -> Procedure:
    return Procedure.objects.get(code="van-ban-di", agency=None)


def test_the_catalogue_is_read_by_everybody_and_filtered_by_its_address(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    office = small_office()
    client = client_of(office, "thao")
    with django_assert_max_num_queries(15):
        page = client.get(reverse("procedures:list")).content.decode()
    assert "Soạn thảo, ký, ban hành văn bản đi" in page
    assert "Tiếp nhận, xử lý văn bản đến" in page
    empty = client.get(reverse("procedures:list"), {"cap": "commune"}).content.decode()
    assert "Không có quy trình nào khớp bộ lọc" in empty
    found = client.get(reverse("procedures:list"), {"tim": "văn bản ĐẾN"}).content.decode()
    assert "Tiếp nhận, xử lý văn bản đến" in found
    assert "Soạn thảo, ký, ban hành" not in found
    assert client.get(reverse("procedures:list"), {"cap": "galaxy", "trang": ""}).status_code == 200


def test_the_page_of_a_procedure_tells_steps_basis_forms_and_prints(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    office = small_office()
    client = client_of(office, "khue")
    address = reverse("procedures:detail", args=[shipped().public_id])
    client.get(address)
    with django_assert_max_num_queries(20):
        page = client.get(address).content.decode()
    for words in ("Cấp số, ghi ngày", "1 ngày làm việc", "8 giờ làm việc", "Điều 15", "<svg"):
        assert words in page
    assert reverse("outgoing:register_book") in page
    sheet = client.get(address, {"in": "1"}).content.decode()
    assert "QUY TRÌNH" in sheet
    assert "CHÁNH VĂN PHÒNG" in sheet
    assert client.get(address, {"ban": "9"}).status_code == 404
    assert client.get(address, {"ban": "x"}).status_code == 404


def worded(office: SmallOffice, person: str) -> ProcedureVersion:
    client = client_of(office, person)
    agency = office.agencies["vptu"].pk
    opened = post(client, "open_draft", shipped().public_id, agency=agency)
    assert opened.status_code == 303
    return ProcedureVersion.objects.get(procedure__agency_id=agency)


def fields_of(version: ProcedureVersion, **changed: str) -> dict[str, str]:
    """What the form sends when only `changed` was typed."""
    content = selectors.reads(version)
    sent = {"version": str(version.version), "note": "Rút ngắn, thêm bước đọc soát"}
    for step in content.steps:
        sent |= {
            f"ten-{step.key}": step.name,
            f"ai-{step.key}": ",".join(role.code for role in step.doers),
            f"muc-{step.key}": str(step.norm.amount) if step.norm else "",
            f"dvt-{step.key}": step.norm.unit.value if step.norm else "working_days",
            f"ket-qua-{step.key}": step.result,
            f"can-cu-{step.key}": step.rule,
        }
    return sent | changed


def test_a_version_is_worded_compared_and_published_on_the_pages() -> None:
    office = small_office()
    version = worded(office, "suong")
    author, chief = client_of(office, "suong"), client_of(office, "khue")
    here = reverse("procedures:version", args=[version.public_id])
    assert "Bước 5: Cấp số, ghi ngày" in author.get(here).content.decode()

    longer = post(
        author,
        "save",
        version.public_id,
        **fields_of(version, **{"muc-cap-so": "3"}),
        gui="1",
    )
    assert longer.status_code == 409
    assert "không được dài hơn 1 ngày làm việc" in longer.content.decode()
    assert 'value="3"' in longer.content.decode()

    version.refresh_from_db()
    wrong = post(author, "save", version.public_id, **fields_of(version, **{"muc-cap-so": "hai"}))
    assert wrong.status_code == 422
    assert "số nguyên" in wrong.content.decode()

    added = {
        "ten-moi": "Đọc soát lần cuối",
        "sau-moi": "duyet-the-thuc",
        "ai-moi": "specialist",
        "muc-moi": "2",
        "dvt-moi": "working_hours",
    }
    sent = post(
        author,
        "save",
        version.public_id,
        **fields_of(version, **added, **{"muc-cap-so": "4", "dvt-cap-so": "working_hours"}),
        gui="1",
    )
    assert sent.status_code == 303
    version.refresh_from_db()
    assert version.as_state == State.PROPOSED
    page = chief.get(here).content.decode()
    assert "Thêm bước 4" in page
    assert "<ins" in page
    assert post(author, "publish", version.public_id).status_code == 403
    assert post(chief, "publish", version.public_id, version=version.version).status_code == 303
    listed = chief.get(reverse("procedures:list"), {"cap": "province"}).content.decode()
    assert "Văn phòng Tỉnh ủy" in listed
    detail = reverse("procedures:detail", args=[version.procedure.public_id])
    assert "đang theo bản này" in chief.get(detail).content.decode()
    followed = chief.get(reverse("procedures:detail", args=[shipped().public_id])).content.decode()
    assert "có điều chỉnh" in followed


def test_a_stale_form_is_refused_and_keeps_what_was_typed() -> None:
    office = small_office()
    version = worded(office, "suong")
    stale = fields_of(version, **{"ket-qua-cap-so": "Số trong buổi"})
    client = client_of(office, "suong")
    assert post(client, "save", version.public_id, **fields_of(version)).status_code == 303
    refused = post(client, "save", version.public_id, **stale)
    assert refused.status_code == 409
    assert "Số trong buổi" in refused.content.decode()


def test_a_commune_adopts_on_the_page_of_the_procedure() -> None:
    office = small_office()
    client = client_of(office, "thao")
    refused = post(client, "adopt", shipped().public_id, agency=office.agencies["dm"].pk)
    assert refused.status_code == 403
    assert post(client, "adopt", shipped().public_id, agency="").status_code == 422
    assert post(client, "adopt", shipped().public_id, agency="0").status_code == 403
    chief = client_of(office, "khue")
    done = post(chief, "adopt", shipped().public_id, agency=office.agencies["vptu"].pk)
    assert done.status_code == 303
    page = chief.get(reverse("procedures:detail", args=[shipped().public_id])).content.decode()
    assert "Văn phòng Tỉnh ủy" in page


def test_another_agency_finds_no_wording_in_the_making() -> None:
    office = small_office()
    version = worded(office, "suong")
    client = client_of(office, "thao")
    for name in ("version",):
        assert (
            client.get(reverse(f"procedures:{name}", args=[version.public_id])).status_code == 404
        )
    for name in ("save", "publish", "send_back"):
        assert post(client, name, version.public_id).status_code == 404
