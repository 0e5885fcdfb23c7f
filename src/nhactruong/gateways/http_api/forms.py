"""Shape of the form that asks for a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import chosen, known, typed
from nhactruong.gateways.http_api.rules import SCOPE_LABELS

_DAYS: Final = ((30, "30 ngày"), (90, "90 ngày"), (180, "180 ngày"), (365, "365 ngày"))


class KeyForm(OfficeForm):
    """For which agency, which program, to do what, how often, how long, from where."""

    form_name = "Cấp khóa truy cập"
    sources = {
        "agency": chosen("Cơ quan người quản trị phụ trách"),
        "name": typed("Chương trình bên ngoài, văn phòng chưa biết"),
        "purpose": typed("Mục đích của đơn vị đề nghị"),
        "scopes": chosen("Phạm vi của giao diện kết nối"),
        "days": known("Thời hạn thường dùng, 90 ngày"),
        "requests_per_minute": known("Mức thường dùng, 60 lần mỗi phút"),
        "networks": typed("Địa chỉ máy của chương trình bên ngoài"),
    }

    agency = forms.TypedChoiceField(label="Cơ quan", coerce=int)
    name = forms.CharField(label="Tên chương trình", max_length=100)
    purpose = forms.CharField(
        label="Mục đích",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Một khóa cho một việc: lấy dữ liệu gì, để làm gì, theo văn bản nào.",
    )
    scopes = forms.MultipleChoiceField(
        label="Phạm vi",
        choices=[(scope.value, label) for scope, label in SCOPE_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label="Thời hạn", coerce=int, choices=_DAYS, initial=90)
    requests_per_minute = forms.IntegerField(
        label="Số lần gọi mỗi phút",
        initial=60,
        error_messages={"invalid": "Số lần gọi phải là số nguyên."},
    )
    networks = forms.CharField(
        label="Chỉ dùng từ địa chỉ mạng",
        required=False,
        max_length=500,
        help_text="Để trống nếu dùng được từ mọi nơi. Ví dụ: 10.20.0.0/16.",
    )

    def __init__(self, *args: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["agency"]
        choices.choices = list(agencies)
