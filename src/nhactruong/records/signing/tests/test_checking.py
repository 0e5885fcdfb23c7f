"""A kept file is looked at, and what was found is kept beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import small_office
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing.handlers import VERIFIER
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing import checking, selectors
from nhactruong.records.signing.models import VerificationReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed() -> Rendition:
    """A letter signed by the deputy secretary and not looked at yet."""
    document = letters.signed(small_office())
    found = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    assert found is not None
    return found


def count(rendition: Rendition) -> int:
    return VerificationReport.objects.filter(rendition=rendition).count()


def test_the_report_says_what_the_signature_is_worth(signed: Rendition) -> None:
    report = checking.check(VERIFIER, signed)
    assert (report.verdict, report.rendition) == ("valid", signed)
    assert report.report["sha256"] == signed.holding.blob.sha256
    assert report.sentence == "Tệp có 1 chữ ký số, tất cả đều hợp lệ."


def test_a_later_look_adds_a_report_and_the_earlier_one_stands(signed: Rendition) -> None:
    first = checking.check(VERIFIER, signed)
    with clock.frozen_at(first.checked_at + timedelta(minutes=1)):
        second = checking.check(VERIFIER, signed)
    assert count(signed) == 2
    assert selectors.latest_report(signed.pk) == second


def test_a_file_to_be_looked_at_once_is_looked_at_once(signed: Rendition) -> None:
    first = checking.check_once(VERIFIER, signed)
    assert checking.check_once(VERIFIER, signed) == first
    assert count(signed) == 1


def test_a_report_on_the_same_bytes_is_taken_over_while_it_is_fresh(signed: Rendition) -> None:
    first = checking.check(VERIFIER, signed)
    again = checking.check_bytes_once(VERIFIER, signed, since=first.checked_at)
    assert (again.checked_at, again.report) == (first.checked_at, first.report)
    anew = checking.check_bytes_once(
        VERIFIER, signed, since=first.checked_at + timedelta(microseconds=1)
    )
    assert anew.checked_at > first.checked_at
    assert count(signed) == 3
