"""Addresses of terms, the reserve, open selection and moves of cadres."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.rotation.views import cadres, selecting, studies

urlpatterns: list[URLPattern] = [
    path("<int:pk>/terms/", cadres.terms, name="terms"),
    path("<int:pk>/terms/new/", cadres.term_new, name="term_new"),
    path("<int:pk>/terms/<int:term_pk>/review/", cadres.term_review, name="term_review"),
    path("<int:pk>/reserve/", cadres.ReserveList.as_view(), name="reserve"),
    path("<int:pk>/reserve/new/", cadres.reserve_new, name="reserve_new"),
    path("<int:pk>/reserve/<int:entry_pk>/remove/", cadres.reserve_remove, name="reserve_remove"),
    path("<int:pk>/studies/", studies.StudyList.as_view(), name="studies"),
    path("<int:pk>/studies/new/", studies.study_new, name="study_new"),
    path("<int:pk>/studies/<int:study_pk>/strike/", studies.study_strike, name="study_strike"),
    path("<int:pk>/open-posts/", selecting.open_posts, name="open_posts"),
    path("<int:pk>/open-posts/<int:post_pk>/apply/", selecting.post_apply, name="post_apply"),
    path("<int:pk>/post-applications/", selecting.PostApplicationList.as_view(), name="post_applications"),
    path("<int:pk>/post-applications/<int:key>/", selecting.post_application, name="post_application"),
    path(
        "<int:pk>/post-applications/<int:key>/withdraw/",
        selecting.post_application_withdraw,
        name="post_application_withdraw",
    ),
    path(
        "<int:pk>/post-applications/<int:key>/propose/",
        selecting.post_application_propose,
        name="post_application_propose",
    ),
    path("<int:pk>/open-posts/new/", cadres.open_post_new, name="open_post_new"),
    path("<int:pk>/cadre-moves/", cadres.cadre_moves, name="cadre_moves"),
    path("<int:pk>/cadre-moves/new/", cadres.cadre_move_new, name="cadre_move_new"),
    path("<int:pk>/cadre-moves/<int:move_pk>/", cadres.cadre_move, name="cadre_move"),
    path("<int:pk>/cadre-moves/<int:move_pk>/confirm/", cadres.cadre_move_confirm, name="cadre_move_confirm"),
    path("<int:pk>/cadre-moves/<int:move_pk>/withdraw/", cadres.cadre_move_withdraw, name="cadre_move_withdraw"),
]
