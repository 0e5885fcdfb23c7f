"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.changes.views import collecting, deciding, requesting, showing

app_name = "changes"
urlpatterns = [
    path("", showing.listed, name="list"),
    path("moi/", requesting.choose, name="choose"),
    path("moi/nguoi/", requesting.people, name="people"),
    path("moi/<slug:kind>/", requesting.new, name="new"),
    path("<uuid:public_id>/", showing.detail, name="detail"),
    path("<uuid:public_id>/duyet/", deciding.approve, name="approve"),
    path("<uuid:public_id>/khong-duyet/", deciding.refuse, name="refuse"),
    path("<uuid:public_id>/ma/", collecting.collect, name="collect"),
    path("<uuid:public_id>/rut/", deciding.withdraw, name="withdraw"),
]
