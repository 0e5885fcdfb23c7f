"""Shapes of what is typed: searches, requests, reviews."""

from __future__ import annotations

from typing import Final

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import known, typed
from nhactruong.oversight.inspection.rules import DEFAULT_MINUTES, MINUTES

_MINUTE_WORDS: Final = {30: "30 phút", 60: "1 giờ", 120: "2 giờ", 240: "4 giờ"}


class EmergencyForm(OfficeForm):
    """What somebody must see now, why, for how long."""

    form_name = "Đề nghị truy cập khẩn cấp"
    sources = {
        "asked": typed("Người đề nghị chưa thấy văn bản, chỉ biết số, ký hiệu"),
        "reason": typed("Lý do khẩn cấp"),
        "minutes": known("Thời gian thường dùng, 1 giờ"),
    }

    asked = forms.CharField(label="Số, ký hiệu văn bản hoặc hồ sơ", max_length=200)
    reason = forms.CharField(
        label="Lý do khẩn cấp", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    minutes = forms.TypedChoiceField(
        label="Xem trong",
        coerce=int,
        choices=[(minutes, _MINUTE_WORDS[minutes]) for minutes in MINUTES],
        initial=DEFAULT_MINUTES,
        widget=forms.RadioSelect,
    )
