"""A certificate and a picture for a device of the register: who signs or seals with it from now on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.kernel.errors import ConflictingChange, DomainError, InvalidInput, RuleBroken
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.devices import selectors as devices
from nhactruong.masterdata.devices.models import Device
from nhactruong.records.signing import commands, selectors
from nhactruong.records.signing.forms import CertificateForm, PictureForm
from nhactruong.records.signing.ports import Mode

_LARGEST_FILE = 1_048_576


@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The form of a certificate; a POST makes its key the one its holder signs with."""

    def act(device: Device, form: forms.Form) -> str:
        said = form.cleaned_data
        commands.register_certificate(
            request.actor,
            device.public_id,
            commands.Certificate(
                files=tuple(map(_content, said["file"])),
                mode=Mode(said["mode"]),
                place=said["place"],
                key_id=said["key_id"],
                is_seal=said["purpose"] == "seal",
            ),
            version=whole_number(request.POST.get("version", "")),
        )
        return "Đã gắn chứng thư; người giữ ký nhận thiết bị thì dùng được."

    return _answered(request, public_id, CertificateForm, "Gắn chứng thư ký số", act)


@require_http_methods(["GET", "HEAD", "POST"])
def picture(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The form of a picture; a POST puts it away encrypted. No page shows it again."""

    def act(device: Device, form: forms.Form) -> str:
        said = form.cleaned_data
        commands.keep_picture(
            request.actor,
            device.public_id,
            _content(said["file"]),
            is_seal=said["purpose"] == "seal",
            version=whole_number(request.POST.get("version", "")),
        )
        return "Đã cất hình vào kho; hình chỉ hiện trên văn bản đã ký."

    return _answered(request, public_id, PictureForm, "Cất hình chữ ký, hình dấu", act)


def _answered(
    request: ActorRequest,
    public_id: uuid.UUID,
    form_class: type[CertificateForm] | type[PictureForm],
    title: str,
    act: Callable[[Device, forms.Form], str],
) -> HttpResponse:
    device = devices.get_kept(request.actor, public_id)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*posted)
    here = reverse("devices:detail", args=[public_id])

    def page(status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "form": form,
            "device": device,
            "title": title,
            "in_use": selectors.keys_of_device(device.pk),
            "crumbs": [
                ("Sổ thiết bị", reverse("devices:list")),
                (device.serial, here),
                (title, ""),
            ],
            **more,
        }
        return render(request, "signing/register.html", context, status=status)

    if request.method != "POST":
        return page()
    if not form.is_valid():
        return page(422)
    try:
        asking.require_code(request, commands.register_certificate)
        notice = act(device, form)
    except (InvalidInput, RuleBroken, ConflictingChange) as fault:
        return _told(form, fault, page)
    return done(request, here, notice)


def _told(
    form: CertificateForm | PictureForm, fault: DomainError, page: Callable[..., HttpResponse]
) -> HttpResponse:
    if isinstance(fault, InvalidInput) and fault.code.startswith("signing."):
        fields = fault.fields or {"file": fault.sentence}
        form.tell(InvalidInput(fault.code, fault.sentence, fields=fields))
        return page(status=422)
    if fault.code.startswith("confirmation."):
        return page(status=fault.http_status, code_fault=fault.sentence)
    return page(status=fault.http_status, refusal=fault.sentence)


def _content(file: UploadedFile[bytes]) -> bytes:
    if (file.size or 0) > _LARGEST_FILE:
        raise InvalidInput.at(
            "file", "signing.file_too_large", "Tệp lớn hơn 1 MB, không phải tệp cần."
        )
    content: bytes = file.read()
    return content
