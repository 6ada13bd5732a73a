"""Why something is refused, in words for the page."""

from __future__ import annotations


class RefusedError(Exception):
    """A step that the rules do not allow now. Nothing has been written; the text is for whoever asked."""
