"""When an absence may be, and from which instant to which its delegations run: pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from nhactruong.kernel.decisions import ALLOWED, Decision, refused

#: So long somebody is away at most; longer, the post is given to an acting holder.
LONGEST_ABSENCE: Final = 60
#: How far back a summary looks.
MOST_TOLD: Final = 200


def may_be_away(first: date, last: date, today: date) -> Decision:
    """Yes, or why these days cannot be declared. Source: security.md 7."""
    if last < first:
        return refused("absence.backwards", "Ngày cuối phải từ ngày đầu trở đi.")
    if last < today:
        return refused("absence.past", "Những ngày này đã qua; chỉ khai từ hôm nay trở đi.")
    if (last - first).days >= LONGEST_ABSENCE:
        return refused(
            "absence.too_long",
            "Vắng quá 60 ngày thì cơ quan giao người giữ quyền chức danh, không khai vắng mặt.",
        )
    return ALLOWED


def instants(first: date, last: date, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """From the first day, or now when that has begun, to the end of the last day."""
    begins = datetime.combine(first, time(), zone)
    return max(begins, now), datetime.combine(last + timedelta(days=1), time(), zone)
