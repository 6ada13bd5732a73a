"""Addresses of the part."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.views import months, recalling, service, service_lists, visits

urlpatterns: list[URLPattern] = [
    path("<int:pk>/service/", service.ServiceList.as_view(), name="services"),
    path("<int:pk>/service/settings/", service_lists.service_settings, name="service_settings"),
    path("<int:pk>/service/targets/", service_lists.development_targets, name="development_targets"),
    path("<int:pk>/service/<int:placement>/", service.service, name="service"),
    path("<int:pk>/service/<int:placement>/add/<slug:what>/", service.service_add, name="service_add"),
    path("<int:pk>/service/<int:placement>/safeguards/", service.safeguards_lay, name="safeguards_lay"),
    path("<int:pk>/service/<int:placement>/<slug:what>/<int:row>/", service.service_row, name="service_row"),
    path("<int:pk>/months/", months.months, name="months"),
    path("<int:pk>/months/<int:school>/<str:month>/", months.month_school, name="month_school"),
    path("<int:pk>/months/<int:school>/<str:month>/write/", months.month_write, name="month_write"),
    path("<int:pk>/months/reports/<int:report>/", months.month_decide, name="month_decide"),
    path("<int:pk>/months/meetings/new/", months.meeting_new, name="sharing_new"),
    path("<int:pk>/months/meetings/<int:meeting>/", months.meeting_record, name="sharing_record"),
    path("<int:pk>/problems/", service_lists.ProblemList.as_view(), name="problems"),
    path("<int:pk>/changes/", service_lists.ChangeList.as_view(), name="changes"),
    path("<int:pk>/deductions/", service_lists.DeductionList.as_view(), name="deductions"),
    path("<int:pk>/secondments/", recalling.secondments, name="secondments"),
    path("<int:pk>/secondments/<int:teacher>/recall/", recalling.recall_new, name="recall_new"),
    path("<int:pk>/secondments/recalls/<int:recall>/", recalling.recall_settle, name="recall_settle"),
    path("<int:pk>/journal/", service_lists.journal, name="journal"),
    path("<int:pk>/visits/", visits.visits, name="visits"),
    path("<int:pk>/visits/new/", visits.visit_new, name="visit_new"),
    path("<int:pk>/visits/leader/", visits.leader_new, name="leader_new"),
    path("<int:pk>/allowances/", visits.allowances, name="allowances"),
    path("<int:pk>/allowances/rate/", visits.rate_new, name="rate_new"),
    path("<int:pk>/allowances/lay/", visits.allowances_lay, name="allowances_lay"),
    path("<int:pk>/allowances/<int:row>/paid/", visits.allowance_paid, name="allowance_paid"),
]
