"""Summaries of measured times; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Times:
    """Median, 95th percentile and worst of `count` measured times, in milliseconds."""

    count: int
    p50: float
    p95: float
    worst: float


def times(seconds: Sequence[float]) -> Times:
    """The summary of measured seconds; zeros when nothing was measured."""
    if not seconds:
        return Times(0, 0.0, 0.0, 0.0)
    ordered = sorted(seconds)
    return Times(
        len(ordered),
        round(1000 * rank(ordered, 0.50), 1),
        round(1000 * rank(ordered, 0.95), 1),
        round(1000 * ordered[-1], 1),
    )


def rank(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of an ascending, non-empty sequence."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
