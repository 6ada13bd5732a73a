"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from junheng.web.directory.views import grants, organisations, policy, search, ties, users

app_name = "directory"
urlpatterns = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/add/", organisations.add, name="organisation_add"),
    path("organisations/<int:pk>/rename/", organisations.rename, name="organisation_rename"),
    path("organisations/<int:pk>/move/", organisations.move, name="organisation_move"),
    path("organisations/<int:pk>/close/", organisations.close, name="organisation_close"),
    path("organisations/<int:pk>/reopen/", organisations.reopen, name="organisation_reopen"),
    path("organisations/<int:pk>/order/", organisations.reorder, name="organisation_order"),
    path("organisations/<int:pk>/ties/add/", ties.add, name="tie_add"),
    path("ties/<int:pk>/end/", ties.end, name="tie_end"),
    path("users/", users.users, name="users"),
    path("users/open/", users.open_one, name="user_open"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/edit/", users.edit, name="user_edit"),
    path("users/<int:pk>/switch/", users.switch, name="user_switch"),
    path("users/<int:pk>/password/", users.reset_password, name="user_password"),
    path("users/<int:pk>/code/", users.renew_code, name="user_code"),
    path("users/<int:pk>/second-factor/", users.reset_second_factor, name="user_second_factor"),
    path("users/<int:pk>/grants/add/", grants.add, name="grant_add"),
    path("grants/<int:pk>/revoke/", grants.revoke, name="grant_revoke"),
    path("deputies/", grants.deputies, name="deputies"),
    path("deputies/<int:pk>/name/", grants.name_deputy, name="deputy_name"),
    path("deputies/<int:pk>/end/", grants.end_deputy, name="deputy_end"),
    path("policy/", policy.access_policy, name="access_policy"),
    path("search/", search.search, name="search"),
]
