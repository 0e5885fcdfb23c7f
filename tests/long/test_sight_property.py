"""Ten thousand random organizations: list = count = page = interface = search = the oracle.

Holdings and roles with their periods, vacant posts, posts for several agencies, delegations that
begin, run, end and are withdrawn, markings up to Tối mật and clearances beneath them, papers in
every state. They are written a hundred at a time beside each other, so that whatever leaks from one
to another is found, and rolled back.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection, transaction

from nhactruong.foundation.access import base
from nhactruong.kernel import clock
from tests.sight.many import differences
from tests.sight.organizations import organizations, share_seen
from tests.sight.writing import write

pytestmark = pytest.mark.long

SEED = 20_261_128
AT_ONCE = 100
#: One part is one test, so that a run can be taken up again where it failed.
PARTS, IN_A_PART = 10, 1_000
#: How the tables are called that an organization fills or a question touches.
_FILLED = (
    "organization_",
    "accounts_",
    "incoming_",
    "outgoing_",
    "dossiers_",
    "documents_",
    "search_",
    "http_api_",
    "audit_",
    "django_session",
)


def sweep() -> None:
    """The rows that were rolled back, gone: else each hundred would be slower than the last."""
    tables = [name for name in connection.introspection.table_names() if name.startswith(_FILLED)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM " + ", ".join(map(connection.ops.quote_name, tables)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_sees_what_the_law_of_the_office_says(
    part: int, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    rng = random.Random(f"{SEED}:{part}")  # noqa: S311  # a sample, no secret
    faults, seen, pairs = list[str](), 0, 0
    today, now = clock.today(), clock.now().replace(microsecond=0)
    for first in range(part * IN_A_PART, (part + 1) * IN_A_PART, AT_ONCE):
        made = organizations(first, AT_ONCE, seed=SEED, today=today, now=now)
        more_seen, more_pairs = share_seen(made, today, now)
        seen, pairs = seen + more_seen, pairs + more_pairs
        # Both forms of lists in turn: docs/adr/0001.
        monkeypatch.setattr(base, "is_narrow", lambda *_, n=first // AT_ONCE % 3: bool(n))
        with transaction.atomic():
            written = write(made, today, now)
            faults += differences(written, rng=rng, by_program=0.1, by_page=0.01)
            transaction.set_rollback(True)
        sweep()
        assert not faults, "\n".join(faults[:20])
    assert 0.3 <= seen / pairs <= 0.7, f"{seen} of {pairs} are seen"
