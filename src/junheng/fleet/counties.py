"""The counties of a fleet: a folder of county files, with an index or without.

A county is a Parquet file (:mod:`junheng.documents.columnar`), a county workbook, or a folder in the interchange form.
They lie in the folder itself or one level below, where the name of the sub-folder is the province (or prefecture).
``counties.csv`` (``id,name,province,region,teachers,schools,file``), which ``junheng synth`` writes, says it outright.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Form = Literal["columnar", "workbook", "problem"]
INDEX = "counties.csv"
INDEX_COLUMNS = ("id", "name", "province", "region", "teachers", "schools", "file")
ENDINGS: dict[str, Form] = {".parquet": "columnar", ".xlsx": "workbook"}
BYTES_A_TEACHER: dict[Form, int] = {"columnar": 85, "workbook": 450, "problem": 110}
"""About how large a file is for each teacher: which county to begin with, where no index says its size."""


class FleetError(ValueError):
    """A fleet that cannot be planned; ``zh`` and ``en`` say what was found and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class CountyFile:
    """A county that waits to be planned. ``teachers`` is an estimate by the size of the file where no index says."""

    id: str
    name: str
    province: str
    path: Path
    form: Form
    teachers: int

    def files(self) -> list[Path]:
        """The files that the county consists of."""
        if self.path.is_dir():
            return sorted(path for path in self.path.iterdir() if path.suffix in (".csv", ".json"))
        return [self.path]

    def digest(self) -> str:
        """SHA-256 of names and contents."""
        digest = hashlib.sha256()
        for path in self.files():
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode() + content)
        return digest.hexdigest()

    def content(self) -> dict[str, bytes]:
        """The files by name, as they travel to a worker that does not see this disk."""
        return {path.name: path.read_bytes() for path in self.files()}


def find_counties(folder: Path) -> tuple[CountyFile, ...]:
    """The counties in a folder, largest first.

    Raises :class:`FleetError` for a folder without counties, an index that names a file that is not there, or two
    counties with one id.
    """
    if not folder.is_dir():
        raise FleetError(f"没有文件夹 {folder}", f"there is no folder {folder}")
    index = folder / INDEX
    found = _indexed(index) if index.is_file() else list(_scanned(folder))
    if not found:
        raise FleetError(
            f"{folder} 里没有县区文件（.parquet、.xlsx 或问题文件夹）；可用 junheng synth province 造一批",
            f"{folder} holds no county (.parquet, .xlsx or problem folder); junheng synth province makes some",
        )
    odd = next((each.id for each in found if not re.fullmatch(r"[^\W_][\w.()（） +-]*", each.id)), None)
    if odd is not None:
        raise FleetError(
            f"{folder}：“{odd}”不能作县区编号，请用字母、数字、汉字、点和横线",
            f"{folder}: {odd!r} cannot be a county's id; use letters, digits, dots and dashes",
        )
    twice = sorted(name for name, count in Counter(each.id for each in found).items() if count > 1)
    if twice:
        raise FleetError(
            f"{folder} 里有重名的县区：{'、'.join(twice[:5])}，请改文件名",
            f"{folder} has several counties called {', '.join(twice[:5])}; rename the files",
        )
    return tuple(sorted(found, key=lambda each: (-each.teachers, each.id)))


def _indexed(index: Path) -> list[CountyFile]:
    with index.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for number, row in enumerate(rows, start=2):
        lacking = [column for column in ("id", "file") if not row.get(column)]
        path = index.parent / (row.get("file") or "")
        if lacking or (form := _form(path)) is None:
            what = "、".join(lacking) or str(row.get("file"))
            raise FleetError(
                f"{index} 第{number}行：{what} 缺失或不是县区文件；应为 {','.join(INDEX_COLUMNS)}",
                f"{index} row {number}: {what} is missing or no county; expected {','.join(INDEX_COLUMNS)}",
            )
        size = row.get("teachers") or ""
        teachers = int(size) if size.isdigit() else _estimated(path, form)
        found.append(
            CountyFile(row["id"], row.get("name") or row["id"], row.get("province") or "", path, form, teachers)
        )
    return found


def _scanned(folder: Path) -> Iterator[CountyFile]:
    for path in sorted(folder.iterdir()):
        if (form := _form(path)) is not None:
            yield _found(path, form, "")
        elif path.is_dir():
            for inner in sorted(path.iterdir()):
                if (form := _form(inner)) is not None:
                    yield _found(inner, form, path.name)


def _found(path: Path, form: Form, province: str) -> CountyFile:
    return CountyFile(path.stem, path.stem, province, path, form, _estimated(path, form))


def _form(path: Path) -> Form | None:
    """What kind of county is there, ``None`` where there is none; open workbooks' lock files are none."""
    if path.is_dir():
        return "problem" if (path / "policy.json").is_file() and (path / "teachers.csv").is_file() else None
    return ENDINGS.get(path.suffix) if path.is_file() and not path.name.startswith(("~", ".")) else None


def _estimated(path: Path, form: Form) -> int:
    files = path.iterdir() if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files) // BYTES_A_TEACHER[form]


def write_index(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Writes the index of a fleet, rows as :data:`INDEX_COLUMNS`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(INDEX_COLUMNS)
        writer.writerows(rows)
