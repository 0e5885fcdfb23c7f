"""Shape of the first-run page: the code, the agency, two different people."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator

from nhactruong.assembly.first_run.commands import AdministratorCard, AgencyCard
from nhactruong.assembly.supervision import first_run
from nhactruong.foundation.accounts.models import User
from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import code_list, secret, typed
from nhactruong.masterdata.organization.models import Agency

_USERNAME: Final = RegexValidator(
    r"^[a-z][a-z0-9.-]{2,59}$",
    "Tên đăng nhập từ 3 ký tự: chữ thường không dấu, số, dấu chấm, dấu gạch. Đồng chí nhập lại.",
)
_IDENTIFIER: Final = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9.-]{1,39}$",
    "Mã định danh gồm chữ không dấu, số và dấu chấm, ví dụ A99.01. Đồng chí nhập lại.",
)


class CodeForm(OfficeForm):
    """The one-time code."""

    form_name = "Mở văn phòng: mã một lần"
    sources = {
        "code": secret("Mã in ở máy chủ"),
    }

    code = forms.CharField(
        label="Mã một lần",
        max_length=60,
        help_text="Mã in ra ở máy chủ khi khởi động; khởi động lại thì có mã mới.",
        error_messages={"required": "Đồng chí nhập mã một lần in ra ở máy chủ."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def clean_code(self) -> str:
        """The code when it is the one told at the terminal."""
        code: str = self.cleaned_data["code"]
        if not first_run.is_right(settings.STATE_FOLDER, code):
            raise forms.ValidationError(
                "Mã một lần không đúng. Đồng chí xem lại dòng cuối ở cửa sổ máy chủ."
            )
        return code


class AgencyForm(OfficeForm):
    """The first agency."""

    form_name = "Mở văn phòng: cơ quan"
    sources = {
        "name": typed("Văn phòng mới chưa có dữ liệu nào"),
        "short_name": typed("Văn phòng mới chưa có dữ liệu nào"),
        "symbol": typed("Văn phòng mới chưa có dữ liệu nào"),
        "identifier": typed("Mã do cơ quan quản lý mã định danh cấp"),
        "level": code_list("agency-levels"),
        "place": typed("Văn phòng mới chưa có dữ liệu nào"),
    }

    name = forms.CharField(
        label="Tên cơ quan",
        max_length=300,
        error_messages={"required": "Đồng chí nhập tên đầy đủ của cơ quan."},
    )
    short_name = forms.CharField(
        label="Tên gọi tắt",
        max_length=200,
        error_messages={"required": "Đồng chí nhập tên gọi tắt."},
    )
    symbol = forms.CharField(
        label="Ký hiệu",
        max_length=30,
        help_text="Phần sau số của văn bản, ví dụ ĐU.",
        error_messages={"required": "Đồng chí nhập ký hiệu của cơ quan."},
    )
    identifier = forms.CharField(
        label="Mã định danh",
        max_length=40,
        validators=[_IDENTIFIER],
        error_messages={"required": "Đồng chí nhập mã định danh được cấp."},
    )
    level = forms.ChoiceField(
        label="Cấp",
        choices=Agency.Level.choices,
        initial=Agency.Level.COMMUNE,
        error_messages={"required": "Đồng chí chọn cấp."},
    )
    place = forms.CharField(
        label="Địa danh",
        max_length=100,
        help_text="Ghi trước ngày tháng của văn bản.",
        error_messages={"required": "Đồng chí nhập địa danh."},
    )

    def card(self) -> AgencyCard:
        """What was typed, once it is sound."""
        return AgencyCard(**self.cleaned_data)


class AdministratorForm(OfficeForm):
    """One administrator, who types the own password twice."""

    form_name = "Mở văn phòng: quản trị"
    sources = {
        "full_name": typed("Văn phòng mới chưa có dữ liệu nào"),
        "username": typed("Tên do người quản trị đặt"),
        "password": secret("Mật khẩu người quản trị đặt"),
        "again": secret("Nhập lại để khỏi nhầm"),
    }

    full_name = forms.CharField(
        label="Họ và tên",
        max_length=200,
        error_messages={"required": "Đồng chí nhập họ và tên."},
    )
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        validators=[_USERNAME],
        error_messages={"required": "Đồng chí nhập tên đăng nhập."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        max_length=200,
        strip=False,
        help_text="Từ 14 ký tự; chính người giữ tài khoản tự nhập.",
        error_messages={"required": "Đồng chí nhập mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Nhập lại mật khẩu",
        max_length=200,
        strip=False,
        error_messages={"required": "Đồng chí nhập lại mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """The password when it is hard to guess."""
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password, User(username=self.cleaned_data.get("username", "")))
        except forms.ValidationError:
            raise forms.ValidationError(
                "Mật khẩu ngắn hơn 14 ký tự hoặc dễ đoán. Đồng chí đặt một câu khác."
            ) from None
        return password

    def clean_again(self) -> str:
        """The repeated password when it equals the first."""
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError("Hai lần nhập mật khẩu không giống nhau. Nhập lại.")
        return again

    def card(self) -> AdministratorCard:
        """What was typed, once it is sound."""
        typed = self.cleaned_data
        return AdministratorCard(typed["full_name"], typed["username"], typed["password"])


class FirstRunForms:
    """The four parts of the page, sound only together."""

    def __init__(self, data: Any = None) -> None:
        self.code = CodeForm(data, prefix="code")
        self.agency = AgencyForm(data, prefix="agency")
        self.security = AdministratorForm(data, prefix="security")
        self.system = AdministratorForm(data, prefix="system")

    def is_valid(self) -> bool:
        """Whether every part is sound and the two administrators are two people."""
        # Whoever lacks the code learns nothing about the rest.
        if not self.code.is_valid():
            return False
        sound = [part.is_valid() for part in (self.agency, self.security, self.system)]
        if not all(sound):
            return False
        first, second = self.security.card(), self.system.card()
        for name, said in (
            ("username", "Hai tài khoản phải khác tên đăng nhập."),
            ("full_name", "Hai quản trị phải là hai người khác nhau."),
            ("password", "Hai người phải đặt mật khẩu khác nhau."),
        ):
            if getattr(first, name).casefold() == getattr(second, name).casefold():
                self.system.add_error(name, said)
        return not self.system.errors
