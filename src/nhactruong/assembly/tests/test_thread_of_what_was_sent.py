"""The thread tells where an issued document went, who has it, and for which agency a clerk acted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhactruong.assembly.tests.pages import BUDGET, words
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.distribution import commands as distribution
from nhactruong.records.distribution import selectors as deliveries
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.tests import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> SmallOffice:
    return small_office()


@pytest.fixture
def issued(office: SmallOffice) -> OutgoingDocument:
    return letters.issued(office)


@pytest.fixture
def thread(office: SmallOffice, issued: OutgoingDocument) -> Callable[[str], str]:
    def read(person: str) -> str:
        client = Client()
        client.force_login(office.user(person))
        return words(client.get(reverse("thread", args=[issued.public_id])))

    return read


def test_where_it_went_and_who_acknowledged(
    office: SmallOffice, issued: OutgoingDocument, thread: Callable[[str], str]
) -> None:
    (copy,) = deliveries.of_document(issued.document_id)
    assert "0/1 nơi" not in thread("suong")
    distribution.record_delivered(office.actor("thao"), copy.public_id)
    said = thread("suong")
    assert "Thông báo 01-TB/TU đã đến 1/1 nơi" in said
    assert "Chưa xác nhận: Đảng ủy xã Đồng Mơ" in said
    distribution.record_acknowledged(office.actor("thao"), copy.public_id)
    said = thread("suong")
    assert "1/1 nơi đã nhận Thông báo 01-TB/TU" in said
    assert "Chưa xác nhận" not in said


def test_a_copy_sent_back_is_told_with_its_reason(
    office: SmallOffice, issued: OutgoingDocument, thread: Callable[[str], str]
) -> None:
    (copy,) = deliveries.of_document(issued.document_id)
    distribution.record_delivered(office.actor("thao"), copy.public_id)
    distribution.record_refused(office.actor("thao"), copy.public_id, reason="thiếu phụ lục")
    said = thread("suong")
    assert "Đảng ủy xã Đồng Mơ trả lại Thông báo 01-TB/TU" in said
    assert "thiếu phụ lục" in said


def test_a_clerk_of_two_agencies_says_for_which_she_acted(thread: Callable[[str], str]) -> None:
    assert "Văn thư, Phòng Hành chính - Lưu trữ, việc của Tỉnh ủy Sông Lam" in thread("suong")


def test_receipts_cost_two_queries(
    office: SmallOffice,
    issued: OutgoingDocument,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = Client()
    client.force_login(office.user("suong"))
    address = reverse("thread", args=[issued.public_id])
    client.get(address)
    with django_assert_max_num_queries(BUDGET):
        client.get(address)
