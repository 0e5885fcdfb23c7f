"""The page checks a signature at once and a job makes sure: both may be at it together."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from nhactruong.masterdata.organization.tests.scenarios import small_office
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import handlers
from nhactruong.records.outgoing.events import DocumentSigned
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing.models import VerificationReport

_PATIENCE_SECONDS = 60.0


@pytest.mark.django_db(transaction=True)
def test_page_and_job_looking_at_one_signature_together_keep_one_report() -> None:
    document = letters.signed(small_office())
    fact = DocumentSigned(outgoing_id=document.public_id)

    def look() -> None:
        handlers.verify_signature(fact)
        connection.close()

    job = threading.Thread(target=look)
    with transaction.atomic():
        handlers.check_signature(document.public_id)
        job.start()
        await_waiting_or_done(job)
    job.join()
    signed = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    assert VerificationReport.objects.filter(rendition=signed).count() == 1


def await_waiting_or_done(job: threading.Thread) -> None:
    """Nothing, once the job waits for our transaction or has not waited for it at all."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while job.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        job.join(0.05)
        assert time.monotonic() < deadline, "the job neither waits nor ends"
