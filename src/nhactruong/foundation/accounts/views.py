"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from nhactruong.foundation.accounts import commands
from nhactruong.foundation.accounts.forms import SignInForm
from nhactruong.foundation.web.requests import see_other
from nhactruong.foundation.web.views import operation_exempt, public
from nhactruong.kernel.errors import DomainError


def _next_url(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


@public
@operation_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a right name and password open a fresh session."""
    if request.user.is_authenticated:
        return redirect("/")
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = commands.sign_in(
                    form.cleaned_data["username"],
                    form.cleaned_data["password"],
                    client_address=request.META.get("REMOTE_ADDR", ""),
                )
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
                return see_other(_next_url(request))
    context = {"form": form, "next": _next_url(request)}
    return render(request, "accounts/sign_in.html", context, status=status)


@operation_exempt
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The end of the session."""
    logout(request)
    return see_other("/dang-nhap/")
