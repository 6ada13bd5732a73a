"""Readying the database."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from junheng.cli.speaking import Lang, LangOption, Voice
from junheng.cli.web.refusing import not_ready


def migrate(lang: LangOption = Lang.ZH) -> None:
    """Makes or upgrades the database and the folder of data."""
    voice = Voice(lang, as_json=False)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as fault:
        not_ready(voice, fault)
    voice.say("数据库已就绪", "the database is ready")
