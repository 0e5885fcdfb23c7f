"""Dữ liệu về một người: what is held, why, how long, who receives it; correcting and taking it out."""

from __future__ import annotations

import csv
import io
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from nhactruong.foundation.accounts import commands as accounts
from nhactruong.foundation.audit import commands as audit
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.foundation.web.views import post_only
from nhactruong.kernel.errors import InvalidInput
from nhactruong.kernel.states import Role
from nhactruong.masterdata.catalogue import commands
from nhactruong.masterdata.catalogue.datasets import CATEGORIES, datasets
from nhactruong.masterdata.catalogue.forms import CorrectionForm
from nhactruong.masterdata.catalogue.selectors import personal
from nhactruong.masterdata.organization.models import Person


@require_safe
def people(request: ActorRequest) -> HttpResponse:
    """One's own data; for the security officer the people of the agencies in charge, by name."""
    watched = request.actor.agencies_with(Role.SECURITY_ADMIN)
    mine = personal.own(request.actor)
    if not watched:
        return redirect("catalogue:person", mine.public_id)
    words = request.GET.get("tim", "").strip()[:100]
    return render(
        request,
        "catalogue/people.html",
        {
            "people": personal.people_of(watched, words),
            "words": words,
            "mine_url": reverse("catalogue:person", args=[mine.public_id]),
        },
    )


@require_safe
def about(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """What every data set holds about the person; `?xuat=csv` takes it out."""
    person = personal.get_person(request.actor, public_id)
    if request.GET.get("xuat") == "csv":
        accounts.require_confirmed(request.actor)
        audit.record(request.actor, "catalogue.person_exported", person)
        return _csv(person)
    audit.record_reading(request.actor, "catalogue.person_read", person)
    return _page(request, person, CorrectionForm(sets=_choices()))


def _choices() -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in datasets().values() if one.personal]


def _page(
    request: ActorRequest, person: Person, form: CorrectionForm, status: int = 200
) -> HttpResponse:
    is_own = request.actor.person_id == person.pk
    return render(
        request,
        "catalogue/person.html",
        {
            "person": person,
            "is_own": is_own,
            "sets": [
                (one, CATEGORIES[one.dataset.personal.category])
                for one in personal.sets_about(person)
                if one.dataset.personal
            ],
            "form": form,
            "crumbs": [("Tôi", reverse("me")), ("Dữ liệu về tôi", "")] if is_own else [],
            "export_url": "?xuat=csv",
            "correct_url": reverse("catalogue:correct", args=[person.public_id]),
        },
        status=status,
    )


@post_only
def correct(request: ActorRequest, public_id: uuid.UUID) -> HttpResponse:
    """A note beside the data; nothing that was issued is altered."""
    person = personal.get_person(request.actor, public_id)
    form = CorrectionForm(request.POST, sets=_choices())
    if not form.is_valid():
        return _page(request, person, form, status=422)
    try:
        commands.note_correction(request.actor, public_id, **form.cleaned_data)
    except InvalidInput as fault:
        form.tell(fault)
        return _page(request, person, form, status=422)
    here = reverse("catalogue:person", args=[public_id])
    return done(request, here, "Đã ghi đính chính. Quản trị an toàn xem xét.")


#: Cells that a spreadsheet would take for a formula are written as text. Source: OWASP (CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(person: Person) -> HttpResponse:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(
        [
            "Bộ dữ liệu",
            "Phân loại",
            "Mục đích",
            "Thời hạn giữ",
            "Nơi nhận",
            "Bảng",
            "Số dòng",
            "Nội dung",
        ]
    )
    for one in personal.sets_about(person, whole=True):
        facts = one.dataset.personal
        if facts is None:
            continue
        head = [
            one.dataset.name,
            CATEGORIES[facts.category],
            facts.purpose,
            facts.retention,
            facts.recipients,
        ]
        for held in one.held:
            for line in held.lines or [""]:
                table.writerow([_safe(str(cell)) for cell in (*head, held.what, held.count, line)])
    response = HttpResponse(f"\ufeff{out.getvalue()}", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="du-lieu-ca-nhan.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
