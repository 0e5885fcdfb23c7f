"""Addresses of sign-in and of the security of one's own account."""

from __future__ import annotations

from django.urls import path

from nhactruong.foundation.accounts import views

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-nhap/buoc-hai/", views.second_step, name="second_step"),
    path("dang-nhap/lan-dau/", views.first_entry, name="first_entry"),
    path("dang-nhap/noi-khac/", views.outside_begin, name="outside_begin"),
    path("dang-nhap/noi-khac/tra-loi/", views.outside_answer, name="outside_answer"),
    path("dang-nhap/noi-khac/dang-xuat/", views.outside_ended, name="outside_ended"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("toi/xac-nhan/", views.confirm, name="confirm"),
    path("toi/xac-nhan/khoa/", views.confirm_key, name="confirm_key"),
    path("toi/bao-mat/", views.security, name="security"),
    path("toi/bao-mat/ung-dung/", views.application, name="application"),
    path("toi/bao-mat/khoa/", views.security_key, name="security_key"),
    path("toi/bao-mat/ma-du-phong/", views.recovery_codes, name="recovery_codes"),
    path("toi/bao-mat/go/<int:factor_id>/", views.remove_factor, name="remove_factor"),
    path("toi/bao-mat/phien/", views.end_session, name="end_session"),
]
