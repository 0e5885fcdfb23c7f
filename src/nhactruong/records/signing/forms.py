"""What the pages of keys and checks send."""

from __future__ import annotations

from typing import Any

from django import forms

from nhactruong.foundation.ui.fields import OfficeForm
from nhactruong.foundation.ui.sources import PlainForm, chosen, secret, typed
from nhactruong.records.signing.ports import Mode

PlainForm(
    __name__,
    "Gắn chứng thư, cất hình",
    {"step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật"))},
)

_EMPTY = {
    "empty": "Tệp không có nội dung (0 byte). Đồng chí chọn lại tệp.",
    "invalid": "Chưa có tệp nào được gửi. Đồng chí chọn tệp rồi gửi lại.",
}
_PURPOSES = (
    ("person", "Chữ ký cá nhân của người giữ thiết bị"),
    ("seal", "Chữ ký của cơ quan (dấu)"),
)
_MODES = (
    (Mode.AGENT.value, "Thiết bị cắm ở máy của người ký, qua trợ lý ký số"),
    (Mode.PKCS11.value, "Thiết bị hoặc HSM cắm ở máy chủ của cơ quan"),
    (Mode.CSC.value, "Dịch vụ ký từ xa"),
)


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once: a certificate and those of its authorities."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files, each as `forms.FileField` takes one."""
        sent = data if isinstance(data, list) and data else [data]
        return [super(_FilesField, self).clean(one, initial) for one in sent]


class CheckForm(OfficeForm):
    """The file whose signatures are to be checked."""

    form_name = "Kiểm tra chữ ký số"
    sources = {"file": typed("Tệp người kiểm tra chọn; không lưu lại")}

    file = forms.FileField(
        label="Tệp PDF",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages=_EMPTY,
    )


class CertificateForm(OfficeForm):
    """A certificate, and where its key lies."""

    form_name = "Gắn chứng thư ký số"
    sources = {
        "purpose": chosen("Chữ ký cá nhân hoặc dấu cơ quan"),
        "file": typed("Tệp chứng thư do nơi cấp giao"),
        "mode": chosen("Nơi đặt khóa"),
        "place": typed("Nhãn ghi trên thiết bị, hoặc tên chứng thư ở dịch vụ ký"),
        "key_id": typed("Mã khóa trong thiết bị"),
    }

    purpose = forms.ChoiceField(
        label="Dùng để", choices=_PURPOSES, widget=forms.RadioSelect, initial="person"
    )
    file = _FilesField(
        label="Tệp chứng thư",
        help_text="Chứng thư của người ký và các chứng thư cấp trên (.cer, .crt, .pem); chọn nhiều tệp "
        "được.",
        widget=_Files(attrs={"accept": ".cer,.crt,.pem,.der"}),
        error_messages=_EMPTY,
    )
    mode = forms.ChoiceField(
        label="Khóa nằm ở", choices=_MODES, widget=forms.RadioSelect, initial=Mode.AGENT.value
    )
    place = forms.CharField(
        label="Nhãn thiết bị",
        max_length=100,
        help_text="Nhãn trong thiết bị (token label); với dịch vụ ký từ xa là tên chứng thư.",
    )
    key_id = forms.RegexField(
        r"^([0-9a-fA-F]{2}){1,32}$",
        label="Mã khóa",
        required=False,
        help_text="Chữ số và chữ a–f, ví dụ a1; dịch vụ ký từ xa thì bỏ trống.",
        error_messages={"invalid": "Mã khóa gồm các cặp chữ số hoặc chữ a–f, ví dụ a1 hoặc 01ff."},
    )

    def clean(self) -> dict[str, Any]:
        """The fields; a key in a device needs its id."""
        said = super().clean() or {}
        if said.get("mode") not in (None, Mode.CSC.value) and not said.get("key_id"):
            self.add_error("key_id", "Thiếu Mã khóa. Đồng chí nhập mã khóa trong thiết bị.")
        return said


class PictureForm(OfficeForm):
    """The picture of a signature or a seal."""

    form_name = "Cất hình chữ ký, hình dấu"
    sources = {
        "purpose": chosen("Hình chữ ký hoặc hình dấu"),
        "file": typed("Tệp hình người giữ sổ chọn"),
    }

    purpose = forms.ChoiceField(
        label="Là hình",
        choices=(("person", "Chữ ký của người giữ thiết bị"), ("seal", "Dấu của cơ quan")),
        widget=forms.RadioSelect,
        initial="person",
    )
    file = forms.FileField(
        label="Tệp hình",
        help_text="PNG nền trong: chữ ký màu xanh, dấu màu đỏ đúng cỡ thật.",
        widget=forms.ClearableFileInput(attrs={"accept": ".png"}),
        error_messages=_EMPTY,
    )
