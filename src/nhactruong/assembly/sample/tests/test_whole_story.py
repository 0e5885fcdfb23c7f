"""The whole sample office, as an installation shows it."""

from __future__ import annotations

import pytest

from nhactruong.assembly.sample.stage import Stage
from nhactruong.assembly.sample.tests.conftest import MONDAY
from nhactruong.assembly.sample.tests.standing import (
    check_filing,
    check_numbers,
    check_queue,
    check_receipts,
    check_signatures,
    check_states,
)
from nhactruong.foundation.workitems import selectors as workitems
from nhactruong.kernel import clock
from nhactruong.records.documents import selectors as contents
from nhactruong.records.outgoing.models import OutgoingDocument, ReviewComment
from nhactruong.records.outgoing.rules import REGISTERED
from nhactruong.records.signing import verifying
from nhactruong.records.signing.engine.verdicts import FileOutcome

pytestmark = [pytest.mark.long, pytest.mark.django_db]


def test_the_whole_office_stands_as_the_data_says(whole_story: Stage) -> None:
    check_states(whole_story)
    check_filing()
    check_receipts(whole_story)
    check_numbers(whole_story)
    check_signatures()
    check_queue(whole_story)
    with clock.frozen_at(MONDAY):
        for document in OutgoingDocument.objects.filter(state="issued").order_by("pk")[:3]:
            best = contents.best_rendition(document.document_id)
            assert best is not None
            assert verifying.verify(contents.bytes_of(best)).verdict == FileOutcome.VALID


def test_the_story_gets_its_numbers_and_its_thread(whole_story: Stage) -> None:
    assert whole_story.going_out("da-dan-cu").reference_code == "05-ĐA/TU"
    assert whole_story.going_out("tt-di-doi").reference_code == "31-TTr/ĐU"
    assert whole_story.going_out("bc-sat-lo").reference_code == "118-BC/ĐU"
    assert whole_story.going_out("tb-ben-lua").reference_code == "187-TB/TU"
    letter = whole_story.going_out("tb-di-doi")
    assert "31-TTr/ĐU" in str(letter.body)
    assert letter.presented_hash
    leader = whole_story.actor("tu.pbt-tt")
    assert letter.public_id in {item.object_id for item in workitems.waiting(leader)}
    registered = OutgoingDocument.objects.filter(state__in=[state.value for state in REGISTERED])
    assert registered.exclude(number=None).count() == 25
    remarks = ReviewComment.objects.filter(outgoing__public_id=letter.public_id)
    assert {remark.answer for remark in remarks} == {"accepted", "declined"}
