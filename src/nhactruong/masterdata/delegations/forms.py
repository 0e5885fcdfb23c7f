"""What the pages of delegation and absence send; the commands decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.sources import PlainForm, chosen, code_list, known, secret, typed
from nhactruong.kernel import clock
from nhactruong.kernel.states import ACT_LABELS, SECRECY_LABELS, Act, Secrecy
from nhactruong.masterdata.delegations.commands import Scope
from nhactruong.masterdata.organization.models import Delegation

KINDS: Final = (
    (Delegation.Kind.BY_ORDER.value, "Thừa lệnh (TL)"),
    (Delegation.Kind.AUTHORISED.value, "Thừa ủy quyền (TUQ)"),
    (Delegation.Kind.SUBSTITUTE.value, "Xử lý thay"),
)
_HOUR_FAULTS: Final = {
    "required": "Thiếu giờ. Đồng chí nhập giờ:phút, ví dụ 17:00.",
    "invalid": "Giờ này không có. Đồng chí nhập giờ:phút, ví dụ 17:00.",
}

PlainForm(
    __name__,
    "Ủy quyền, vắng mặt",
    {"step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật"))},
)

Choices = Sequence[tuple[Any, str]]


class OfficeTimeField(forms.TimeField):
    """An hour typed as 17:00."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            input_formats=["%H:%M", "%Hh%M", "%Hh"],
            widget=forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"}),
            error_messages=_HOUR_FAULTS,
        )


class DelegationForm(OfficeForm):
    """Which post, to whom, as what, by which paper, from when to when, and how far."""

    form_name = "Ủy quyền"
    sources = {
        "post": known("Chức danh người ủy quyền đang giữ"),
        "person": chosen("Người đang công tác ở cơ quan"),
        "kind": typed("Hình thức nêu trong văn bản ủy quyền"),
        "basis": typed("Văn bản ủy quyền, người ủy quyền nêu"),
        "from_day": typed("Thời hạn nêu trong văn bản ủy quyền"),
        "from_hour": typed("Thời hạn nêu trong văn bản ủy quyền"),
        "to_day": typed("Thời hạn nêu trong văn bản ủy quyền"),
        "to_hour": typed("Thời hạn nêu trong văn bản ủy quyền"),
        "acts": typed("Phạm vi do người ủy quyền quyết định"),
        "document_types": chosen("Loại văn bản của Đảng"),
        "unit_ids": chosen("Đơn vị của cơ quan"),
        "highest_secrecy": code_list("secrecies"),
    }

    post = forms.TypedChoiceField(label="Chức danh ủy quyền", coerce=int, widget=forms.RadioSelect)
    person = forms.TypedChoiceField(label="Người được ủy quyền", coerce=int)
    kind = forms.ChoiceField(label="Hình thức", choices=KINDS, widget=forms.RadioSelect)
    basis = forms.CharField(
        label="Căn cứ",
        max_length=500,
        help_text="Số, ký hiệu văn bản ủy quyền, ví dụ 12-GUQ/VPTU.",
    )
    from_day = OfficeDateField(label="Từ ngày")
    from_hour = OfficeTimeField("Từ giờ")
    to_day = OfficeDateField(label="Đến hết ngày")
    to_hour = OfficeTimeField("Đến giờ")
    acts = forms.MultipleChoiceField(
        label="Việc được làm thay",
        required=False,
        choices=[(act.value, label) for act, label in ACT_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn việc nào thì người được ủy quyền chỉ xem. Không ai ký thay bằng mục này.",
    )
    document_types = forms.MultipleChoiceField(
        label="Chỉ với loại văn bản", required=False, help_text="Để trống là mọi loại."
    )
    unit_ids = forms.TypedMultipleChoiceField(
        label="Chỉ với việc của đơn vị",
        coerce=int,
        required=False,
        help_text="Để trống là mọi đơn vị.",
    )
    highest_secrecy = forms.TypedChoiceField(label="Độ mật cao nhất", coerce=int)

    def __init__(
        self,
        *args: Any,
        posts: Choices,
        people: Choices,
        types: Choices,
        units: Choices,
        highest: Secrecy,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("post", posts)
        self._offer("person", [("", "Chưa chọn"), *people])
        self._offer("document_types", types)
        self._offer("unit_ids", units)
        levels = [(level.value, SECRECY_LABELS[level]) for level in Secrecy if level <= highest]
        self._offer("highest_secrecy", levels)

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def instants(self) -> tuple[datetime, datetime]:
        """From when to when, on the office's clock."""
        said = self.cleaned_data

        def at(day: str, hour: str) -> datetime:
            chosen: time = said[hour]
            return datetime.combine(said[day], chosen, clock.OFFICE_ZONE)

        return at("from_day", "from_hour"), at("to_day", "to_hour")

    def scope(self) -> Scope:
        """How far the delegation goes."""
        said = self.cleaned_data
        return Scope(
            frozenset(Act(act) for act in said["acts"]),
            frozenset(said["document_types"]),
            frozenset(said["unit_ids"]),
            Secrecy(said["highest_secrecy"]),
        )


class AbsenceForm(OfficeForm):
    """From which day to which, why in a few words, who works meanwhile."""

    form_name = "Khai vắng mặt"
    sources = {
        "first": typed("Ngày vắng, chỉ người khai biết"),
        "last": typed("Ngày vắng, chỉ người khai biết"),
        "reason": typed("Lý do, chỉ người khai biết"),
        "person": chosen("Người đang công tác ở cơ quan"),
    }

    first = OfficeDateField(label="Vắng từ ngày")
    last = OfficeDateField(label="Đến hết ngày")
    reason = forms.CharField(
        label="Lý do", max_length=100, help_text="Ngắn gọn, ví dụ: đi công tác, nghỉ phép."
    )
    person = forms.TypedChoiceField(
        label="Người xử lý thay", coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Không có"), *people]  # type: ignore[attr-defined]
