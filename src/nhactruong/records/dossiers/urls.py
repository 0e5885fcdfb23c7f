"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.records.dossiers import views

app_name = "dossiers"
urlpatterns = [
    path("", views.dossier_list, name="list"),
    path("moi/", views.new, name="new"),
    path("<uuid:public_id>/", views.detail, name="detail"),
    path("<uuid:public_id>/tim-van-ban/", views.candidates, name="candidates"),
    path("<uuid:public_id>/them/", views.file, name="file"),
    path("<uuid:public_id>/bo/", views.remove, name="remove"),
    path("<uuid:public_id>/ket-thuc/", views.close, name="close"),
]
