"""The same bytes sent to several agencies are read and verified once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.documents import selectors as contents
from nhactruong.records.extraction import selectors as readings
from nhactruong.records.incoming import handlers, selectors
from nhactruong.records.incoming.events import FileReceived
from nhactruong.records.incoming.tests import letters
from nhactruong.records.signing import selectors as signatures
from nhactruong.records.signing import verifying

pytestmark = pytest.mark.django_db


def test_a_copy_at_another_agency_takes_over_the_reading(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = letters.received(office, agency="tu")
    second = letters.received(office, agency="vptu", read=False)

    def never(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the same bytes were opened again")

    monkeypatch.setattr(handlers, "read_text", never)
    monkeypatch.setattr(verifying, "verify", never)
    handlers.read_incoming(selectors.for_service(second.public_id))

    one, other = (readings.reading_of(document.document_id) for document in (first, second))
    assert one is not None and other is not None
    assert other.state == "read" and other.text == one.text and other.proposals == one.proposals
    reports = [
        signatures.latest_report(original.pk)
        for document in (first, second)
        if (original := contents.rendition(document.document_id, "original")) is not None
    ]
    assert reports[0] is not None and reports[1] is not None
    assert reports[0].pk != reports[1].pk
    assert reports[0].checked_at == reports[1].checked_at


def test_a_file_put_in_by_the_clerk_is_read_before_what_was_sent_inside(
    office: SmallOffice,
) -> None:
    dropped = letters.received(office, agency="tu", read=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT priority FROM procrastinate_jobs WHERE args->'payload'->>'incoming_id' = %s",
            [str(dropped.public_id)],
        )
        assert [row[0] for row in cursor.fetchall()] == [15]
    assert FileReceived.priority < 15


def test_a_file_counts_as_read_only_when_its_signatures_have_been_looked_at(
    office: SmallOffice,
) -> None:
    document = letters.received(office, agency="tu")
    original = contents.rendition(document.document_id, "original")
    assert original is not None
    reading, report = (
        readings.reading_of(document.document_id),
        signatures.latest_report(original.pk),
    )
    assert reading is not None and reading.read_at is not None and report is not None
    assert report.checked_at <= reading.read_at
