"""The deputy reads for the chief until the second the delegation ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from nhactruong.kernel import clock
from nhactruong.masterdata.organization import commands as organization
from nhactruong.masterdata.organization.models import Delegation
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.incoming.tests import letters
from nhactruong.records.incoming.tests.conftest import Desk

pytestmark = pytest.mark.django_db


def test_the_page_opened_at_the_last_second_is_gone_at_the_next(
    office: SmallOffice, sign_in: Callable[[str], Desk]
) -> None:
    document = letters.registered(office)
    page = reverse("incoming:detail", args=[document.public_id])
    now = clock.now().replace(microsecond=0)
    ends_at = now + timedelta(minutes=5)
    le = sign_in("le")
    assert le.get(page).status_code == 404
    organization.delegate(
        office.actor("khue"),
        office.posts["khue"].pk,
        office.people["le"],
        kind=Delegation.Kind.AUTHORISED,
        basis="Giấy ủy quyền số 12-GUQ/VPTU",
        starts_at=now,
        ends_at=ends_at,
    )
    with clock.frozen_at(ends_at - timedelta(seconds=1)):
        assert le.get(page).status_code == 200
        refused = le.send(reverse("incoming:direct", args=[document.public_id]))
        assert refused.status_code == 403
    with clock.frozen_at(ends_at):
        assert le.get(page).status_code == 404
        gone = le.send(reverse("incoming:direct", args=[document.public_id]))
        assert gone.status_code == 404
