"""The structured body: what is read, refused, numbered, pasted."""

from __future__ import annotations

import json
import unicodedata
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.drafting.rules import (
    MAX_BLOCK_CHARACTERS,
    MAX_BLOCKS,
    Body,
    Kind,
    Run,
    Table,
    TextBlock,
    body_from_plain,
    body_to_json,
    is_titled,
    numbered,
    parse_body,
    plain_text,
    text_of,
    word_count,
)
from nhactruong.records.drafting.rules.numbering import point_letter, roman

_RUNS = st.lists(
    st.fixed_dictionaries(
        {"text": st.text(max_size=40)},
        optional={"bold": st.booleans(), "italic": st.booleans(), "cite": st.uuids().map(str)},
    ),
    max_size=4,
)


def _block(kind: str, **extra: Any) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: st.sampled_from(values) for name, values in extra.items()}
    return st.fixed_dictionaries({"kind": st.just(kind), "runs": _RUNS, **fields})


@st.composite
def _tables(draw: st.DrawFn) -> dict[str, Any]:
    width = draw(st.integers(1, 4))
    row = st.lists(st.fixed_dictionaries({"runs": _RUNS}), min_size=width, max_size=width)
    rows = draw(st.lists(row, min_size=1, max_size=3))
    return {"kind": "table", "header": draw(st.booleans()), "rows": rows}


_BLOCKS = st.one_of(
    *(_block(kind) for kind in ("basis", "paragraph", "chapter", "article", "decision_line")),
    _block("heading", level=[1, 2, 3]),
    _block("item", marker=["-", "+"]),
    _tables(),
)


def _body(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    named = [{"id": f"k{n}", **block} for n, block in enumerate(blocks)]
    return {"schema": 1, "blocks": named}


@settings(deadline=None)
@given(st.lists(_BLOCKS, max_size=6).map(_body))
def test_a_body_read_once_is_written_and_read_unchanged(value: dict[str, Any]) -> None:
    body = parse_body(value)
    written = json.loads(json.dumps(body_to_json(body), ensure_ascii=False))
    assert parse_body(written) == body
    assert unicodedata.is_normalized("NFC", plain_text(body))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_pasted_text_becomes_a_body_that_keeps_its_words(pasted: str) -> None:
    body = body_from_plain(pasted)
    assert parse_body(body_to_json(body)) == body
    assert word_count(body) <= len(pasted.split()) + sum(map(pasted.count, "\x1c\x1d\x1e\x1f\x85"))


def test_a_pasted_decision_finds_its_parts() -> None:
    body = body_from_plain(
        "- Căn cứ Điều lệ Đảng;\n"
        "- Căn cứ Quy chế làm việc số 01-QC/TU, ngày 15/10/2025;\n"
        "- Xét đề nghị của Ban Tổ chức Tỉnh ủy,\n"
        "\n"
        "BAN THƯỜNG VỤ TỈNH ỦY\n"
        "QUYẾT ĐỊNH:\n"
        "Điều 1. Thành lập Ban Chỉ đạo gồm:\n"
        "1. Đồng chí Phan Thị Hoài Thư, Trưởng ban;\n"
        "Điều 7: Quyết định có hiệu lực từ ngày ký.\n"
    )
    assert [block.kind for block in body.blocks] == [
        *([Kind.BASIS] * 3),
        *([Kind.DECISION_LINE] * 2),
        Kind.ARTICLE,
        Kind.HEADING,
        Kind.ARTICLE,
    ]
    # Typed numbers are dropped; the second article is Điều 2 whatever was typed.
    assert plain_text(body).splitlines()[-1] == "Điều 2. Quyết định có hiệu lực từ ngày ký."


def test_a_pasted_report_finds_its_headings_and_items() -> None:
    body = body_from_plain(
        "I- TÌNH HÌNH\n1. Kết quả\na) Về kinh tế\n- Nông nghiệp\n+ Lúa\n"
        "II. NHIỆM VỤ\n1.500 hộ dân đã di dời.\n20/11/2026 họp.\nV.I. Lênin đã viết.\n"
    )
    shapes = [
        (block.kind.value, block.level or block.marker)
        for block in body.blocks
        if isinstance(block, TextBlock)
    ]
    assert shapes == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 3),
        ("item", "-"),
        ("item", "+"),
        ("heading", 1),
        ("paragraph", ""),
        ("paragraph", ""),
        ("paragraph", ""),
    ]


def test_a_chapter_takes_the_line_in_capitals_below_it_as_its_title() -> None:
    body = body_from_plain("Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\nCHƯƠNG II. Tổ chức")
    assert plain_text(body).splitlines() == [
        "Chương I QUY ĐỊNH CHUNG",
        "Điều 1. Phạm vi",
        "Chương II Tổ chức",
    ]


