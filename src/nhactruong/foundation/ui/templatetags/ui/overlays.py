"""Toasts, dialogs, menus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from .confirming import step_up as step_up_field
from .fields import form_head
from .registry import element_id, library, rendered

#: A message whose extra tags begin so carries the address of its undo.
UNDO_MARK = "undo:"


@library.simple_tag(takes_context=True)
def toast(context: Context, text: str, undo_url: str = "", bad: bool = False) -> SafeString:
    """What just happened, with "Hoàn tác" where it can be undone; leaves after 8 seconds."""
    return rendered(
        "toast",
        text=text,
        undo_url=undo_url,
        bad=bad,
        form_head=form_head(context) if undo_url else "",
    )


@library.simple_tag(takes_context=True)
def toasts(context: Context) -> SafeString:
    """All messages of Django's message framework as toasts.

    `messages.success(request, sentence, extra_tags="undo:/hop-viec/…/hoan-tac/")` adds the undo.
    """
    lines: list[str] = []
    for message in context.get("messages") or ():
        marks = [tag for tag in str(message.extra_tags or "").split() if tag.startswith(UNDO_MARK)]
        undo = marks[0].removeprefix(UNDO_MARK) if marks else ""
        lines.append(
            toast(context, str(message.message), undo, message.level_tag in ("error", "warning"))
        )
    return SafeString("".join(lines))


@library.simple_block_tag(end_name="enddialog")
def dialog(content: str, id: str, title: str, fact: str = "", wide: bool = False) -> SafeString:
    """A `<dialog>` whose title is the act and whose fact repeats what will happen.

    Opened by `{% button … dialog="id" %}`; Esc and "Đóng" close it, the focus returns.
    """
    return rendered(
        "dialog", content=SafeString(content.strip()), id=id, title=title, fact=fact, wide=wide
    )


@library.simple_block_tag(takes_context=True, end_name="endconfirm")
def confirm(
    context: Context,
    content: str,
    id: str,
    title: str,
    action: str,
    submit_label: str,
    fact: str = "",
    kind: str = "main",
    icon: str = "",
    step_up: bool = False,
    reason: bool = False,
    reason_label: str = "Lý do",
    reason_value: str = "",
    reason_error: str = "",
    error: str = "",
) -> SafeString:
    """A dialog with its own POST form: the fact, an optional reason, an optional step-up code.

    What stands inside is added to the form. `step_up` asks for the code as `step_up_code`, a
    reason comes as `reason`. `error` (a refused code, for one) and `reason_error` are shown and
    open the dialog.
    """
    return rendered(
        "confirm",
        content=SafeString(content.strip()),
        id=id,
        title=title,
        action=action,
        submit_label=submit_label,
        fact=fact,
        kind=kind,
        icon=icon,
        step_up=step_up_field(context, error=error, id=f"{id}-ma") if step_up else "",
        reason=reason,
        reason_label=reason_label,
        reason_value=reason_value,
        reason_error=reason_error,
        error=error,
        reason_id=f"{id}-ly-do",
        form_head=form_head(context),
    )


@library.simple_block_tag(takes_context=True, end_name="endmenu")
def menu(
    context: Context,
    content: str,
    label: str,
    icon: str = "more",
    icon_only: bool = True,
    small: bool = True,
    form: bool = False,
    id: str = "",
) -> SafeString:
    """A button and the popover it opens; inside stand quiet buttons and links."""
    return rendered(
        "menu",
        content=SafeString(content.strip()),
        label=label,
        icon=icon,
        icon_only=icon_only,
        small=small,
        form=form,
        id=id or element_id(context, "menu", label),
    )


@library.simple_tag
def shortcut_list(groups: Sequence[Iterable[Any]] | None = None) -> SafeString:
    """The dialog opened by `?`: every shortcut of the product. Source: screens.md §5."""
    return rendered("shortcuts", lines=groups or SHORTCUTS)


SHORTCUTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("/",), "Tìm kiếm"),
    (("g", "h"), "Về Hôm nay"),
    (("g", "v"), "Về Hộp việc"),
    (("j", "k"), "Xuống, lên một dòng"),
    (("Enter",), "Mở dòng đang chọn"),
    (("x",), "Đánh dấu dòng đang chọn"),
    (("b",), "Bút phê"),
    (("d",), "Duyệt"),
    (("F9",), "Vào sổ và trình"),
    (("Ctrl", "Enter"), "Gửi nội dung đang nhập"),
    (("Esc",), "Đóng hộp thoại"),
    (("?",), "Danh sách phím tắt này"),
)
