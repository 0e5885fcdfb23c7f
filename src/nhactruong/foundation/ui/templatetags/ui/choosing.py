"""Choosing people and agencies, taking files, and the line that says what is saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .fields import described_by, form_head
from .registry import element_id, library, rendered


@library.simple_tag(takes_context=True)
def picker(
    context: Context,
    name: str | BoundField,
    label: str = "",
    options: Iterable[Any] = (),
    multiple: bool = False,
    add_label: str = "",
    hint: str = "",
    error: str = "",
    source_url: str = "",
    placeholder: str = "Gõ tên, chức danh hoặc đơn vị; không dấu cũng được",
) -> SafeString:
    """Choose persons, posts, units or agencies: a select, and with script a list one can search.

    `options` are `Person`s (value, label, meta, recent, absent, selected). `source_url` answers
    `?q=` with JSON `{"options": [{value, label, meta, absent}]}` for lists too long for a page.
    """
    people = list(options)
    if isinstance(name, BoundField):
        bound = name
        multiple = multiple or isinstance(bound.field.widget, forms.SelectMultiple)
        label = label or str(bound.label)
        error = error or " ".join(str(message) for message in bound.errors)
        hint = hint or str(bound.help_text or "")
        identifier, html_name = str(bound.auto_id), bound.html_name
        if not people:
            people = [
                {
                    "value": choice.data["value"],
                    "label": choice.choice_label,
                    "selected": choice.data["selected"],
                }
                for choice in bound.subwidgets
            ]
    else:
        identifier, html_name = element_id(context, "f", name), name
    return rendered(
        "picker",
        name=html_name,
        identifier=identifier,
        label=label,
        people=people,
        multiple=multiple,
        add_label=add_label or f"Chọn {label[:1].lower()}{label[1:]}",
        hint=hint,
        error=error,
        source_url=source_url,
        placeholder=placeholder,
        described=described_by(((f"{identifier}_error", error), (f"{identifier}_helptext", hint))),
    )


@library.simple_tag(takes_context=True)
def drop_zone(
    context: Context,
    action: str,
    name: str = "files",
    label: str = "Thả tệp vào đây, hoặc chọn tệp",
    accept: str = ".pdf,.docx,.doc,.odt,.xlsx,.png,.jpg,.jpeg,.tif,.tiff,.zip",
    multiple: bool = True,
    max_mb: int = 200,
    hint: str = "",
    small: bool = False,
    next_url: str = "",
) -> SafeString:
    """A multipart form that takes files; with script the whole page takes the drop.

    With script each file is one POST of `name` with `Accept: application/json`; the answer is 2xx,
    optionally JSON `{"url", "label"}`, or problem+json whose `title` is shown beside the file.
    """
    return rendered(
        "drop_zone",
        action=action,
        name=name,
        label=label,
        accept=accept,
        multiple=multiple,
        max_mb=max_mb,
        hint=hint,
        small=small,
        next_url=next_url,
        identifier=element_id(context, "tep", name),
        form_head=form_head(context),
    )


@library.simple_tag
def saved_state(words: str = "") -> SafeString:
    """The live line "Đã lưu 16:42"; `nt-autosave` writes into it."""
    return format_html('<span class="saved" role="status" data-saved>{}</span>', words)
