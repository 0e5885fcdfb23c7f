"""Hồ sơ: the list, a new one, what lies in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.access.rules import Line
from nhactruong.foundation.persistence.paging import capped_count, keyset_page
from nhactruong.foundation.search import selectors as search
from nhactruong.foundation.thread.cards import RecordCard
from nhactruong.foundation.ui.rules import count_words
from nhactruong.foundation.ui.shapes import Column, FilterTag, Person, RegisterRow
from nhactruong.foundation.ui.sources import PlainForm, chosen
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel import clock
from nhactruong.kernel.errors import (
    AccessDenied,
    ConflictingChange,
    DomainError,
    InvalidInput,
    RuleBroken,
)
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.records.dossiers import commands, policies, selectors
from nhactruong.records.dossiers.forms import NewDossierForm
from nhactruong.records.dossiers.models import Dossier, PlanHeading
from nhactruong.records.dossiers.rules import STATE_LABELS, State, retention_words

_ORDER: Final = ("-opened_on", "-id")
_STATE_LOOKS: Final = {State.OPEN: ("info", "folder"), State.CLOSED: ("ok", "lock")}
_SUGGESTED: Final = 20
#: The table of contents (mục lục văn bản); the last two are printed empty, to be filled by hand.
#: Source: documents.md 9, number 6.
_COLUMNS: Final = (
    Column("number", "STT", "number"),
    Column("code", "Số, ký hiệu", "code"),
    Column("day", "Ngày tháng", "date"),
    Column("subject", "Tên loại và trích yếu", "subject"),
    Column("agency", "Tác giả"),
    Column("pages", "Tờ số, trang số", shown=False),
    Column("note", "Ghi chú", shown=False),
)

PlainForm(
    __name__,
    "Văn bản trong hồ sơ",
    {
        "document": ("Văn bản", chosen("Văn bản người làm được xem")),
    },
)


def _badge(dossier: Dossier) -> tuple[str, str, str]:
    state = State(dossier.state)
    return (STATE_LABELS[state], *_STATE_LOOKS[state])


@require_safe
def dossier_list(request: ActorRequest) -> HttpResponse:
    """The dossiers of my agencies, newest first."""
    state = request.GET.get("trang-thai", "")
    state = state if state in [value.value for value in State] else ""
    words = request.GET.get("tim", "").strip()[:200]

    def address(**values: str) -> str:
        return "?" + urlencode({key: value for key, value in values.items() if value})

    rows = selectors.listed(request.actor, state=state, words=words)
    page = keyset_page(rows, order=_ORDER, cursor=request.GET.get("trang", ""))
    filters = {"trang-thai": state, "tim": words}
    tags = []
    if state:
        tags.append(FilterTag(STATE_LABELS[State(state)], address(tim=words)))
    if words:
        tags.append(FilterTag(f"Có chữ: {words}", address(**{"trang-thai": state})))
    return render(
        request,
        "dossiers/list.html",
        {
            "lines": [(row, _badge(row), retention_words(row.retention)) for row in page.rows],
            "state": state,
            "states": [("", "Mọi trạng thái"), *((s.value, STATE_LABELS[s]) for s in State)],
            "words": words,
            "tags": tags,
            "may_open": bool(_opening_agencies(request)),
            "year": clock.today().year,
            "summary": f"{count_words(capped_count(rows))} hồ sơ",
            "newer_url": address(trang=page.newer, **filters) if page.newer else "",
            "older_url": address(trang=page.older, **filters) if page.older else "",
        },
    )


def _opening_agencies(request: ActorRequest) -> list[int]:
    actor = request.actor
    open_for = [agency for agency in actor.agency_ids if policies.can_open(actor, agency)]
    if len(open_for) < 2:
        return open_for
    # A successor keeps the books of bodies that have ended, but opens nothing new in them.
    in_force = set(organization.agencies(open_for).values_list("pk", flat=True))
    return [agency for agency in open_for if agency in in_force]


def _first_values(
    request: ActorRequest, open_for: Sequence[int], chosen: PlanHeading | None
) -> dict[str, Any]:
    if chosen is not None:
        return NewDossierForm.from_heading(chosen)
    own = [post.agency_id for post in request.actor.posts if post.agency_id in open_for]
    return {"keeping": "years", "agency": own[0] if own else open_for[0]}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """A new dossier from the year's file plan, or outside it."""
    open_for = _opening_agencies(request)
    if not open_for:
        raise AccessDenied(
            "dossier.not_opening", "Chức danh này không lập hồ sơ công việc.", line=Line.DOSSIER
        )
    names = organization.agency_names(open_for)
    headings = selectors.plan(open_for, clock.today().year)
    chosen = next((row for row in headings if str(row.public_id) == request.GET.get("muc")), None)
    form = NewDossierForm(
        request.POST if request.method == "POST" else None,
        initial=_first_values(request, open_for, chosen),
        agencies=[(agency, names[agency]) for agency in open_for],
        headings=headings,
    )
    context = {
        "form": form,
        "headings": [(row, retention_words(row.retention)) for row in headings],
        "chosen": chosen,
        "year": clock.today().year,
        "crumbs": [("Hồ sơ", reverse("dossiers:list")), ("Lập hồ sơ", "")],
    }
    if request.method != "POST":
        return render(request, "dossiers/new.html", context)
    if not form.is_valid():
        return render(request, "dossiers/new.html", context, status=422)
    heading = next(
        (row for row in headings if str(row.public_id) == form.cleaned_data["heading"]), None
    )
    try:
        dossier = commands.open_dossier(
            request.actor,
            agency_id=heading.agency_id if heading else form.cleaned_data["agency"],
            code=form.cleaned_data["code"],
            title=form.cleaned_data["title"],
            retention=form.retention,
            heading=heading,
        )
    except InvalidInput as fault:
        form.tell(fault)
        return render(request, "dossiers/new.html", context, status=422)
    return done(
        request,
        reverse("dossiers:detail", args=[dossier.public_id]),
        f"Đã lập hồ sơ {dossier.code}.",
    )


