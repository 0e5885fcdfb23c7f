"""Sổ thiết bị, chứng thư số: the list, one device, its acts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.persistence.paging import keyset_page
from nhactruong.foundation.ui.shapes import Badge, FilterTag
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    RuleBroken,
)
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.devices import commands, policies, selectors
from nhactruong.masterdata.devices.forms import DeviceForm, HandOverForm
from nhactruong.masterdata.devices.models import Device
from nhactruong.masterdata.devices.rules import KIND_LABELS, STATE_LABELS, Kind, State
from nhactruong.masterdata.organization import selectors as organization

_TITLE: Final = "Sổ thiết bị, chứng thư số"
_KINDS: Final = {kind.value: label for kind, label in KIND_LABELS.items()}
_STATES: Final = {state.value: label for state, label in STATE_LABELS.items()}
_UNTIL: Final = {selectors.SOON: "Sắp hết hạn", selectors.EXPIRED: "Đã hết hạn"}


def _badge(device: Device) -> Badge:
    if device.as_state is State.LOST:
        return Badge(STATE_LABELS[State.LOST], "late", "warn")
    if device.as_state is State.RETURNED:
        return Badge(STATE_LABELS[State.RETURNED], "neutral", "undo")
    if device.is_expired:
        return Badge("Hết hạn", "late", "clock")
    if not device.is_received:
        return Badge("Chờ ký nhận", "soon", "clock")
    return Badge(STATE_LABELS[State.IN_USE], "ok", "ok")


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """The register as the reader may see it: what the reader keeps, or all of the agency."""
    asked = {
        "loai": request.GET.get("loai", ""),
        "trang-thai": request.GET.get("trang-thai", ""),
        "han": request.GET.get("han", ""),
        "tim": request.GET.get("tim", "").strip(),
    }
    words = {
        "loai": _KINDS.get(asked["loai"], ""),
        "trang-thai": _STATES.get(asked["trang-thai"], ""),
        "han": _UNTIL.get(asked["han"], ""),
        "tim": asked["tim"],
    }
    asked = {name: value if words[name] else "" for name, value in asked.items()}
    page = keyset_page(
        selectors.narrowed(
            selectors.visible(request.actor),
            kind=asked["loai"],
            state=asked["trang-thai"],
            until=asked["han"],
            words=asked["tim"],
        ),
        order=("-id",),
        cursor=request.GET.get("trang", ""),
    )
    return render(
        request,
        "devices/list.html",
        {
            "title": _TITLE,
            "lines": [(row, KIND_LABELS[row.as_kind], _badge(row)) for row in page.rows],
            "may_keep": policies.can_keep(request.actor),
            "asked": asked,
            "kinds": [("", "Mọi loại"), *_KINDS.items()],
            "states": [("", "Mọi tình trạng"), *_STATES.items()],
            "untils": [("", "Mọi thời hạn"), *_UNTIL.items()],
            "state": asked["trang-thai"],
            "tags": [
                FilterTag(label, _address(asked, **{name: ""}))
                for name, label in words.items()
                if label
            ],
            "newer_url": _address(asked, trang=page.newer) if page.newer else "",
            "older_url": _address(asked, trang=page.older) if page.older else "",
        },
    )


def _address(asked: dict[str, str], **other: str) -> str:
    return "?" + urlencode({key: value for key, value in {**asked, **other}.items() if value})


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: ActorRequest) -> HttpResponse:
    """The form of a device; a POST writes it into the register, with the code."""
    policies.can_keep(request.actor).require()
    served = request.actor.agencies_with(*policies.KEEPING)
    form = DeviceForm(
        request.POST if request.method == "POST" else None,
        agencies=[(row.pk, row.short_name) for row in organization.agencies(served)],
        people=selectors.custodians(served),
    )
    if request.method != "POST":
        return _enter_page(request, form)
    if not form.is_valid():
        return _enter_page(request, form, 422)
    said = form.cleaned_data
    try:
        asking.require_code(request, commands.register_device)
        device = commands.register_device(
            request.actor,
            commands.Entry(
                agency_id=said["agency"],
                kind=Kind(said["kind"]),
                serial=said["serial"],
                name=said["name"],
                issuer=said["issuer"],
                holder_id=said["holder"],
                second_id=said["second"],
                valid_until=said["valid_until"],
                basis=said["basis"],
            ),
        )
    except (InvalidInput, RuleBroken) as fault:
        return _told(form, fault, lambda **more: _enter_page(request, form, **more))
    address = reverse("devices:detail", args=[device.public_id])
    return done(request, address, "Đã ghi vào sổ; người giữ được báo để ký nhận.")


def _told(form: Any, fault: DomainError, page: Callable[..., HttpResponse]) -> HttpResponse:
    """The page again: the fault at its field, or at the code when it is of no field."""
    if isinstance(fault, InvalidInput) and set(fault.fields or {}) & set(form.fields):
        form.tell(fault)
        return page(status=422)
    return page(status=fault.http_status, code_fault=fault.sentence)


def _enter_page(
    request: ActorRequest, form: DeviceForm, status: int = 200, **more: Any
) -> HttpResponse:
    crumbs = [(_TITLE, reverse("devices:list")), ("Ghi vào sổ", "")]
    context = {"form": form, "crumbs": crumbs, **more}
    return render(request, "devices/enter.html", context, status=status)


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One device: what it is, who keeps it, until when."""
    return _detail_page(request, selectors.get_visible(request.actor, public_id))


