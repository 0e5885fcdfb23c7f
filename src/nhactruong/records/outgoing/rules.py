"""States of an outgoing document, what leads from one to the next, and its number's shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from nhactruong.kernel import clock
from nhactruong.kernel.errors import InvalidInput, RuleBroken


class State(StrEnum):
    """Where a document stands on its way out. Source: documents.md 8."""

    DRAFT = "draft"
    CONTENT_REVIEW = "content_review"
    APPRAISAL = "appraisal"
    AWAITING_SIGNATURE = "awaiting_signature"
    RETURNED = "returned"
    SIGNED = "signed"
    NUMBERED = "numbered"
    SEALING = "sealing"
    SEALED = "sealed"
    ISSUED = "issued"
    CANCELLED = "cancelled"


#: The entry of the catalogue of procedures that agrees with this table.
PROCEDURE: Final = "van-ban-di"

STATE_LABELS: Final[Mapping[State, str]] = {
    State.DRAFT: "Đang soạn",
    State.CONTENT_REVIEW: "Chờ duyệt nội dung",
    State.APPRAISAL: "Chờ Chánh Văn phòng duyệt",
    State.AWAITING_SIGNATURE: "Chờ ký",
    State.RETURNED: "Trả lại để sửa",
    State.SIGNED: "Chờ cấp số",
    State.NUMBERED: "Chờ đóng dấu",
    State.SEALING: "Đang đóng dấu",
    State.SEALED: "Chờ phát hành",
    State.ISSUED: "Đã phát hành",
    State.CANCELLED: "Số bỏ",
}

#: state → (tone, icon) of its badge.
STATE_LOOKS: Final[Mapping[State, tuple[str, str]]] = {
    State.DRAFT: ("tinh", "edit"),
    State.CONTENT_REVIEW: ("tin", "clock"),
    State.APPRAISAL: ("tin", "clock"),
    State.AWAITING_SIGNATURE: ("canh", "sign"),
    State.RETURNED: ("nguy", "undo"),
    State.SIGNED: ("canh", "number"),
    State.NUMBERED: ("canh", "seal"),
    State.SEALING: ("tin", "clock"),
    State.SEALED: ("canh", "send"),
    State.ISSUED: ("tot", "check"),
    State.CANCELLED: ("tinh", "close"),
}

TRANSITIONS: Final[Mapping[tuple[str, State], State]] = {
    ("edit", State.DRAFT): State.DRAFT,
    ("edit", State.RETURNED): State.RETURNED,
    ("submit_to_head", State.DRAFT): State.CONTENT_REVIEW,
    ("submit_to_head", State.RETURNED): State.CONTENT_REVIEW,
    ("submit_to_chief", State.DRAFT): State.APPRAISAL,
    ("submit_to_chief", State.RETURNED): State.APPRAISAL,
    ("submit_to_chief", State.CONTENT_REVIEW): State.APPRAISAL,
    ("present", State.DRAFT): State.AWAITING_SIGNATURE,
    ("present", State.RETURNED): State.AWAITING_SIGNATURE,
    ("present", State.CONTENT_REVIEW): State.AWAITING_SIGNATURE,
    ("present", State.APPRAISAL): State.AWAITING_SIGNATURE,
    ("return", State.CONTENT_REVIEW): State.RETURNED,
    ("return", State.APPRAISAL): State.RETURNED,
    ("return", State.AWAITING_SIGNATURE): State.RETURNED,
    ("sign", State.AWAITING_SIGNATURE): State.SIGNED,
    ("assign_number", State.SIGNED): State.NUMBERED,
    ("request_seal", State.NUMBERED): State.SEALING,
    ("record_seal", State.SEALING): State.SEALED,
    ("seal_failed", State.SEALING): State.NUMBERED,
    ("issue", State.SEALED): State.ISSUED,
    ("void", State.NUMBERED): State.CANCELLED,
    ("void", State.SEALED): State.CANCELLED,
}

#: States in which the text may still change.
EDITABLE: Final = frozenset({State.DRAFT, State.RETURNED})
#: States from which the number exists and stands in the register.
REGISTERED: Final = frozenset(
    {State.NUMBERED, State.SEALING, State.SEALED, State.ISSUED, State.CANCELLED}
)


def series_group(type_slug: str, type_code: str, *, shared_qd: bool) -> str:
    """The group of types that share one counter: by type, but Quyết định and Quy định may share.

    Source: documents.md 3.1 (option `shared_qd_series`).
    """
    return "qd" if shared_qd and type_code == "QĐ" else type_slug


def reference_code(number: int, type_code: str, symbol: str) -> str:
    """Number and symbol as printed without the word "Số": `05-NQ/TU`. Source: documents.md 3.1."""
    return f"{number:02d}-{type_code}/{symbol}"


@dataclass(frozen=True, slots=True)
class Printed:
    """The words on the frozen page that the register keeps beside the keys."""

    issuer: str
    signer: str
    position: str
    capacity: str
    recipients: tuple[str, ...]


PLACEHOLDERS_LEFT: Final = "outgoing.placeholders_left"
#: The line of Nơi nhận that stands for whoever is addressed above.
AS_ABOVE: Final = "Như trên"


def is_file_copy(line: str) -> bool:
    """Whether a line of Nơi nhận only says where the file copy is kept ("Lưu …")."""
    return line.strip().startswith("Lưu")


@dataclass(frozen=True, slots=True)
class Written:
    """What a draft says, as far as it decides whether it may leave the drafter's hands."""

    subject: str
    text: str
    #: "Kính gửi", "Kính trình", or "" for a type that addresses nobody.
    addressed_by: str
    addressees: Sequence[str]
    recipients: Sequence[str]
    has_authority: bool
    #: Whoever would sign has drafted it. Source: security.md 9 (rule 2).
    own_signer: bool
    #: What the template set in square brackets to be replaced.
    placeholders: Collection[str]

    @property
    def reaches_somebody(self) -> bool:
        """Whether anybody is to receive it: neither "Lưu …" alone nor "Như trên" above nothing."""
        return bool(self.addressees) or any(
            line != AS_ABOVE and not is_file_copy(line) for line in self.recipients
        )

    @property
    def placeholders_left(self) -> list[str]:
        """The template's brackets that still stand in the draft."""
        said = "\n".join((self.subject, self.text, *self.addressees, *self.recipients))
        return [one for one in self.placeholders if one in said]