def _named(card: RecordCard) -> str:
    return " ".join(filter(None, (card.kind, card.reference, card.title)))


def _row(number: int, card: RecordCard) -> RegisterRow:
    return RegisterRow(
        {
            "number": number,
            "code": card.reference or "Chưa có số",
            "day": card.occurred_on,
            "subject": f"{card.kind}: {card.title}",
            "agency": card.agency,
        },
        url=card.url,
    )


def _detail_page(
    request: ActorRequest, dossier: Dossier, refusal: DomainError | None = None
) -> HttpResponse:
    actor = request.actor
    contents = selectors.contents(actor, dossier)
    lying = {str(entry.object_id) for entry, _ in contents}
    adding, closing = policies.can_add(actor, dossier), policies.can_close(actor, dossier)
    context: dict[str, Any] = {
        "may_ask_who_saw": access.may_ask_who_saw(request.actor, dossier),
        "dossier": dossier,
        "badge": _badge(dossier),
        "retention": retention_words(dossier.retention),
        "contents": contents,
        "columns": _COLUMNS,
        "rows": [_row(number, card) for number, (_, card) in enumerate(contents, start=1)],
        "removable": [(str(card.object_id), _named(card)) for _, card in contents],
        "adding": adding,
        "closing": closing,
        "candidates": [one for one in _found(request, dossier, "") if one.value not in lying]
        if adding
        else [],
        "crumbs": [("Hồ sơ", reverse("dossiers:list")), (dossier.code, "")],
        "refusal": refusal,
    }
    status = refusal.http_status if refusal else 200
    return render(request, "dossiers/detail.html", context, status=status)


