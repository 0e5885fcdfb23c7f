"""Finding by what people type: words begun, parts of a number, nothing beyond one's sight."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from nhactruong.foundation.search import commands
from nhactruong.foundation.search.selectors import find
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
    ["sạt lở", "sat lo", "bờ sông Hạ Tâ", "song sat", "nước dâng", "118-BC/ĐU", "18-bc", "118"],
)
def test_what_is_typed_finds_the_paper(card: None, typed: str) -> None:
    assert find(_READER, typed).count() == 1
    assert find(_STRANGER, typed).count() == 0


@pytest.mark.parametrize("typed", ["sạt lở cháy rừng", "hỏa hoạn", "119-BC", "", "   "])
def test_what_it_does_not_say_finds_nothing(card: None, typed: str) -> None:
    assert find(_READER, typed).count() == 0
