"""Words every storey shares: secrecy, urgency, roles, signing forms, and how a state may change."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Final, TypeVar

from nhactruong.kernel.errors import RuleBroken


class Secrecy(IntEnum):
    """One lattice for the whole product. Source: documents.md 5.2, Luật 117/2025/QH15."""

    ORDINARY = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    SECRET = 3
    TOP_SECRET = 4


SECRECY_LABELS: Final[Mapping[Secrecy, str]] = {
    Secrecy.ORDINARY: "Thường",
    Secrecy.INTERNAL: "Nội bộ",
    Secrecy.CONFIDENTIAL: "Mật",
    Secrecy.SECRET: "Tối mật",
    Secrecy.TOP_SECRET: "Tuyệt mật",
}


class Urgency(StrEnum):
    """How fast a document must travel. Source: documents.md 5.1, NĐ 30/2020."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    EXPRESS = "express"
    EXPRESS_TIMED = "express_timed"


URGENCY_LABELS: Final[Mapping[Urgency, str]] = {
    Urgency.NORMAL: "Thường",
    Urgency.URGENT: "Khẩn",
    Urgency.VERY_URGENT: "Thượng khẩn",
    Urgency.EXPRESS: "Hỏa tốc",
    Urgency.EXPRESS_TIMED: "Hỏa tốc hẹn giờ",
}


class Role(IntEnum):
    """Role codes of documents.md 6. The number is part of sight tokens: never change or reuse one."""

    SECRETARY = 1
    DEPUTY_SECRETARY = 2
    STANDING_MEMBER = 3
    CHIEF_OF_OFFICE = 4
    DEPUTY_CHIEF = 5
    HEAD_OF_DIVISION = 6
    SPECIALIST = 7
    CLERK = 8
    SECRET_CLERK = 9
    ARCHIVIST = 10
    MONITOR = 11
    EXTERNAL_AGENCY = 12
    INSPECTOR = 13
    SYSADMIN = 14
    SECURITY_ADMIN = 15
    AUDITOR = 16

    @property
    def code(self) -> str:
        """The code written in data and interfaces, e.g. `chief_of_office`."""
        return self.name.lower()


ROLE_LABELS: Final[Mapping[Role, str]] = {
    Role.SECRETARY: "Bí thư",
    Role.DEPUTY_SECRETARY: "Phó Bí thư",
    Role.STANDING_MEMBER: "Ủy viên Ban Thường vụ",
    Role.CHIEF_OF_OFFICE: "Chánh Văn phòng",
    Role.DEPUTY_CHIEF: "Phó Chánh Văn phòng",
    Role.HEAD_OF_DIVISION: "Trưởng phòng",
    Role.SPECIALIST: "Chuyên viên",
    Role.CLERK: "Văn thư",
    Role.SECRET_CLERK: "Văn thư mật",
    Role.ARCHIVIST: "Lưu trữ",
    Role.MONITOR: "Theo dõi, đôn đốc",
    Role.EXTERNAL_AGENCY: "Cơ quan được giao",
    Role.INSPECTOR: "Kiểm tra, giám sát",
    Role.SYSADMIN: "Quản trị hệ thống",
    Role.SECURITY_ADMIN: "Quản trị an toàn",
    Role.AUDITOR: "Kiểm soát nhật ký",
}


class Act(StrEnum):
    """Acts that a delegation may let be done for a post; all others stay with its holder.

    Source: security.md 7 (never administration, the record, seal and books, nor a signature).
    """

    DIRECT = "direct"
    ASSIGN = "assign"
    HANDLE = "handle"
    REVIEW = "review"


ACT_LABELS: Final[Mapping[Act, str]] = {
    Act.DIRECT: "Bút phê, trình lãnh đạo",
    Act.ASSIGN: "Giao chuyên viên",
    Act.HANDLE: "Giải quyết, kết thúc văn bản đến",
    Act.REVIEW: "Duyệt, trả lại dự thảo",
}


class SigningForm(StrEnum):
    """In whose name a document is signed. Source: documents.md 8.1."""

    COLLECTIVE = "TM"
    FOR_HEAD = "KT"
    BY_ORDER = "TL"
    ACTING = "Q"
    AUTHORISED = "TUQ"
    OWN = "OWN"


#: The printed prefix in the Party's form; own authority prints the title alone.
PARTY_FORM_PREFIX: Final[Mapping[SigningForm, str]] = {
    SigningForm.COLLECTIVE: "T/M",
    SigningForm.FOR_HEAD: "K/T",
    SigningForm.BY_ORDER: "T/L",
    SigningForm.ACTING: "Q.",
    SigningForm.AUTHORISED: "TUQ.",
    SigningForm.OWN: "",
}

State = TypeVar("State", bound=StrEnum)


def next_state(
    table: Mapping[tuple[str, State], State], verb: str, state: State, labels: Mapping[State, str]
) -> State:
    """The state `verb` leads to from `state`, by a table of (verb, state) → state.

    Raises: RuleBroken `state.not_allowed` when the table has no such row.
    """
    try:
        return table[verb, state]
    except KeyError:
        raise RuleBroken(
            "state.not_allowed",
            "Văn bản đang ở bước “%(state)s”, không làm được việc này. Tải lại trang để xem bước hiện tại.",
            state=labels[state],
            verb=verb,
        ) from None
