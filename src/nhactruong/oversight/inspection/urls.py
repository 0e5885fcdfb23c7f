"""Addresses of this app."""

from __future__ import annotations

from django.urls import path

from nhactruong.oversight.inspection import views

app_name = "inspection"
urlpatterns = [
    path("nhat-ky/", views.record, name="record"),
    path("nhat-ky/xuat/", views.export, name="export"),
    path("nhat-ky/lich-su/<uuid:public_id>/", views.history, name="history"),
    path("nhat-ky/ai-da-xem/<uuid:public_id>/", views.readers, name="readers"),
    path("nhat-ky/canh-bao/", views.alerts, name="alerts"),
    path("nhat-ky/canh-bao/<uuid:public_id>/", views.alert, name="alert"),
    path("nhat-ky/canh-bao/<uuid:public_id>/ghi-nhan/", views.note_alert, name="note_alert"),
    path("khan-cap/", views.emergencies, name="emergencies"),
    path("khan-cap/de-nghi/", views.ask_emergency, name="ask_emergency"),
    path("khan-cap/<uuid:public_id>/", views.emergency, name="emergency"),
    path("khan-cap/<uuid:public_id>/duyet/", views.allow_emergency, name="allow_emergency"),
    path("khan-cap/<uuid:public_id>/khong-duyet/", views.refuse_emergency, name="refuse_emergency"),
    path("khan-cap/<uuid:public_id>/mo/", views.open_emergency, name="open_emergency"),
    path("khan-cap/<uuid:public_id>/ket-thuc/", views.close_emergency, name="close_emergency"),
    path("khan-cap/<uuid:public_id>/rut/", views.withdraw_emergency, name="withdraw_emergency"),
    path("khan-cap/<uuid:public_id>/hau-kiem/", views.review_emergency, name="review_emergency"),
    path("quan-tri/vi-sao-thay/", views.explain, name="explain"),
]
