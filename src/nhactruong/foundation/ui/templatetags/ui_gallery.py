"""`{% load ui_gallery %}`: the frame around one state of a component in the gallery."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag(end_name="endstate")
def state(content: str, name: str) -> SafeString:
    """One state of a component with its name as heading."""
    return format_html(
        '<section class="specimen"><h2>{}</h2><div class="specimen-box">{}</div></section>',
        name,
        SafeString(content.strip()),
    )
