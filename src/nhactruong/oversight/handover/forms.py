"""What the page of a hand-over sends: a receiver for each post, and for single pieces of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.shapes import Person as Choice
from nhactruong.foundation.ui.sources import typed
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.organization.selectors import PostCard
from nhactruong.oversight.handover.commands import Receiving
from nhactruong.oversight.handover.selectors import Item, serves_content

PERSON: Final = "nguoi"
POST: Final = "chuc"


class HandOverForm(OfficeForm):
    """From which day, by which paper."""

    form_name = "Bàn giao công việc"
    sources = {
        "on": typed("Ngày nêu trong quyết định"),
        "basis": typed("Quyết định, người đề nghị nêu"),
    }

    on = OfficeDateField(label="Từ ngày")
    basis = forms.CharField(
        label="Căn cứ",
        max_length=300,
        help_text="Số, ký hiệu quyết định điều động, nghỉ hưu hoặc ý kiến phân công.",
    )


def receivers(
    card: PostCard, staff: Sequence[PostCard], leaver: int | None, chosen: str
) -> list[Choice]:
    """Who may receive a post: colleagues who take it, then posts that take its work."""
    here = [one for one in staff if one.agency_id == card.agency_id and one.person_id is not None]
    others = [one for one in here if one.person_id != leaver and one.post_id != card.post_id]
    people: dict[int | None, Choice] = {}
    if leaver is not None:
        for one in others:
            people.setdefault(
                one.person_id,
                Choice(
                    f"{PERSON}:{one.person_id}",
                    f"{one.holder_name} nhận chức danh",
                    one.title,
                    absent=one.absent,
                    selected=chosen == f"{PERSON}:{one.person_id}",
                ),
            )
    work = [
        Choice(
            f"{POST}:{one.post_id}",
            f"Chuyển việc cho {one.title}",
            one.holder_name,
            absent=one.absent,
            selected=chosen == f"{POST}:{one.post_id}",
        )
        for one in others
        if serves_content(one)
    ]
    return [*people.values(), *work]


def read(sent: Mapping[str, str], post_id: int, items: Sequence[Item]) -> Receiving:
    """Who receives that post. Raises: InvalidInput for a choice that cannot be read."""
    said = sent.get(f"nhan-{post_id}", "")
    kind, _, digits = said.partition(":")
    number = whole_number(digits)
    if said and (kind not in (PERSON, POST) or number is None):
        raise InvalidInput("handover.unreadable", "Nơi nhận không đúng. Đồng chí chọn lại.")
    if kind == PERSON:
        return Receiving(post_id, successor_id=number)
    apart = {}
    for item in items:
        chosen = whole_number(sent.get(f"viec-{item.work.public_id}", ""))
        if chosen is not None and chosen != number:
            apart[str(item.work.object_id)] = chosen
    return Receiving(post_id, receiver_id=number, apart=apart)
