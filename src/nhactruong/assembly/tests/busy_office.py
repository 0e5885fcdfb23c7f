"""A small office on a working morning: papers at every desk, made by the office's own commands."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from nhactruong.foundation.files import store
from nhactruong.foundation.persistence.tests.once import made_once
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice, small_office
from nhactruong.records.documents import selectors as contents
from nhactruong.records.documents.models import Document
from nhactruong.records.dossiers import commands as dossiers
from nhactruong.records.dossiers.models import Dossier
from nhactruong.records.drafting.rules import body_from_plain, body_to_json
from nhactruong.records.incoming import commands as incoming
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.models import IncomingDocument
from nhactruong.records.outgoing import commands as outgoing
from nhactruong.records.outgoing import selectors as drafts
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.handlers import present
from nhactruong.records.outgoing.models import OutgoingDocument

#: A Monday morning of the office, 08:30.
MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LANDSLIDE = "Tình hình sạt lở bờ sông Con và đề nghị hỗ trợ khẩn cấp"


@dataclass(slots=True)
class BusyOffice:
    """The office and what lies on its desks, by short keys."""

    people: SmallOffice
    received: dict[str, uuid.UUID] = field(default_factory=dict)
    drafted: dict[str, uuid.UUID] = field(default_factory=dict)

    def register(
        self, key: str, subject: str, code: str, *, agency: str = "tu", **line: object
    ) -> IncomingDocument:
        """A paper that came in and stands in the register of the agency."""
        clerk = self.people.actor("nhan" if agency != "dm" else "thao")
        document = incoming.receive_file(
            clerk,
            agency_id=self.people.agencies[agency].pk,
            stored=store.write([key.encode()]),
            media_type="application/pdf",
            file_name=f"{key}.pdf",
            page_count=1,
        )
        self.received[key] = document.public_id
        return incoming.register(
            clerk,
            document.public_id,
            incoming.RegisterLine(
                **{
                    "reference_code": code,
                    "issued_on": clock.today() - timedelta(days=1),
                    "issuer_name": "Đảng ủy xã Đồng Mơ",
                    "document_type": "bao-cao",
                    "subject": subject,
                    **line,
                }
            ),
            version=None,
        )

    def direct_to_unit(self, key: str, unit: str = "th", **more: object) -> None:
        """The bút phê of the Chánh Văn phòng that gives the paper to a division."""
        incoming.direct(
            self.people.actor("khue"),
            self.received[key],
            lead=Desk(unit_id=self.people.units[unit].pk),
            version=None,
            **more,
        )

    def assign(self, key: str, person: str = "suong") -> None:
        """The paper on a specialist's desk."""
        incoming.assign(
            self.people.actor("lam"),
            self.received[key],
            post_id=self.people.posts[person].pk,
            version=None,
        )

    def draft(
        self, key: str, subject: str, *, answers: str = "", urgency: str = "normal"
    ) -> OutgoingDocument:
        """A ready draft of the specialist, for the Phó Bí thư to sign."""
        made = outgoing.create_draft(
            self.people.actor("suong"),
            organ_id=self.people.organs["tu.btv"].pk,
            document_type="cong-van",
            subject=subject,
            answers=self._document(answers) if answers else None,
        )
        self.drafted[key] = made.public_id
        signer = next(
            row
            for row in drafts.authorities_for(made)
            if row.post_id == self.people.posts["thu"].pk
        )
        return outgoing.save_draft(
            self.people.actor("suong"),
            made.public_id,
            DraftContent(
                subject=subject,
                urgency=urgency,
                body=body_to_json(body_from_plain("Thường trực Tỉnh ủy có ý kiến như sau.")),
                addressees=["Đảng ủy xã Đồng Mơ"],
                recipients=[
                    RecipientLine("Đảng ủy xã Đồng Mơ", self.people.agencies["dm"].pk),
                    RecipientLine("Lưu Văn phòng Tỉnh ủy"),
                ],
                authority_id=signer.pk,
            ),
            version=None,
        )

    def present(self, key: str) -> None:
        """The draft through its head and the Chánh Văn phòng onto the signer's desk."""
        public_id = self.drafted[key]
        outgoing.submit(self.people.actor("suong"), public_id, version=None)
        outgoing.approve_content(self.people.actor("lam"), public_id, version=None)
        outgoing.approve_form(self.people.actor("khue"), public_id, version=None)
        present(public_id)

    def dossier(self, code: str, title: str, *keys: str) -> Dossier:
        """A dossier of the specialist with these papers in it."""
        suong = self.people.actor("suong")
        made = dossiers.open_dossier(
            suong,
            agency_id=self.people.agencies["vptu"].pk,
            code=code,
            title=title,
            retention="20",
        )
        for key in keys:
            dossiers.file(suong, made.public_id, self._document(key))
        return made

    def _document(self, key: str) -> Document:
        found = contents.document(self.received.get(key) or self.drafted[key])
        assert found is not None
        return found


@made_once
def busy_office() -> BusyOffice:
    """One matter from the request to the signer's desk, one late paper, one new, one dossier."""
    office = BusyOffice(small_office())
    with clock.frozen_at(MONDAY - timedelta(days=10)):
        office.register(
            "late",
            "Báo cáo tháng 10 về công tác văn phòng cấp ủy",
            "88-BC/ĐU",
            due_on=clock.today() + timedelta(days=6),
            due_rule="Điều 12 Quy chế làm việc",
        )
        office.direct_to_unit("late")
    with clock.frozen_at(MONDAY - timedelta(days=3)):
        office.register("landslide", LANDSLIDE, "118-BC/ĐU", urgency="urgent")
        office.direct_to_unit("landslide", opinion="Tham mưu văn bản hỗ trợ 27 hộ dân.")
        office.assign("landslide")
        office.draft(
            "reply", "Hỗ trợ khẩn cấp các hộ dân vùng sạt lở ven sông Con", answers="landslide"
        )
        office.dossier("15.01.V", "Hồ sơ về phòng, chống sạt lở ven sông Con", "landslide")
    with clock.frozen_at(MONDAY - timedelta(minutes=40)):
        office.present("reply")
        office.register("new", "Mời dự hội nghị trực tuyến tổng kết năm 2026", "45-GM/BTCTU")
    return office
