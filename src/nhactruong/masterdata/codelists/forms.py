"""What a proposal must say."""

from __future__ import annotations

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.sources import known, typed


class ProposalForm(OfficeForm):
    """A change of a code there is: what it is called, from when, on what basis."""

    form_name = "Đề nghị sửa danh mục mã"
    sources = {
        "code": known("Dòng người đề nghị bấm vào"),
        "name": known("Tên đang dùng của mã"),
        "from_on": known("Ngày hôm nay"),
        "basis": typed("Văn bản hoặc lý do người đề nghị dựa vào"),
    }

    code = forms.CharField(
        label="Mã",
        max_length=60,
        help_text="Chữ thường không dấu, số, dấu chấm, dấu gạch. Mã đã dùng thì không đổi.",
    )
    name = forms.CharField(label="Tên", max_length=200, required=False)
    from_on = OfficeDateField(label="Áp dụng từ ngày")
    basis = forms.CharField(
        label="Căn cứ", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class NewCodeForm(ProposalForm):
    """A code that is not there yet: nothing but the day can be known beforehand."""

    form_name = "Đề nghị thêm mã"
    sources = {
        **ProposalForm.sources,
        "code": typed("Mã mới do người đề nghị đặt"),
        "name": typed("Tên mới do người đề nghị đặt"),
    }
