"""Papers of the room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from junheng.web.records.labels import register

register({"rotation.paper.downloaded": _("下载公文")})
