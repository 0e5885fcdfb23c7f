"""Danh mục mã: the lists, one list on a day, proposing a change and deciding it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.accounts import asking
from nhactruong.foundation.ui.fields import OfficeDateField
from nhactruong.foundation.ui.rules import date_words
from nhactruong.foundation.ui.shapes import Badge, Column, FilterTag, RegisterRow
from nhactruong.foundation.ui.sources import PlainForm, secret, typed
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    NotFound,
    RuleBroken,
)
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.codelists import commands, policies, selectors
from nhactruong.masterdata.codelists.forms import NewCodeForm, ProposalForm
from nhactruong.masterdata.codelists.models import CodeChange
from nhactruong.masterdata.codelists.rules import STATE_LABELS, VERB_LABELS, State, Verb
from nhactruong.masterdata.codelists.selectors import EntryCard, ListCard
from nhactruong.masterdata.codelists.tabs import CODES, data_tabs

_LIST: Final = "Danh mục mã"
_ENTRIES_ON_A_PAGE: Final = 100
_REFUSALS: Final = (AccessDenied, ConflictingChange, RuleBroken)
_LOOKS: Final = {
    State.PROPOSED: ("soon", "clock"),
    State.APPROVED: ("ok", "ok"),
    State.REFUSED: ("late", "close"),
    State.WITHDRAWN: ("neutral", "undo"),
}
PlainForm(
    __name__,
    "Duyệt sửa danh mục mã",
    {
        "reason": ("Lý do không duyệt", typed("Lý do của người duyệt")),
        asking.CODE: ("Mã xác nhận", secret("Mật khẩu, mã hoặc khóa bảo mật")),
    },
)


@require_safe
def listed(request: ActorRequest) -> HttpResponse:
    """Every list: what it is for, who answers for it, whether it may be changed here."""
    lines = [
        (card, _standing(card), reverse("codelists:detail", args=[card.slug]))
        for card in selectors.lists()
    ]
    return render(request, "codelists/list.html", {"tabs": data_tabs(CODES), "lines": lines})


def _standing(card: ListCard) -> Badge:
    if card.is_closed:
        return Badge("Theo quy định, không sửa", "neutral", "lock")
    if card.waiting:
        return Badge(f"{card.waiting} đề nghị chờ duyệt", "soon", "clock")
    return Badge("Sửa được, hai người", "info", "people")


@require_safe
def detail(request: ActorRequest, list_slug: str) -> HttpResponse:
    """The entries of a list on the day asked, today's at first; coming ones and proposals below."""
    card = selectors.card_of(list_slug)
    today = clock.today()
    day, fault = _day(request.GET.get("ngay", ""), today)
    words, within = request.GET.get("tim", "").strip(), request.GET.get("thuoc", "")
    entries = selectors.found(selectors.entries(list_slug, day), words=words, within=within)
    places = (
        {one.code: one.name for one in selectors.entries(card.within, day)} if card.within else {}
    )
    first = min(whole_number(request.GET.get("tu", ""), digits=6) or 0, len(entries))
    shown = entries[first : first + _ENTRIES_ON_A_PAGE]
    asked = {"ngay": request.GET.get("ngay", ""), "tim": words, "thuoc": within}

    def page_at(start: int) -> str:
        return _address(asked, tu=str(start) if start else "")

    may_propose = bool(policies.can_propose(request.actor)) and not card.is_closed
    changes = [] if card.is_closed else selectors.changes_of(request.actor, list_slug)
    return render(
        request,
        "codelists/detail.html",
        {
            "tabs": data_tabs(CODES),
            "crumbs": [(_LIST, reverse("codelists:list")), (card.name, "")],
            "card": card,
            "day": date_words(day),
            "is_today": day == today,
            "day_fault": fault,
            "words": words,
            "within": within,
            "places": [("", "Mọi nơi"), *places.items()] if places else [],
            "tags": [
                FilterTag(label, _address(asked, **{name: ""}))
                for name, label in (("thuoc", places.get(within, "")), ("tim", words))
                if label
            ],
            "count": len(entries),
            "columns": _entry_columns(card, may_propose=may_propose),
            "rows": [_entry_row(card, entry, may_propose, places) for entry in shown],
            "newer_url": page_at(max(0, first - _ENTRIES_ON_A_PAGE)) if first else "",
            "older_url": page_at(first + len(shown)) if first + len(shown) < len(entries) else "",
            "coming": [] if card.is_closed else selectors.coming(list_slug, day),
            "changes": [(one, _badge(one), VERB_LABELS[one.as_verb]) for one in changes],
            "may_propose": may_propose,
            "propose_url": f"{reverse('codelists:propose', args=[list_slug])}?viec=add",
        },
    )


