"""The small forms of acts: opening a draft, returning it, giving it a number."""

from __future__ import annotations

from typing import Any

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.sources import known
from nhactruong.kernel import clock


class NewDraftForm(OfficeForm):
    """Who issues, which type, about what."""

    form_name = "Mở bản soạn"
    sources = {
        "organ": known("Cơ quan ban hành của văn bản cần trả lời, hoặc của người soạn"),
        "document_type": known("Công văn, khi trả lời một văn bản đến"),
        "subject": known("Số, ký hiệu và nơi gửi của văn bản cần trả lời"),
        "due_on": known("Hạn của văn bản cần trả lời"),
    }

    organ = forms.TypedChoiceField(label="Cơ quan ban hành", coerce=int, widget=forms.RadioSelect)
    document_type = forms.ChoiceField(label="Loại văn bản", widget=forms.RadioSelect)
    subject = forms.CharField(
        label="Trích yếu", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = OfficeDateField(label="Hạn xong", required=False)

    def __init__(self, *args: Any, organs: Any, types: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].choices = organs  # type: ignore[attr-defined]  # a choice field
        self.fields["document_type"].choices = types  # type: ignore[attr-defined]  # a choice field


class NumberForm(OfficeForm):
    """The day the document bears; today unless the clerk says otherwise."""

    form_name = "Cấp số"
    sources = {
        "dated_on": known("Ngày hôm nay"),
    }

    dated_on = OfficeDateField(label="Ngày văn bản")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dated_on"].initial = clock.today()
