"""What the pages of the register send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.sources import PlainForm, chosen, known, secret, typed
from nhactruong.masterdata.devices.rules import KIND_LABELS

PlainForm(
    __name__,
    "Ký nhận, báo mất, thu hồi thiết bị",
    {
        "reason": ("Lý do", typed("Lý do của người báo hoặc người thu hồi")),
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
    },
)

Choices = Sequence[tuple[int, str]]


def _offer(form: forms.Form, people: Choices) -> None:
    for name in ("holder", "second"):
        field = cast(forms.ChoiceField, form.fields[name])
        field.choices = [("", "Chọn người"), *people]


class HandOverForm(OfficeForm):
    """Who keeps it from today, by which paper."""

    form_name = "Bàn giao thiết bị"
    sources = {
        "holder": chosen("Người đang công tác ở cơ quan"),
        "second": chosen("Người đang công tác ở cơ quan"),
        "basis": typed("Biên bản bàn giao, người giữ sổ nêu"),
    }

    holder = forms.TypedChoiceField(label="Người giữ", coerce=int, empty_value=None)
    second = forms.TypedChoiceField(
        label="Người giữ thứ hai",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Bắt buộc với HSM và thiết bị mật mã; loại khác bỏ trống.",
    )
    basis = forms.CharField(
        label="Căn cứ", max_length=500, help_text="Số, ký hiệu quyết định hoặc biên bản bàn giao."
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, people)


class DeviceForm(HandOverForm):
    """A device as it stands on its label and its paper."""

    form_name = "Ghi thiết bị vào sổ"
    sources = {
        **HandOverForm.sources,
        "agency": known("Cơ quan người giữ sổ phụ trách"),
        "kind": chosen("Loại thiết bị của sổ"),
        "serial": typed("Số ghi trên thiết bị hoặc chứng thư"),
        "name": typed("Tên ghi trên thiết bị"),
        "issuer": typed("Nơi cấp ghi trên thiết bị hoặc chứng thư"),
        "valid_until": typed("Ngày hết hạn ghi trên chứng thư"),
    }

    agency = forms.TypedChoiceField(label="Cơ quan", coerce=int)
    kind = forms.ChoiceField(
        label="Loại", choices=[(kind.value, label) for kind, label in KIND_LABELS.items()]
    )
    serial = forms.CharField(label="Số hiệu", max_length=100)
    name = forms.CharField(label="Tên gọi", max_length=200)
    issuer = forms.CharField(label="Nơi cấp", max_length=200)
    valid_until = OfficeDateField(
        label="Hết hạn ngày", required=False, help_text="Để trống nếu không có hạn."
    )
    field_order = [
        "agency",
        "kind",
        "serial",
        "name",
        "issuer",
        "valid_until",
        "holder",
        "second",
        "basis",
    ]

    def __init__(self, *args: Any, agencies: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        field = cast(forms.ChoiceField, self.fields["agency"])
        field.choices = list(agencies)
        if len(agencies) == 1:
            self.initial.setdefault("agency", agencies[0][0])
