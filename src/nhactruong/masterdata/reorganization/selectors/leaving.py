"""What somebody without a post is told: whose work went where."""

from __future__ import annotations

from nhactruong.kernel import clock
from nhactruong.kernel.actor import Actor
from nhactruong.masterdata.organization.models import Holding
from nhactruong.masterdata.reorganization.models import Part
from nhactruong.masterdata.reorganization.rules import State

_NEW_POST = "Đề nghị Chánh Văn phòng cơ quan bố trí chức danh mới."


def why_no_post(actor: Actor) -> str:
    """One sentence for whoever holds no post today; "" for everybody else."""
    if actor.posts:
        return ""
    last = (
        Holding.objects.filter(person_id=actor.person_id or 0, valid__isempty=False)
        .exclude(valid__startswith__gt=clock.today())
        .select_related("post__agency")
        .order_by("-pk")
        .first()
    )
    agency = last.post.agency if last else None
    if agency is None or agency.valid_to is None or agency.valid_to > clock.today():
        return f"Hôm nay đồng chí không giữ chức danh nào. {_NEW_POST}"
    part = (
        Part.objects.filter(
            agency=agency, side=Part.Side.OLD, reorganization__state=State.CARRIED_OUT
        )
        .select_related("successor")
        .order_by("-pk")
        .first()
    )
    ended = f"{agency.name} đã kết thúc hoạt động từ ngày {agency.valid_to:%d/%m/%Y}"
    if part is None or part.successor is None:
        return f"{ended}. {_NEW_POST}"
    return f"{ended}; công việc do {part.successor.name} tiếp nhận. {_NEW_POST}"
