"""Where the knots of a red thread stand: a pure drawing of layers and lanes, no Django."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEFT, TOP = 37, 70
LANE_HEIGHT = 76
FOOT = 70
BEND = 28
STEP_MIN, STEP_MAX = 150, 210
WIDTH_WANTED = 1110
NAME_LENGTH, NOTE_LENGTH = 21, 24
_EMPTY: Final = "…"


@dataclass(frozen=True, slots=True)
class ThreadNode:
    """A knot: `column` is the stage it belongs to; `state` is empty, here, or next (expected)."""

    key: str
    label: str
    note: str = ""
    column: int = 0
    state: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ThreadEdge:
    """A line from `source` to `target`; `kind`: main, soft, next (expected, drawn dashed)."""

    source: str
    target: str
    kind: str = "main"


@dataclass(frozen=True, slots=True)
class PlacedKnot:
    """A knot with the centre of its circle in pixels and its words cut to the room it has."""

    node: ThreadNode
    x: int
    y: int
    name: str
    note: str

    @property
    def hit_x(self) -> int:
        """The left edge of the words and of the area one can press."""
        return self.x - 9

    @property
    def hit_y(self) -> int:
        """The upper edge of the area one can press."""
        return self.y - 12

    @property
    def name_y(self) -> int:
        """The base line of the name."""
        return self.y + 27

    @property
    def note_y(self) -> int:
        """The base line of the second line."""
        return self.y + 44


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line as SVG path data."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class ThreadLayout:
    """The whole drawing; width and height in pixels; `headings` are (label, x)."""

    width: int
    height: int
    knots: tuple[PlacedKnot, ...]
    lines: tuple[PlacedLine, ...]
    headings: tuple[tuple[str, int], ...]


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1].rstrip() + _EMPTY


def _forward_edges(nodes: Sequence[ThreadNode], edges: Iterable[ThreadEdge]) -> list[ThreadEdge]:
    """Edges between known knots that never lead back, so that ranks exist even in a loop."""
    column = {node.key: node.column for node in nodes}
    after: dict[str, set[str]] = defaultdict(set)

    def reaches(start: str, goal: str) -> bool:
        seen, todo = {start}, [start]
        while todo:
            here = todo.pop()
            if here == goal:
                return True
            fresh = after[here] - seen
            seen |= fresh
            todo.extend(fresh)
        return False

    kept: list[ThreadEdge] = []
    for edge in edges:
        if edge.source not in column or edge.target not in column:
            continue
        if column[edge.source] > column[edge.target] or reaches(edge.target, edge.source):
            continue
        after[edge.source].add(edge.target)
        kept.append(edge)
    return kept


def _ranks(nodes: Sequence[ThreadNode], edges: Sequence[ThreadEdge]) -> dict[str, int]:
    """The layer of each knot: after all it follows, and after every knot of earlier columns."""
    before: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        before[edge.target].append(edge.source)
    rank: dict[str, int] = {}
    start = 0
    for column in sorted({node.column for node in nodes}):
        waiting = [node.key for node in nodes if node.column == column]
        inside = set(waiting)
        while waiting:
            for key in list(waiting):
                earlier = before[key]
                if any(one in inside and one not in rank for one in earlier):
                    continue
                rank[key] = max([start, *(rank[one] + 1 for one in earlier)])
                waiting.remove(key)
        start = max(rank[key] for key in inside) + 1
    return rank


def _lanes(
    layers: Mapping[int, Sequence[str]], parents: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """A lane for each point: beside its parents, brothers spread evenly, no two in one place."""
    lane: dict[str, int] = {}
    for rank in sorted(layers):
        wanted: dict[str, float] = {}
        families: dict[float, list[str]] = defaultdict(list)
        for point in layers[rank]:
            own = [lane[parent] for parent in parents[point] if parent in lane]
            middle = sum(own) / len(own) if own else 0.0
            wanted[point] = middle
            families[middle].append(point)
        for middle, family in families.items():
            for place, point in enumerate(family):
                wanted[point] = middle + place - (len(family) - 1) / 2
        taken: set[int] = set()
        for point in sorted(layers[rank], key=lambda one: wanted[one]):
            goal = round(wanted[point] + 0.01)
            free = next(
                candidate
                for distance in range(len(layers[rank]) + 1)
                for candidate in (goal + distance, goal - distance)
                if candidate not in taken
            )
            lane[point] = free
            taken.add(free)
    return lane


def layout_thread(
    nodes: Sequence[ThreadNode],
    edges: Sequence[ThreadEdge],
    columns: Sequence[str] = (),
) -> ThreadLayout:
    """Positions of all knots and lines: time runs to the right, no two knots share a place.

    Edges to unknown knots (those the reader may not see) and edges that lead back are left out.
    """
    if not nodes:
        return ThreadLayout(0, 0, (), (), ())
    kept = _forward_edges(nodes, edges)
    rank = _ranks(nodes, kept)
    layers: dict[int, list[str]] = defaultdict(list)
    parents: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        layers[rank[node.key]].append(node.key)
    # A long line passes through a point of its own in each layer between, so it crosses no knot.
    routes: list[tuple[ThreadEdge, list[str]]] = []
    for number, edge in enumerate(kept):
        route = [edge.source]
        for between in range(rank[edge.source] + 1, rank[edge.target]):
            point = f"\x00{number}.{between}"
            rank[point] = between
            layers[between].append(point)
            parents[point].append(route[-1])
            route.append(point)
        parents[edge.target].append(route[-1])
        routes.append((edge, [*route, edge.target]))
    lane = _lanes(layers, parents)
    top_lane = min(lane.values())
    steps = max(rank.values()) + 1
    step = max(STEP_MIN, min(STEP_MAX, (WIDTH_WANTED - LEFT) // steps))

    def place(point: str) -> tuple[int, int]:
        return LEFT + rank[point] * step, TOP + (lane[point] - top_lane) * LANE_HEIGHT

    knots = tuple(
        PlacedKnot(
            node,
            *place(node.key),
            _cut(node.label, NAME_LENGTH * step // STEP_MIN),
            _cut(node.note, NOTE_LENGTH * step // STEP_MIN),
        )
        for node in nodes
    )
    headings = tuple(
        (label, LEFT - 9 + min(rank[node.key] for node in nodes if node.column == number) * step)
        for number, label in enumerate(columns)
        if any(node.column == number for node in nodes)
    )
    return ThreadLayout(
        width=max(LEFT + steps * step, LEFT + STEP_MAX),
        height=max(knot.y for knot in knots) + FOOT,
        knots=knots,
        lines=tuple(
            PlacedLine(_path([place(point) for point in route]), edge.kind)
            # Main lines last, so that they lie over the others where these part from them.
            for edge, route in sorted(routes, key=lambda one: one[0].kind == "main")
        ),
        headings=headings,
    )


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Path data through `points`: straight along a lane, one soft bend between lanes."""
    x, y = points[0]
    parts = [f"M{x} {y}"]
    for next_x, next_y in points[1:]:
        if next_y == y:
            parts.append(f"H{next_x}")
        else:
            # The bend comes last, in the gap between the words and the next knot.
            parts.append(
                f"H{next_x - BEND} C{next_x - BEND // 4} {y} {next_x - BEND} {next_y}"
                f" {next_x} {next_y}"
            )
        x, y = next_x, next_y
    return " ".join(parts)
