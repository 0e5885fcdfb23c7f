"""Addresses of sign-in."""

from __future__ import annotations

from django.urls import path

from nhactruong.foundation.accounts import views

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
]
