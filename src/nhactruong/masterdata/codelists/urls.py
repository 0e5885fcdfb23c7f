"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.codelists import views

app_name = "codelists"
urlpatterns = [
    path("", views.listed, name="list"),
    path("thay-doi/<uuid:public_id>/", views.change, name="change"),
    path("thay-doi/<uuid:public_id>/duyet/", views.approve, name="approve"),
    path("thay-doi/<uuid:public_id>/khong-duyet/", views.refuse, name="refuse"),
    path("thay-doi/<uuid:public_id>/rut/", views.withdraw, name="withdraw"),
    path("<slug:list_slug>/", views.detail, name="detail"),
    path("<slug:list_slug>/de-nghi/", views.propose, name="propose"),
]