def test_numbers_restart_under_what_encloses_them_and_articles_run_through() -> None:
    body = body_from_plain(
        "I- A\n1. B\n2. C\na) D\nb) E\nII- F\n1. G\na) H\nĐiều 9. K\n1. L\nChương I\nĐiều 1. M"
    )
    labels = [entry.label for entry in numbered(body)]
    assert labels == [
        *("I-", "1.", "2.", "a)", "b)", "II-", "1.", "a)"),
        *("Điều 1.", "1.", "Chương I", "Điều 2."),
    ]


def test_points_are_lettered_as_legal_writing_letters_them() -> None:
    assert [point_letter(n) for n in (1, 4, 5, 7, 23, 24)] == ["a", "d", "đ", "g", "y", "aa"]
    assert [roman(n) for n in (1, 4, 9, 14, 40, 99)] == ["I", "IV", "IX", "XIV", "XL", "XCIX"]


@pytest.mark.parametrize(
    ("level", "text", "bold"),
    [
        (1, "Tình hình", True),
        (2, "Mục tiêu tổng quát", True),
        (2, "Giao Văn phòng Tỉnh ủy theo dõi, đôn đốc.", False),
        (2, "[Nêu nội dung.]", False),
        (2, "x " * 80, False),
        (3, "Về kinh tế", False),
    ],
)
def test_only_a_titled_heading_is_bold(level: int, text: str, bold: bool) -> None:
    assert is_titled(TextBlock("a", Kind.HEADING, (Run(text),), level=level)) is bold


def test_marks_that_print_nothing_and_change_the_reading_order_are_dropped() -> None:
    value = _body(
        [{"kind": "paragraph", "runs": [{"text": "Thu \u202e100\u200b\tđồng\u0000\ufeff"}]}]
    )
    assert plain_text(parse_body(value)) == "Thu 100 đồng"


def test_decomposed_letters_are_composed_even_across_runs_of_one_style() -> None:
    value = _body([{"kind": "paragraph", "runs": [{"text": "thuy"}, {"text": "\u0309 lợi"}]}])
    assert parse_body(value).blocks == (TextBlock("k0", Kind.PARAGRAPH, (Run("thu\u1ef7 lợi"),)),)


def test_a_citation_keeps_the_document_it_points_to() -> None:
    cited = "7f2c1a34-0a51-4bb0-9f3e-2d1d1f0f9a11"
    runs = [{"text": "theo "}, {"text": "Tờ trình số 31-TTr/ĐU", "cite": cited}]
    block = parse_body(_body([{"kind": "paragraph", "runs": runs}])).blocks[0]
    assert isinstance(block, TextBlock)
    assert block.runs[1].cite == UUID(cited)
    assert text_of(block.runs) == "theo Tờ trình số 31-TTr/ĐU"


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ({"kind": "footnote", "runs": []}, "drafting.body_kind"),
        ({"kind": "heading", "level": 4, "runs": []}, "drafting.body_level"),
        ({"kind": "heading", "level": True, "runs": []}, "drafting.body_level"),
        ({"kind": "item", "marker": "*", "runs": []}, "drafting.body_marker"),
        ({"kind": "paragraph"}, "drafting.body_shape"),
        ({"kind": "paragraph", "runs": [{"text": 5}]}, "drafting.body_shape"),
        ({"kind": "paragraph", "runs": [], "color": "red"}, "drafting.body_shape"),
        ({"kind": "paragraph", "runs": [{"text": "a", "cite": "x"}]}, "drafting.body_cite"),
        ({"kind": "paragraph", "runs": [{"text": "a", "cite": 7}]}, "drafting.body_cite"),
        ({"kind": "paragraph", "id": "a b", "runs": []}, "drafting.body_id"),
        ({"kind": "paragraph", "id": "first", "runs": []}, "drafting.body_id"),
        ({"kind": "table", "rows": []}, "drafting.body_shape"),
        ({"kind": "table", "rows": [[{"runs": []}], []]}, "drafting.body_shape"),
        (
            {"kind": "paragraph", "runs": [{"text": "x" * (MAX_BLOCK_CHARACTERS + 1)}]},
            "drafting.body_too_long",
        ),
    ],
)
def test_a_wrong_block_is_refused_in_a_sentence_that_names_it(
    block: dict[str, Any], code: str
) -> None:
    first = {"id": "first", "kind": "paragraph", "runs": []}
    with pytest.raises(InvalidInput) as refusal:
        parse_body({"schema": 1, "blocks": [first, {"id": "second", **block}]})
    assert refusal.value.code == code
    assert "Khối 2" in refusal.value.sentence


@pytest.mark.parametrize("value", [None, [], {}, {"schema": 2, "blocks": []}, {"schema": 1}])
def test_what_is_no_body_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput):
        parse_body(value)


def test_a_body_of_too_many_blocks_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        body_from_plain("a\n" * (MAX_BLOCKS + 1))
    assert refusal.value.code == "drafting.body_too_long"


def test_words_are_counted_without_labels_and_signs() -> None:
    assert word_count(body_from_plain("1. Giao Văn phòng – theo dõi.\n- Căn cứ Điều lệ;")) == 9
    assert (
        word_count(
            Body(
                (
                    Table(
                        "t",
                        ((), ()),
                    ),
                )
            )
        )
        == 0
    )
