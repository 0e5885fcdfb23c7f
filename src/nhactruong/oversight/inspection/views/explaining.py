"""Vì sao thấy, không thấy: for the security officer, without content."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nhactruong.foundation.access import selectors as access
from nhactruong.foundation.access.base import SightedRecord
from nhactruong.foundation.web.requests import ActorRequest
from nhactruong.kernel.states import SECRECY_LABELS, Role, Secrecy
from nhactruong.masterdata.organization import selectors as organization
from nhactruong.masterdata.organization.models import Person
from nhactruong.oversight.inspection import policies
from nhactruong.oversight.inspection.commands import reporting
from nhactruong.oversight.inspection.selectors.explaining import explain as explained
from nhactruong.oversight.inspection.words import THING_WORDS


def thing_words(thing: SightedRecord) -> str:
    """A record without its content: kind, number, level."""
    kind = THING_WORDS.get(thing.type_name(), thing.type_name())
    named = access.reference_of(thing) or "chưa có số"
    return f"{kind} {named}, mức {SECRECY_LABELS[Secrecy(thing.secrecy)]}"


@require_safe
def explain(request: ActorRequest) -> HttpResponse:
    """Choose a person and a record by number or identifier; each step in words."""
    policies.can_explain(request.actor).require()
    agencies = request.actor.agencies_with(Role.SECURITY_ADMIN)
    who, what = (request.GET.get(key, "").strip()[:200] for key in ("nguoi", "van-ban"))
    context: dict[str, Any] = {"who": who, "what": what}
    if who and what:
        people = organization.find_people(who, agencies)
        things = access.find_things(what, agencies)
        exact = [person for person in people if str(person.pk) == request.GET.get("ma-nguoi")]
        chosen = [
            thing for thing in things if str(thing.public_id) == request.GET.get("ma-van-ban")
        ]
        people, things = exact or list(people), chosen or list(things)
        context |= {"people": people, "things": [(one, thing_words(one)) for one in things]}
        if len(people) == 1 and len(things) == 1:
            context |= _answer(request, people[0], things[0])
    return render(request, "inspection/explain.html", context)


def _answer(request: ActorRequest, person: Person, thing: SightedRecord) -> dict[str, Any]:
    found = explained(person, thing)
    reporting.record_explanation(request.actor, thing, person.full_name, sees=found.sees)
    return {"answer": found, "person": person, "thing": thing_words(thing)}
