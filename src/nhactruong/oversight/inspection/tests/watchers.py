"""Who watches in the small office: an auditor (kiem) and a security officer (toan)."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.persistence.base import writes_allowed
from nhactruong.kernel.states import Role
from nhactruong.masterdata.organization import commands
from nhactruong.masterdata.organization.tests.scenarios import (
    FOUNDER,
    PASSWORD,
    SINCE,
    SmallOffice,
    small_office,
)
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.incoming.tests import letters

PEOPLE = (
    ("kiem", "Cao Thị Kiểm", "Kiểm soát nhật ký", Role.AUDITOR),
    ("toan", "Đặng Văn Toàn", "Quản trị an toàn", Role.SECURITY_ADMIN),
)


def watched_office() -> SmallOffice:
    """The small office with its two watchers."""
    office = small_office()
    both = [office.agencies["tu"], office.agencies["vptu"]]
    with writes_allowed():
        for key, name, title, role in PEOPLE:
            account = accounts.create_account(
                FOUNDER, username=key, password=PASSWORD, is_sample=True
            )
            office.people[key] = commands.register_person(
                FOUNDER, key=key, full_name=name, account=account
            )
            office.posts[key] = commands.create_post(
                FOUNDER,
                key=f"vptu.{key}",
                agency=office.agencies["vptu"],
                unit=None,
                title=title,
                rank=80,
                roles=[(role, agency) for agency in both],
                valid_from=SINCE,
            )
            commands.appoint(FOUNDER, office.people[key], office.posts[key], since=SINCE)
    return office


def express_letter(office: SmallOffice, **said: Any) -> IncomingDocument:
    """A registered express letter of Tỉnh ủy that no specialist sees."""
    return letters.registered(office, urgency="express", **said)


class Browser(Client):
    """A signed-in person's browser: every POST names its operation."""

    def __init__(self, office: SmallOffice, person: str) -> None:
        super().__init__()
        self.force_login(office.user(person))

    def send(self, address: str, **sent: str) -> Any:
        return self.post(address, {"operation_id": str(uuid.uuid4()), **sent})

    def read(self, address: str, **query: str) -> str:
        """The page, which must be there."""
        answer = self.get(address, query)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()
