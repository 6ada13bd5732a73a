"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.records.views import attachments, audit, hooks, jobs, notices

app_name = "records"
urlpatterns: list[URLPattern] = [
    # --- trail ---
    path("audit/", audit.AuditList.as_view(), name="audit"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
    path("audit/<int:number>/", audit.audit_event, name="audit_event"),
    # --- files ---
    path("files/<str:token>/", attachments.attachment, name="attachment"),
    # --- news ---
    path("notifications/", notices.notifications, name="notifications"),
    path("notifications/read/", notices.read_all, name="notifications_read"),
    path("notifications/choice/", notices.choose, name="notifications_choice"),
    path("notifications/<int:pk>/", notices.open_notification, name="notification"),
    path("hooks/", hooks.hooks, name="hooks"),
    path("hooks/new/", hooks.hook, name="hook_new"),
    path("hooks/<int:pk>/", hooks.hook, name="hook"),
    path("hooks/<int:pk>/switch/", hooks.switch_hook, name="hook_switch"),
    path("hooks/<int:pk>/try/", hooks.try_hook, name="hook_try"),
    # --- jobs ---
    path("jobs/", jobs.JobsPage.as_view(), name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel_job, name="job_cancel"),
    # --- end of jobs ---
]
