"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.masterdata.catalogue.views import once, personal, quality, sets

app_name = "catalogue"
urlpatterns = [
    path("", sets.listed, name="list"),
    path("chat-luong/", quality.listed, name="quality"),
    path("chat-luong/<slug:check>/", quality.detail, name="check"),
    path("mot-lan/", once.once, name="once"),
    path("ca-nhan/", personal.people, name="people"),
    path("ca-nhan/<uuid:public_id>/", personal.about, name="person"),
    path("ca-nhan/<uuid:public_id>/dinh-chinh/", personal.correct, name="correct"),
    path("<slug:dataset>/", sets.detail, name="detail"),
]
