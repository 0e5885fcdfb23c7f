"""The form that takes a file to be checked."""

from __future__ import annotations

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import typed


class CheckForm(OfficeForm):
    """The file whose signatures are to be checked."""

    form_name = "Kiểm tra chữ ký số"
    sources = {"file": typed("Tệp người kiểm tra chọn; không lưu lại")}

    file = forms.FileField(
        label="Tệp PDF",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "empty": "Tệp không có nội dung (0 byte). Đồng chí chọn lại tệp.",
            "invalid": "Chưa có tệp nào được gửi. Đồng chí chọn tệp rồi gửi lại.",
        },
    )
