"""Shapes of the dossier's forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import known
from nhactruong.records.dossiers.models import PlanHeading
from nhactruong.records.dossiers.rules import PERMANENT

_YEARS: Final = "years"
_LONGEST_YEARS: Final = 99


class NewDossierForm(OfficeForm):
    """A dossier from a heading of the file plan, or outside it."""

    form_name = "Lập hồ sơ"
    sources = {
        "agency": known("Cơ quan của chức danh người lập đang giữ"),
        "heading": known("Mục danh mục hồ sơ mà người lập bấm vào"),
        "code": known("Số, ký hiệu của mục trong danh mục hồ sơ"),
        "title": known("Tiêu đề của mục trong danh mục hồ sơ"),
        "keeping": known("Thời hạn bảo quản của mục trong danh mục hồ sơ"),
        "years": known("Số năm bảo quản của mục trong danh mục hồ sơ"),
    }

    agency = forms.TypedChoiceField(label="Cơ quan", coerce=int)
    heading = forms.ChoiceField(label="Mục trong danh mục hồ sơ", required=False)
    code = forms.CharField(label="Số, ký hiệu hồ sơ", max_length=40)
    title = forms.CharField(
        label="Tiêu đề hồ sơ",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nói đủ việc gì, của ai, thời gian nào.",
    )
    keeping = forms.ChoiceField(
        label="Thời hạn bảo quản",
        widget=forms.RadioSelect,
        choices=[(_YEARS, "Có thời hạn"), (PERMANENT, "Vĩnh viễn")],
    )
    years = forms.IntegerField(
        label="Số năm",
        required=False,
        min_value=1,
        max_value=_LONGEST_YEARS,
        error_messages={
            "invalid": "Số năm phải là số nguyên.",
            "min_value": "Số năm phải từ 1 trở lên.",
            "max_value": "Số năm không quá 99; lâu hơn thì chọn Vĩnh viễn.",
        },
    )
    years.is_conditional = True  # type: ignore[attr-defined]  # read by the tag `field`

    def __init__(
        self,
        *args: Any,
        agencies: Sequence[tuple[int, str]],
        headings: Sequence[PlanHeading],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choices("agency", agencies)
        self._choices(
            "heading",
            [("", "Ngoài danh mục")]
            + [(str(row.public_id), f"{row.code} {row.title}") for row in headings],
        )
        if len(agencies) == 1:
            self.fields["agency"].widget = forms.HiddenInput()
            self.initial.setdefault("agency", agencies[0][0])

    def _choices(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """The values; years are needed unless the dossier is kept for ever."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("keeping") == _YEARS and not values.get("years") and "years" in values:
            self.add_error("years", "Thiếu Số năm. Đồng chí nhập số năm bảo quản.")
        return values

    @property
    def retention(self) -> str:
        """How long the dossier is kept, as the store writes it."""
        if self.cleaned_data["keeping"] == PERMANENT:
            return PERMANENT
        return str(self.cleaned_data["years"])

    @staticmethod
    def from_heading(row: PlanHeading) -> dict[str, Any]:
        """First values for a dossier of that heading."""
        is_permanent = row.retention == PERMANENT
        return {
            "agency": row.agency_id,
            "heading": str(row.public_id),
            "code": row.code,
            "title": row.title,
            "keeping": PERMANENT if is_permanent else _YEARS,
            "years": row.retention if row.retention.isdigit() else None,
        }
