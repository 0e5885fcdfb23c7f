"""What a request must say."""

from __future__ import annotations

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import typed


class AskForm(OfficeForm):
    """Why the table is wanted, and what becomes of it."""

    form_name = "Đề nghị xuất dữ liệu"
    sources = {
        "reason": typed("Mục đích và cách bảo quản của người đề nghị"),
    }

    reason = forms.CharField(
        label="Lý do, nơi nhận, cách bảo quản",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
