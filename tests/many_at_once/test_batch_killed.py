"""A batch of two hundred papers whose worker is killed again and again: each signed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.masterdata.organization.tests.scenarios import small_office
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.signing import keys, verifying, waiting
from nhactruong.records.signing import selectors as signatures
from nhactruong.records.signing.engine.verdicts import FileOutcome
from nhactruong.records.signing.models import SignatureRecord, SigningRequest
from tests.many_at_once.at_work import await_all, start_worker, workers
from tests.many_at_once.papers import in_threads, pattern, presented_copy

pytestmark = pytest.mark.long

PAPERS, DEATHS = 200, 3


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_a_batch_each_paper_is_signed_once(count: int, deaths: int) -> None:
    office = small_office()
    like = pattern(office)
    papers = in_threads(range(PAPERS), lambda _: presented_copy(office, like))
    thu = office.actor("thu")
    batch = commands.open_batch(thu, papers)
    prepared = SigningRequest.objects.filter(batch=batch, prepared__isnull=False)
    _killed(prepared.count)
    with workers(1):
        await_all(PAPERS, "prepared", prepared.count)
    wanted = list(signatures.open_requests(batch))
    raws = keys.ask_all(batch.key, [waiting.to_be_signed(one) for one in wanted], "")
    answers = {one.public_id: raw for one, raw in zip(wanted, raws, strict=True)}
    commands.confirm_batch(thu, batch.public_id, answers)
    signed = OutgoingDocument.objects.filter(public_id__in=papers, state=State.SIGNED)
    _killed(signed.count)
    with workers(1):
        await_all(PAPERS, "signed", signed.count)
    documents = list(signed)
    made = Counter(SignatureRecord.objects.values_list("document_id", flat=True))
    assert {made[one.document_id] for one in documents} == {1}
    recorded = Counter(
        AuditRow.objects.filter(action="outgoing.signed").values_list("object_id", flat=True)
    )
    assert {recorded[one.public_id] for one in documents} == {1}
    for one in documents[:: PAPERS // 20]:
        rendition = contents.rendition(one.document_id, Rendition.Purpose.SIGNED)
        assert rendition is not None
        assert verifying.verify(contents.bytes_of(rendition)).verdict is FileOutcome.VALID


def _killed(done: Callable[[], int]) -> None:
    """A worker works until the next share is done, and is killed; so many times."""
    for death in range(1, DEATHS + 1):
        worker = start_worker()
        try:
            await_all(PAPERS * death // (DEATHS + 1), "done", done)
        finally:
            worker.kill()
            worker.wait(timeout=30)
        connection.close()
