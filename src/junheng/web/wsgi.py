"""The door for a web server: ``granian --interface wsgi junheng.web.wsgi:application``, ``--blocking-threads`` many."""

from __future__ import annotations

import gc
import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from junheng.web.interface.arriving import Reception

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng.web.settings")
sys.setswitchinterval(0.001)  # a fifth of the usual: who receives a request waits less for those who answer others
application = Reception(get_wsgi_application(), threads=settings.WEB_THREADS)
get_resolver().url_patterns  # noqa: B018 - every view is imported before the first request comes, not by it
gc.freeze()  # what was loaded stays until the end: no collection has to look at it
gc.set_threshold(20_000, 20, 20)  # a page makes some ten thousand objects that die with it
