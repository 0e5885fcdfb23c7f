"""Five people of a commune and a clerk of the province carry one document after the other."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass, field
from typing import Final

from tests.journeys.office import Installation
from tests.long.desk import Desk, Refused, eventually
from tests.long.journal import Journal

ORGAN: Final = "Ban Thường vụ Đảng ủy xã Đồng Mơ"
DRAFTER: Final = "khoi.dam"
CHIEF: Final = "thuan.nong"
SIGNER: Final = "tram.mac"
CLERK: Final = "chuyen.hoang"
PROVINCE: Final = "nhan.bui"


@dataclass(slots=True)
class Carried:
    """A document whose whole life has been acknowledged."""

    subject: str
    outgoing_id: str
    incoming_id: str


@dataclass(slots=True)
class Team:
    """The people around one document at a time, each at a browser of his own."""

    office: Installation
    journal: Journal
    name: str
    organ_id: int
    recipient_id: int
    authority_id: int
    carried: list[Carried] = field(default_factory=list)
    _desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, username: str) -> Desk:
        """That person's browser in this team."""
        if username not in self._desks:
            port = int(self.office.url.rpartition(":")[2])
            password = self.office.accounts[username].password
            self._desks[username] = Desk(port, username, password, self.journal)
        return self._desks[username]

    def carry(self, number: int) -> None:
        """One document from the first word to the arrival number at the province."""
        subject = f"tình hình đê bao, tổ {self.name}, lần {number}"
        document = self._draft(subject)
        self._act(CHIEF, "approve", subject, f"/du-thao/{document}/", f"/du-thao/{document}/duyet/")
        here = f"/van-ban-di/{document}/"
        self._act(SIGNER, "sign", subject, f"{here}ky/", f"{here}ky/")
        self._act(CLERK, "number", subject, here, f"{here}cap-so/")
        self._act(CLERK, "seal", subject, here, f"{here}dong-dau/")
        self._await_seal(here)
        self._act(CLERK, "issue", subject, here, f"{here}phat-hanh/")
        incoming = self._arrived(subject)
        desk = f"/van-ban-den/tiep-nhan/{incoming}/"
        self._act(PROVINCE, "register", subject, f"{desk}?nhap-tay=1", desk)
        self.carried.append(Carried(subject, document, incoming))

    def _draft(self, subject: str) -> str:
        drafter = self.desk(DRAFTER)
        new = "/du-thao/moi/"
        fields = drafter.form(new, new) | {
            "organ": [str(self.organ_id)],
            "document_type": ["bao-cao"],
            "subject": [subject],
        }
        document = _last_part(drafter.press("draft", subject, new, _one(fields)).location)
        here = f"/du-thao/{document}/"
        fields = drafter.form(here, here)
        # Every block is written: what the template suggests may not be sent on.
        fields["b-text"] = [f"Đê bao sạt 40 m ({subject})." for _ in fields["b-text"]]
        fields |= {"r-add": [str(self.recipient_id)], "authority": [str(self.authority_id)]}
        kept = drafter.press("save", subject, f"{here}luu/", _one(fields))
        assert kept.status == 200, kept
        fields = drafter.form(here, here) | {"act": ["submit"]}
        drafter.press("submit", subject, here, _one(fields))
        return document

    def _act(self, username: str, act: str, subject: str, page: str, action: str) -> None:
        desk = self.desk(username)
        fields = desk.form(page, action)
        if "step_up_code" in fields:
            fields["step_up_code"] = [desk.password]
        answer = desk.press(act, subject, action, _one(fields))
        if answer.status != 303:
            raise Refused(f"{act} of {subject!r} answered {answer}")

    def _await_seal(self, here: str) -> None:
        clerk = self.desk(CLERK)

        def sealed() -> bool | None:
            got = clerk.get(f"{here}dong-dau/", **{"HX-Request": "true"})
            return True if got is not None and "hx-refresh" in got.headers else None

        eventually(f"seal of {here}", sealed)

    def _arrived(self, subject: str) -> str:
        clerk = self.desk(PROVINCE)

        def found() -> str | None:
            cursor = ""
            while True:
                asked = {"kind": "incoming.register", "limit": "100", "cursor": cursor}
                page = clerk.api(f"/api/v1/inbox?{urllib.parse.urlencode(asked)}")
                if page is None:
                    return None
                for line in page["items"]:
                    if line["title"].endswith(subject):
                        return str(line["object_id"])
                cursor = page["next"] or ""
                if not cursor:
                    return None

        return eventually(f"arrival of {subject!r}", found, every=2.0)


def _one(fields: dict[str, list[str]]) -> dict[str, str | list[str]]:
    """The fields as they are sent; the operation's name as one word."""
    return {**fields, "operation_id": fields["operation_id"][0]}


def _last_part(location: str) -> str:
    return location.rstrip("/").rpartition("/")[2]
