"""The register table, plain tables, column choice, pager, print head."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .register_rows import heads_of, lines_html
from .registry import attributes, library, part_of, rendered


@library.simple_tag
def table(
    columns: Sequence[Any],
    rows: Iterable[Any],
    caption: str,
    empty: str = "Không có văn bản nào khớp bộ lọc. Bỏ bớt điều kiện, hoặc bỏ mọi bộ lọc.",
    print_head: str = "",
) -> SafeString:
    """A register: sticky head, number as link, void numbers struck, other columns folded on phones.

    `columns` are `Column`s (key, label, kind, shown, sort); `rows` have `cells` by column key,
    `url`, `void`. A column not shown is still printed.
    """
    heads = heads_of(columns)
    return rendered(
        "table",
        heads=heads,
        lines=lines_html(heads, rows),
        caption=caption,
        empty=empty,
        print_head=print_head,
    )


@library.simple_block_tag(end_name="endplain_table")
def plain_table(
    content: str, caption: str, show_caption: bool = False, record: bool = False
) -> SafeString:
    """A small table written by hand (`thead`, `tbody` inside) in a frame that scrolls sideways.

    `record`: lines of what was done (when, who, what, to which thing); on the phone each is a sheet.
    """
    return format_html(
        '<div class="table-wrap" tabindex="0" role="region" aria-label="{}">'
        '<table class="{}"><caption{}>{}</caption>{}</table></div>',
        caption,
        "plain-table record" if record else "plain-table",
        attributes(class_="" if show_caption else "sr"),
        caption,
        content,
    )


@library.simple_tag
def column_choice(columns: Sequence[Any], action: str = "", name: str = "cot") -> SafeString:
    """ "Chọn cột": a popover with one box for each column; sent by GET as `cot=key&cot=key`."""
    boxes = [
        {
            "key": part_of(column, "key"),
            "label": part_of(column, "label"),
            "shown": part_of(column, "shown", True),
            "field_id": f"{name}-{part_of(column, 'key')}",
        }
        for column in columns
    ]
    return rendered("column_choice", columns=boxes, action=action, name=name)


@library.simple_tag
def pager(
    newer_url: str = "",
    older_url: str = "",
    summary: str = "",
    newer_label: str = "Mới hơn",
    older_label: str = "Cũ hơn",
) -> SafeString:
    """Keyset paging in two steps; the end that is reached is refused, not hidden.

    What fits on one page has only its summary.
    """
    return rendered(
        "pager",
        newer_url=newer_url,
        older_url=older_url,
        summary=summary,
        newer_label=newer_label,
        older_label=older_label,
    )


@library.simple_tag
def print_head(
    agency: str,
    title: str,
    superior: str = "",
    place_date: str = "",
    line: str = "",
    opening: str = "",
) -> SafeString:
    """The head of a printed register: issuer, Party line, title, opening statement; print only."""
    return rendered(
        "print_head",
        agency=agency,
        title=title,
        superior=superior,
        place_date=place_date,
        line=line,
        opening=opening,
    )


@library.simple_tag
def print_foot(closing: str, signer_title: str = "", signer_name: str = "") -> SafeString:
    """The closing statement of a printed register; print only."""
    return rendered(
        "print_foot", closing=closing, signer_title=signer_title, signer_name=signer_name
    )
