"""Where the knots of a red thread stand."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from nhactruong.foundation.ui.thread_layout import (
    LANE_HEIGHT,
    TOP,
    ThreadEdge,
    ThreadNode,
    layout_thread,
)


def positions(layout):
    return {knot.node.key: (knot.x, knot.y) for knot in layout.knots}


def test_nothing_to_draw_gives_an_empty_drawing():
    assert layout_thread([], []).knots == ()


def test_a_chain_stands_on_one_line_in_order_of_time():
    nodes = [ThreadNode(key, key.upper()) for key in "abc"]
    layout = layout_thread(nodes, [ThreadEdge("a", "b"), ThreadEdge("b", "c")])
    (ax, ay), (bx, by), (cx, cy) = positions(layout).values()
    assert ax < bx < cx
    assert ay == by == cy == TOP
    assert [line.path.count("C") for line in layout.lines] == [0, 0]


def test_three_children_spread_above_and_below_their_parent():
    nodes = [ThreadNode(key, key) for key in ("root", "one", "two", "three")]
    edges = [ThreadEdge("root", child) for child in ("one", "two", "three")]
    where = positions(layout_thread(nodes, edges))
    root = where["root"][1]
    assert [where[key][1] - root for key in ("one", "two", "three")] == [
        -LANE_HEIGHT,
        0,
        LANE_HEIGHT,
    ]


def test_a_later_stage_stands_to_the_right_of_every_knot_of_an_earlier_one():
    nodes = [
        ThreadNode("a", "a", column=0),
        ThreadNode("b", "b", column=0),
        ThreadNode("c", "c", column=1),
    ]
    where = positions(layout_thread(nodes, [ThreadEdge("a", "b")], ("Chủ trương", "Đề nghị")))
    assert where["c"][0] > where["b"][0]


def test_a_long_line_goes_round_the_knot_between():
    nodes = [ThreadNode(key, key) for key in "abc"]
    edges = [ThreadEdge("a", "b"), ThreadEdge("b", "c"), ThreadEdge("a", "c", "soft")]
    layout = layout_thread(nodes, edges)
    where = positions(layout)
    soft = next(line for line in layout.lines if line.kind == "soft")
    start = soft.path.split("C")[0]
    assert f"H{where['b'][0]}" not in start
    assert soft.path.count("C") >= 1


def test_what_the_reader_may_not_see_is_absent_and_loops_do_no_harm():
    nodes = [ThreadNode("a", "a"), ThreadNode("b", "b")]
    edges = [
        ThreadEdge("a", "b"),
        ThreadEdge("b", "a"),
        ThreadEdge("a", "a"),
        ThreadEdge("b", "secret"),
    ]
    layout = layout_thread(nodes, edges)
    assert len(layout.lines) == 1
    assert "secret" not in str(layout)


def test_long_names_are_cut_with_an_ellipsis():
    layout = layout_thread([ThreadNode("a", "Đảng ủy " * 12)], [])
    assert layout.knots[0].name.endswith("…")
    assert len(layout.knots[0].name) < 40


@given(
    st.integers(1, 14),
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=30),
    st.lists(st.integers(0, 4), min_size=14, max_size=14),
)
def test_no_two_knots_share_a_place_and_all_lines_run_forward(size, pairs, columns):
    nodes = [ThreadNode(str(number), "x", column=columns[number]) for number in range(size)]
    edges = [ThreadEdge(str(a), str(b)) for a, b in pairs]
    layout = layout_thread(nodes, edges)
    places = [(knot.x, knot.y) for knot in layout.knots]
    assert len(set(places)) == size
    assert all(0 < x < layout.width and 0 < y < layout.height for x, y in places)
    for line in layout.lines:
        xs = [int(number) for number in re.findall(r"(?:M|H|, )(\d+)", line.path)]
        assert xs == sorted(xs)
