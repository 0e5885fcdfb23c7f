"""Finding by what people type: words begun, parts of a number, nothing beyond one's sight."""

from __future__ import annotations

import uuid
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from nhactruong.foundation.search import commands
from nhactruong.foundation.search.rules import asked_code, code_key
from nhactruong.foundation.search.selectors import best, find
from nhactruong.kernel.actor import Actor

pytestmark = pytest.mark.django_db

_READER = Actor(name="Người đọc", tokens=(4,))
_STRANGER = Actor(name="Người ngoài", tokens=(8,))


@pytest.fixture
def card() -> None:
    commands.put(
        _READER,
        commands.Card(
            object_type="IncomingDocument",
            object_id=uuid.uuid4(),
            agency_id=1,
            title="Báo cáo sạt lở bờ sông tại xã Hạ Tân",
            occurred_on=date(2026, 11, 2),
            reference="118-BC/ĐU",
            facts="Đảng ủy xã Hạ Tân",
            body="Mưa lớn kéo dài, nước dâng 1,2 mét.",
            readers=[4],
        ),
    )


@pytest.mark.parametrize(
    "typed",
    [
        "sạt lở",
        "sat lo",
        "bờ sông Hạ Tâ",
        "song sat",
        "nước dâng",
        "118-BC/ĐU",
        "18-bc",
        "118",
        "118/bc",
        "118 bc",
    ],
)
def test_what_is_typed_finds_the_paper(card: None, typed: str) -> None:
    assert find(_READER, typed).count() == 1
    assert find(_STRANGER, typed).count() == 0


@pytest.mark.parametrize("typed", ["sạt lở cháy rừng", "hỏa hoạn", "119-BC", "", "   "])
def test_what_it_does_not_say_finds_nothing(card: None, typed: str) -> None:
    assert find(_READER, typed).count() == 0


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("77-BC/ĐU", "77 bc du"),
        ("77/BC - ĐU", "77 bc du"),
        ("07.TH", "7 th"),
        ("43/2026/NĐ-CP", "43 2026 nd cp"),
        ("Số 00", "0"),
        ("", ""),
    ],
)
def test_a_number_has_one_key_however_it_is_written(written: str, key: str) -> None:
    assert code_key(written) == key


@pytest.mark.parametrize(
    ("asked", "key"),
    [("số 9-TB", "9 tb"), ("12 xã", "12 xa"), ("vụ đông", ""), ("sổ tay 2026", ""), ("", "")],
)
def test_only_what_begins_with_a_figure_is_taken_for_a_number(asked: str, key: str) -> None:
    assert asked_code(asked) == key


def test_cards_made_before_get_their_key(card: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE search_searchcard SET code = '', words = to_tsvector('simple', 'nuoc dang')"
        )
    assert find(_READER, "118/bc").count() == 0
    import_module("nhactruong.foundation.search.migrations.0002_code").fill(
        apps, SimpleNamespace(connection=connection)
    )
    for asked in ("118/bc", "nước dâng"):
        assert find(_READER, asked).count() == 1
    assert best(_READER, "118 bc").count() == 1
    assert best(_STRANGER, "118 bc").count() == 0
