"""The sight of a post, which roles meet in one hand, what is lent to whom, identifiers: pure.

Source: security.md 7, exchange.md 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nhactruong.foundation.access import rules as tokens
from nhactruong.kernel.decisions import ALLOWED, Decision, refused
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import ROLE_LABELS, Role

#: Roles that see what their unit is given.
UNIT_HEADS: Final = frozenset({Role.HEAD_OF_DIVISION, Role.CHIEF_OF_OFFICE, Role.DEPUTY_CHIEF})


def sight_of(post_id: int, unit_id: int | None, roles: frozenset[tuple[Role, int]]) -> set[int]:
    """The sight tokens of a post with these roles."""
    sight = {tokens.post_token(post_id)}
    sight |= {tokens.role_token(role, agency) for role, agency in roles}
    if unit_id and any(role in UNIT_HEADS for role, _ in roles):
        sight.add(tokens.unit_token(unit_id))
    return sight


#: A post that carries one of these is never delegated: administrator rights, access to the
#: record, approval of an emergency, and the custody of numbers, seal and secret register.
NEVER_DELEGATED: Final = frozenset(
    {Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.CLERK, Role.SECRET_CLERK}
)
#: Nobody with one of these sees content, not even for another. Source: security.md 8.
WITHOUT_CONTENT: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
#: What one hand holds only one of: systems, the record of all acts, and documents.
_ADMINISTERING: Final = frozenset({Role.SYSADMIN, Role.SECURITY_ADMIN})
_AUDITING: Final = WITHOUT_CONTENT - _ADMINISTERING


def may_meet(roles: Iterable[Role]) -> Decision:
    """Whether these roles may be in one person's hand.

    Source: security.md 8 (administrators never see content, auditors never administer), 6.
    """
    held = frozenset(roles)
    administering, auditing = held & _ADMINISTERING, held & _AUDITING
    content = held - WITHOUT_CONTENT
    if auditing and administering:
        return refused(
            "organization.audits_himself",
            f"{_named(auditing)} không đi cùng {_named(administering)}:"
            " người kiểm soát nhật ký không quản trị hệ thống.",
        )
    if content and (administering or auditing):
        return refused(
            "organization.sees_content",
            f"{_named(administering or auditing)} không đi cùng {_named(content)}:"
            " người quản trị, kiểm soát nhật ký không xem văn bản.",
        )
    return ALLOWED


def _named(roles: Iterable[Role]) -> str:
    return "Vai trò " + ", ".join(ROLE_LABELS[role] for role in sorted(roles))


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


_NEW_FORM: Final = re.compile(r"[A-Z]\d{2}(\.[A-Z0-9]{1,10}){0,9}")
_OLD_FORM: Final = re.compile(r"(\d{2,3}\.){1,4}[A-Z]\d{2}")
_LONGEST_IDENTIFIER: Final = 35


def require_identifier(value: str, *, is_old: bool) -> str:
    """The identifier without blanks around it. Raises: InvalidInput. Source: exchange.md 7.1, 7.2."""
    value = value.strip()
    form = _OLD_FORM if is_old else _NEW_FORM
    if len(value) > _LONGEST_IDENTIFIER or not form.fullmatch(value):
        example = "005.02.01.A99" if is_old else "A99.20.01"
        raise InvalidInput.at(
            "value",
            "organization.bad_identifier",
            f"Mã định danh không đúng dạng. Đồng chí ghi như {example}, nhiều nhất 35 ký tự.",
        )
    return value


def new_form(old: str) -> str:
    """The new form of an identifier of the old form: `000.00.05.A99` is `A99.05`.

    Source: exchange.md 7.2 (drop the groups of zeros, then turn round).
    """
    return ".".join(reversed([group for group in old.split(".") if group.strip("0")]))
