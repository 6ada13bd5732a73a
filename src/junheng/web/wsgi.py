"""The door for a web server: ``granian --interface wsgi junheng.web.wsgi:application``, ``--blocking-threads`` many."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from junheng.web.interface.arriving import Reception

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng.web.settings")
application = Reception(get_wsgi_application(), threads=settings.WEB_THREADS)
