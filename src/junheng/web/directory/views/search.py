"""The page of the search in everything."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junheng.web.access import requires
from junheng.web.directory.search import MOST, find


@requires()
def search(request: HttpRequest) -> HttpResponse:
    """What is found for ``?q=``, by kind; htmx gets the hits alone."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    hits = find(request, words) if words else []
    groups = [(kind, list(rows)) for kind, rows in groupby(hits, key=lambda hit: str(hit.kind))]
    template = "directory/_hits.html" if getattr(request, "htmx", False) else "directory/search.html"
    return render(request, template, {"words": words, "groups": groups, "most": MOST, "count": len(hits)})
