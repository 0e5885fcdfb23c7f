"""What a change of a code list is, and where it stands: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from nhactruong.kernel.errors import InvalidInput

_CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


class Verb(StrEnum):
    """What a change does to the list."""

    ADD = "add"
    RENAME = "rename"
    END = "end"


VERB_LABELS: Final[Mapping[Verb, str]] = {
    Verb.ADD: "Thêm mã",
    Verb.RENAME: "Đổi tên",
    Verb.END: "Thôi dùng",
}


class State(StrEnum):
    """Where a change stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Final[Mapping[State, str]] = {
    State.PROPOSED: "Chờ duyệt",
    State.APPROVED: "Đã duyệt",
    State.REFUSED: "Không duyệt",
    State.WITHDRAWN: "Đã rút",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as it stands on the day a change is to take effect."""

    name: str
    since: date
    until: date | None


def require_sound(
    verb: Verb, code: str, name: str, from_on: date, *, standing: Standing | None, today: date
) -> None:
    """Nothing when the change can be made to what stands on its day.

    Raises: InvalidInput at the field that is wrong.
    """
    if not _CODE.fullmatch(code):
        raise InvalidInput.at(
            "code",
            "code_list.bad_code",
            "Mã gồm chữ thường không dấu, số, dấu chấm, dấu gạch; nhiều nhất 60 ký tự.",
        )
    if from_on < today:
        raise InvalidInput.at(
            "from_on", "code_list.in_the_past", "Ngày áp dụng không trước hôm nay."
        )
    if verb is Verb.ADD:
        if standing is not None:
            raise InvalidInput.at(
                "code", "code_list.in_use", f"Mã này đang dùng cho “{standing.name}”."
            )
    elif standing is None:
        raise InvalidInput.at(
            "code", "code_list.not_in_force", "Mã này không có hiệu lực vào ngày áp dụng."
        )
    elif verb is Verb.RENAME and standing.name == name:
        raise InvalidInput.at("name", "code_list.same_name", "Tên mới giống tên đang dùng.")
    elif verb is Verb.END and from_on <= standing.since:
        raise InvalidInput.at(
            "from_on",
            "code_list.never_in_force",
            "Mã phải có hiệu lực ít nhất một ngày trước khi thôi dùng.",
        )
    if verb is not Verb.END and not name:
        raise InvalidInput.at("name", "code_list.no_name", "Thiếu Tên. Đồng chí nhập tên.")
