"""The sheet of a draft: all its fields as the page shows them and as a form sends them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from nhactruong.foundation.ui.sources import PlainForm, carried, chosen, code_list, known, typed
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import SECRECY_LABELS, URGENCY_LABELS, Secrecy, Urgency
from nhactruong.kernel.text import one_line, whole_number
from nhactruong.records.drafting.rules import Body, body_to_json, parse_body
from nhactruong.records.outgoing.commands.drafting import DraftContent, RecipientLine
from nhactruong.records.outgoing.forms import blocks
from nhactruong.records.outgoing.forms.addressing import Directory, kept_last, with_addressed
from nhactruong.records.outgoing.models import OutgoingDocument

URGENCIES: Final = tuple((level.value, label) for level, label in URGENCY_LABELS.items())
#: Higher levels are not written on this system. Source: architecture.md 5 (SECRECY_MODE).
SECRECIES: Final = tuple(
    (str(level.value), SECRECY_LABELS[level]) for level in (Secrecy.ORDINARY, Secrecy.INTERNAL)
)

PlainForm(
    __name__,
    "Bản soạn",
    {
        "subject": (
            "Trích yếu",
            known("Nội dung đã lưu; khi trả lời: số, ký hiệu và nơi gửi của văn bản đến"),
        ),
        "urgency": ("Độ khẩn", code_list("urgencies")),
        "secrecy": ("Độ mật", code_list("secrecies")),
        "addressees": ("Kính gửi", known("Nơi gửi của văn bản cần trả lời, hoặc nội dung đã lưu")),
        "authority": ("Người ký", chosen("Bảng thẩm quyền ký")),
        "r-line": ("Nơi nhận", known("Nơi nhận theo mẫu và theo Kính gửi")),
        "r-add": ("Thêm cơ quan nhận", chosen("Danh mục cơ quan")),
        "r-free": ("Thêm dòng chỉ in", typed("Nơi nhận ngoài danh mục cơ quan")),
        "b-kind": ("Loại khối", chosen("Các khối của mẫu thể thức")),
        "b-text": ("Nội dung khối", typed("Lời của người soạn")),
        "plain": ("Nội dung dán", typed("Bản người soạn đã viết ở nơi khác")),
        "body_json": ("Thân văn bản", carried("Các khối, khi trang tự lưu")),
        "b-id": ("Khối", carried("Trường ẩn")),
        "r-agency": ("Cơ quan của dòng", carried("Trường ẩn")),
        "r-sent": ("Có gửi nơi nhận", carried("Trường ẩn")),
        "act": ("Việc của nút", carried("Nút bấm")),
    },
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything of a draft its drafter may change, whether stored or just typed."""

    subject: str
    urgency: str
    secrecy: int
    addressees: tuple[str, ...]
    recipients: tuple[RecipientLine, ...]
    authority_id: int | None
    body: Body

    @property
    def addressee_lines(self) -> str:
        """The addressees, one a line."""
        return "\n".join(self.addressees)

    @property
    def printed_recipients(self) -> tuple[str, ...]:
        """The lines of Nơi nhận as printed: one line may stand for several agencies."""
        return tuple(dict.fromkeys(entry.line for entry in self.recipients))

    @property
    def sent_to(self) -> frozenset[int]:
        """The agencies that receive a copy when the document is issued."""
        return frozenset(row.agency_id for row in self.recipients if row.agency_id is not None)

    def content(self) -> DraftContent:
        """What `save_draft` takes."""
        return DraftContent(
            subject=self.subject,
            body=body_to_json(self.body),
            urgency=self.urgency,
            secrecy=self.secrecy,
            addressees=self.addressees,
            recipients=self.recipients,
            authority_id=self.authority_id,
        )


def stored_sheet(document: OutgoingDocument) -> Sheet:
    """The sheet as it is in the store; one query."""
    return Sheet(
        subject=document.subject,
        urgency=document.urgency,
        secrecy=document.secrecy,
        addressees=tuple(document.addressees),
        recipients=tuple(
            RecipientLine(line, agency_id)
            for line, agency_id in document.recipients.order_by("position").values_list(
                "line", "agency_id"
            )
        ),
        authority_id=document.authority_id,
        body=parse_body(document.body),
    )


def typed_sheet(post: QueryDict, stored: Sheet, directory: Directory) -> Sheet:
    """The sheet of a form; parts the form does not carry stay as stored.

    Raises: InvalidInput with the sentence of the block or field at fault.
    """
    act = post.get("act", "")
    body = stored.body
    sent_body = post.get("body_json", "")
    if sent_body:
        body = blocks.body_from_json(sent_body)
    elif "b-kind" in post:
        body = blocks.body_from_fields(
            post.getlist("b-id"), post.getlist("b-kind"), post.getlist("b-text"), stored.body
        )
    if act and not act.startswith("r-"):
        body = blocks.changed(body, act, post.get("plain", ""))
    recipients = stored.recipients
    if "r-sent" in post:
        recipients = _recipients(post, directory.short_names)
        if act.startswith("r-"):
            recipients = _moved(recipients, act)
    addressees = stored.addressees
    if "addressees" in post:
        addressees = _lines(post.get("addressees", ""))
        recipients = with_addressed(recipients, directory, before=stored.addressees, now=addressees)
    return Sheet(
        subject=one_line(post.get("subject", stored.subject)),
        urgency=_urgency(post.get("urgency", stored.urgency)),
        secrecy=whole_number(post.get("secrecy", "")) or 0 if "secrecy" in post else stored.secrecy,
        addressees=addressees,
        recipients=recipients,
        authority_id=whole_number(post.get("authority", "")) or stored.authority_id,
        body=body,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(one_line(line)[:300] for line in text.splitlines() if line.strip())


def _urgency(value: str) -> str:
    if value not in {level.value for level in Urgency}:
        raise InvalidInput("outgoing.urgency", "Độ khẩn không có trong danh mục. Chọn lại độ khẩn.")
    return value


def _recipients(post: QueryDict, agency_names: Mapping[int, str]) -> tuple[RecipientLine, ...]:
    """The rows of the form, then the agencies and the line just added."""
    rows = [
        RecipientLine(one_line(line)[:300], _known(agency, agency_names))
        for line, agency in zip(post.getlist("r-line"), post.getlist("r-agency"), strict=False)
        if line.strip()
    ]
    present = {row.agency_id for row in rows}
    for value in post.getlist("r-add"):
        agency_id = _known(value, agency_names)
        if agency_id is not None and agency_id not in present:
            present.add(agency_id)
            rows.append(RecipientLine(agency_names[agency_id], agency_id))
    free = one_line(post.get("r-free", ""))[:300]
    if free:
        rows.append(RecipientLine(free))
    return kept_last(rows)


def _known(value: str, agency_names: Mapping[int, str]) -> int | None:
    number = whole_number(value)
    return number if number in agency_names else None


def _moved(rows: tuple[RecipientLine, ...], act: str) -> tuple[RecipientLine, ...]:
    verb, _, place_words = act.removeprefix("r-").partition(":")
    place = whole_number(place_words)
    order = list(rows)
    if place is None or place >= len(order):
        return rows
    if verb == "delete":
        del order[place]
    else:
        other = min(max(place + (1 if verb == "down" else -1), 0), len(order) - 1)
        order[place], order[other] = order[other], order[place]
    return tuple(order)
