"""The blank workbook: a guide, every sheet with headers, notes and dropdowns, and the code lists behind them."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from junheng.documents.columns import CODES_SHEET, GUIDE_SHEET, SHEETS, Column, Kind, Sheet
from junheng.documents.paper import Paper, paper
from junheng.facts.codes import Code

_LAST_ROW = 60_000
_YES_NO = {"zh": ["是", "否"], "en": ["yes", "no"]}
_AS_NUMBER = {Kind.INTEGER, Kind.NUMBER}

_GUIDE = {
    "zh": (
        "填写说明",
        "一、每张表第一行是表头，列的顺序可以调整，不要改表头文字；红字表头为必填。",
        "二、表头上的批注说明每列怎么填；有下拉箭头的列请从列表中选择。",
        "三、日期可填 2009-09、2009.09、2009年9月或完整日期；身份证号、工号、学校代码按文本填写。",
        "四、可选工作表可以整张删除；多出的列须删除，或另备映射文件。",
        "五、含身份证号、健康、处分等个人敏感信息，请按规定保管，勿通过公共渠道传送。",
    ),
    "en": (
        "How to fill in this workbook",
        "1. The first row of each sheet holds the headers; columns may stand in any order. Red headers are required.",
        "2. Notes on the headers say what to fill in; columns with an arrow take a value from the list.",
        "3. Dates may be 2009-09, 2009.09 or full dates; ID numbers, teacher numbers and school codes are text.",
        "4. Optional sheets may be deleted; columns of your own must be deleted or named in a mapping file.",
        "5. The workbook holds sensitive personal data: keep it as the rules require.",
    ),
}
_GUIDE_HEADERS = {
    "zh": ("工作表", "列", "必填", "填写内容", "示例", "可选值"),
    "en": ("Sheet", "Column", "Required", "What to fill in", "Example", "Values"),
}


def write_template(path: Path | str, lang: str = "zh") -> None:
    """Write the blank county workbook in ``zh`` or ``en``; both are read alike."""
    with paper(path) as sheets:
        write_guide(sheets, lang)
        lists = CodeLists(lang)
        for sheet in SHEETS:
            worksheet = sheets.workbook.add_worksheet(sheet.title(lang))
            write_headers(sheets, worksheet, sheet, lang)
            for number, column in enumerate(sheet.columns):
                lists.add_dropdown(worksheet, number, column)
        lists.write(sheets)


def write_guide(sheets: Paper, lang: str) -> None:
    """The sheet that says how to fill in the others. It is never read."""
    worksheet = sheets.workbook.add_worksheet(GUIDE_SHEET[lang])
    worksheet.set_column(0, 1, 20)
    worksheet.set_column(2, 2, 6)
    worksheet.set_column(3, 5, 44)
    for row, line in enumerate(_GUIDE[lang]):
        sheets.text(worksheet, row, 0, line, "text" if row else "title")
    top = len(_GUIDE[lang]) + 1
    for number, header in enumerate(_GUIDE_HEADERS[lang]):
        sheets.text(worksheet, top, number, header, "header")
    row = top
    for sheet in SHEETS:
        row += 1
        need = {"zh": "必填表", "en": "required sheet"} if sheet.required else {"zh": "可选表", "en": "optional sheet"}
        for number, text in enumerate((sheet.title(lang), "", "", f"{sheet.help(lang)}（{need[lang]}）")):
            sheets.text(worksheet, row, number, text, "wrapped")
        for column in sheet.columns:
            row += 1
            for number, text in enumerate(_guide_line(sheet, column, lang)):
                sheets.text(worksheet, row, number, text, "wrapped")
    worksheet.freeze_panes(top + 1, 0)


def _guide_line(sheet: Sheet, column: Column, lang: str) -> tuple[str, ...]:
    values = "、".join(code.label(lang) for code in column.codes) if column.codes else ""
    required = _YES_NO[lang][0] if column.required else ""
    return (sheet.title(lang), column.header(lang), required, column.help(lang), _example(column, lang), values)


def _example(column: Column, lang: str) -> str:
    if lang == "en" and column.codes is not None and column.example:
        return ", ".join(column.codes.read(part).en for part in column.example.split("、"))
    return (
        _YES_NO["en"][_YES_NO["zh"].index(column.example)]
        if lang == "en" and column.example in _YES_NO["zh"]
        else column.example
    )


def write_headers(sheets: Paper, worksheet: Worksheet, sheet: Sheet, lang: str) -> None:
    """Row 1: headers with notes, frozen; columns of text keep what is typed as text."""
    for number, column in enumerate(sheet.columns):
        header = column.header(lang)
        width = max(9, min(26, 2 * len(header) + 3 if lang == "zh" else len(header) + 3))
        worksheet.set_column(number, number, width, None if column.kind in _AS_NUMBER else sheets.format("text"))
        sheets.text(worksheet, 0, number, header, "required" if column.required else "header")
        example = _example(column, lang)
        note = column.help(lang) + ((f"\n例：{example}" if lang == "zh" else f"\ne.g. {example}") if example else "")
        worksheet.write_comment(0, number, note, {"x_scale": 1.6, "author": "Junheng"})
    worksheet.freeze_panes(1, 2 if len(sheet.columns) > 4 else 0)


class CodeLists:
    """The hidden sheet behind the dropdowns, since a list written into a cell's rule holds 255 characters at most."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._lists: list[tuple[str, list[str]]] = []

    def add_dropdown(self, worksheet: Worksheet, number: int, column: Column) -> None:
        """Give a column of a sheet its dropdown; a column without a list gets none."""
        if column.kind is Kind.YES_NO:
            source = self._place("yes_no", _YES_NO[self._lang])
        elif column.codes is not None:
            source = self._place(column.codes.__name__, self._labels(column.codes))
        else:
            return
        # Several values in a cell, and the older names that reading accepts, are not in the list: warn, do not refuse.
        worksheet.data_validation(
            1,
            number,
            _LAST_ROW,
            number,
            {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True},
        )

    def _labels(self, codes: type[Code]) -> list[str]:
        return [code.label(self._lang) for code in codes]

    def _place(self, name: str, labels: list[str]) -> str:
        names = [known for known, _labels in self._lists]
        if name not in names:
            self._lists.append((name, labels))
            names.append(name)
        letter = xl_col_to_name(names.index(name))
        return f"='{CODES_SHEET[self._lang]}'!${letter}$2:${letter}${len(labels) + 1}"

    def write(self, sheets: Paper) -> None:
        """Write the lists, hidden, as the last sheet."""
        worksheet = sheets.workbook.add_worksheet(CODES_SHEET[self._lang])
        for number, (name, labels) in enumerate(self._lists):
            sheets.text(worksheet, 0, number, name, "header")
            for row, label in enumerate(labels, start=1):
                sheets.text(worksheet, row, number, label)
        worksheet.hide()
