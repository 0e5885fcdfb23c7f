"""Every table of the office stands in one data set, every field has a meaning, and people can read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.access.rules import Line
from nhactruong.kernel.states import Role
from nhactruong.masterdata.catalogue import datasets
from nhactruong.masterdata.organization.tests.scenarios import small_office

VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạèẻẽéẹìỉĩíịòỏõóọùủũúụỳỷỹýỵ]", re.IGNORECASE)


def tables() -> list[str]:
    """The tables of masterdata and records."""
    return [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.split(".")[1] in ("masterdata", "records")
    ]


def test_every_table_stands_in_one_data_set_or_says_why_not() -> None:
    declared = Counter(card.label for one in datasets.datasets().values() for card in one.models)
    twice = [label for label, count in declared.items() if count > 1]
    assert twice == []
    technical = datasets.technical_tables()
    assert [one for one in tables() if one not in declared and one not in technical] == []
    assert [one for one in technical if one in declared or not technical[one]] == []


def test_every_field_is_described_and_no_other() -> None:
    assert list(datasets.undescribed()) == []
    for one in datasets.datasets().values():
        for card in one.models:
            known = {field.name for field in apps.get_model(card.label)._meta.concrete_fields}
            assert {field.name for field in card.fields} == known
            for field in card.fields:
                assert field.kind, f"{card.label}.{field.name}"


def test_a_field_nobody_described_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    model: Any = apps.get_model("dossiers.Dossier")
    extra = models.CharField(max_length=3)
    extra.set_attributes_from_name("shelf")
    fields = (*model._meta.concrete_fields, extra)
    monkeypatch.setitem(model._meta.__dict__, "concrete_fields", fields)
    datasets.datasets.cache_clear()
    try:
        assert list(datasets.undescribed()) == ["dossiers.Dossier.shelf"]
    finally:
        datasets.datasets.cache_clear()


def test_what_is_said_is_said_in_vietnamese_and_whole() -> None:
    taken = {"nhap", "ma", "chat-luong", "mot-lan", "ca-nhan"}
    for one in datasets.datasets().values():
        assert one.slug not in taken
        assert isinstance(one.owner, Role)
        assert one.lines
        assert all(isinstance(line, Line) for line in one.lines)
        for text in (one.name, one.meaning, one.basis, one.reading):
            assert VIETNAMESE.search(text), f"{one.slug}: {text}"
        if one.personal:
            facts = one.personal
            assert facts.category in datasets.CATEGORIES
            assert facts.purpose
            assert facts.retention
            assert facts.recipients
            for link in facts.links:
                model = apps.get_model(link.model)
                assert link.field in {field.attname for field in model._meta.concrete_fields}
                for shown in link.show:
                    model._meta.get_field(shown)


def test_every_check_can_be_found_and_says_who_mends() -> None:
    known = datasets.checks()
    assert len(known) >= 12
    assert len({check.code for check in known}) == len(known)
    assert {check.kind for check in known} == set(datasets.KINDS)
    for check in known:
        assert callable(check.find())
        assert check.how.endswith(".")


@pytest.mark.django_db
def test_the_pages_of_the_catalogue(django_assert_max_num_queries: Callable[[int], Any]) -> None:
    office = small_office()
    client = Client()
    client.force_login(office.user("mien"))
    with django_assert_max_num_queries(15):
        html = client.get(reverse("catalogue:list")).content.decode()
    assert "Văn bản đến" in html
    for one in datasets.datasets().values():
        with django_assert_max_num_queries(15):
            page = client.get(reverse("catalogue:detail", args=[one.slug]))
        assert page.status_code == 200, one.slug
    html = client.get(reverse("catalogue:detail", args=["nhan-su"])).content.decode()
    assert "Nhạy cảm" in html
    assert "Họ và tên" in html
    assert 'href="/quan-tri/quyen/#dong-20"' in html
    assert client.get(reverse("catalogue:detail", args=["khong-co"])).status_code == 404
