"""Buttons, refusals, tabs, filters, choices in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nhactruong.kernel.errors import InvalidInput

from .registry import attributes, element_id, icon_html, library, rendered

KINDS = {"": "", "main": " btn--main", "force": " btn--force", "quiet": " btn--quiet"}


@library.simple_tag(takes_context=True)
def button(
    context: Context,
    label: str,
    url: str = "",
    post: str = "",
    kind: str = "",
    icon: str = "",
    small: bool = False,
    wide: bool = False,
    refused: str = "",
    show_reason: bool = True,
    dialog: str = "",
    menu: str = "",
    key: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",
    form: str = "",
    hidden_words: str = "",
    icon_only: bool = False,
    id: str = "",
    css: str = "",
) -> SafeString:
    """A link (`url`), a one-press act (`post`), a dialog opener (`dialog`) or a form's button.

    `kind`: empty, main (the one primary), force (legal force only), quiet. `refused` is the reason
    why the act is not allowed now: the button stays, cannot be pressed, and says why.
    Raises: InvalidInput `ui.unknown_kind`.
    """
    if kind not in KINDS:
        raise InvalidInput("ui.unknown_kind", "Không có kiểu nút %(kind)s.", kind=kind)
    if hasattr(refused, "sentence"):
        refused = refused.sentence
    classes = "btn" + KINDS[kind if not refused else ""]
    classes += " btn--s" if small else ""
    classes += " btn--wide" if wide else ""
    classes += f" {css}" if css else ""
    if url and not (post or refused or dialog):
        return link_html(
            label, url, classes, icon, small, hidden_words, icon_only=icon_only, id=id, key=key
        )
    return rendered(
        "button",
        label=label,
        post=post,
        classes=classes,
        icon=icon,
        small=small,
        refused=refused,
        show_reason=show_reason,
        reason_id=element_id(context, "vi-sao", label) if refused else "",
        dialog=dialog,
        menu=menu,
        key=key,
        shown_key=_shown_key(key),
        aria_key=_aria_key(key),
        name=name,
        value=value,
        type=type,
        form=form,
        hidden_words=hidden_words,
        icon_only=icon_only,
        id=id,
        csrf_token=context.get("csrf_token"),
    )


def link_html(
    label: str,
    url: str,
    classes: str,
    icon: str = "",
    small: bool = False,
    hidden_words: str = "",
    *,
    icon_only: bool = False,
    id: str = "",
    key: str = "",
) -> SafeString:
    """A link that looks like a button; a list has fifty of them, hence no template."""
    shown_key = _shown_key(key)
    return format_html(
        '<a class="{}" href="{}"{}>{}{}{}{}</a>',
        classes,
        url,
        attributes(
            id=id,
            data_key=key,
            aria_keyshortcuts=_aria_key(key),
            aria_label=label if icon_only else "",
        ),
        icon_html(icon, small) if icon else "",
        "" if icon_only else label,
        format_html('<span class="sr">: {}</span>', hidden_words) if hidden_words else "",
        format_html('<kbd class="desk-only" aria-hidden="true">{}</kbd>', shown_key)
        if shown_key
        else "",
    )


def _shown_key(key: str) -> str:
    return key if key.startswith("F") else ""


def _aria_key(key: str) -> str:
    return key.replace("Ctrl", "Control")


@library.simple_tag
def refusal(sentence: str, id: str = "") -> SafeString:
    """One sentence beside a button that says why not, in the words of the regulation."""
    return format_html(
        '<p class="refusal"{}>{}{}</p>', attributes(id=id), icon_html("info", small=True), sentence
    )


@library.simple_tag
def tabs(items: Iterable[Any], label: str) -> SafeString:
    """Tabs as links, since they live in the URL; items are `Tab`s or dicts."""
    return rendered("tabs", items=items, label=label)


@library.simple_block_tag(end_name="endfilter_bar")
def filter_bar(
    content: str,
    action: str = "",
    label: str = "Bộ lọc",
    submit_label: str = "Lọc",
    auto: bool = True,
) -> SafeString:
    """A GET form in one line; the fields stand inside.

    With `auto` a choice filters at once and words by Enter; the button is for those without script.
    """
    return rendered(
        "filter_bar",
        content=content,
        action=action,
        label=label,
        submit_label=submit_label,
        auto=auto,
    )


@library.simple_block_tag(end_name="endfilter_more")
def filter_more(content: str, label: str = "Thêm bộ lọc", used: int = 0) -> SafeString:
    """Rarely used filters, folded inside a `filter_bar`; `used` says how many of them are active."""
    return rendered("filter_more", content=content, label=label, used=used)


@library.simple_tag
def filter_tags(tags: Iterable[Any], clear_url: str = "") -> SafeString:
    """Active filters, each removable by its own link; two or more can be dropped together."""
    return rendered("filter_tags", tags=list(tags), clear_url=clear_url)


@library.simple_tag
def segmented(items: Iterable[Mapping[str, Any]], label: str) -> SafeString:
    """Two to four looks of one list as joined links; the current one is marked."""
    return rendered("segmented", items=items, label=label)


@library.simple_block_tag(end_name="endact_bar")
def act_bar(content: str) -> SafeString:
    """The bar of actions at the foot of a panel: primary first, the rest after it."""
    return format_html('<div class="act-bar">{}</div>', SafeString(content.strip()))
