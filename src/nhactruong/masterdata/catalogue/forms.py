"""What a correction must say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import chosen, typed


class CorrectionForm(OfficeForm):
    """In which data set something is wrong about the person, and what is right."""

    form_name = "Đính chính dữ liệu cá nhân"
    sources = {
        "dataset": chosen("Các bộ dữ liệu có dữ liệu cá nhân"),
        "text": typed("Chỉ người có dữ liệu biết chỗ nào sai"),
    }

    dataset = forms.ChoiceField(label="Bộ dữ liệu")
    text = forms.CharField(
        label="Nội dung đính chính",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi chỗ sai và nội dung đúng, kèm giấy tờ làm căn cứ.",
    )

    def __init__(self, *args: Any, sets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["dataset"]
        field.choices = [("", "Chọn bộ dữ liệu"), *sets]
