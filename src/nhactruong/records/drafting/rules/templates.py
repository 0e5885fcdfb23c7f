"""Templates of the document types: skeleton of the body, way of addressing, prompts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import one_line
from nhactruong.records.drafting.rules.body import Body
from nhactruong.records.drafting.rules.plain import body_from_plain, plain_text

_PLACEHOLDER: Final = re.compile(r"\[[^\[\]\n]+\]")


class Addressing(StrEnum):
    """How the addressee stands above the body. Source: documents.md 4.3 P09."""

    NONE = "none"
    KINH_GUI = "kinh_gui"
    KINH_TRINH = "kinh_trinh"

    @property
    def label(self) -> str:
        """The printed word, or "" when the type addresses nobody."""
        return {"none": "", "kinh_gui": "Kính gửi", "kinh_trinh": "Kính trình"}[self.value]


@dataclass(frozen=True, slots=True)
class Template:
    """What a new draft of a type begins with; `type_slug` is that of the document type table."""

    type_slug: str
    name: str
    #: The type name as printed above the trích yếu, or None when it is not printed (công văn).
    printed_name: str | None
    addressing: Addressing
    #: How the trích yếu begins; "" where it is optional (giấy mời).
    subject_opening: str
    first_recipient: str
    body: Body
    prompts: tuple[str, ...]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What stands in square brackets for the drafter to replace, in the order of the page."""
        return tuple(
            dict.fromkeys(_PLACEHOLDER.findall(f"{plain_text(self.body)}\n{self.first_recipient}"))
        )


def parse_templates(toml_text: str) -> Mapping[str, Template]:
    """Templates by `type_slug`, in the order of the file.

    Raises: InvalidInput `drafting.template_invalid` when a table lacks a key or names an unknown
    way of addressing, `drafting.template_twice` when a slug comes again.
    """
    templates: dict[str, Template] = {}
    for table in tomllib.loads(toml_text).get("template", []):
        try:
            template = Template(
                type_slug=table["type"],
                name=one_line(table["name"]),
                printed_name=one_line(table["name"]).upper() if table["prints_name"] else None,
                addressing=Addressing(table["addressing"]),
                subject_opening=one_line(table["subject_opening"]),
                first_recipient=one_line(table.get("first_recipient", "")),
                body=body_from_plain(table["body"]),
                prompts=tuple(one_line(prompt) for prompt in table["prompts"]),
            )
        except (KeyError, ValueError) as error:
            raise InvalidInput(
                "drafting.template_invalid",
                "Không đọc được mẫu “%(name)s” vì thiếu hoặc sai một mục. Sửa tệp mẫu rồi nạp lại.",
                name=str(table.get("type", "?")),
                reason=repr(error),
            ) from error
        if template.type_slug in templates:
            raise InvalidInput(
                "drafting.template_twice",
                "Mẫu “%(name)s” có hai lần trong tệp mẫu. Bỏ bớt một mẫu rồi nạp lại.",
                name=template.type_slug,
            )
        templates[template.type_slug] = template
    return MappingProxyType(templates)
