"""Confirming that it is still the same person, before something is taken out or changed."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import commands, factors, selectors
from nhactruong.foundation.accounts.asking import CODE
from nhactruong.foundation.accounts.views import questions
from nhactruong.foundation.web.addresses import next_page
from nhactruong.foundation.web.errors import problem
from nhactruong.foundation.web.requests import ActorRequest, see_other
from nhactruong.foundation.web.views import operation_exempt
from nhactruong.kernel.errors import InvalidInput, NotFound, RuleBroken


@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: ActorRequest) -> HttpResponse:
    """Asks for the code and goes on to the page that wanted it."""
    page, error, status = next_page(request), "", 200
    if request.method == "POST":
        try:
            commands.confirm(request.actor, request.POST.get(CODE, ""), anew=True)
        except (InvalidInput, RuleBroken) as refusal:
            error, status = refusal.sentence, refusal.http_status
        else:
            return see_other(page)
    elif not selectors.way_to_confirm(request.actor).by_factor:
        return HttpResponseRedirect(page)
    return render(request, "accounts/confirm.html", {"next": page, "error": error}, status=status)


@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_key(request: ActorRequest) -> HttpResponse:
    """GET: the question to the person's security key. POST: what stands for its answer in a form."""
    user = selectors.account(request.actor.user_id)
    if user is None or not selectors.way_to_confirm(request.actor).by_key:
        raise NotFound("factor.none", "Đồng chí chưa đăng ký khóa bảo mật.")
    if request.method != "POST":
        options = questions.put(request, factors.ask_for_key(user), "confirm")
        return HttpResponse(options, content_type="application/json")
    asked = questions.take(request, "confirm")
    try:
        ticket = commands.give_ticket(request.actor, asked, questions.answer(request))
    except RuleBroken as refusal:
        return problem(refusal.http_status, refusal.code, refusal.sentence)
    return JsonResponse({"code": ticket})
