"""``junheng web …``: what an administrator types on the server; loaded when such a command is called."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from junheng.cli.catalogue import Catalogue, Entry, language_of
from junheng.cli.speaking import Voice


@dataclass(frozen=True, slots=True)
class WebEntry(Entry):
    """A command that needs Django, which is made ready before the command's module is loaded."""

    def load(self, name: str, arguments: Sequence[str] = ()) -> Any:
        """The command, or the end of the call with what to install or to mend."""
        ready_django(Voice(language_of(arguments), as_json=False))
        return Entry.load(self, name, arguments)


def ready_django(voice: Voice) -> None:
    """Readies Django once; ends the command where it is not installed or its environment is malformed."""
    if find_spec("django") is None:
        voice.refuse("在线平台没有安装", "the web is not installed", details=["pip install 'junheng[web]'"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng.web.settings")
    import django  # noqa: PLC0415 - the library works without it
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        django.setup()
    except ImproperlyConfigured as fault:
        voice.refuse("设置有误", "the settings are malformed", details=[str(fault)])


WEB = Catalogue(
    "web",
    "在线平台：演示、启动、备份、核验",
    "the bureau online: demo, serve, backup, verify",
    {
        "demo": WebEntry(
            "junheng.cli.web.demo",
            "demo",
            "准备一个虚构县的演示数据，列出各角色账号",
            "prepares a fictional county and lists an account per role",
        ),
        "serve": WebEntry(
            "junheng.cli.web.serving", "serve", "启动网站和后台任务", "starts the web server and the worker"
        ),
        "worker": WebEntry("junheng.cli.web.serving", "worker", "只启动后台任务", "starts the background worker alone"),
        "migrate": WebEntry(
            "junheng.cli.web.preparing", "migrate", "建立或升级数据库", "makes or upgrades the database"
        ),
        "administrators": WebEntry(
            "junheng.cli.web.founding",
            "administrators",
            "在空库中建立本县和首批三位管理员",
            "makes the county and its first three administrators",
        ),
        "digest": WebEntry(
            "junheng.cli.web.keeping", "digest", "全部业务数据的一个摘要", "one digest of all business data"
        ),
        "backup": WebEntry("junheng.cli.web.keeping", "backup", "在运行中备份", "backs up while running"),
        "restore": WebEntry("junheng.cli.web.keeping", "restore", "从备份恢复", "restores from a backup"),
        "audit": Catalogue(
            "audit",
            "留痕：核验、锚点",
            "the audit chain: verify, anchor",
            {
                "verify": WebEntry(
                    "junheng.cli.web.auditing",
                    "verify",
                    "核验留痕链，指出第一处断裂",
                    "verifies the chain and names the first broken link",
                ),
                "anchor": WebEntry(
                    "junheng.cli.web.auditing", "anchor", "打印链首，供外部留存", "prints the head for others to keep"
                ),
            },
        ),
    },
)