def _address(asked: Mapping[str, str], **other: str) -> str:
    return "?" + urlencode({key: value for key, value in {**asked, **other}.items() if value})


def _day(text: str, today: date) -> tuple[date, str]:
    if not text:
        return today, ""
    try:
        read: date | None = OfficeDateField(required=False).clean(text)
    except django_forms.ValidationError as fault:
        return today, str(fault.messages[0])
    return read or today, ""


def _entry_columns(card: ListCard, *, may_propose: bool) -> list[Column]:
    columns = [Column("code", "Mã", "code"), Column("name", "Tên", "subject")]
    if card.within:
        columns.append(Column("within", "Thuộc"))
    elif card.is_closed:
        columns.append(Column("abbreviation", "Viết tắt", "nowrap"))
    if card.within or not card.is_closed:
        columns += [Column("since", "Từ ngày", "date"), Column("until", "Đến trước ngày", "date")]
    if may_propose:
        columns.append(Column("act", "Đề nghị", "nowrap"))
    return columns


def _entry_row(
    card: ListCard, entry: EntryCard, may_propose: bool, places: Mapping[str, str]
) -> RegisterRow:
    cells: dict[str, Any] = {
        "code": entry.code,
        "name": entry.name,
        "abbreviation": entry.abbreviation,
        "within": places.get(entry.within, ""),
        "since": date_words(entry.since),
        "until": date_words(entry.until),
    }
    if may_propose:
        address = reverse("codelists:propose", args=[card.slug])
        cells["act"] = _links(
            [
                (f"{address}?{urlencode({'viec': verb.value, 'ma': entry.code})}", label)
                for verb, label in ((Verb.RENAME, "Đổi tên"), (Verb.END, "Thôi dùng"))
            ]
        )
    return RegisterRow(cells)


def _links(links: list[tuple[str, str]]) -> str:
    return format_html_join(" · ", '<a href="{}">{}</a>', links)


def _badge(change: CodeChange) -> Badge:
    return Badge(STATE_LABELS[change.as_state], *_LOOKS[change.as_state])


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: ActorRequest, list_slug: str) -> HttpResponse:
    """The form of a proposal, filled in with what stands; a POST puts it before the approver."""
    selectors.changeable(list_slug)
    policies.can_propose(request.actor).require()
    verb = _verb(request.GET.get("viec", ""))
    card, today = selectors.card_of(list_slug), clock.today()
    entry = next(
        (one for one in selectors.entries(list_slug) if one.code == request.GET.get("ma", "")), None
    )
    if entry is None and verb is not Verb.ADD:
        raise NotFound("code_list.no_entry", "Mã này không có trong danh mục hôm nay.")
    form_class = NewCodeForm if verb is Verb.ADD else ProposalForm
    form = form_class(
        request.POST if request.method == "POST" else None,
        initial={
            "code": entry.code if entry else "",
            "name": entry.name if entry else "",
            "from_on": today,
        },
    )
    if verb is Verb.END:
        del form.fields["name"]
    context = {
        "form": form,
        "card": card,
        "verb": VERB_LABELS[verb],
        "entry": entry,
        "crumbs": [
            (_LIST, reverse("codelists:list")),
            (card.name, reverse("codelists:detail", args=[list_slug])),
            (VERB_LABELS[verb], ""),
        ],
        "back_url": reverse("codelists:detail", args=[list_slug]),
    }
    if request.method != "POST":
        return render(request, "codelists/propose.html", context)
    if not form.is_valid():
        return render(request, "codelists/propose.html", context, status=422)
    said = form.cleaned_data
    try:
        made = commands.propose(
            request.actor,
            list_slug,
            verb=verb,
            code=said["code"],
            name=said.get("name", ""),
            from_on=said["from_on"],
            basis=said["basis"],
        )
    except InvalidInput as fault:
        form.tell(fault)
        return render(request, "codelists/propose.html", context, status=422)
    except RuleBroken as refusal:
        form.add_error(None, refusal.sentence)
        return render(request, "codelists/propose.html", context, status=409)
    return done(request, reverse("codelists:change", args=[made.public_id]), "Đã gửi đề nghị.")


