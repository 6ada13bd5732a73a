"""Addresses of confirmation, verdicts and appeals."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.views import freezing

urlpatterns: list[URLPattern] = [
    path("<int:pk>/confirmations/", freezing.ConfirmationList.as_view(), name="confirmations"),
    path("<int:pk>/confirmations/own/", freezing.confirm, name="confirm"),
    path("<int:pk>/confirmations/<int:teacher_pk>/", freezing.confirm_in_stead, name="confirm_in_stead"),
    path("<int:pk>/verdicts/", freezing.VerdictList.as_view(), name="verdicts"),
    path("<int:pk>/verdicts/freeze/", freezing.freeze, name="freeze"),
    path("<int:pk>/verdicts/anew/", freezing.fix_anew, name="fix_anew"),
    path("<int:pk>/verdicts/served/", freezing.served, name="served"),
    path("<int:pk>/verdicts/<int:teacher_pk>/", freezing.verdict, name="verdict"),
    path("<int:pk>/appeals/", freezing.AppealList.as_view(), name="appeals"),
    path("<int:pk>/appeals/new/", freezing.appeal_new, name="appeal_new"),
    path("<int:pk>/appeals/<int:appeal_pk>/", freezing.appeal, name="appeal"),
    path("<int:pk>/appeals/<int:appeal_pk>/withdraw/", freezing.appeal_withdraw, name="appeal_withdraw"),
]
