"""Sixteen clerks give four hundred signed papers their numbers at once; then the jobs go on."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.foundation.workitems.models import WorkItem
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice, small_office
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.distribution.rules import DeliveryState
from nhactruong.records.documents import selectors as contents
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.numbering.models import AllottedNumber
from nhactruong.records.outgoing import commands
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing import selectors as reports
from tests.many_at_once.at_work import await_all, workers
from tests.many_at_once.papers import THREADS, in_threads, pattern, signed_copy

#: Of the sixteen clerks so many press the button of the page; the others call the command.
AT_PAGES: Final = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("count", "going_on"), [(32, 2), pytest.param(400, 16, marks=pytest.mark.long)]
)
def test_papers_get_1_to_the_last_and_some_go_on_to_their_recipients(
    count: int, going_on: int
) -> None:
    office = small_office()
    like = pattern(office)
    own = in_threads(range(going_on), lambda number: own_words(office, number))
    copies = in_threads(range(count - going_on), lambda _: signed_copy(office, like))
    papers = [*own, *copies]
    assert OutgoingDocument.objects.filter(state=State.SIGNED).count() == count
    give_numbers(office, papers)
    require_one_book(papers)
    with workers():
        send_on(office, own)
    require_sent(own)


def own_words(office: SmallOffice, number: int) -> uuid.UUID:
    """A paper with words and a signature of its own."""
    return letters.signed(office, text=f"Kết luận thứ {number + 1} về di dời dân.").public_id


def give_numbers(office: SmallOffice, papers: Sequence[uuid.UUID]) -> None:
    """Each of sixteen threads numbers its share of the papers, in random order."""
    dice = random.Random(400)  # noqa: S311  # no secret
    shuffled = dice.sample(papers, len(papers))
    together = threading.Barrier(THREADS)

    def clerk(place: int) -> None:
        press = at_page(office) if place < AT_PAGES else by_command(office)
        together.wait()
        for paper in shuffled[place::THREADS]:
            press(paper)

    in_threads(range(THREADS), clerk)


def at_page(office: SmallOffice) -> Callable[[uuid.UUID], None]:
    """The clerk at a browser."""
    client = Client()
    client.force_login(office.user("nhan"))

    def press(paper: uuid.UUID) -> None:
        fields = {"operation_id": str(uuid.uuid4()), "step_up_code": PASSWORD}
        fields["dated_on"] = f"{clock.today():%d/%m/%Y}"
        here = reverse("outgoing:assign_number", args=[paper])
        assert client.post(here, fields).status_code == 303

    return press


def by_command(office: SmallOffice) -> Callable[[uuid.UUID], None]:
    """The clerk without a page."""
    nhan = office.actor("nhan")

    def press(paper: uuid.UUID) -> None:
        commands.assign_number(nhan, paper, version=None)

    return press


def require_one_book(papers: Sequence[uuid.UUID]) -> None:
    """1…400 without gap or twin, in the book, on the papers, in the record and at the desk."""
    (series,) = set(AllottedNumber.objects.values_list("series", flat=True))
    allotted = dict(AllottedNumber.objects.values_list("object_id", "number"))
    assert sorted(allotted.values()) == list(range(1, len(papers) + 1))
    assert AllottedNumber.objects.filter(series=series).count() == len(papers)
    assert set(allotted) == set(papers)
    rows = OutgoingDocument.objects.filter(public_id__in=papers)
    assert {row.public_id: row.number for row in rows} == allotted
    assert {row.public_id: row.reference_code for row in rows} == {
        paper: f"{number:02d}-TB/TU" for paper, number in allotted.items()
    }
    recorded = AuditRow.objects.filter(action="outgoing.numbered", outcome="ok")
    assert sorted(recorded.values_list("object_id", flat=True)) == sorted(papers)
    work = WorkItem.objects.filter(object_id__in=papers)
    waiting = work.filter(is_open=True).values_list("object_id", "kind")
    assert sorted(waiting) == sorted((paper, "outgoing.seal") for paper in papers)
    assert work.filter(kind="outgoing.number", is_open=False).count() == len(papers)


def send_on(office: SmallOffice, own: Sequence[uuid.UUID]) -> None:
    """The clerk has them sealed; when the workers have done it she issues; they carry the copies."""
    clerk = office.actor("nhan")
    in_threads(own, lambda paper: commands.request_seal(clerk, paper, version=None))
    sealed = OutgoingDocument.objects.filter(state=State.SEALED)
    await_all(len(own), "sealed", sealed.count)
    in_threads(own, lambda paper: commands.issue(clerk, paper, version=None))
    delivered = Delivery.objects.filter(state=DeliveryState.DELIVERED)
    await_all(len(own), "delivered", delivered.count)


def require_sent(own: Sequence[uuid.UUID]) -> None:
    """Each sealed once and valid, each with one delivery and one record of the recipient's own."""
    rows = OutgoingDocument.objects.filter(public_id__in=own)
    assert {row.state for row in rows} == {State.ISSUED}
    for row in rows:
        sealed = contents.best_rendition(row.document_id)
        assert sealed is not None and sealed.purpose == "sealed"
        report = reports.latest_report(sealed.pk)
        assert report is not None and report.verdict == "valid"
        delivery = Delivery.objects.get(document_id=row.document_id)
        copy = IncomingDocument.objects.get(delivery=delivery)
        assert copy.reference_code == row.reference_code
        original: Any = contents.best_rendition(copy.document_id)
        assert original.holding.blob.sha256 == sealed.holding.blob.sha256
    for action in ("outgoing.seal_requested", "outgoing.sealed", "outgoing.issued"):
        recorded = AuditRow.objects.filter(action=action).values_list("object_id", flat=True)
        assert sorted(recorded) == sorted(own)
