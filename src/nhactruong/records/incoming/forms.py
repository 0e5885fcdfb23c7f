"""What the pages of incoming documents send; types only, the commands decide."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
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


class AssignForm(VersionedForm):
    """Which specialist gets the document."""

    post_id = forms.IntegerField(
        label="Chuyên viên",
        error_messages={
            "required": "Chưa giao được: chưa chọn chuyên viên. Đồng chí chọn một người."
        },
    )
    note = forms.CharField(label="Dặn thêm", required=False, max_length=500)


class ReasonForm(VersionedForm):
    """A reason for sending back."""

    reason = forms.CharField(
        label="Lý do",
        required=False,
        max_length=500,
        error_messages={"max_length": "Lý do dài quá 500 chữ. Đồng chí viết gọn lại."},
    )


class ResultForm(VersionedForm):
    """The result with which a document is closed."""

    result = forms.CharField(label="Kết quả giải quyết", required=False, max_length=500)


class FilingForm(OfficeForm):
    """The dossier a document goes into."""

    dossier = forms.UUIDField(
        label="Hồ sơ",
        error_messages={
            "required": "Chưa thêm được: chưa chọn hồ sơ.",
            "invalid": "Hồ sơ này không còn. Đồng chí chọn lại.",
        },
    )
