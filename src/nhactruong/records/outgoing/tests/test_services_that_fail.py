"""What goes wrong around a signature is said in words, harms nothing, and leaves a way on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pyhanko.sign.timestamps import HTTPTimeStamper

from nhactruong.kernel import clock
from nhactruong.kernel.errors import RuleBroken
from nhactruong.masterdata.organization.tests.scenarios import PASSWORD, SmallOffice
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Rendition
from nhactruong.records.outgoing import commands, handlers
from nhactruong.records.outgoing.events import SealRequested
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.rules import State
from nhactruong.records.outgoing.tests import letters
from nhactruong.records.signing import selectors as reports
from nhactruong.records.signing import surroundings
from nhactruong.records.signing.engine import standing
from nhactruong.records.signing.models import SignatureRecord
from nhactruong.records.signing.soft import sample_pki

Desk = Callable[[str], Client]


def press(client: Client, name: str, document: OutgoingDocument) -> Any:
    return client.post(
        reverse(f"outgoing:{name}", args=[document.public_id]),
        {"operation_id": str(uuid.uuid4()), "step_up_code": PASSWORD},
    )


@pytest.fixture
def no_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time-stamping authority does not answer: nobody listens at its address."""
    silent = HTTPTimeStamper("http://127.0.0.1:9/tsa", timeout=2)
    monkeypatch.setattr(surroundings, "time_stamper", lambda: silent)


def test_without_time_stamps_a_person_signs_and_the_report_says_so(
    office: SmallOffice, desk: Desk, no_authority: None
) -> None:
    document = letters.presented(office)
    assert press(desk("thu"), "sign", document).status_code == 303
    made = SignatureRecord.objects.get(document_id=document.document_id)
    assert (made.level, made.time_stamped_at) == ("B-B", None)
    signed = contents.rendition(document.document_id, Rendition.Purpose.SIGNED)
    assert signed is not None
    report = reports.latest_report(signed.pk)
    assert report is not None
    assert report.verdict == "valid_with_warnings"
    assert "dấu thời gian" in report.sentence


def test_the_seal_waits_for_the_authority_and_then_proves_the_earlier_signature(
    office: SmallOffice, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = HTTPTimeStamper("http://127.0.0.1:9/tsa", timeout=2)
    with monkeypatch.context() as broken:
        broken.setattr(surroundings, "time_stamper", lambda: silent)
        document = letters.presented(office)
        press(desk("thu"), "sign", document)
        clerk = office.actor("nhan")
        commands.assign_number(clerk, document.public_id, version=None)
        document = commands.request_seal(clerk, document.public_id, version=None)
        asked = _seal_asked(office, document)
        with pytest.raises(Exception, match="dấu thời gian") as failure:
            handlers.apply_seal(asked)
    assert failure.value.__class__.__name__ == "OutsideFailure"
    assert letters.again(document).as_state is State.SEALING
    handlers.apply_seal(asked)
    assert letters.again(document).as_state is State.SEALED
    sealed = contents.rendition(document.document_id, Rendition.Purpose.SEALED)
    assert sealed is not None
    report = reports.latest_report(sealed.pk)
    assert report is not None
    assert report.verdict == "valid"


def _seal_asked(office: SmallOffice, document: OutgoingDocument) -> SealRequested:
    clerk = office.actor("nhan")
    assert clerk.person_id is not None
    return SealRequested(
        outgoing_id=document.public_id,
        asked_by_person=clerk.person_id,
        asked_by_post=office.posts["nhan"].pk,
    )


def test_a_clock_ten_minutes_off_is_said_and_nothing_is_signed(
    office: SmallOffice, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = letters.presented(office)
    late = sample_pki().tsa(clock.now() + timedelta(minutes=10))
    with monkeypatch.context() as wrong:
        wrong.setattr(surroundings, "time_stamper", lambda: late)
        answer = press(desk("thu"), "sign", document)
        assert answer.status_code == 409
        assert "lệch 10 phút" in answer.content.decode()
    assert letters.again(document).as_state is State.AWAITING_SIGNATURE
    assert press(desk("thu"), "sign", document).status_code == 303


def test_an_old_list_of_revoked_certificates_is_said() -> None:
    pki, now = sample_pki(), clock.now()
    signer = pki.person("Trần Văn Cũ", "", "TEST-old-list")
    trust = pki.trust_list()
    standing.require_good(signer, trust=trust, crls=pki.crls(now), moment=now)
    for lists in ((), pki.crls(now - timedelta(days=400))):
        with pytest.raises(RuleBroken, match="Danh sách chứng thư bị thu hồi") as refusal:
            standing.require_good(signer, trust=trust, crls=lists, moment=now)
        assert refusal.value.code == "signing.no_revocation_list"
