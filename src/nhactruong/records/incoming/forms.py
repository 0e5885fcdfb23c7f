"""What the pages of incoming documents send; types only, the commands decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.sources import Entered, chosen, known, read, typed
from nhactruong.kernel.states import SECRECY_LABELS, URGENCY_LABELS
from nhactruong.kernel.text import collation_key
from nhactruong.masterdata.vocabularies.selectors import type_names

_STATE_PREFIX = "state-"


def type_label(slug: str) -> str:
    """The name of a type as registers write it; nothing for none, the slug for an unknown one."""
    names = type_names()
    name = names.get(slug) or names.get(f"{_STATE_PREFIX}{slug}") or slug
    return name.removesuffix(" (cá biệt)")


def faults(bound: forms.BoundField) -> str:
    """Every sentence about one field as one text, for components that take a single error."""
    return " ".join(str(sentence) for sentence in bound.errors)


def type_choices() -> list[tuple[str, str]]:
    """Types a received document may be of, each name once (the Party's slug first), by name."""
    return list(_choices(tuple(type_names().items())))


@lru_cache(maxsize=2)
def _choices(known: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = {}
    for slug, name in sorted(known, key=lambda one: one[0].startswith(_STATE_PREFIX)):
        plain = name.removesuffix(" (cá biệt)")
        if plain not in names.values():
            names[slug] = plain
    return tuple(sorted(names.items(), key=lambda one: collation_key(one[1])))


class VersionedForm(OfficeForm):
    """A form that says which state of the record the person saw."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RegisterForm(VersionedForm):
    """One line of sổ đăng ký văn bản đến. What is missing is said by the command."""

    form_name = "Vào sổ văn bản đến"
    sources = {
        "reference_code": read("Dòng số, ký hiệu ở trang 1"),
        "issued_on": read("Dòng địa danh, ngày tháng ở trang 1"),
        "issuer_name": read("Khối cơ quan ban hành ở trang 1, đối chiếu danh mục cơ quan"),
        "document_type": read("Tên loại văn bản ở trang 1, đối chiếu danh mục loại văn bản"),
        "subject": read("Trích yếu ở trang 1"),
        "signer_name": read("Khối chữ ký ở trang cuối"),
        "signer_position": read("Khối chữ ký ở trang cuối"),
        "urgency": read("Dấu chỉ độ khẩn ở trang 1"),
        "secrecy": read("Dấu chỉ độ mật ở trang 1"),
        "due_on": read("Hạn ghi trong văn bản, hoặc hạn theo độ khẩn"),
        "note": typed("Điều văn thư thấy trên bản giấy"),
        "duplicate_reason": typed("Vì sao vào sổ lần nữa, chỉ văn thư biết"),
    }

    reference_code = forms.CharField(label="Số, ký hiệu", required=False, max_length=100)
    issued_on = OfficeDateField(label="Ngày văn bản", required=False)
    issuer_name = forms.CharField(label="Cơ quan ban hành", required=False, max_length=300)
    document_type = forms.ChoiceField(label="Loại", required=False)
    subject = forms.CharField(
        label="Trích yếu",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signer_name = forms.CharField(label="Người ký", required=False, max_length=200)
    signer_position = forms.CharField(label="Chức vụ", required=False, max_length=200)
    urgency = forms.ChoiceField(
        label="Độ khẩn", choices=[(level.value, label) for level, label in URGENCY_LABELS.items()]
    )
    secrecy = forms.TypedChoiceField(
        label="Độ mật",
        coerce=int,
        choices=[(level.value, label) for level, label in SECRECY_LABELS.items()],
    )
    due_on = OfficeDateField(label="Hạn trả lời", required=False)
    note = forms.CharField(label="Ghi chú", required=False, max_length=500)
    duplicate_reason = forms.CharField(label="Lý do vào sổ lần nữa", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["document_type"]
        kinds.choices = [("", "Chưa rõ loại"), *type_choices()]


class DirectForm(VersionedForm):
    """A bút phê. `lead` is a chip; `lead_other` from the picker wins over it."""

    form_name = "Bút phê"
    sources = {
        "lead": known("Bút phê của văn bản tương tự gần nhất"),
        "lead_other": chosen("Đơn vị, chức danh của cơ quan"),
        "support": known("Bút phê của văn bản tương tự gần nhất"),
        "support_other": chosen("Đơn vị, chức danh của cơ quan"),
        "inform": known("Bút phê của văn bản tương tự gần nhất"),
        "inform_other": chosen("Đơn vị, chức danh của cơ quan"),
        "due": known("Hạn đã vào sổ, hoặc nhịp của văn bản tương tự"),
        "due_other": typed("Ngày riêng người bút phê quyết định"),
        "opinion": typed("Ý kiến chỉ đạo"),
    }

    lead = forms.CharField(label="Chủ trì", required=False)
    lead_other = forms.CharField(label="Nơi chủ trì khác", required=False)
    support = forms.MultipleChoiceField(label="Phối hợp", required=False)
    support_other = forms.MultipleChoiceField(label="Nơi phối hợp khác", required=False)
    inform = forms.MultipleChoiceField(label="Để biết", required=False)
    inform_other = forms.MultipleChoiceField(label="Nơi khác để biết", required=False)
    due = forms.CharField(label="Hạn", required=False)
    due_other = OfficeDateField(label="Ngày khác", required=False)
    opinion = forms.CharField(label="Ý kiến", required=False, max_length=2000)

    def __init__(self, *args: Any, desks: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("support", "support_other", "inform", "inform_other"):
            field: Any = self.fields[name]
            field.choices = desks

    def _entered(self, name: str) -> Entered:
        """As any field; a choice beside the proposal or a written day changes what was proposed."""
        entered = super()._entered(name)
        has_other = bool(self.cleaned_data.get(f"{name}_other"))
        return replace(entered, has_changed=True) if has_other else entered


class AssignForm(VersionedForm):
    """Which specialist gets the document."""

    form_name = "Giao chuyên viên"
    sources = {
        "post_id": chosen("Chuyên viên của đơn vị, người ít việc đứng trước"),
        "note": typed("Lời dặn của người giao"),
    }

    post_id = forms.IntegerField(
        label="Chuyên viên",
        error_messages={
            "required": "Chưa giao được: chưa chọn chuyên viên. Đồng chí chọn một người."
        },
    )
    note = forms.CharField(label="Dặn thêm", required=False, max_length=500)


class ReasonForm(VersionedForm):
    """A reason for sending back."""

    form_name = "Trả lại nơi gửi"
    sources = {
        "reason": typed("Vì sao trả lại, chỉ văn thư biết"),
    }

    reason = forms.CharField(
        label="Lý do",
        required=False,
        max_length=500,
        error_messages={"max_length": "Lý do dài quá 500 chữ. Đồng chí viết gọn lại."},
    )


class ResultForm(VersionedForm):
    """The result with which a document is closed."""

    form_name = "Kết thúc giải quyết"
    sources = {
        "result": typed("Kết quả của việc không có văn bản trả lời"),
    }

    result = forms.CharField(label="Kết quả giải quyết", required=False, max_length=500)


class FilingForm(OfficeForm):
    """The dossier a document goes into."""

    form_name = "Thêm vào hồ sơ"
    sources = {
        "dossier": chosen("Hồ sơ đang mở của cơ quan"),
    }

    dossier = forms.UUIDField(
        label="Hồ sơ",
        error_messages={
            "required": "Chưa thêm được: chưa chọn hồ sơ.",
            "invalid": "Hồ sơ này không còn. Đồng chí chọn lại.",
        },
    )
