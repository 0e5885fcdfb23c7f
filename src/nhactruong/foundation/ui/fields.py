"""Form fields that read what the office types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from nhactruong.foundation.ui.rules import missing_words
from nhactruong.foundation.ui.sources import Entered, Source, note
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.limits import too_long_words

#: Ways of writing a date that are understood; the first is the one that is shown.
DATE_FORMATS = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d")


_PLAIN_REQUIRED = forms.Field.default_error_messages["required"]


def app_of(module: str) -> str:
    """The app a module belongs to: `incoming` for `nhactruong.records.incoming.forms`."""
    parts = module.split(".")
    return parts[2] if len(parts) > 2 and parts[0] == "nhactruong" else parts[-1]


class OfficeForm(forms.Form):
    """A form whose sentences name the field: what is missing or too long, what to do.

    `sources` says for each field whence its value comes, `form_name` what the office calls the form.
    """

    form_name: ClassVar[str] = ""
    sources: ClassVar[Mapping[str, Source]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") == _PLAIN_REQUIRED:
                field.error_messages["required"] = missing_words(str(field.label or name))
            field.error_messages.setdefault("max_length", too_long_words(str(field.label or name)))

    @classmethod
    def form_code(cls) -> str:
        """The stable name of the form, e.g. `incoming.RegisterForm`."""
        return f"{app_of(cls.__module__)}.{cls.__name__}"

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's hook after all checks, untyped
        if not self.errors:
            note([self._entered(name) for name in self.sources if name in self.fields])

    def _entered(self, name: str) -> Entered:
        bound = self[name]
        return Entered(
            form=self.form_code(),
            field=name,
            kind=self.sources[name].kind,
            value=self.cleaned_data.get(name),
            prefilled=bound.initial,
            has_changed=name in self.changed_data,
        )

    def tell(self, fault: InvalidInput) -> None:
        """Say each fault of a refused act at its field; what is of no field stands above all."""
        for name, sentence in (fault.fields or {"": fault.sentence}).items():
            self.add_error(name if name in self.fields else None, sentence)


class OfficeDateField(forms.DateField):
    """A date typed as dd/mm/yyyy; the calendar of the browser is one press away."""

    def __init__(self, *, required: bool = True, label: str = "", help_text: str = "") -> None:
        super().__init__(
            required=required,
            label=label,
            help_text=help_text,
            input_formats=DATE_FORMATS,
            widget=forms.DateInput(format=DATE_FORMATS[0]),
            error_messages={
                "required": "Thiếu ngày. Đồng chí nhập theo dạng ngày/tháng/năm, ví dụ 23/11/2026.",
                "invalid": "Ngày này không có trong lịch. Đồng chí nhập theo dạng 23/11/2026.",
            },
        )
