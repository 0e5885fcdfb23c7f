"""What the pages of agencies and reorganizations send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.sources import PlainForm, chosen, known, secret, typed
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.reorganization.rules import KIND_LABELS, Kind

_FIELD: Final = "chuc-danh-"

PlainForm(
    __name__,
    "Sắp xếp cơ quan",
    {
        f"{_FIELD}*": ("Chức danh nối tiếp", known("Chức danh cùng tên ở cơ quan kế tục")),
        "reason": ("Lý do", typed("Lý do của người trả lại hoặc rút")),
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
    },
)


class ProposalForm(OfficeForm):
    """Which agencies end, which come after, from when, by which paper."""

    form_name = "Đề nghị sắp xếp cơ quan"
    sources = {
        "kind": typed("Hình thức nêu trong văn bản quyết định"),
        "old": chosen("Cơ quan đang hoạt động"),
        "new": chosen("Cơ quan đang hoạt động"),
        "successor": chosen("Cơ quan đang hoạt động"),
        "basis": typed("Văn bản quyết định, người đề nghị nêu"),
        "effective_on": typed("Ngày nêu trong văn bản quyết định"),
    }

    kind = forms.ChoiceField(
        label="Hình thức",
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        widget=forms.RadioSelect,
        initial=Kind.MERGE.value,
    )
    old = forms.TypedMultipleChoiceField(label="Cơ quan kết thúc", coerce=int)
    new = forms.TypedMultipleChoiceField(label="Cơ quan mới hoặc kế tục", coerce=int)
    successor = forms.TypedChoiceField(
        label="Nơi nhận văn bản, giữ sổ của cơ quan cũ",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Chỉ cần chọn khi chia, tách: một trong các cơ quan mới.",
    )
    basis = forms.CharField(
        label="Căn cứ", max_length=500, help_text="Số, ký hiệu, ngày của văn bản quyết định."
    )
    effective_on = OfficeDateField(label="Có hiệu lực từ ngày")

    def __init__(self, *args: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new", "successor"):
            field = cast(forms.ChoiceField, self.fields[name])
            empty = [("", "Chọn khi chia, tách")] if name == "successor" else []
            field.choices = [*empty, *agencies]


def field_of(post_id: int) -> str:
    """The name of the field that says who follows that post."""
    return f"{_FIELD}{post_id}"


def read_mapping(sent: Mapping[str, str]) -> dict[int, int | None]:
    """Old post → new post or None, as sent. Raises: InvalidInput."""
    found: dict[int, int | None] = {}
    for name, value in sent.items():
        if not name.startswith(_FIELD):
            continue
        old, new = whole_number(name.removeprefix(_FIELD)), whole_number(value)
        if old is None or (value and new is None):
            raise InvalidInput(
                "reorganization.other_post", "Chức danh đã chọn không đúng. Đồng chí chọn lại."
            )
        found[old] = new
    return found
