"""Form fields with label, hint, error and their wiring; choices."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nhactruong.foundation.ui import rules

from .registry import element_id, library, part_of, rendered


@library.simple_tag(takes_context=True)
def form_head(context: Context) -> SafeString:
    """The hidden fields every POST form needs: the CSRF token and the operation's identifier."""
    return rendered(
        "form_head", csrf_token=context.get("csrf_token"), operation_id=str(uuid.uuid4())
    )


@library.simple_tag
def error_summary(form: Any, heading: str = "Chưa thực hiện được, còn mục cần sửa") -> SafeString:
    """Every fault of a form in one box on top, each linked to its field; nothing when it is sound."""
    if not getattr(form, "errors", None):
        return SafeString("")
    faults = [
        (bound.auto_id, bound.label, message)
        for bound in form
        for message in bound.errors
        if not bound.is_hidden
    ]
    hidden = [message for bound in form.hidden_fields() for message in bound.errors]
    general = [*form.non_field_errors(), *hidden]
    return rendered("error_summary", heading=heading, faults=faults, general=general)


@library.simple_tag
def form_fields(form: Any) -> SafeString:
    """All fields of a form one under another, after the summary of its faults."""
    lines = [error_summary(form), *(field(bound) for bound in form)]
    return format_html('<div class="form-stack">{}</div>', SafeString("".join(lines)))


def described_by(parts: Iterable[tuple[str, object]]) -> str:
    """The ids that are present, for `aria-describedby`."""
    return " ".join(identifier for identifier, present in parts if present)


@library.simple_tag
def field(
    bound: BoundField,
    hint: str = "",
    note: str = "",
    note_tone: str = "",
    label: str = "",
    span: str = "",
    doc: bool = False,
    on: bool = False,
    mark: str = "",
    placeholder: str = "",
    rows: int | None = None,
    side: bool = False,
    show_optional: bool = True,
) -> SafeString:
    """A bound Django field in our look, whatever its widget.

    `note` is the source line under a field read from a document (`note_tone`: ok, look, or empty);
    `mark` is the key of a `SourceMark` the viewer lights while the field has the focus; `span` is
    c2, c3, c4 inside a `form-grid`; `doc` sets the text in the words of a document.
    """
    widget = bound.field.widget
    if bound.is_hidden:
        return SafeString(str(bound))
    hint = hint or str(bound.help_text or "")
    identifier = str(bound.auto_id or bound.html_name)
    label = label or str(bound.label or "")
    errors = [str(message) for message in bound.errors]
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return _chips_of(bound, label, hint, errors, side)
    attrs: dict[str, Any] = {
        "aria-describedby": described_by(
            (
                (f"{identifier}_error", errors),
                (f"{identifier}_helptext", hint),
                (f"{identifier}_note", note),
            )
        )
    }
    if not attrs["aria-describedby"]:
        del attrs["aria-describedby"]
    if mark:
        attrs["data-mark"] = mark
    if bound.field.required:
        attrs["data-missing"] = str(bound.field.error_messages["required"])
    tick = isinstance(widget, forms.CheckboxInput)
    typed_date = isinstance(widget, forms.DateInput)
    if not tick:
        css = str(widget.attrs.get("class", ""))
        attrs["class"] = f"input{' input--doc' if doc else ''} {css}".strip()
        if placeholder or typed_date:
            attrs["placeholder"] = placeholder or "ngày/tháng/năm"
        if rows:
            attrs["rows"] = rows
        elif isinstance(widget, forms.Textarea):
            attrs["rows"] = widget.attrs.get("rows", 3) if "rows" in widget.attrs else 3
        if typed_date:
            attrs |= {"inputmode": "numeric", "autocomplete": "off"}
    return rendered(
        "tick_line" if tick else "field",
        control=bound.as_widget(attrs=attrs),
        identifier=identifier,
        label=label,
        hint=hint,
        errors=errors,
        note=note,
        note_tone=note_tone,
        span=span,
        on=on,
        typed_date=typed_date,
        chooses_file=isinstance(widget, forms.FileInput),
        optional=show_optional
        and not bound.field.required
        and not tick
        and not getattr(bound.field, "is_conditional", False),
    )


def _chips_of(
    bound: BoundField, label: str, hint: str, errors: Sequence[str], side: bool
) -> SafeString:
    options = [
        {
            "value": choice.data["value"],
            "label": choice.choice_label,
            "checked": choice.data["selected"],
        }
        for choice in bound.subwidgets
        if choice.data["value"] not in (None, "")
    ]
    kind = "radio" if isinstance(bound.field.widget, forms.RadioSelect) else "checkbox"
    return pick_html(
        label,
        bound.html_name,
        options,
        kind=kind,
        hint=hint,
        errors=errors,
        side=side,
        identifier=str(bound.auto_id or bound.html_name),
    )


