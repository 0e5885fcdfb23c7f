"""Letters that come in during the tests: set in type, dropped at the intake, read by the job."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from nhactruong.foundation.files import store
from nhactruong.kernel import clock
from nhactruong.masterdata.organization.tests.scenarios import SmallOffice
from nhactruong.records.extraction.tests.sample_letters import Letter, text_pdf
from nhactruong.records.incoming import commands, handlers, selectors
from nhactruong.records.incoming.commands import RegisterLine
from nhactruong.records.incoming.commands.handling import Desk
from nhactruong.records.incoming.models import IncomingDocument

FROM_DONG_MO: Final = Letter(
    name="bao-cao-sat-lo",
    reference_code="118-BC/ĐU",
    issued_on=clock.today() - timedelta(days=2),
    place="Đồng Mơ",
    superior=("ĐẢNG BỘ TỈNH SÔNG LAM",),
    issuer=("ĐẢNG ỦY XÃ ĐỒNG MƠ",),
    kind="bao-cao",
    type_name="BÁO CÁO",
    subject="tình hình sạt lở bờ sông Con và đề nghị hỗ trợ khẩn cấp",
    capacity="T/M BAN THƯỜNG VỤ",
    position="BÍ THƯ",
    form="TM",
    signer="Mạc Văn Trầm",
    recipients=("Thường trực Tỉnh ủy", "Văn phòng Tỉnh ủy", "Lưu Văn phòng Đảng ủy."),
    body=(
        "Từ ngày 17 đến ngày 19, mưa lớn làm sạt lở thêm 640 m bờ sông Con tại thôn Bãi Dâu và "
        "thôn Vạn Chài; 27 hộ với 103 nhân khẩu có nguy cơ mất an toàn.",
        "Đảng ủy xã đã họp bất thường, phân công cấp ủy viên trực tại hai thôn; huy động 120 dân "
        "quân, đoàn viên giúp dân chuyển đồ đạc, lương thực.",
    ),
    urgency="KHẨN",
)


@functools.cache
def pdf_of(letter: Letter) -> bytes:
    """The letter in type, once a test run."""
    with tempfile.TemporaryDirectory() as folder:
        return text_pdf(letter, Path(folder) / "thu.pdf").read_bytes()


def received(
    office: SmallOffice,
    letter: Letter = FROM_DONG_MO,
    *,
    clerk: str = "nhan",
    agency: str = "tu",
    read: bool = True,
) -> IncomingDocument:
    """The letter in the agency's intake, read unless told otherwise."""
    pdf = pdf_of(letter)
    incoming = commands.receive_file(
        office.actor(clerk),
        agency_id=office.agencies[agency].pk,
        stored=store.write([pdf]),
        media_type="application/pdf",
        file_name=f"{letter.name}.pdf",
        page_count=1,
    )
    if read:
        handlers.read_incoming(selectors.for_service(incoming.public_id))
    return selectors.for_service(incoming.public_id)


def line_of(letter: Letter = FROM_DONG_MO, **changes: object) -> RegisterLine:
    """What the clerk writes into the register for the letter."""
    line = RegisterLine(
        reference_code=letter.reference_code,
        issued_on=letter.issued_on,
        issuer_name="Đảng ủy xã Đồng Mơ",
        document_type=letter.kind,
        subject=letter.subject,
        signer_name=letter.signer,
        signer_position="Bí thư",
    )
    return replace(line, **changes)  # type: ignore[arg-type]


def registered(
    office: SmallOffice,
    letter: Letter = FROM_DONG_MO,
    *,
    clerk: str = "nhan",
    agency: str = "tu",
    read: bool = False,
    **changes: object,
) -> IncomingDocument:
    """The letter in the register, before the Chánh Văn phòng."""
    waiting = received(office, letter, clerk=clerk, agency=agency, read=read)
    return commands.register(
        office.actor(clerk), waiting.public_id, line_of(letter, **changes), version=None
    )


def desk(office: SmallOffice, name: str) -> Desk:
    """A unit or post of the office by its short key."""
    if name in office.units:
        return Desk(unit_id=office.units[name].pk)
    return Desk(post_id=office.posts[name].pk)


def directed(
    office: SmallOffice,
    letter: Letter = FROM_DONG_MO,
    *,
    by: str = "khue",
    lead: str = "th",
    due_on: date | None = None,
    **changes: object,
) -> IncomingDocument:
    """The letter with a bút phê: Phòng Tổng hợp leads, Phòng Hành chính helps, Bí thư knows."""
    document = registered(office, letter, **changes)
    return commands.direct(
        office.actor(by),
        document.public_id,
        lead=desk(office, lead),
        supporting=[desk(office, "hc")],
        informed=[desk(office, "khoi")],
        opinion="Tham mưu văn bản trả lời.",
        due_on=due_on,
        version=None,
    )


def assigned(office: SmallOffice, letter: Letter = FROM_DONG_MO) -> IncomingDocument:
    """The letter on the desk of chuyên viên Sương."""
    document = directed(office, letter)
    return commands.assign(
        office.actor("lam"),
        document.public_id,
        post_id=office.posts["suong"].pk,
        version=None,
    )


def again(letter: Letter = FROM_DONG_MO, **changes: object) -> Letter:
    """Another letter of the same office: other number, other bytes."""
    return replace(letter, **changes)  # type: ignore[arg-type]


def fresh(document: IncomingDocument) -> IncomingDocument:
    """The document as it now stands in the store."""
    return IncomingDocument.objects.get(pk=document.pk)
