"""Fifty times kill -9 in the middle of the work, and nobody was told a thing that is not so.

Six teams carry documents from the first word to the arrival number at the province while web,
worker and PostgreSQL are killed at random moments. Whoever gets no answer presses again. At the
end the people's journal is compared with the store, and every request of the journal is sent
once more.

`NHACTRUONG_KILLS` (50), `NHACTRUONG_KILL_MINUTES` (25, of the killing alone) and
`NHACTRUONG_KILL_SEED` (by the clock) may be set; the seed is printed.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.journeys.office import Installation, installation
from tests.long.commune import Carried, Team
from tests.long.comparing import Store, commune_ids, faults
from tests.long.desk import Desk, eventually
from tests.long.journal import Journal
from tests.long.killing import Killer

pytestmark = pytest.mark.long

TEAMS = ("một", "hai", "ba", "bốn", "năm", "sáu")
KILLS = int(os.environ.get("NHACTRUONG_KILLS", "50"))
SECONDS = 60 * float(os.environ.get("NHACTRUONG_KILL_MINUTES", "25"))
SEED = int(os.environ.get("NHACTRUONG_KILL_SEED", f"{time.time():.0f}"))


def test_no_act_is_lost_or_done_twice_however_often_the_office_dies(tmp_path: Path) -> None:
    with installation(tmp_path / "var", NHACTRUONG_API_PER_MINUTE="100000") as office:
        survive(office)


def survive(office: Installation) -> None:
    """The storm, the comparison and the repetition on a running installation."""
    print(f"NHACTRUONG_KILL_SEED={SEED}")  # noqa: T201  # to be set again
    journal, store = Journal(), Store(office)
    ids = commune_ids(store)
    teams = [Team(office, journal, name, *ids) for name in TEAMS]
    killer = Killer(office, KILLS, random.Random(SEED), time.monotonic() + SECONDS)  # noqa: S311  # no secret
    killer.start()
    carried = carry_until(killer, teams)
    print(  # noqa: T201
        f"{dict(killer.killed)}; {len(carried)} documents, {len(journal.entries)} acts "
        f"acknowledged, {journal.lost.total()} requests unanswered: {dict(journal.lost)}"
    )
    assert killer.trouble == ""
    assert killer.killed.total() >= KILLS
    assert journal.lost.total() > 0 or KILLS < 10, "no kill hit a request: the storm was none"
    eventually("everything settled", lambda: store.is_settled() or None, every=1.0)
    found = faults(store, journal, carried)
    assert found == [], "\n".join(found)
    repeat(office, journal, store)


def carry_until(killer: Killer, teams: Sequence[Team]) -> Sequence[Carried]:
    """All documents carried while the killer was at work; each is brought to its end."""
    broken: list[str] = []

    def work(team: Team) -> None:
        number = 0
        try:
            while not killer.has_ended.is_set() and not broken:
                number += 1
                team.carry(number)
        except AssertionError as fault:
            broken.append(f"team {team.name}: {fault}")

    threads = [threading.Thread(target=work, args=(team,), daemon=True) for team in teams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == [], "\n".join(broken)
    return [one for team in teams for one in team.carried]


def repeat(office: Installation, journal: Journal, store: Store) -> None:
    """Every acknowledged request once more: the first answer, and nothing in the store moves."""
    port = int(office.url.rpartition(":")[2])
    people = {
        name: Desk(port, name, office.accounts[name].password, Journal())
        for name in {entry.person for entry in journal.entries}
    }
    for name, desk in people.items():
        eventually(f"{name} signed in", lambda desk=desk: desk.get("/hop-viec/"))  # type: ignore[misc]
    eventually("everything settled", lambda: store.is_settled() or None, every=1.0)
    before = store.counts()
    differing = []
    for entry in journal.entries:
        answer = people[entry.person].send(entry.url, entry.body)
        if answer != entry.answer:
            differing.append(f"{entry.act} of {entry.subject}: {entry.answer}, then {answer}")
    assert differing == [], "\n".join(differing)
    assert store.counts() == before
