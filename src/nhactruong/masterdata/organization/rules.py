"""What may be delegated, by whom, to whom and for how long: pure.

Source: security.md 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nhactruong.kernel.decisions import ALLOWED, Decision, refused
from nhactruong.kernel.states import Role

#: A post that carries one of these is never delegated: administrator rights, access to the
#: record, approval of an emergency, and the custody of numbers, seal and secret register.
NEVER_DELEGATED: Final = frozenset(
    {Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.CLERK, Role.SECRET_CLERK}
)
#: Nobody with one of these sees content, not even for another. Source: security.md 8.
WITHOUT_CONTENT: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


#: A proposal to work in somebody's place lasts at most so long; afterwards it is made anew.
LONGEST_DAYS: Final = 366

_NAMED: Final = {"authorised": "TUQ.", "by_order": "TL.", "substitute": "xử lý thay"}


def named(kind: str, title: str) -> str:
    """How a delegate is named beside his name: `TL. Chánh Văn phòng Tỉnh ủy`."""
    return f"{_NAMED[kind]} {title}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A delegation as it is asked for, with the facts its rules need."""

    giver_holds_post: bool
    giver_person_id: int | None
    delegate_person_id: int
    delegate_holds_a_post: bool
    delegate_sees_content: bool
    roles: frozenset[Role]
    basis: str
    starts_at: datetime
    ends_at: datetime
    now: datetime


def shown_up_to(post_clearance: int, highest: int) -> int:
    """The highest secrecy a lent post shows: what the post itself sees, or the giver's lower mark.

    The delegate's own clearance holds besides. Source: security.md 7 (3).
    """
    return min(post_clearance, highest)


def may_be_lent(roles: frozenset[Role]) -> bool:
    """Whether a post with these roles may be delegated at all."""
    return roles.isdisjoint(NEVER_DELEGATED)


def may_delegate(asked: Proposal) -> Decision:
    """Yes, or the first rule that forbids it. Source: security.md 7."""
    if not asked.giver_holds_post:
        return refused(
            "delegation.not_own",
            "Đồng chí chỉ ủy quyền được chức danh mình đang giữ; việc được ủy quyền"
            " không được ủy quyền tiếp.",
        )
    if asked.delegate_person_id == asked.giver_person_id:
        return refused("delegation.to_oneself", "Không ủy quyền cho chính mình; chọn người khác.")
    if not asked.delegate_holds_a_post:
        return refused(
            "delegation.no_post",
            "Người được chọn hiện không giữ chức danh nào; chọn người đang công tác.",
        )
    if not asked.delegate_sees_content:
        return refused(
            "delegation.administrator",
            "Người được chọn làm quản trị hoặc kiểm soát nhật ký, không xem văn bản; chọn người khác.",
        )
    if not asked.basis.strip():
        return refused(
            "delegation.no_basis",
            "Ủy quyền phải bằng văn bản; ghi số, ký hiệu văn bản làm căn cứ.",
        )
    if asked.ends_at <= max(asked.starts_at, asked.now):
        return refused(
            "delegation.no_time",
            "Thời điểm kết thúc phải sau thời điểm bắt đầu và sau bây giờ.",
        )
    if asked.ends_at - asked.starts_at > timedelta(days=LONGEST_DAYS):
        return refused(
            "delegation.too_long",
            "Mỗi lần ủy quyền không quá một năm; hết hạn thì lập lần mới.",
        )
    if not may_be_lent(asked.roles):
        return refused(
            "delegation.never",
            "Quyền quản trị, xem nhật ký, giữ sổ và giữ dấu không được ủy quyền.",
        )
    return ALLOWED
