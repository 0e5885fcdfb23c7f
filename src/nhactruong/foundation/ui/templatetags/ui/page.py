"""Page head, navigation, cards and lists of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nhactruong.foundation.ui import rules

from .registry import badge_html, element_id, library, part_of, rendered

#: How many entries the bottom bar of the phone shows before "Thêm".
BAR_ENTRIES = 4


@library.simple_block_tag(end_name="endslot")
def slot(content: str) -> SafeString:
    """A piece of HTML kept under a name: `{% slot as meta %}…{% endslot %}`, for other tags."""
    return SafeString(content.strip())


@library.simple_block_tag(end_name="endpage_head")
def page_head(
    content: str,
    title: str,
    lead: str = "",
    meta: str = "",
    crumbs: Iterable[Any] = (),
    doc: bool = False,
    lead_first: bool = False,
) -> SafeString:
    """The head of a page: crumbs, the one `h1`, one line of meta; the content is the actions.

    `crumbs` are (label, url) pairs or objects with these names; the last one needs no url.
    `doc` sets the title in the words of a document (trích yếu).
    """
    path = [
        (one[0], one[1] if len(one) > 1 else "")
        if isinstance(one, tuple | list)
        else (part_of(one, "label"), part_of(one, "url", ""))
        for one in crumbs or ()
    ]
    return rendered(
        "page_head",
        title=title,
        lead=lead,
        meta=meta,
        crumbs=path,
        doc=doc,
        lead_first=lead_first,
        acts=SafeString(content.strip()),
    )


@library.simple_block_tag(takes_context=True, end_name="endcard")
def card(
    context: Context,
    content: str,
    heading: str = "",
    count: int | None = None,
    link_label: str = "",
    link_url: str = "",
    flush: bool = False,
    level: int = 2,
    aside: str = "",
    id: str = "",
    tag: str = "section",
) -> SafeString:
    """A white sheet with an optional head; `flush` for rows and tables, which bring own margins."""
    return rendered(
        "card",
        content=content,
        heading=heading,
        heading_id=element_id(context, "h", heading) if heading else "",
        count=None if count is None else rules.count_words(count),
        link_label=link_label,
        link_url=link_url,
        flush=flush,
        level=level if level in (2, 3, 4) else 2,
        aside=aside,
        id=id,
        tag=tag if tag in ("section", "div", "article", "aside") else "section",
    )


def value_html(value: Any) -> Any:
    """A value as shown: a date as dd/mm/yyyy, a badge tuple as a badge, all else as it is."""
    if isinstance(value, date):
        return rules.date_words(value)
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return badge_html(*value)
    return value


@library.simple_block_tag(end_name="endfacts_list")
def facts_list(
    content: str, pairs: Sequence[tuple[str, Any]] = (), wide: bool = False
) -> SafeString:
    """Labels and values; from `pairs`, from `{% fact %}` lines inside, or both."""
    ready = SafeString("").join(_fact(label, value) for label, value in pairs)
    return format_html(
        '<dl class="facts-list{}">{}{}</dl>',
        " facts-list--wide" if wide else "",
        SafeString(ready),
        SafeString(content.strip()),
    )


def _fact(label: str, value: Any) -> SafeString:
    if value is None or value == "":
        return SafeString("")
    return format_html("<dt>{}</dt><dd>{}</dd>", label, value_html(value))


@library.simple_tag
def fact(label: str, value: Any) -> SafeString:
    """One line of a `facts_list`; nothing at all when the value is empty."""
    return _fact(label, value)


@library.simple_tag
def side_nav(entries: Iterable[Any] | None) -> SafeString:
    """The main navigation: side nav, rail and bottom bar from one list of entries."""
    listed = list(entries or ())
    sections: list[tuple[str, list[Any]]] = []
    for place, entry in enumerate(listed):
        line = {
            "label": part_of(entry, "label"),
            "url": part_of(entry, "url"),
            "icon": part_of(entry, "icon") or "file",
            "current": bool(part_of(entry, "current")),
            "count": part_of(entry, "count"),
            "on_bar": place < BAR_ENTRIES,
        }
        heading = part_of(entry, "section") or ""
        if not sections or sections[-1][0] != heading:
            sections.append((heading, []))
        sections[-1][1].append(line)
    hidden = [line for _, lines in sections for line in lines if not line["on_bar"]]
    return rendered(
        "side_nav",
        sections=sections,
        hidden=hidden,
        hidden_current=any(line["current"] for line in hidden),
    )
