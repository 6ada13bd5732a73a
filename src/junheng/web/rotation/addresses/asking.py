"""Addresses of the part: the teacher's own pages, applications, deferrals, schools' nominations, review."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.views import asking, asking_paper, reliefs, reviewing, schooling

_ONE = "<int:pk>/applications/<int:application>/"
_SCHOOL = "<int:pk>/nominations/<int:school>/"

urlpatterns: list[URLPattern] = [
    path("<int:pk>/own/", asking.own, name="own"),
    path("<int:pk>/apply/", asking.apply, name="apply"),
    path("<int:pk>/asking/", asking.asking_settings, name="asking_settings"),
    path("<int:pk>/applications/", reviewing.ApplicationList.as_view(), name="applications"),
    path(_ONE, reviewing.application, name="application"),
    path(f"{_ONE}receipt/", asking.receipt, name="receipt"),
    path(f"{_ONE}change/", asking.application_change, name="application_change"),
    path(f"{_ONE}paper/", asking_paper.paper_change, name="paper_change"),
    path(f"{_ONE}paper/withdrawal/", asking_paper.paper_withdraw, name="paper_withdraw"),
    path(f"{_ONE}withdraw/", asking.application_withdraw, name="application_withdraw"),
    path(f"{_ONE}opinion/", schooling.application_opinion, name="application_opinion"),
    path(f"{_ONE}return/", schooling.application_return, name="application_return"),
    path(f"{_ONE}extend/", reviewing.application_extend, name="application_extend"),
    path("<int:pk>/reliefs/", reliefs.ReliefList.as_view(), name="reliefs"),
    path("<int:pk>/reliefs/new/", reliefs.relief_new, name="relief_new"),
    path("<int:pk>/reliefs/<int:relief>/", reliefs.relief, name="relief"),
    path("<int:pk>/reliefs/<int:relief>/withdraw/", reliefs.relief_withdraw, name="relief_withdraw"),
    path("<int:pk>/reliefs/<int:relief>/decide/", reliefs.relief_decide, name="relief_decide"),
    path("<int:pk>/nominations/", schooling.nominations, name="nominations"),
    path(_SCHOOL, schooling.school_nominations, name="school_nominations"),
    path(f"{_SCHOOL}new/", schooling.nominate, name="nominate"),
    path(f"{_SCHOOL}paper/", asking_paper.paper_people, name="paper_people"),
    path(f"{_SCHOOL}paper/<int:teacher>/", asking_paper.paper_application, name="paper_application"),
    path(f"{_SCHOOL}notice/", schooling.school_notice_new, name="school_notice_new"),
    path(f"{_SCHOOL}notice/<int:notice>/", schooling.school_notice_close, name="school_notice_close"),
    path(f"{_SCHOOL}sign/", schooling.school_sign, name="school_sign"),
    path("<int:pk>/people-meetings/<int:meeting>/", schooling.people_meeting, name="people_meeting"),
    path(f"{_SCHOOL}discussion/", schooling.discussion_new, name="discussion_new"),
    path("<int:pk>/joint-meetings/<int:organisation>/", schooling.joint_meeting_new, name="joint_meeting_new"),
    path("<int:pk>/reviews/", reviewing.reviews, name="reviews"),
]
