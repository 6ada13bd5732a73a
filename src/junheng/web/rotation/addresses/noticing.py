"""Addresses of the part; those below ``public/`` are for everybody."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from junheng.web.rotation.views import notices, own_plan, public


class StepConverter:
    """A step of dealing with an objection."""

    regex = "assign|find|answer"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(StepConverter, "objection_step")
urlpatterns: list[URLPattern] = [
    path("<int:pk>/notices/", notices.NoticeList.as_view(), name="notices"),
    path("<int:pk>/notices/new/", notices.notice_new, name="notice_new"),
    path("<int:pk>/notices/<int:key>/", notices.notice, name="notice"),
    path("<int:pk>/notices/<int:key>/edit/", notices.notice_edit, name="notice_edit"),
    path("<int:pk>/notices/<int:key>/files/", notices.notice_file, name="notice_file"),
    path("<int:pk>/notices/<int:key>/publish/", notices.notice_publish, name="notice_publish"),
    path("<int:pk>/notices/<int:key>/withdraw/", notices.notice_withdraw, name="notice_withdraw"),
    path("<int:pk>/objections/", notices.ObjectionList.as_view(), name="objections"),
    path("<int:pk>/objections/<int:key>/", notices.objection, name="objection"),
    path("<int:pk>/objections/<int:key>/<objection_step:step>/", notices.objection_step, name="objection_step"),
    path("<int:pk>/own/plan/", own_plan.own_plan, name="own_plan"),
    path("<int:pk>/own/receipt/", own_plan.own_receipt, name="own_receipt"),
    path("public/", public.notices, name="public_notices"),
    path("public/<int:pk>/", public.notice, name="public_notice"),
    path("public/<int:pk>/files/<slug:token>/", public.notice_file, name="public_file"),
    path("public/<int:pk>/proof.zip", public.bundle, name="public_bundle"),
    path("public/<int:pk>/verify/", public.verify, name="public_verify"),
    path("public/<int:pk>/objections/new/", public.objection_new, name="public_objection"),
    path("public/<int:pk>/objections/status/", public.objection_status, name="public_objection_status"),
]
