"""The office of stage 1 after the upgrade: nothing lost, nothing to mend, its record unbroken."""

from __future__ import annotations

import json

import pytest

from tests.journeys.office import Installation
from tests.upgrade import stage_one

pytestmark = pytest.mark.journey

#: Counted when the office of stage 1 was packed (tests/upgrade/README.md).
_DOCUMENTS, _ACTS, _FILES = 212, 1605, 106


def test_the_office_of_stage_one_is_whole_after_the_upgrade(office: Installation) -> None:
    if office.lost_in_upgrade is None:
        pytest.skip("the office was started by somebody else")
    assert office.lost_in_upgrade == {}
    now = stage_one.kept(office.state)
    assert len(now.rows["documents_document"]) >= _DOCUMENTS
    assert len(now.named) >= _FILES
    assert now.named <= now.stored

    found = json.loads(office.command("doctor", "--json"))
    assert [one["check"] for one in found if one["exit_code"]] == []
    database = next(one for one in found if one["check"] == "database")
    assert database["detail"] == "trả lời"
    record = json.loads(office.command("audit", "verify", "--json"))
    assert record["holds"] and record["first_position"] == 1
    assert record["links"] >= _ACTS


def test_a_loss_would_be_noticed(office: Installation) -> None:
    whole = stage_one.kept(office.state)
    ids = sorted(whole.rows["documents_document"])
    rows = whole.rows | {"documents_document": frozenset(ids[1:])}
    harmed = stage_one.Kept(rows, whole.record, whole.chain, whole.named, frozenset())
    assert whole.lost(harmed) == {"documents_document": 1, "stored files": len(whole.stored)}
