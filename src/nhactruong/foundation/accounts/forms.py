"""Shape of the sign-in form."""

from __future__ import annotations

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm


class SignInForm(OfficeForm):
    """Name and password."""

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
