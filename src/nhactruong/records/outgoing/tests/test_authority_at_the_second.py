"""The authority to sign is asked at the second of the signature: rule 4 of security.md 7."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied
from nhactruong.kernel.states import SigningForm
from nhactruong.masterdata.organization.models import SigningAuthority
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.outgoing import commands
from nhactruong.records.outgoing.models import OutgoingDocument
from nhactruong.records.outgoing.tests import letters

pytestmark = pytest.mark.django_db


def until_midnight(office: SmallOffice) -> tuple[OutgoingDocument, datetime]:
    """A paper on the desk of a TUQ signer whose authority ends tonight, and that instant."""
    document = letters.presented(office)
    today = clock.today()
    with writes_allowed():
        SigningAuthority.objects.filter(pk=document.authority_id).update(
            form=SigningForm.AUTHORISED,
            valid=DateRange(today - timedelta(days=3), today + timedelta(days=1), "[)"),
        )
    midnight = datetime.combine(today + timedelta(days=1), time(), clock.OFFICE_ZONE)
    return letters.again(document), midnight


def test_signed_in_the_last_second_of_the_authority(office: SmallOffice) -> None:
    document, midnight = until_midnight(office)
    with clock.frozen_at(midnight - timedelta(seconds=1)):
        assert letters.sign(office.actor("thu"), document).state == "signed"


def test_refused_one_second_after_the_authority_ended(office: SmallOffice) -> None:
    document, midnight = until_midnight(office)
    with clock.frozen_at(midnight), pytest.raises(AccessDenied) as refusal:
        commands.open_signature(office.actor("thu"), document.public_id, version=None)
    assert (refusal.value.code, refusal.value.line) == ("outgoing.no_authority", 8)


def test_a_signature_begun_in_time_is_not_taken_after_the_end(office: SmallOffice) -> None:
    """The request was opened with authority; at the second the signature comes, it is gone."""
    document, midnight = until_midnight(office)
    signer = office.actor("thu")
    with clock.frozen_at(midnight - timedelta(seconds=1)):
        request = commands.open_signature(signer, document.public_id, version=None)
    with clock.frozen_at(midnight), pytest.raises(AccessDenied) as refusal:
        commands.record_signature(
            signer,
            document.public_id,
            request.public_id,
            stored=store.write([b"signed"]),
            facts={},
            signed_at=midnight,
        )
    assert refusal.value.code == "outgoing.no_authority"
    assert letters.again(document).state == "awaiting_signature"
