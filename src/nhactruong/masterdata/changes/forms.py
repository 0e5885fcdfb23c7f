"""What each kind of change asks of the requester: short, chosen wherever it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, cast

from django import forms

from nhactruong.foundation.ui.fields import OfficeDateField, OfficeForm
from nhactruong.foundation.ui.sources import PlainForm, chosen, known, secret, typed
from nhactruong.kernel.states import ROLE_LABELS, Role
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.changes.commands import Asked
from nhactruong.masterdata.changes.rules import LONGEST_USERNAME, Kind
from nhactruong.masterdata.organization.models import AgencyIdentifier, Holding

PlainForm(
    __name__,
    "Duyệt phiếu thay đổi, lấy mã",
    {
        "reason": ("Lý do không duyệt", typed("Lý do của người duyệt")),
        "step_up_code": ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
    },
)

Choices = Sequence[tuple[str, str]]
_POSTS: Final = chosen("Chức danh của cơ quan")


class _Choice(forms.ChoiceField):
    """One of the choices the page offers."""

    def __init__(self, label: str, missing: str, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            error_messages={
                "required": missing,
                "invalid_choice": "Lựa chọn này không còn. Đồng chí chọn lại.",
            },
            **kwargs,
        )


class ChangeForm(OfficeForm):
    """What every order says: from which day, why, by which paper."""

    form_name = "Phiếu thay đổi"
    sources = {
        "from_on": typed("Ngày nêu trong quyết định"),
        "reason": typed("Lý do của người đề nghị"),
        "basis": typed("Quyết định, thông báo người đề nghị dựa vào"),
    }
    #: Fields filled with what the page offers.
    offered: ClassVar[tuple[str, ...]] = ()
    kind: ClassVar[Kind]

    from_on = OfficeDateField(label="Có hiệu lực từ ngày")
    reason = forms.CharField(
        label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    basis = forms.CharField(
        label="Văn bản căn cứ",
        max_length=500,
        help_text="Số, ký hiệu, ngày của quyết định hoặc thông báo.",
    )

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Whether something that must be chosen has nothing to choose from.
        self.has_nothing_to_offer = any(
            self.fields[name].required and not choices[name] for name in self.offered
        )
        for name in self.offered:
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [("", "Chưa chọn"), *choices[name]]
        said = {*ChangeForm.base_fields, "until_on"}
        own = [name for name in self.fields if name not in said]
        self.order_fields([*own, "from_on", "until_on", "reason", "basis"])

    def asked(self, agency_id: int) -> Asked:
        """What the sound form asks for, at that agency."""
        said = self.cleaned_data
        return Asked(
            kind=self.kind,
            agency_id=agency_id,
            from_on=said["from_on"],
            reason=said["reason"],
            basis=said["basis"],
            until_on=said.get("until_on"),
            said={
                name: str(said[name])
                for name in (
                    *("title", "name", "short_name", "issuer_lines"),
                    *("scheme", "value", "holding_kind"),
                    *("username", "email"),
                )
                if name in said
            },
            **self.named(said),
        )

    def named(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of what the order is about."""
        return {
            f"{name}_id": whole_number(said[name])
            for name in ("post", "unit", "person", "reached")
            if said.get(name)
        }


