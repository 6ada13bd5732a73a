"""Tells rooms above that an organisation has changed, within the transaction of the change."""

from __future__ import annotations

from django.dispatch import Signal

organisation_changed = Signal()
"""Sent with ``organisation``, ``what`` (``added``, ``renamed``, ``moved``, ``closed``, ``reopened``), ``on``, ``by``.

A receiver that raises undoes the change.
"""
