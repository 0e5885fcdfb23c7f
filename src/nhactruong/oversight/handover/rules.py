"""Where a hand-over stands, and what must have a receiver: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from nhactruong.kernel.decisions import ALLOWED, Decision, refused


class State(StrEnum):
    """Where a hand-over stands."""

    ASKED = "asked"
    APPROVED = "approved"
    CARRIED_OUT = "carried_out"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_LABELS: Final = {
    State.ASKED: "Chờ duyệt",
    State.APPROVED: "Đã duyệt, chờ đến ngày",
    State.CARRIED_OUT: "Đã bàn giao",
    State.REFUSED: "Không duyệt",
    State.WITHDRAWN: "Đã rút",
}


def may_be_on(day: date, today: date) -> Decision:
    """Whether a hand-over may take effect on that day."""
    if day < today:
        return refused("handover.past", "Ngày bàn giao không thể trước hôm nay.")
    return ALLOWED


@dataclass(frozen=True, slots=True)
class Burden:
    """What waits at one post; the last two wait for whoever has its role or heads its unit."""

    title: str
    work: int
    drafts: int
    dossiers: int
    signatures: int
    #: Roles no other serving post has, with work waiting.
    lonely_roles: tuple[str, ...] = ()
    is_lonely_head: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be received."""
        return not (self.work or self.drafts or self.dossiers)


def orphans(burden: Burden, *, has_successor: bool, has_receiver: bool) -> Iterator[str]:
    """What would be left to nobody, in words; nothing when all is received."""
    if has_successor:
        return
    if burden.signatures:
        yield (
            f"{burden.title} còn {burden.signatures} văn bản chờ ký: ký xong, trả lại để trình người"
            " khác, hoặc chọn người nhận chức danh."
        )
    for role in burden.lonely_roles:
        yield (
            f"{burden.title} là nơi duy nhất giữ vai trò {role} và còn việc đang chờ: phải có người"
            " nhận chức danh."
        )
    if burden.is_lonely_head:
        yield (
            f"{burden.title} là người phụ trách duy nhất của đơn vị và đơn vị còn việc đang chờ:"
            " phải có người nhận chức danh."
        )
    if not has_receiver and not burden.is_empty:
        yield f"{burden.title} còn việc đang mở: chọn người nhận chức danh hoặc nơi nhận việc."
