"""Names of agencies for people who work for several; they are given by assembly.

Agencies belong to a storey above, so the function that names them is registered at start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Namer = Callable[[Iterable[int]], Mapping[int, str]]

_namers: list[Namer] = []


def register(namer: Namer) -> None:
    """Let `namer` say the short names of agencies by key; called once at start."""
    _namers[:] = [namer]


def names_of(agency_ids: Iterable[int]) -> Mapping[int, str]:
    """The short names of these agencies; nothing is asked when there are none."""
    wanted = set(agency_ids)
    return _namers[0](wanted) if wanted else {}
