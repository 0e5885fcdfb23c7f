"""The structured body of a draft, its numbers and its words: pure decisions, no Django, no I/O.

`Body` is canonical; the page editor, the typesetter and the word export derive from it.
"""

from nhactruong.records.drafting.rules.body import (
    MAX_BLOCK_CHARACTERS,
    MAX_BLOCKS,
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    SCHEMA,
    Block,
    Body,
    Cell,
    Kind,
    Run,
    Table,
    TextBlock,
    block_text,
    body_to_json,
    clean_text,
    parse_body,
    text_of,
)
from nhactruong.records.drafting.rules.numbering import Numbered, is_titled, numbered
from nhactruong.records.drafting.rules.plain import body_from_plain, plain_text, word_count
from nhactruong.records.drafting.rules.templates import (
    Addressing,
    Template,
    parse_templates,
)

__all__ = [
    "MAX_BLOCKS",
    "MAX_BLOCK_CHARACTERS",
    "MAX_CELLS",
    "MAX_CHARACTERS",
    "MAX_COLUMNS",
    "SCHEMA",
    "Addressing",
    "Block",
    "Body",
    "Cell",
    "Kind",
    "Numbered",
    "Run",
    "Table",
    "Template",
    "TextBlock",
    "block_text",
    "body_from_plain",
    "body_to_json",
    "clean_text",
    "is_titled",
    "numbered",
    "parse_body",
    "parse_templates",
    "plain_text",
    "text_of",
    "word_count",
]
