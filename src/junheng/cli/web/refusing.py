"""What several commands say when the database cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from junheng.cli.speaking import Voice


def not_ready(voice: Voice, fault: DatabaseError) -> NoReturn:
    """Ends the command: the database does not answer, lacks its tables, or refused."""
    said = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
    steps = _steps_lacking()
    file = Path(str(connection.settings_dict["NAME"]))
    if steps is None and connection.vendor == "sqlite" and not file.exists():
        voice.refuse(
            "没有找到数据库文件。请检查 JUNHENG_DATA_DIR；第一次使用，请先运行：junheng web migrate",
            "there is no database file. Check JUNHENG_DATA_DIR; before the first use, run: junheng web migrate",
            details=[str(file)],
        )
    if steps is None:
        voice.refuse(
            "数据库连不上。请检查 DATABASE_URL、JUNHENG_DATA_DIR，以及数据库是否在运行。",
            "the database does not answer. Check DATABASE_URL, JUNHENG_DATA_DIR and whether the database runs.",
            details=[said],
        )
    if steps:
        voice.refuse(
            f"数据库还没有建好，或还差 {steps} 步升级。请运行：junheng web migrate",
            f"the database is not made yet or lacks {steps} steps. Run: junheng web migrate",
            details=[said],
        )
    voice.refuse("数据库没有完成这件事", "the database did not do this", details=[said])


def _steps_lacking() -> int | None:
    """How many steps of the database are still to be taken; ``None`` where nobody can tell."""
    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except OperationalError:
        return None
