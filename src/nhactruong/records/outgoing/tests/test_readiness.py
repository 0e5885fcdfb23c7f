"""What a draft must say before it leaves the drafter's hands, as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nhactruong.kernel.errors import RuleBroken
from nhactruong.records.drafting.library import templates
from nhactruong.records.outgoing.commands.drafting import RecipientLine
from nhactruong.records.outgoing.forms.addressing import Directory, with_addressed
from nhactruong.records.outgoing.rules import Written, missing_parts, require_ready

LETTER = Written(
    subject="V/v cung cấp số liệu",
    text="Đề nghị cơ quan gửi số liệu trước ngày 05/12/2026.",
    addressed_by="Kính gửi",
    addressees=("Đảng ủy xã Đồng Mơ",),
    recipients=("Như trên", "Lưu Văn phòng"),
    has_authority=True,
    own_signer=False,
    placeholders=("[Nêu nội dung đề nghị hoặc trả lời.]", "[số]"),
)
NOTICE = replace(LETTER, addressed_by="", addressees=(), recipients=("Các đảng ủy xã, phường",))


@pytest.mark.parametrize(
    ("written", "changed", "codes"),
    [
        (LETTER, {}, []),
        (NOTICE, {}, []),
        (LETTER, {"subject": "  "}, ["outgoing.no_subject"]),
        (LETTER, {"own_signer": True}, ["outgoing.drafter_signs"]),
        (LETTER, {"text": "\n"}, ["outgoing.no_text"]),
        (LETTER, {"addressees": ()}, ["outgoing.no_addressee"]),
        (
            LETTER,
            {"addressees": (), "recipients": ("Các đảng ủy xã, phường",)},
            ["outgoing.no_addressee"],
        ),
        (NOTICE, {"recipients": ()}, ["outgoing.no_recipients"]),
        (NOTICE, {"recipients": ("Như trên", "Lưu VT")}, ["outgoing.no_recipients"]),
        (NOTICE, {"recipients": ("Như Điều 3", "Lưu VT")}, []),
        (LETTER, {"has_authority": False}, ["outgoing.no_signer"]),
        (
            LETTER,
            {"text": "1. [Nêu nội dung đề nghị hoặc trả lời.]"},
            ["outgoing.placeholders_left"],
        ),
        (NOTICE, {"recipients": ("Như Điều [số]",)}, ["outgoing.placeholders_left"]),
        (LETTER, {"text": "Theo Công văn [1] và [phụ lục kèm theo]."}, []),
    ],
)
def test_what_is_missing(written: Written, changed: dict[str, Any], codes: list[str]) -> None:
    assert [code for code, _ in missing_parts(replace(written, **changed))] == codes


def test_the_first_fault_refuses_in_words() -> None:
    with pytest.raises(RuleBroken) as refusal:
        require_ready(replace(LETTER, addressees=()))
    assert refusal.value.sentence.startswith("Chưa gửi duyệt được: thiếu Kính gửi.")


def test_every_shipped_template_refuses_its_own_placeholders() -> None:
    for template in templates().values():
        assert template.placeholders, template.name
        as_shipped = replace(
            NOTICE, text="\n".join(template.placeholders), placeholders=template.placeholders
        )
        assert as_shipped.placeholders_left == list(template.placeholders)


HOUSES = Directory(
    {1: "Đảng ủy xã A", 2: "Đảng ủy xã B"}, {"dang uy xa a": 1, "dang uy xa b": 2, "dang uy b": 2}
)
ABOVE, KEPT = RecipientLine("Như trên"), RecipientLine("Lưu Văn phòng")
TO_A, TO_B = RecipientLine("Như trên", 1), RecipientLine("Như trên", 2)


@pytest.mark.parametrize(
    ("rows", "before", "now", "after"),
    [
        ((ABOVE, KEPT), [], ["Đảng ủy xã A;", "Đảng ủy B."], (TO_A, TO_B, KEPT)),
        ((TO_A, KEPT), ["Đảng ủy xã A"], ["Đảng ủy xã B"], (TO_B, KEPT)),
        ((TO_A, KEPT), ["Đảng ủy xã A"], ["Sở Nội vụ"], (ABOVE, KEPT)),
        ((TO_A,), ["Đồng chí Bí thư"], ["Đồng chí Bí thư"], (TO_A,)),
        ((KEPT, RecipientLine("Đảng ủy xã A", 1)), [], ["Đảng ủy xã A"], None),
        ((KEPT,), [], ["Sở Nội vụ"], (KEPT,)),
    ],
)
def test_who_is_addressed_receives(
    rows: tuple[RecipientLine, ...],
    before: list[str],
    now: list[str],
    after: tuple[RecipientLine, ...] | None,
) -> None:
    found = with_addressed(rows, HOUSES, before=before, now=now)
    assert found == (after if after is not None else (rows[1], rows[0]))
