"""What can be wrong with interchange files, said in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

EXPECTED: dict[str, tuple[str, str]] = {
    "file": ("缺少此文件,请补上", "the file is missing, please add it"),
    "utf8": ("请另存为 UTF-8 编码", "save the file as UTF-8"),
    "json": ("不是有效的 JSON:{detail}", "not valid JSON: {detail}"),
    "column": ("缺少此列,请补上", "the column is missing, please add it"),
    "one_column": ("此列只能出现一次", "the column may appear only once"),
    "filled": ("请填写,不能为空", "must not be empty"),
    "word": ("请填写 {detail} 之一", "one of {detail}"),
    "whole": ("请填写整数({detail})", "a whole number ({detail})"),
    "number": ("请填写数字", "a number"),
    "share": ("请填写 0 到 1 之间的数,如 0.05", "a number from 0 to 1, such as 0.05"),
    "yes_no": ("请填写 1(是)或 0(否)", "1 (yes) or 0 (no)"),
    "list": ("请填写列表", "a list"),
    "object": ("请填写对象", "an object"),
    "known_key": ("没有此项,是否想写 {detail}", "no such entry; did you mean {detail}?"),
    "school": ("schools.csv 中没有此学校 {detail}", "a school unit of schools.csv {detail}"),
    "teacher": ("teachers.csv 中没有此教师", "a teacher of teachers.csv"),
    "spouse": ("请填写 teachers.csv 中另一位教师,或留空", "another teacher of teachers.csv, or empty"),
    "own_stage": ("应与所在学校学段一致:{detail}", "the stage of the teacher's school: {detail}"),
    "unique": ("与第 {detail} 行重复,请删去一行", "repeats row {detail}, remove one"),
}
"""By code: what is expected, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: file, row (the header is row 1; ``None`` for the file), column, value and
    expectation.
    """

    file: str
    row: int | None
    column: str
    value: str
    expected: str
    detail: str = ""

    def sentence(self, lang: str = "zh") -> str:
        """The fault as a sentence in ``zh`` or ``en``."""
        zh = lang == "zh"
        wanted = EXPECTED[self.expected][0 if zh else 1].format(detail=self.detail).strip()
        row = "" if self.row is None else (f" 第{self.row}行" if zh else f" row {self.row}")
        column = "" if not self.column else (f"「{self.column}」" if zh else f" “{self.column}”")
        found = "" if not self.value else (f"填的是 {self.value!r}," if zh else f"found {self.value!r}, expected ")
        return f"{self.file}{row}{column}:{found}{wanted}" if zh else f"{self.file}{row}{column}: {found}{wanted}"


class InterchangeError(ValueError):
    """Interchange files that cannot be read, with every fault."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(self.describe())

    def describe(self, lang: str = "zh") -> str:
        """All faults, one a line."""
        return "\n".join(fault.sentence(lang) for fault in self.faults)