def _contents_sheet(request: ActorRequest, dossier: Dossier) -> HttpResponse:
    rows = [
        _row(number, card)
        for number, (_, card) in enumerate(selectors.contents(request.actor, dossier), start=1)
    ]
    here = reverse("dossiers:detail", args=[dossier.public_id])
    return render(
        request,
        "dossiers/contents.html",
        {
            "dossier": dossier,
            "retention": retention_words(dossier.retention),
            "columns": _COLUMNS,
            "rows": rows,
            "crumbs": [("Hồ sơ", reverse("dossiers:list")), (dossier.code, here), ("Mục lục", "")],
            "printed_on": clock.today(),
        },
    )


@require_safe
def detail(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What lies in the dossier and what may be done with it; with `in=1` its printed table."""
    dossier = selectors.get_visible(request.actor, public_id)
    if request.GET.get("in") == "1":
        return _contents_sheet(request, dossier)
    return _detail_page(request, dossier)


def _found(request: ActorRequest, dossier: Dossier, words: str) -> Sequence[Person]:
    """Documents the person may see and the dossier may hold, newest first."""
    agencies = organization.agencies_kept_with(dossier.agency_id)
    kinds = ("IncomingDocument", "OutgoingDocument")
    rows = search.find(request.actor, words) if words else search.recent(request.actor)
    found = list(
        rows.filter(agency_id__in=list(agencies), object_type__in=kinds).order_by(
            "-occurred_on", "-id"
        )[:_SUGGESTED]
    )
    return [
        Person(str(row.object_id), row.title, " · ".join(filter(None, (row.reference, row.facts))))
        for row in found
    ]


@require_safe
def candidates(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """Documents for the picker as `{"options": [...]}`, found by `?q=`."""
    dossier = selectors.get_visible(request.actor, public_id)
    found = _found(request, dossier, request.GET.get("q", "").strip()[:200])
    return JsonResponse(
        {"options": [{"value": p.value, "label": p.label, "meta": p.meta} for p in found]}
    )


def _seen_document(request: ActorRequest, value: str) -> tuple[RecordCard, Any]:
    try:
        wanted = uuid.UUID(value)
    except ValueError:
        raise InvalidInput(
            "dossier.nothing_chosen", "Chưa chọn văn bản. Đồng chí chọn văn bản cần lưu vào hồ sơ."
        ) from None
    return selectors.seen_document(request.actor, wanted)


@post_only
def file(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One document more in the dossier."""
    dossier = selectors.get_visible(request.actor, public_id)
    try:
        card, thing = _seen_document(request, request.POST.get("document", ""))
        commands.file(request.actor, public_id, thing)
    except (InvalidInput, RuleBroken, AccessDenied) as refusal:
        return _detail_page(request, dossier, refusal)
    name = card.reference or card.title
    return done(request, reverse("dossiers:detail", args=[public_id]), f"Đã lưu {name} vào hồ sơ.")


@post_only
def remove(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """One document less in the open dossier; the document itself stays."""
    dossier = selectors.get_visible(request.actor, public_id)
    try:
        card, _ = _seen_document(request, request.POST.get("document", ""))
        commands.remove(request.actor, public_id, card.object_id)
    except (InvalidInput, RuleBroken, AccessDenied) as refusal:
        return _detail_page(request, dossier, refusal)
    name = card.reference or card.title
    return done(
        request, reverse("dossiers:detail", args=[public_id]), f"Đã đưa {name} ra khỏi hồ sơ."
    )


@post_only
def close(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """The dossier closed, its work being done."""
    dossier = selectors.get_visible(request.actor, public_id)
    version = whole_number(request.POST.get("version", ""))
    try:
        commands.close(request.actor, public_id, version=version)
    except (RuleBroken, AccessDenied, ConflictingChange) as refusal:
        return _detail_page(request, selectors.get_visible(request.actor, public_id), refusal)
    return done(
        request, reverse("dossiers:detail", args=[public_id]), f"Đã kết thúc hồ sơ {dossier.code}."
    )
