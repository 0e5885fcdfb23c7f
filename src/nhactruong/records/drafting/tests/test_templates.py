"""The shipped templates and the document type table fit each other and the form."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from nhactruong.kernel.errors import InvalidInput
from nhactruong.records.drafting.library import templates
from nhactruong.records.drafting.rules import Addressing, Kind, TextBlock, parse_templates


def _document_types() -> list[dict[str, str]]:
    source = files("nhactruong.masterdata.vocabularies").joinpath("data", "document_types.csv")
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def test_document_types_have_unique_slugs_and_two_types_may_share_a_code() -> None:
    rows = _document_types()
    slugs = [row["slug"] for row in rows]
    assert len(slugs) == len(set(slugs))
    party = {row["slug"]: row for row in rows if row["profile"] == "party"}
    assert party["quyet-dinh"]["code"] == party["quy-dinh"]["code"] == "QĐ"


def test_every_template_belongs_to_a_party_type_of_the_same_name() -> None:
    names = {row["slug"]: row["name_vi"] for row in _document_types() if row["profile"] == "party"}
    for slug, template in templates().items():
        assert names[slug] == template.name


@pytest.mark.parametrize(
    ("slug", "printed", "addressing"),
    [
        ("cong-van", None, Addressing.KINH_GUI),
        ("to-trinh", "TỜ TRÌNH", Addressing.KINH_TRINH),
        ("bao-cao", "BÁO CÁO", Addressing.NONE),
        ("thong-bao", "THÔNG BÁO", Addressing.NONE),
        ("nghi-quyet", "NGHỊ QUYẾT", Addressing.NONE),
    ],
)
def test_a_type_is_named_and_addressed_as_the_form_says(
    slug: str, printed: str | None, addressing: Addressing
) -> None:
    template = templates()[slug]
    assert template.printed_name == printed
    assert template.addressing is addressing
    assert bool(template.addressing.label) is (addressing is not Addressing.NONE)


def test_a_resolution_begins_with_the_four_parts_of_its_skeleton() -> None:
    parts = [
        block.runs[0].text
        for block in templates()["nghi-quyet"].body.blocks
        if isinstance(block, TextBlock) and block.kind is Kind.HEADING and block.level == 1
    ]
    assert parts == [
        "Tình hình, hạn chế và nguyên nhân",
        "Quan điểm, mục tiêu",
        "Nhiệm vụ, giải pháp",
        "Tổ chức thực hiện",
    ]


def test_a_decision_begins_with_grounds_and_ends_with_articles() -> None:
    kinds = [
        block.kind for block in templates()["quyet-dinh"].body.blocks if hasattr(block, "kind")
    ]
    assert kinds == [*[Kind.BASIS] * 3, *[Kind.DECISION_LINE] * 2, *[Kind.ARTICLE] * 3]


def test_every_template_prompts_the_drafter_and_has_a_skeleton() -> None:
    for template in templates().values():
        assert template.prompts
        assert all(prompt.endswith("?") for prompt in template.prompts)
        assert template.body.blocks


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("addressing", '"nobody"'), "drafting.template_invalid"),
        (("name", None), "drafting.template_invalid"),
    ],
)
def test_a_broken_template_file_is_refused(change: tuple[str, str | None], code: str) -> None:
    keys: dict[str, str | None] = {
        "type": '"x"',
        "name": '"X"',
        "prints_name": "true",
        "addressing": '"none"',
        "subject_opening": '""',
        "body": '"a"',
        "prompts": "[]",
    } | {change[0]: change[1]}
    text = "[[template]]\n" + "\n".join(f"{k} = {v}" for k, v in keys.items() if v is not None)
    with pytest.raises(InvalidInput) as refusal:
        parse_templates(text)
    assert refusal.value.code == code


def test_the_same_type_twice_is_refused() -> None:
    one = (
        '[[template]]\ntype = "x"\nname = "X"\nprints_name = true\naddressing = "none"\n'
        'subject_opening = ""\nbody = "a"\nprompts = []\n'
    )
    with pytest.raises(InvalidInput) as refusal:
        parse_templates(one + one)
    assert refusal.value.code == "drafting.template_twice"