@library.simple_tag(takes_context=True)
def input(
    context: Context,
    name: str,
    label: str,
    value: Any = "",
    type: str = "text",
    options: Iterable[Any] = (),
    hint: str = "",
    error: str = "",
    note: str = "",
    note_tone: str = "",
    placeholder: str = "",
    required: bool = False,
    optional: bool = False,
    disabled: bool = False,
    readonly: bool = False,
    multiple: bool = False,
    accept: str = "",
    autocomplete: str = "",
    rows: int = 3,
    span: str = "",
    doc: bool = False,
    on: bool = False,
    mark: str = "",
    bare: bool = False,
    id: str = "",
) -> SafeString:
    """A field without a Django form; `type`: text search email number password textarea select
    date file code. `bare` hides the label from sight (filter bars). `options` are (value, label).
    """
    identifier = id or element_id(context, "f", name)
    chosen = {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value)}
    control = rendered(
        "control",
        name=name,
        identifier=identifier,
        value=rules.date_words(value) if isinstance(value, date) else value,
        type=type,
        options=[
            {"value": one[0], "label": one[1], "selected": str(one[0]) in chosen} for one in options
        ],
        described=described_by(
            (
                (f"{identifier}_error", error),
                (f"{identifier}_helptext", hint),
                (f"{identifier}_note", note),
            )
        ),
        invalid=bool(error),
        placeholder=placeholder or ("ngày/tháng/năm" if type == "date" else ""),
        required=required,
        missing=rules.missing_words(label) if required else "",
        disabled=disabled,
        readonly=readonly,
        multiple=multiple,
        accept=accept,
        autocomplete=autocomplete,
        rows=rows,
        doc=doc,
        mark=mark,
    )
    return rendered(
        "field",
        control=control,
        identifier=identifier,
        label=label,
        hint=hint,
        errors=[error] if error else [],
        note=note,
        note_tone=note_tone,
        span=span,
        on=on,
        typed_date=type == "date",
        chooses_file=type == "file",
        optional=optional,
        bare=bare,
    )


@library.simple_tag(takes_context=True)
def checkbox(
    context: Context,
    name: str,
    label: str,
    checked: bool = False,
    value: str = "1",
    hint: str = "",
    error: str = "",
    disabled: bool = False,
    id: str = "",
) -> SafeString:
    """One tick box with its sentence."""
    identifier = id or element_id(context, "f", name)
    described = described_by(((f"{identifier}_error", error), (f"{identifier}_helptext", hint)))
    control = rendered(
        "tick",
        name=name,
        identifier=identifier,
        checked=checked,
        value=value,
        described=described,
        invalid=bool(error),
        disabled=disabled,
    )
    return rendered(
        "tick_line",
        control=control,
        identifier=identifier,
        label=label,
        hint=hint,
        errors=[error] if error else [],
    )


def pick_html(
    legend: str,
    name: str,
    options: Iterable[Any],
    *,
    kind: str = "radio",
    value: Any = None,
    side: bool = False,
    hint: str = "",
    errors: Sequence[str] = (),
    extra: str = "",
    identifier: str = "",
) -> SafeString:
    """A fieldset of choice chips: real radios or checkboxes."""
    chosen = (
        set()
        if value is None
        else {str(one) for one in value}
        if isinstance(value, list | tuple | set)
        else {str(value)}
    )
    choices = [
        {
            "value": part_of(one, "value"),
            "label": part_of(one, "label"),
            "checked": bool(part_of(one, "checked", False)) or str(part_of(one, "value")) in chosen,
            "disabled": bool(part_of(one, "disabled", False)),
        }
        if isinstance(one, Mapping) or hasattr(one, "value")
        else {"value": one[0], "label": one[1], "checked": str(one[0]) in chosen}
        for one in options
    ]
    return rendered(
        "pick",
        legend=legend,
        name=name,
        kind=kind,
        choices=choices,
        side=side,
        hint=hint,
        errors=errors,
        extra=SafeString(extra.strip()),
        identifier=identifier or f"chon-{name}",
    )


@library.simple_block_tag(end_name="endpick")
def pick(
    content: str,
    legend: str,
    name: str,
    options: Iterable[Any],
    type: str = "radio",
    value: Any = None,
    side: bool = False,
    hint: str = "",
    error: str = "",
) -> SafeString:
    """Choice chips; options are (value, label) or dicts with checked, disabled; what stands inside
    follows the chips (a "+" that opens the picker, a date)."""
    return pick_html(
        legend,
        name,
        options,
        kind="checkbox" if type == "checkbox" else "radio",
        value=value,
        side=side,
        hint=hint,
        errors=[error] if error else [],
        extra=content,
    )
