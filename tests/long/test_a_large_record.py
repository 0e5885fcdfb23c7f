"""A large record: a thousand harms each named by both verifiers, a million rows verified in time.

`NHACTRUONG_HARMS` (1000), `NHACTRUONG_AUDIT_ROWS` (1000000) and `NHACTRUONG_HARM_SEED` (by the
clock) may be set; the seed, the harms by kind and the seconds are printed.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import connection

from nhactruong.foundation.audit import commands, selectors
from nhactruong.foundation.audit.engine.hashing import ROW_FIELDS, row_hash, time_text
from nhactruong.foundation.audit.shelf import PUBLIC_KEY
from nhactruong.foundation.audit.tests import harming
from nhactruong.kernel import clock

pytestmark = [pytest.mark.long, pytest.mark.django_db]

HARMS = int(os.environ.get("NHACTRUONG_HARMS", "1000"))
ROWS = int(os.environ.get("NHACTRUONG_AUDIT_ROWS", "1000000"))
SEED = int(os.environ.get("NHACTRUONG_HARM_SEED", f"{time.time():.0f}"))
#: Promised for a million rows.
SECONDS_A_MILLION = 60.0
#: All in one transaction here, in which what was chained still lies in the way of what waits.
_AT_ONCE = 100_000


@pytest.fixture
def room(tmp_path: Path, settings: Any) -> Path:
    """A shelf and a key of this test's own."""
    settings.AUDIT_SHELF = tmp_path / "shelf"
    settings.AUDIT_KEY = tmp_path / "root-key.pem"
    return tmp_path


def test_each_of_a_thousand_harms_is_named_by_both_verifiers(room: Path) -> None:
    print(f"NHACTRUONG_HARM_SEED={SEED}")  # noqa: T201 (to be set again)
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    tool = harming.stand_alone()
    harming.keep_record(days=6, rows_a_day=60, chance=chance)
    thief = harming.harmer(chance)
    kinds, done, silent = list(thief.kinds), Counter[str](), []
    for number in range(HARMS):
        kind = kinds[number % len(kinds)]
        with thief.harmed(kind) as names:
            ours, alone = harming.named_by_both(room / "export", tool)
        done[kind] += 1
        silent += [(kind, names, found) for found in (ours, alone) if not names & found]
    print(f"{sum(done.values())} harms: {dict(done)}")  # noqa: T201
    assert silent == []
    assert harming.named_by_both(room / "export", tool) == (set(), set())


def test_a_million_rows_are_verified_in_a_minute(room: Path) -> None:
    _fill(ROWS)
    while commands.seal_chain(_AT_ONCE) == _AT_ONCE:
        continue
    commands.seal_roots(harming.KEEPER, today_too=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_auditrow, audit_auditlink")
    begun, used = time.monotonic(), time.process_time()
    found = selectors.verify()
    ours, used = time.monotonic() - begun, time.process_time() - used
    assert found.findings.harms == []
    assert found.findings.rows == ROWS
    folder = room / "export"
    commands.export_record(harming.KEEPER, folder)
    key = load_pem_public_key((folder / PUBLIC_KEY).read_bytes())
    begun = time.monotonic()
    assert harming.stand_alone().verify(folder, key)[0] == []
    alone = time.monotonic() - begun
    shutil.rmtree(folder)
    told = f"{ours:.1f} s ({used:.1f} s of this process), stand-alone {alone:.1f} s"
    print(f"{ROWS} rows: product {told}")  # noqa: T201
    assert ours <= SECONDS_A_MILLION * ROWS / 1_000_000


def _fill(rows: int) -> None:
    """So many acts of one day, as `record` writes them, put in by the shortest way."""
    columns = (*ROW_FIELDS, "version", "hash")
    chance = random.Random(1)  # noqa: S311 (no secret)
    at = clock.now()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY audit_auditrow ({', '.join(columns)}) FROM STDIN") as lines,
    ):
        for number in range(rows):
            event, thing = (f"{chance.getrandbits(128):032x}" for _ in range(2))
            text = [
                *(_dashed(event), time_text(at), ("short", "long", "read")[number % 3]),
                *("outgoing.numbered", "ok", "", "OutgoingDocument", _dashed(thing)),
                *("3", "1", str(number % 400), "Trần Thị Sương", "7", "Văn thư, Văn phòng", ""),
                *("", "a1b2c3d4", "password+totp", "10.0.0.7", "Mozilla/5.0", "ab" * 16, ""),
                f'{{"code":"{number}-CV/TU"}}',
            ]
            lines.write_row([*text, 2, row_hash(2, text)])


def _dashed(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
