"""Where somebody with a code on paper sets the password: the first time, or after forgetting it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nhactruong.foundation.accounts import commands
from nhactruong.foundation.accounts.forms import FirstEntryForm
from nhactruong.foundation.accounts.views import doors
from nhactruong.foundation.accounts.views.signing_in import PASSWORD_SET
from nhactruong.foundation.web.addresses import next_page, sign_in_address
from nhactruong.foundation.web.requests import see_other
from nhactruong.foundation.web.views import operation_exempt, public
from nhactruong.kernel.errors import DomainError, InvalidInput


@public
@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def first_entry(request: HttpRequest) -> HttpResponse:
    """Name, code and a password of one's own; then to the sign-in page, nobody is signed in yet."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request))
    form = FirstEntryForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                commands.take_up(
                    form.cleaned_data["username"],
                    form.cleaned_data["code"],
                    form.cleaned_data["new"],
                    client_address=doors.address_of(request),
                )
            except InvalidInput as fault:
                form.tell(fault)
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                return see_other(sign_in_address("", PASSWORD_SET))
    return render(request, "accounts/first_entry.html", {"form": form}, status=status)
