"""Addresses of preparation."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.views import documents, preparing

urlpatterns: list[URLPattern] = [
    path("<int:pk>/pack/", preparing.pack, name="pack"),
    path("<int:pk>/pack/parameters/", preparing.parameters, name="parameters"),
    path("<int:pk>/what-if/", preparing.what_if, name="what_if"),
    path("<int:pk>/bodies/", preparing.bodies, name="bodies"),
    path("<int:pk>/bodies/new/", preparing.body_new, name="body_new"),
    path("<int:pk>/bodies/<int:body_pk>/", preparing.body, name="body"),
    path("<int:pk>/meetings/", preparing.MeetingList.as_view(), name="meetings"),
    path("<int:pk>/meetings/new/", preparing.meeting_new, name="meeting_new"),
    path("<int:pk>/meetings/<int:meeting_pk>/", preparing.meeting, name="meeting"),
    path("<int:pk>/quotas/", preparing.quotas, name="quotas"),
    path("<int:pk>/quotas/publish/", preparing.quotas_publish, name="quotas_publish"),
    path("<int:pk>/needs/", preparing.needs, name="needs"),
    path("<int:pk>/needs/publish/", preparing.needs_publish, name="needs_publish"),
    path("<int:pk>/documents/", documents.DocumentList.as_view(), name="papers"),
    path("<int:pk>/documents/new/", documents.document_new, name="document_new"),
    path("<int:pk>/documents/<int:document_pk>/", documents.document, name="document"),
    path("<int:pk>/documents/<int:document_pk>/edit/", documents.document_edit, name="document_edit"),
    path("<int:pk>/documents/<int:document_pk>/read/", documents.acknowledge, name="document_read"),
    path("<int:pk>/documents/<int:document_pk>/sign/", documents.sign, name="document_sign"),
    path("<int:pk>/documents/<int:document_pk>/issue/", documents.issue, name="document_issue"),
]
