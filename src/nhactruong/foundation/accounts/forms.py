"""Shape of the forms of sign-in and of second factors."""

from __future__ import annotations

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import secret, typed


class SignInForm(OfficeForm):
    """Name and password."""

    form_name = "Đăng nhập"
    sources = {
        "username": typed("Trước khi đăng nhập chưa biết là ai"),
        "password": secret("Mật khẩu"),
    }

    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        error_messages={"required": "Đồng chí nhập tên đăng nhập."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        max_length=200,
        strip=False,
        error_messages={"required": "Đồng chí nhập mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(OfficeForm):
    """The current password and the new one, typed twice."""

    form_name = "Đổi mật khẩu"
    sources = {
        "current": secret("Mật khẩu đang dùng"),
        "new": secret("Mật khẩu mới"),
        "again": secret("Nhập lại để khỏi nhầm"),
    }

    current = forms.CharField(
        label="Mật khẩu hiện tại",
        max_length=200,
        strip=False,
        error_messages={"required": "Đồng chí nhập mật khẩu hiện tại."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="Mật khẩu mới",
        max_length=200,
        strip=False,
        help_text="Từ 14 ký tự; nên dùng một câu dễ nhớ, khó đoán.",
        error_messages={"required": "Đồng chí nhập mật khẩu mới."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Nhập lại mật khẩu mới",
        max_length=200,
        strip=False,
        error_messages={"required": "Đồng chí nhập lại mật khẩu mới."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The repeated password when it equals the new one."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError("Hai lần nhập mật khẩu mới không giống nhau. Nhập lại.")
        return again


class FirstEntryForm(PasswordForm):
    """The name of the account, the code on paper, and the password, typed twice."""

    form_name = "Vào lần đầu, đặt lại mật khẩu"
    sources = {
        "username": typed("Trước khi đăng nhập chưa biết là ai"),
        "code": secret("Mã in trên giấy"),
        "new": secret("Mật khẩu mới"),
        "again": secret("Nhập lại để khỏi nhầm"),
    }
    field_order = ("username", "code", "new", "again")

    current = None  # type: ignore[assignment]  # the code stands in its place
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        error_messages={"required": "Đồng chí nhập tên đăng nhập."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    code = forms.CharField(
        label="Mã đặt mật khẩu",
        max_length=60,
        help_text="In trên giấy được giao tận tay; dùng một lần, trong 7 ngày.",
        error_messages={"required": "Đồng chí nhập mã in trên giấy."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def _code_field(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        help_text=help_text,
        error_messages={"required": "Thiếu mã. Đồng chí nhập mã rồi bấm lại."},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "input--code",
            }
        ),
    )


class CodeForm(OfficeForm):
    """The code of the second step."""

    form_name = "Bước xác nhận thứ hai"
    sources = {
        "code": secret("Mã của ứng dụng xác thực"),
    }

    code = _code_field(
        "Mã xác nhận", "Sáu số đang hiện trên ứng dụng xác thực, hoặc một mã dự phòng tám số."
    )


class ApplicationForm(OfficeForm):
    """The first code of an application that has taken the secret."""

    form_name = "Gắn ứng dụng xác thực"
    sources = {
        "code": secret("Mã của ứng dụng xác thực"),
    }

    code = _code_field("Mã đang hiện trên ứng dụng", "Sáu số, đổi sau mỗi 30 giây.")


class KeyForm(OfficeForm):
    """How the person calls the security key."""

    form_name = "Đăng ký khóa bảo mật"
    sources = {
        "name": typed("Tên người dùng tự đặt cho khóa"),
    }

    name = forms.CharField(
        label="Tên khóa",
        max_length=60,
        help_text="Để nhận ra khi có nhiều khóa, ví dụ: Khóa ở bàn làm việc.",
    )