def missing_parts(written: Written) -> Iterator[tuple[str, str]]:
    """(code, sentence) of everything a draft still lacks before it may be reviewed.

    Source: documents.md 4.1 (the parts every document bears).
    """
    if not written.subject.strip():
        yield "outgoing.no_subject", "thiếu Trích yếu. Đồng chí nhập trích yếu."
    if not written.text.strip():
        yield "outgoing.no_text", "văn bản chưa có nội dung."
    if written.addressed_by and not written.addressees:
        yield (
            "outgoing.no_addressee",
            f"thiếu {written.addressed_by}. Đồng chí nhập nơi văn bản gửi đến.",
        )
    elif not written.reaches_somebody:
        yield "outgoing.no_recipients", "chưa có Nơi nhận. Đồng chí chọn ít nhất một nơi nhận."
    if not written.has_authority:
        yield (
            "outgoing.no_signer",
            "chưa chọn người ký. Đồng chí chọn trong bảng thẩm quyền ký.",
        )
    if written.own_signer:
        yield (
            "outgoing.drafter_signs",
            "người soạn thảo không ký văn bản do chính mình soạn. Đồng chí chọn người ký khác.",
        )
    left = len(written.placeholders_left)
    if left:
        yield PLACEHOLDERS_LEFT, f"còn {left} chỗ gợi ý của mẫu chưa viết nội dung."


def require_ready(written: Written) -> None:
    """Nothing when a draft may leave the drafter's hands.

    Raises: RuleBroken naming the first thing that is missing.
    """
    for code, sentence in missing_parts(written):
        raise RuleBroken(code, f"Chưa gửi duyệt được: {sentence}")


def require_day(day: date, *, signed_at: datetime | None, today: date) -> None:
    """Nothing when a document signed then may bear that day.

    Raises: InvalidInput `outgoing.bad_date` at `dated_on`. Source: NĐ 30/2020 Điều 15.
    """
    signed_on = clock.local(signed_at).date() if signed_at else day
    if not signed_on <= day <= today:
        raise InvalidInput.at(
            "dated_on",
            "outgoing.bad_date",
            f"Ngày văn bản phải từ ngày ký ({signed_on:%d/%m/%Y}) đến hôm nay.",
        )
