"""Rows of lists and of the inbox, the queue of files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .actions import link_html
from .registry import attributes, icon_html, library, rendered
from .status import due_html


@library.simple_block_tag(end_name="endrow")
def row(
    content: str,
    title: str,
    url: str = "",
    kind: str = "",
    due: Any = None,
    act_label: str = "",
    act_url: str = "",
    act_kind: str = "",
    side: str = "",
    tag: str = "div",
    short: bool = False,
) -> SafeString:
    """A line of a list: title, kind, meta (the content), due, one act; the whole line is the link."""
    return rendered(
        "row",
        title=title,
        url=url,
        kind=kind,
        meta=SafeString(content.strip()),
        due=due_html(due, short),
        act_label=act_label,
        act_url=act_url,
        act_kind=act_kind,
        side=side,
        tag="li" if tag == "li" else "div",
    )


@library.simple_block_tag(end_name="endwork_row")
def work_row(
    content: str,
    title: str,
    url: str,
    kind: str = "",
    kind_icon: str = "task",
    due: Any = None,
    act_label: str = "",
    act_url: str = "",
    select_value: str = "",
    select_name: str = "chon",
    on: bool = False,
    short: bool = True,
) -> SafeString:
    """A line of the inbox, to stand in a `ul`: tick box, icon and word of the kind, title, due, act."""
    classes = f"work-row{' is-on' if on else ''}{'' if select_value else ' is-plain'}"
    box = (
        format_html(
            '<input type="checkbox" name="{}" value="{}" aria-label="Chọn: {}">',
            select_name,
            select_value,
            title,
        )
        if select_value
        else ""
    )
    chip = due_html(due, short)
    act = (
        link_html(act_label, act_url or url, "btn btn--s", hidden_words=title) if act_label else ""
    )
    return format_html(
        '<li class="{}"{}>{}<span class="kind">{}</span><div class="what">'
        '<a class="row-title" href="{}">{}</a><p class="row-meta">{}{}</p></div>{}</li>',
        classes,
        attributes(aria_current="true" if on else ""),
        box,
        icon_html(kind_icon),
        url,
        title,
        format_html("<b>{}</b>", kind) if kind else "",
        SafeString(content.strip()),
        format_html('<div class="row-side">{}{}</div>', chip, act) if chip or act else "",
    )


@library.simple_tag
def group_head(label: str, late: bool = False, level: int = 2) -> SafeString:
    """The heading of a group of rows; red when the group is late."""
    size = level if level in (2, 3, 4) else 2
    return format_html(
        '<h{} class="group-head{}">{}</h{}>', size, " is-late" if late else "", label, size
    )


@library.simple_block_tag(end_name="endselect_all")
def select_all(content: str, name: str = "chon", label: str = "Chọn tất cả") -> SafeString:
    """The bar over a list that ticks all boxes called `name`; bulk acts stand inside."""
    return rendered("select_all", content=content, name=name, label=label)


@library.simple_tag
def queue(items: Iterable[Any], label: str) -> SafeString:
    """Files or papers that wait, side by side; items have label, url, icon, current."""
    return rendered("queue", items=items, label=label)


@library.simple_block_tag(end_name="endmini")
def mini(content: str, title: str, url: str = "", tag: str = "li") -> SafeString:
    """A small line of a side card: title and one line of meta (the content)."""
    name = format_html("<a{}>{}</a>", attributes(href=url), title) if url else title
    return format_html(
        '<{} class="mini">{}<span class="row-meta">{}</span></{}>',
        tag,
        name,
        SafeString(content.strip()),
        tag,
    )
