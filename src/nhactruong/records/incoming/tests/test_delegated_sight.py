"""A specialist reads for the chief until the second the delegation ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from nhactruong.foundation.audit.models import AuditRow
from nhactruong.kernel import clock
from nhactruong.masterdata.delegations import commands as delegations
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
    direct = reverse("incoming:direct", args=[document.public_id])
    to_the_unit = {"lead": f"unit:{office.units['th'].pk}"}
    now = clock.now().replace(microsecond=0)
    ends_at = now + timedelta(minutes=5)
    mien = sign_in("mien")
    assert mien.get(page).status_code == 404
    delegations.delegate(
        office.actor("khue"),
        office.posts["khue"].pk,
        office.people["mien"],
        kind=Delegation.Kind.AUTHORISED,
        basis="Giấy ủy quyền số 12-GUQ/VPTU",
        starts_at=now,
        ends_at=ends_at,
    )
    with clock.frozen_at(ends_at - timedelta(seconds=1)):
        assert mien.get(page).status_code == 200
        refused = mien.send(direct, to_the_unit)
        assert refused.status_code == 403
        read = AuditRow.objects.get(keep="read", person_name="Đinh Thùy Miên")
        assert read.on_behalf_of == "TUQ. Chánh Văn phòng Tỉnh ủy"
    with clock.frozen_at(ends_at):
        assert mien.get(page).status_code == 404
        gone = mien.send(direct, to_the_unit)
        assert gone.status_code == 404
