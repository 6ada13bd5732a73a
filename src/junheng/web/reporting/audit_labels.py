"""What this room's actions are called in the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from junheng.web.records.labels import register

register({"reporting.demo.prepared": _("准备演示数据")})
