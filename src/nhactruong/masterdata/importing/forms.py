"""The form that brings a list in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import chosen, known, typed
from nhactruong.masterdata.importing.rules import KINDS


class BringInForm(OfficeForm):
    """Which list, for which agency, from which file."""

    form_name = "Nhập danh sách"
    sources = {
        "list_code": chosen("Các danh sách nhập được"),
        "agency": known("Cơ quan của chức danh người nhập đang giữ"),
        "file": typed("Tệp người nhập chọn"),
    }

    list_code = forms.ChoiceField(
        label="Danh sách",
        choices=[(kind.code.value, kind.label) for kind in KINDS.values()],
        widget=forms.RadioSelect,
    )
    agency = forms.TypedChoiceField(
        label="Nhập cho cơ quan",
        coerce=int,
        help_text="Lãnh đạo Văn phòng của cơ quan này duyệt.",
    )
    file = forms.FileField(
        label="Tệp .xlsx hoặc .csv",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "empty": "Tệp không có nội dung (0 byte). Đồng chí chọn lại tệp.",
            "invalid": "Chưa có tệp nào được gửi. Đồng chí chọn tệp rồi gửi lại.",
        },
    )

    def __init__(self, *args: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["agency"]).choices = list(agencies)