def _verb(text: str) -> Verb:
    try:
        return Verb(text)
    except ValueError:
        raise NotFound("code_list.no_verb", "Không có việc này với danh mục mã.") from None


@require_safe
def change(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is proposed, on what basis, and the second person's answer."""
    return _change_page(request, selectors.get_change(request.actor, public_id))


def _change_page(
    request: ActorRequest, shown: CodeChange, status: int = 200, **faults: Any
) -> HttpResponse:
    entry = selectors.standing(shown.code_list, shown.code, clock.today())
    slug = shown.code_list.slug
    return render(
        request,
        "codelists/change.html",
        {
            "change": shown,
            "verb": VERB_LABELS[shown.as_verb],
            "badge": _badge(shown),
            "now": entry,
            "approving": policies.can_approve(request.actor, shown),
            "withdrawing": policies.can_withdraw(request.actor, shown),
            "is_open": shown.as_state is State.PROPOSED,
            "crumbs": [
                (_LIST, reverse("codelists:list")),
                (shown.code_list.name, reverse("codelists:detail", args=[slug])),
                (str(VERB_LABELS[shown.as_verb]), ""),
            ],
            **faults,
        },
        status=status,
    )


def _acted(
    request: ActorRequest,
    public_id: uuid.UUID,
    act: Callable[[int | None], CodeChange],
    notice: str,
    error: str = "error",
    **kept: Any,
) -> HttpResponse:
    shown = selectors.get_change(request.actor, public_id)
    try:
        act(whole_number(request.POST.get("version", "")))
    except InvalidInput as fault:
        return _change_page(request, shown, 422, **{_place(fault, error): fault.sentence, **kept})
    except _REFUSALS as refusal:
        fresh = selectors.get_change(request.actor, public_id)
        return _change_page(
            request, fresh, refusal.http_status, **{error: refusal.sentence, **kept}
        )
    return done(request, reverse("codelists:change", args=[public_id]), notice)


def _place(fault: DomainError, error: str) -> str:
    is_reason = isinstance(fault, InvalidInput) and "reason" in (fault.fields or {})
    return "reason_error" if is_reason else error


@post_only
def approve(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person approves it with a code of confirmation; it takes effect on its day."""

    def act(version: int | None) -> CodeChange:
        asking.require_code(
            request,
            commands.approve,
            lambda: policies.can_approve(
                request.actor, selectors.get_change(request.actor, public_id)
            ),
        )
        return commands.approve(request.actor, public_id, version=version)

    return _acted(request, public_id, act, "Đã duyệt.", "approve_error")


@post_only
def refuse(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The second person refuses it, with a reason."""
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        public_id,
        lambda version: commands.refuse(request.actor, public_id, reason=reason, version=version),
        "Đã ghi ý kiến không duyệt.",
        reason_value=reason,
    )


@post_only
def withdraw(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whoever proposed it takes it back."""
    return _acted(
        request,
        public_id,
        lambda version: commands.withdraw(request.actor, public_id, version=version),
        "Đã rút đề nghị.",
    )
