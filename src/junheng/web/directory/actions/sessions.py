"""Ending sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from junheng.web.directory.models import User


def end_sessions(user: User, *, but: str = "") -> int:
    """End every session of the account, but for the one of that key; gives how many were open.

    Runs in the caller's transaction: what ends the sessions writes the audit row.
    """
    held = UserSession.objects.filter(user=user).exclude(session_key=but)
    keys = list(held.values_list("session_key", flat=True))
    open_ones = Session.objects.filter(session_key__in=keys)
    ended = open_ones.count()
    open_ones.delete()
    held.delete()
    return ended
