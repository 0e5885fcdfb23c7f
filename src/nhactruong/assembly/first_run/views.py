"""The first-run page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nhactruong.assembly.first_run import commands
from nhactruong.assembly.first_run.forms import FirstRunForms
from nhactruong.foundation.web.requests import see_other
from nhactruong.foundation.web.views import operation_exempt, public
from nhactruong.kernel.errors import NotFound


@public
@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest) -> HttpResponse:
    """The page while the office is empty; for everybody later there is no such page."""
    if settings.ENVIRONMENT != "production" or commands.is_founded():
        raise NotFound("first_run.closed", "Không có trang này.")
    is_sent = request.method == "POST"
    forms = FirstRunForms(request.POST if is_sent else None)
    if is_sent and forms.is_valid():
        commands.found_office(
            commands.FOUNDER,
            agency=forms.agency.card(),
            security=forms.security.card(),
            system=forms.system.card(),
        )
        return see_other(reverse("accounts:sign_in"))
    return render(
        request, "assembly/first_run.html", {"forms": forms}, status=422 if is_sent else 200
    )
