"""What a request must say."""

from __future__ import annotations

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm


class AskForm(OfficeForm):
    """Why the table is wanted, and what becomes of it."""

    reason = forms.CharField(
        label="Lý do, nơi nhận, cách bảo quản",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
