"""The tag library all component modules write into, and what they share."""

from __future__ import annotations

import zlib
from itertools import count
from typing import Any

from django.forms.utils import flatatt
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from nhactruong.foundation.ui.icons import ICONS
from nhactruong.foundation.ui.rules import TONE_ICONS, tone_class
from nhactruong.kernel.errors import InvalidInput

library = Library()


def rendered(part: str, **values: Any) -> SafeString:
    """The HTML of `ui/parts/<part>.html` with `values`."""
    return render_to_string(f"ui/parts/{part}.html", values)


def attributes(**values: Any) -> SafeString:
    """HTML attributes, escaped; None, False and empty ones are left out; `_` becomes `-`."""
    kept = {
        name.rstrip("_").replace("_", "-"): value
        for name, value in values.items()
        if value not in (None, False, "")
    }
    return SafeString(flatatt(kept))


def element_id(context: Context, prefix: str, words: object = "") -> str:
    """An id that is unique on this page and the same on every rendering of it."""
    request: Any = context.get("request")
    shared: Any = context.render_context.dicts[0]
    counters: dict[str, Any] = request.__dict__ if hasattr(request, "META") else shared
    counter = counters.setdefault("ui_ids", count(1))
    return f"{prefix}-{zlib.crc32(str(words).encode()):x}-{next(counter)}"


def icon_html(name: str, small: bool = False) -> SafeString:
    """The picture `name`, hidden from screen readers, since a word always stands beside it.

    Raises: InvalidInput `ui.unknown_icon`.
    """
    if name not in ICONS:
        raise InvalidInput(
            "ui.unknown_icon", "Không có biểu tượng %(icon)s trong bộ mẫu.", icon=name
        )
    size = " icon--s" if small else ""
    return mark_safe(  # noqa: S308 - the drawings are constants of ours
        f'<svg class="icon{size}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        f"{ICONS[name]}</svg>"
    )


def badge_html(label: object, tone: str = "neutral", icon: str = "") -> SafeString:
    """A state: icon and word in the colour of its tone."""
    css = tone_class(tone)
    suffix = "" if css == "tinh" else f" badge--{css}"
    return format_html(
        '<span class="badge{}">{}{}</span>', suffix, icon_html(icon or TONE_ICONS[css]), label
    )


def part_of(item: Any, key: str, default: Any = None) -> Any:
    """`item.key` or `item["key"]`, whichever there is."""
    if isinstance(item, dict):
        return item.get(key, default)
    return getattr(item, key, default)
