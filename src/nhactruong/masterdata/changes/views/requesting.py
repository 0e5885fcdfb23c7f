"""Asking for a change: first which agency and kind, then a short form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from nhactruong.foundation.ui.shapes import Person as Choice
from nhactruong.foundation.web.requests import ActorRequest, done
from nhactruong.kernel import clock
from nhactruong.kernel.errors import AccessDenied, InvalidInput, NotFound, RuleBroken
from nhactruong.kernel.text import whole_number
from nhactruong.masterdata.changes import commands, policies
from nhactruong.masterdata.changes.forms import FORMS, ChangeForm
from nhactruong.masterdata.changes.rules import (
    KIND_LABELS,
    KIND_WORDS,
    NOTHING_WORDS,
    Kind,
    chief_words,
)
from nhactruong.masterdata.changes.selectors import offering
from nhactruong.masterdata.changes.views.showing import HERE
from nhactruong.masterdata.organization.models import Agency, AgencyIdentifier, Holding


def _agency(request: ActorRequest) -> tuple[Agency, list[Agency]]:
    """The agency the address names, else the first, among those the actor may ask for."""
    served = list(offering.agencies_for(request.actor))
    if not served:
        raise NotFound("change.no_agency", "Không có cơ quan này.")
    wanted = request.GET.get("co-quan", "")
    if not wanted:
        return served[0], served
    for agency in served:
        if str(agency.pk) == wanted:
            return agency, served
    raise NotFound("change.no_agency", "Không có cơ quan này.")


@require_safe
def choose(request: ActorRequest) -> HttpResponse:
    """What may be asked for, at which agency."""
    policies.can_request(request.actor).require()
    agency, served = _agency(request)
    return render(
        request,
        "changes/choose.html",
        {
            "agency": agency,
            "agencies": [(str(one.pk), one.short_name) for one in served],
            "kinds": [
                (KIND_LABELS[kind], KIND_WORDS[kind], _new_url(kind, agency))
                for kind in offering.kinds_for(request.actor, agency.pk)
            ],
            "crumbs": [(HERE, reverse("changes:list")), ("Lập phiếu", "")],
        },
    )


def _new_url(kind: Kind, agency: Agency) -> str:
    return f"{reverse('changes:new', args=[kind.value])}?co-quan={agency.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, kind: str) -> HttpResponse:
    """The form of one kind; a POST puts the order before the head of office."""
    actor = request.actor
    policies.can_request(actor).require()
    wanted = next((one for one in Kind if one.value == kind), None)
    if wanted is None:
        raise NotFound("change.no_kind", "Không có loại phiếu này.")
    agency, _ = _agency(request)
    if wanted not in offering.kinds_for(actor, agency.pk):
        policies.can_request_for(actor, wanted, agency.pk).require()
    form = FORMS[wanted](
        request.POST if request.method == "POST" else None,
        initial=_initial(wanted, agency),
        choices=offering.choices_for(actor, wanted, agency),
    )
    if request.method != "POST":
        return _form_page(request, wanted, agency, form)
    if not form.is_valid():
        return _form_page(request, wanted, agency, form, status=422)
    try:
        made = commands.request(actor, form.asked(agency.pk))
    except (AccessDenied, InvalidInput, NotFound, RuleBroken) as refusal:
        if isinstance(refusal, InvalidInput):
            form.tell(refusal)
        else:
            form.add_error(None, refusal.sentence)
        return _form_page(request, wanted, agency, form, status=refusal.http_status)
    notice = f"Đã gửi {chief_words(made.deciding.short_name)}."
    return done(request, reverse("changes:detail", args=[made.public_id]), notice)


def _initial(kind: Kind, agency: Agency) -> dict[str, Any]:
    known: dict[str, Any] = {"from_on": clock.today()}
    if kind is Kind.RENAME_AGENCY:
        known |= {
            "name": agency.name,
            "short_name": agency.short_name,
            "issuer_lines": "\n".join(agency.issuer_lines),
        }
    return known | {
        "reached": str(agency.pk),
        "scheme": AgencyIdentifier.Scheme.NEW.value,
        "holding_kind": Holding.Kind.MAIN.value,
    }


def _form_page(
    request: ActorRequest, kind: Kind, agency: Agency, form: ChangeForm, status: int = 200
) -> HttpResponse:
    people = []
    if kind is Kind.APPOINT:
        sent = str(form["person"].value() or "")
        people = [
            Choice(key, name, post, selected=key == sent)
            for key, name, post in offering.people_of(agency.pk, whole_number(sent))
        ]
    return render(
        request,
        "changes/new.html",
        {
            "form": form,
            "label": KIND_LABELS[kind],
            "words": KIND_WORDS[kind],
            "nothing": NOTHING_WORDS.get(kind) if form.has_nothing_to_offer else "",
            "agency": agency,
            "people": people,
            "people_url": reverse("changes:people"),
            "back_url": f"{reverse('changes:choose')}?co-quan={agency.pk}",
            "crumbs": [
                (HERE, reverse("changes:list")),
                ("Lập phiếu", reverse("changes:choose")),
                (KIND_LABELS[kind], ""),
            ],
        },
        status=status,
    )


@require_safe
def people(request: ActorRequest) -> HttpResponse:
    """People of the whole directory whose name has the words, for the picker."""
    policies.can_request(request.actor).require()
    found = offering.people_named(request.GET.get("q", ""))
    return JsonResponse(
        {"options": [{"value": key, "label": name, "meta": posts} for key, name, posts in found]}
    )
