"""The red thread: a map, and the list that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString

from nhactruong.foundation.ui.thread_layout import ThreadEdge, ThreadNode, layout_thread

from .registry import library, part_of, rendered


@library.simple_tag
def thread_map(
    nodes: Iterable[Any],
    edges: Iterable[Any],
    columns: Sequence[str] = (),
    label: str = "Sơ đồ sợi chỉ; danh sách bên dưới có cùng nội dung",
) -> SafeString:
    """The thread as a picture; nodes and edges are those of `thread_layout`, or dicts alike."""
    knots = [
        one
        if isinstance(one, ThreadNode)
        else ThreadNode(
            key=str(part_of(one, "key")),
            label=part_of(one, "label"),
            note=part_of(one, "note", ""),
            column=part_of(one, "column", 0),
            state=part_of(one, "state", ""),
            url=part_of(one, "url", ""),
        )
        for one in nodes
    ]
    lines = [
        one
        if isinstance(one, ThreadEdge)
        else ThreadEdge(
            str(part_of(one, "source")), str(part_of(one, "target")), part_of(one, "kind", "main")
        )
        for one in edges
    ]
    return rendered("thread_map", layout=layout_thread(knots, lines, columns), label=label)


@library.simple_tag
def timeline(items: Iterable[Any], label: str = "") -> SafeString:
    """A story line by line; items are `TimelineItem`s or dicts (when, what, who, url, state)."""
    return rendered("timeline", items=items, label=label)