def _detail_page(
    request: ActorRequest, device: Device, status: int = 200, **more: Any
) -> HttpResponse:
    return render(
        request,
        "devices/detail.html",
        {
            "device": device,
            "kind": KIND_LABELS[device.as_kind],
            "badge": _badge(device),
            "may_change": policies.can_change(request.actor, device),
            "may_receive": policies.can_receive(request.actor, device),
            "may_report": policies.can_report_loss(request.actor, device),
            "crumbs": [(_TITLE, reverse("devices:list")), (device.serial, "")],
            **more,
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The form of a hand-over; a POST puts the device into other hands, with the code."""
    device = selectors.get_visible(request.actor, public_id)
    policies.can_change(request.actor, device).require()
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        people=selectors.custodians([device.agency_id]),
    )

    def page(status: int = 200, **more: Any) -> HttpResponse:
        address = reverse("devices:detail", args=[public_id])
        listing = (_TITLE, reverse("devices:list"))
        crumbs = [listing, (device.serial, address), ("Bàn giao", "")]
        context = {"form": form, "device": device, "crumbs": crumbs, **more}
        return render(request, "devices/hand_over.html", context, status=status)

    if request.method != "POST":
        return page()
    if not form.is_valid():
        return page(422)
    said = form.cleaned_data
    try:
        asking.require_code(request, commands.hand_over)
        commands.hand_over(
            request.actor,
            public_id,
            holder_id=said["holder"],
            second_id=said["second"],
            basis=said["basis"],
            version=whole_number(request.POST.get("version", "")),
        )
    except (InvalidInput, RuleBroken, ConflictingChange) as fault:
        return _told(form, fault, page)
    address = reverse("devices:detail", args=[public_id])
    return done(request, address, "Đã bàn giao; người nhận được báo để ký nhận.")


@post_only
def receive(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The custodian says that it is in hand."""
    version = whole_number(request.POST.get("version", ""))
    return _acted(
        request,
        public_id,
        lambda: commands.receive(request.actor, public_id, version=version),
        "Đã ký nhận.",
    )


@post_only
def report_loss(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """It is lost: nobody relies on it from this second."""
    reason, version = request.POST.get("reason", ""), whole_number(request.POST.get("version", ""))
    return _acted(
        request,
        public_id,
        lambda: commands.report_loss(request.actor, public_id, reason=reason, version=version),
        "Đã báo mất; người giữ sổ và Chánh Văn phòng được báo ngay.",
        at="loss",
        reason=reason,
    )


@post_only
def take_back(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """It is returned or withdrawn for good."""
    reason, version = request.POST.get("reason", ""), whole_number(request.POST.get("version", ""))
    return _acted(
        request,
        public_id,
        lambda: commands.take_back(request.actor, public_id, reason=reason, version=version),
        "Đã ghi thu hồi.",
        at="back",
        reason=reason,
    )


def _acted(
    request: ActorRequest,
    public_id: uuid.UUID,
    act: Callable[[], Device],
    said: str,
    *,
    at: str = "",
    reason: str = "",
) -> HttpResponse:
    device = selectors.get_visible(request.actor, public_id)
    try:
        act()
    except InvalidInput as fault:
        faults = {f"{at}_error": fault.sentence, f"{at}_value": reason}
        return _detail_page(request, device, 422, **faults)
    except (AccessDenied, ConflictingChange) as refusal:
        return _detail_page(request, device, refusal.http_status, error=refusal.sentence)
    return done(request, reverse("devices:detail", args=[public_id]), said)
