"""Icon, badge, due chip, stamp, note, empty state, progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from nhactruong.foundation.ui import rules
from nhactruong.foundation.ui.shapes import Due
from nhactruong.kernel.states import Secrecy, Urgency

from .registry import attributes, badge_html, icon_html, library, part_of, rendered


@library.simple_tag
def icon(name: str, small: bool = False) -> SafeString:
    """One picture of the set, decorative; the word beside it says what it means."""
    return icon_html(name, small)


@library.simple_tag
def badge(
    state: str | tuple[str, ...] | Mapping[str, str], tone: str = "neutral", icon: str = ""
) -> SafeString:
    """A state as icon and word; takes a label, or (label, tone, icon) from a state table."""
    if isinstance(state, tuple | list):
        return badge_html(*state)
    if isinstance(state, Mapping):
        return badge_html(state["label"], state.get("tone", tone), state.get("icon", icon))
    if not state:
        return SafeString("")
    return badge_html(state, tone, icon)


def due_html(due: Any, short: bool = False) -> SafeString:
    """The chip of a `Due`, a dict with its keys, working days left, or ready HTML."""
    if due is None or due == "" or isinstance(due, SafeString):
        return due or SafeString("")
    if isinstance(due, int):
        due = Due(due)
    if isinstance(due, str):
        return format_html('<span class="due">{}{}</span>', icon_html("calendar", True), due)
    words, tone, picture = rules.due_words(
        part_of(due, "remaining"), immediate=bool(part_of(due, "immediate")), short=short
    )
    title = " · ".join(
        part
        for part in (rules.date_words(part_of(due, "due_on")), part_of(due, "rule") or "")
        if part
    )
    suffix = {"soon": " due--soon", "late": " due--late"}.get(tone, "")
    said = f' title="{escape(title)}"' if title else ""
    return SafeString(
        f'<span class="due{suffix}"{said}>{icon_html(picture, small=True)}{escape(words)}</span>'
    )


@library.simple_tag
def due_chip(
    due: Due | Mapping[str, Any] | int | None = None,
    due_on: date | None = None,
    rule: str = "",
    immediate: bool = False,
    short: bool = False,
    text: str = "",
    tone: str = "neutral",
) -> SafeString:
    """How long there is still time, in words; takes a `Due`, working days left, or ready `text`."""
    if text:
        css = rules.tone_class(tone)
        suffix = {"canh": " due--soon", "nguy": " due--late"}.get(css, "")
        picture = {"canh": "clock", "nguy": "warn"}.get(css, "calendar")
        return format_html(
            '<span class="due{}">{}{}</span>', suffix, icon_html(picture, True), text
        )
    if due is None or isinstance(due, int):
        return due_html(Due(due, due_on, rule, immediate), short)
    return due_html(due, short)


@library.simple_tag
def mark_stamp(value: Urgency | Secrecy | str | int | None) -> SafeString:
    """KHẨN, HỎA TỐC, MẬT … in a frame; NỘI BỘ in grey; nothing for the ordinary ones."""
    words, quiet = rules.stamp_words(value)
    if not words:
        return SafeString("")
    return format_html(
        '<span class="mark-stamp{}">{}</span>', " mark-stamp--noibo" if quiet else "", words
    )


@library.simple_block_tag(end_name="endnote")
def note(content: str, tone: str = "info", icon: str = "", live: bool = False) -> SafeString:
    """A framed remark of the system in one of the five tones; `live` announces it."""
    css = rules.tone_class(tone)
    return format_html(
        '<div class="note{}"{}>{}<div>{}</div></div>',
        "" if css == "tin" else f" note--{css}",
        attributes(role="status" if live else ""),
        icon_html(icon or rules.TONE_ICONS[css]),
        content,
    )


@library.simple_tag
def empty(
    sentence: str, act_label: str = "", act_url: str = "", icon: str = "inbox", kind: str = ""
) -> SafeString:
    """What an empty place is for, and one act. Ready sentences: screens.md §5."""
    return rendered(
        "empty", sentence=sentence, act_label=act_label, act_url=act_url, icon=icon, kind=kind
    )


@library.simple_tag
def progress(
    words: str, percent: int | None = None, poll_url: str = "", id: str = "tien-do"
) -> SafeString:
    """A bar with words, safe to reload; with `poll_url` it asks for itself every 2 seconds."""
    return rendered("progress", words=words, percent=percent, poll_url=poll_url, id=id)