class GrantRoleForm(ChangeForm):
    """A role for a post."""

    form_name = "Đề nghị giao vai trò"
    kind = Kind.GRANT_ROLE
    offered = ("post", "reached")
    sources = {
        **ChangeForm.sources,
        "post": _POSTS,
        "role": chosen("Vai trò của bảng quyền"),
        "reached": known("Cơ quan của chức danh"),
    }

    post = _Choice("Chức danh", "Thiếu chức danh. Đồng chí chọn chức danh được giao.")
    role = _Choice("Vai trò", "Thiếu vai trò. Đồng chí chọn vai trò.")
    reached = _Choice("Vai trò có hiệu lực ở", "Thiếu cơ quan. Đồng chí chọn cơ quan.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["role"])
        field.choices = [
            ("", "Chưa chọn"),
            *((str(role.value), label) for role, label in ROLE_LABELS.items()),
        ]

    def named(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The post, the role and where it reaches."""
        return {**super().named(said), "role": Role(int(said["role"]))}


class TakeRoleForm(ChangeForm):
    """A role a post carries, to be taken from it."""

    form_name = "Đề nghị thôi giao vai trò"
    kind = Kind.TAKE_ROLE
    offered = ("carried",)
    sources = {**ChangeForm.sources, "carried": chosen("Vai trò chức danh đang có")}

    carried = _Choice("Vai trò đang giao", "Thiếu vai trò. Đồng chí chọn vai trò thôi giao.")

    def named(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The post, the role and where it reaches."""
        post, role, reached = (int(part) for part in said["carried"].split("."))
        return {"post_id": post, "role": Role(role), "reached_id": reached}


class PersonField(forms.CharField):
    """The key of a person; the picker finds people beyond those it lists."""

    def to_python(self, value: Any) -> Any:
        """The digits as they came. Raises: ValidationError for anything else."""
        text = super().to_python(value)
        if text and whole_number(text) is None:
            raise forms.ValidationError("Người được chọn không đúng. Đồng chí chọn lại.")
        return text


class AppointForm(ChangeForm):
    """A person for a vacant post."""

    form_name = "Đề nghị giao chức danh"
    kind = Kind.APPOINT
    offered = ("post",)
    sources = {
        **ChangeForm.sources,
        "post": chosen("Chức danh đang trống"),
        "person": chosen("Người trong danh bạ"),
        "holding_kind": known("Chính thức, khi người ấy chưa giữ chức danh nào"),
        "until_on": typed("Ngày nêu trong quyết định, nếu có hạn"),
    }

    post = _Choice("Chức danh đang trống", "Thiếu chức danh. Đồng chí chọn chức danh.")
    person = PersonField(
        label="Người được giao", error_messages={"required": "Thiếu người. Đồng chí chọn người."}
    )
    holding_kind = forms.ChoiceField(label="Hình thức giữ", choices=Holding.Kind.choices)
    until_on = OfficeDateField(
        label="Đến trước ngày", required=False, help_text="Bỏ trống khi không có hạn."
    )


class EndHoldingForm(ChangeForm):
    """A holder who leaves a post."""

    form_name = "Đề nghị thôi giữ chức danh"
    kind = Kind.END_HOLDING
    offered = ("held",)
    sources = {**ChangeForm.sources, "held": chosen("Người đang giữ chức danh")}

    held = _Choice("Chức danh, người giữ", "Thiếu chức danh. Đồng chí chọn người thôi giữ.")

    def named(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The post and who leaves it."""
        post, person = (int(part) for part in said["held"].split("."))
        return {"post_id": post, "person_id": person}


class OpenPostForm(ChangeForm):
    """A new post."""

    form_name = "Đề nghị lập chức danh"
    kind = Kind.OPEN_POST
    offered = ("unit",)
    sources = {
        **ChangeForm.sources,
        "title": typed("Tên chức danh nêu trong quyết định"),
        "unit": chosen("Phòng, ban của cơ quan"),
    }

    title = forms.CharField(label="Tên chức danh", max_length=200)
    unit = forms.ChoiceField(
        label="Thuộc phòng, ban",
        required=False,
        help_text="Bỏ trống khi chức danh thuộc thẳng cơ quan.",
    )


class ClosePostForm(ChangeForm):
    """A post that ends."""

    form_name = "Đề nghị kết thúc chức danh"
    kind = Kind.CLOSE_POST
    offered = ("post",)
    sources = {**ChangeForm.sources, "post": chosen("Chức danh đang trống")}

    post = _Choice("Chức danh đang trống", "Thiếu chức danh. Đồng chí chọn chức danh kết thúc.")


class FoundUnitForm(ChangeForm):
    """A new unit."""

    form_name = "Đề nghị lập phòng, ban"
    kind = Kind.FOUND_UNIT
    sources = {
        **ChangeForm.sources,
        "name": typed("Tên nêu trong quyết định thành lập"),
        "short_name": typed("Tên gọi tắt do cơ quan đặt"),
    }

    name = forms.CharField(label="Tên phòng, ban", max_length=200)
    short_name = forms.CharField(label="Tên gọi tắt", max_length=100)


class RenameAgencyForm(ChangeForm):
    """What the agency is called from a day on."""

    form_name = "Đề nghị đổi tên cơ quan"
    kind = Kind.RENAME_AGENCY
    sources = {
        **ChangeForm.sources,
        "name": known("Tên đang dùng của cơ quan"),
        "short_name": known("Tên gọi tắt đang dùng"),
        "issuer_lines": known("Dòng đang in trên đầu văn bản"),
    }

    name = forms.CharField(label="Tên mới", max_length=300)
    short_name = forms.CharField(label="Tên gọi tắt", max_length=200)
    issuer_lines = forms.CharField(
        label="In trên đầu văn bản",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng in một dòng.",
    )


class GiveIdentifierForm(ChangeForm):
    """A new electronic identifier."""

    form_name = "Đề nghị cấp mã định danh"
    kind = Kind.GIVE_IDENTIFIER
    sources = {
        **ChangeForm.sources,
        "scheme": known("Dạng mã đang dùng"),
        "value": typed("Mã do cơ quan quản lý mã định danh cấp"),
    }

    scheme = forms.ChoiceField(label="Dạng mã", choices=AgencyIdentifier.Scheme.choices)
    value = forms.CharField(label="Mã định danh mới", max_length=35, help_text="Ví dụ A99.20.01.")


class _AccountForm(ChangeForm):
    """Somebody who holds a post as the main one."""

    offered = ("holder",)
    sources = {**ChangeForm.sources, "holder": chosen("Người giữ chức danh chính thức")}

    holder = _Choice("Người giữ chức danh", "Thiếu người. Đồng chí chọn người.")
    basis = forms.CharField(
        label="Văn bản căn cứ", max_length=500, required=False, help_text="Nếu có."
    )

    def named(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The post and the person."""
        post, person = (int(part) for part in said["holder"].split("."))
        return {"post_id": post, "person_id": person}


class GiveAccountForm(_AccountForm):
    """An account for somebody who has none."""

    form_name = "Đề nghị cấp tài khoản"
    kind = Kind.GIVE_ACCOUNT
    sources = {
        **ChangeForm.sources,
        "holder": chosen("Người giữ chức danh chưa có tài khoản"),
        "username": known("Họ tên của người ấy"),
        "email": typed("Địa chỉ thư do người ấy cho"),
    }

    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=LONGEST_USERNAME,
        required=False,
        help_text="Bỏ trống thì lấy theo họ tên, ví dụ mien.dinh.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label="Thư điện tử",
        max_length=254,
        required=False,
        help_text="Nếu có; để báo khi mật khẩu thay đổi.",
        error_messages={"invalid": "Địa chỉ thư điện tử không đúng. Đồng chí xem lại."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class ResetAccountForm(_AccountForm):
    """A way back for somebody who forgot the password."""

    form_name = "Đề nghị cấp lại mật khẩu"
    kind = Kind.RESET_ACCOUNT
    sources = {**ChangeForm.sources, "holder": chosen("Người giữ chức danh có tài khoản")}


FORMS: Final[Mapping[Kind, type[ChangeForm]]] = {
    form.kind: form
    for form in (
        GrantRoleForm,
        TakeRoleForm,
        AppointForm,
        EndHoldingForm,
        OpenPostForm,
        ClosePostForm,
        FoundUnitForm,
        RenameAgencyForm,
        GiveIdentifierForm,
        GiveAccountForm,
        ResetAccountForm,
    )
}
