"""What must be true of a loaded story, whole or in part."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection

from nhactruong.assembly.sample import story
from nhactruong.assembly.sample.stage import Stage
from nhactruong.foundation.audit.models import AuditRow
from nhactruong.records.distribution.models import Delivery
from nhactruong.records.documents import selectors as contents
from nhactruong.records.dossiers.models import DossierEntry
from nhactruong.records.extraction.models import Reading
from nhactruong.records.numbering.models import AllottedNumber
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.models import VerificationReport

#: The data's word → the state of the product: checking the form is part of the appraisal, and
#: acknowledgements are counted on the deliveries.
OUTGOING = {"form_check": "appraisal", "acknowledged": "issued"}
#: Steps that nobody but the drafter or the approver could take are left out.
SHORTCUTS = {"kh-di-doi-27": "awaiting_signature", "bc-diem-truong": "awaiting_signature"}
#: Registering submits; what is filed keeps its state and lies in a dossier.
INCOMING = {"registered": "submitted"}


def expected_outgoing(row: story.Row) -> str:
    return SHORTCUTS.get(row["key"]) or OUTGOING.get(row["state"], row["state"])


def check_states(stage: Stage) -> None:
    for row in filter(stage.plays, story.outgoing()):
        assert stage.going_out(row["key"]).state == expected_outgoing(row), row["key"]
    for row in filter(stage.plays, story.incoming()):
        document = stage.coming_in(row["key"])
        if row["state"] == "filed":
            assert document.state in {"answered", "completed"}, row["key"]
            assert DossierEntry.objects.filter(object_id=document.public_id).count() == 1
        else:
            assert document.state == INCOMING.get(row["state"], row["state"]), row["key"]


def check_filing() -> None:
    """Nothing lies in a dossier before it was directed and given to whoever works on it."""
    entries = DossierEntry.objects.all()
    assert entries
    for entry in entries:
        handed = AuditRow.objects.filter(
            object_id=entry.object_id, action__in=["incoming.directed", "incoming.assigned"]
        )
        assert all(row.at < entry.filed_at for row in handed), entry.object_id


def check_receipts(stage: Stage) -> None:
    """What the data calls acknowledged has come back from every recipient, the rest has not."""
    for row in filter(stage.plays, story.outgoing()):
        deliveries = Delivery.objects.filter(document__public_id=stage.made[row["key"]])
        states = set(deliveries.values_list("state", flat=True))
        if row["state"] == "acknowledged":
            assert states == {"acknowledged"}, row["key"]
        elif row["state"] == "issued":
            assert "delivered" in states, row["key"]
        else:
            assert not states, row["key"]


def check_numbers(stage: Stage) -> None:
    """Every book runs without gap or twin from where the paper book ended."""
    books = defaultdict(list)
    for number in AllottedNumber.objects.select_related("series").order_by("allotted_at", "pk"):
        books[number.series].append(number.number)
    assert books
    for series, numbers in books.items():
        assert numbers == list(range(numbers[0], series.last_number + 1)), series.group


def check_signatures() -> None:
    """Every sealed file is valid by its kept report, and now, in the view of the test root."""
    sealed = OutgoingDocument.objects.filter(state__in=["sealed", "issued"])
    assert sealed
    for document in sealed:
        rendition = contents.rendition(document.document_id, "sealed")
        assert rendition is not None
        report = VerificationReport.objects.filter(rendition=rendition).latest("checked_at")
        assert report.verdict == FileOutcome.VALID, (document, report.sentence)


def check_queue(stage: Stage) -> None:
    """Only the reading of received files is left to the worker, each file once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'event', status::text FROM procrastinate_jobs")
        jobs = cursor.fetchall()
    assert set(jobs) == {("incoming.FileReceived", "todo")}
    assert len(jobs) == len(stage.unread) == Reading.objects.count()
