"""Whom a draft may be sent to, in an office of few agencies and in a country of thousands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel.text import collation_key
from nhactruong.masterdata.organization.models import Agency
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.outgoing.tests.pages import form_of

Desk = Callable[[str], Client]


@pytest.fixture
def country(office: SmallOffice) -> SmallOffice:
    """The office among three hundred other agencies."""
    with writes_allowed():
        Agency.objects.bulk_create(
            Agency(
                key=f"xa-{number}",
                name=f"Đảng ủy xã Vùng Xa số {number}",
                short_name=f"Đảng ủy xã Xa {number}",
                level=Agency.Level.COMMUNE,
                kind="dang-uy-xa",
                symbol="ĐU",
                identifier=f"X{number:03d}",
                issuer_lines=["ĐẢNG BỘ XA"],
                place="Xa",
                seal_name="Đảng ủy xã",
                sort_key=collation_key(f"Đảng ủy xã Xa {number}"),
                valid_from=date(2020, 1, 1),
            )
            for number in range(300)
        )
    return office


def page_of(client: Client, draft: OutgoingDocument) -> str:
    return client.get(reverse("outgoing:draft", args=[draft.public_id])).content.decode()


def test_few_agencies_all_stand_in_the_page(office: SmallOffice, desk: Desk) -> None:
    page = page_of(desk("suong"), letters.drafted(office))
    assert f'value="{office.agencies["vptu"].pk}"' in page
    assert "data-source" not in page


def test_of_many_the_page_offers_those_around_and_the_rest_is_asked_for(
    country: SmallOffice, desk: Desk
) -> None:
    client, draft = desk("suong"), letters.drafted(country)
    page = page_of(client, draft)
    assert page.count("Đảng ủy xã Xa") == 0
    assert reverse("outgoing:recipients") in page
    answer = client.get(reverse("outgoing:recipients"), {"q": "vung xa so 217"}).json()
    assert [one["label"] for one in answer["options"]] == ["Đảng ủy xã Xa 217"]
    many = client.get(reverse("outgoing:recipients"), {"q": "đảng ủy"}).json()
    assert len(many["options"]) == 50
    for words in ("", "  ", "%", "không có ở đâu"):
        assert client.get(reverse("outgoing:recipients"), {"q": words}).json()["options"] == []


def test_whoever_was_found_is_sent_to_and_stands_in_front_next_time(
    country: SmallOffice, desk: Desk
) -> None:
    client, draft = desk("suong"), letters.drafted(country)
    far = Agency.objects.get(key="xa-217")
    client.post(
        reverse("outgoing:draft", args=[draft.public_id]), form_of(draft, **{"r-add": [far.pk]})
    )
    assert draft.recipients.filter(agency=far, line=far.short_name).exists()
    later = page_of(client, letters.drafted(country))
    assert "Đảng ủy xã Xa 217" in later
    assert "data-recent" in later


def test_who_is_addressed_in_a_country_of_agencies_receives_his_copy(
    country: SmallOffice, desk: Desk
) -> None:
    client, draft = desk("suong"), letters.drafted(country)
    client.post(
        reverse("outgoing:draft", args=[draft.public_id]),
        {**form_of(draft), "addressees": "ĐẢNG ỦY XÃ VÙNG XA SỐ 9"},
    )
    assert draft.recipients.filter(agency__key="xa-9", line="Như trên").exists()


def test_thousands_of_agencies_cost_no_more_queries(
    country: SmallOffice, desk: Desk, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client, draft = desk("suong"), letters.drafted(country)
    page_of(client, draft)
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        page_of(client, draft)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get(reverse("outgoing:recipients"), {"q": "xa 2"})


def test_whoever_drafts_nothing_asks_in_vain(office: SmallOffice, desk: Desk) -> None:
    assert desk("quan").get(reverse("outgoing:recipients"), {"q": "xa"}).status_code == 403
