"""The column of ours for each column of a foreign roster, chosen from lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from junheng.documents.columns import Column, Kind, Sheet
from junheng.documents.proposing import Choice, best_sheet, mapping_text, proposed_columns, unread_words
from junheng.web.staffing.intake.wording import language

_MOST_COLUMNS = 200


class MappingForm(forms.Form):
    """Fields made for the sheets and headers that a rehearsal found, as ``column-0-3`` or ``constant-0-stage``.

    A header left without a column of ours is left out of what is read.
    """

    name = forms.CharField(label=_("名称"), max_length=100)

    def __init__(self, *args: Any, sheets: list[dict[str, Any]], **given: Any) -> None:
        super().__init__(*args, **given)
        self._sheets = [(sheet, best_sheet([each["header"] for each in sheet["headers"]])) for sheet in sheets]
        for at, (sheet, to) in enumerate(self._sheets):
            self._add(at, sheet, to)

    def _add(self, at: int, sheet: dict[str, Any], to: Sheet) -> None:
        lang = language()
        proposed = proposed_columns([each["header"] for each in sheet["headers"]], to)
        choices = [("", _("不读取")), *((c.field, c.header(lang)) for c in to.columns if c.kind is not Kind.CHECK)]
        for number, each in enumerate(sheet["headers"][:_MOST_COLUMNS]):
            field = forms.ChoiceField(choices=choices, required=False, initial=proposed.get(each["header"], ""))
            self.fields[f"column-{at}-{number}"] = field
            of = proposed.get(each["header"], "")
            for word_at, word in enumerate(unread_words(each["words"], to, of) if of else []):
                self.fields[f"word-{at}-{number}-{word_at}"] = _word_field(to.column(of), word)
        for column in to.columns:
            if column.required and column.field not in proposed.values() and _may_be_constant(column):
                self.fields[f"constant-{at}-{column.field}"] = _constant_field(column)

    def clean(self) -> dict[str, Any]:
        """Each of our columns once in a sheet, and a column of numbers by which people are told apart."""
        given = super().clean() or {}
        for at, (sheet, to) in enumerate(self._sheets):
            chosen = [of for _header, of in self._columns(at, sheet) if of]
            twice = {of for of in chosen if chosen.count(of) > 1}
            for of in sorted(twice):
                self.add_error(None, _("“%s”选了两次，请只对应一列") % to.column(of).header(language()))
            if not chosen:
                self.add_error(None, _("工作表“%s”一列也没有对应") % sheet["name"])
        return given

    def parts(self) -> Iterator[dict[str, Any]]:
        """The fields by sheet and header, for the page."""
        for at, (sheet, to) in enumerate(self._sheets):
            rows = [
                {
                    "header": each["header"],
                    "column": self[f"column-{at}-{number}"],
                    "words": [self[name] for name in self.fields if name.startswith(f"word-{at}-{number}-")],
                }
                for number, each in enumerate(sheet["headers"][:_MOST_COLUMNS])
            ]
            constants = [self[name] for name in self.fields if name.startswith(f"constant-{at}-")]
            yield {
                "sheet": sheet["name"], "to": to.title(language()), "header_row": sheet["header_row"], "rows": rows,
                "constants": constants,
            }  # fmt: skip

    def text(self) -> str:
        """The mapping as the library reads it."""
        return mapping_text(self.cleaned_data["name"], [self._choice(at) for at in range(len(self._sheets))])

    def _columns(self, at: int, sheet: dict[str, Any]) -> list[tuple[str, str]]:
        given = self.cleaned_data
        return [
            (each["header"], given.get(f"column-{at}-{number}", ""))
            for number, each in enumerate(sheet["headers"][:_MOST_COLUMNS])
        ]

    def _choice(self, at: int) -> Choice:
        sheet, to = self._sheets[at]
        values: dict[str, dict[str, str]] = {}
        for number, each in enumerate(sheet["headers"][:_MOST_COLUMNS]):
            prefix = f"word-{at}-{number}-"
            for name in self.fields:
                if name.startswith(prefix) and self.cleaned_data.get(name):
                    said = "" if self.cleaned_data[name] == _BLANK else self.cleaned_data[name]
                    values.setdefault(each["header"], {})[str(self.fields[name].label)] = said
        prefix = f"constant-{at}-"
        constants = {
            name.removeprefix(prefix): self.cleaned_data[name]
            for name in self.fields
            if name.startswith(prefix) and self.cleaned_data.get(name)
        }
        return Choice(
            sheet=sheet["name"], to=to, header_row=sheet["header_row"], columns=dict(self._columns(at, sheet)),
            constants=constants, values=values,
        )  # fmt: skip


_BLANK = "-"


def _codes(column: Column) -> list[tuple[str, str]]:
    return [(code.zh, code.label(language())) for code in column.codes or ()]


def _word_field(column: Column, word: str) -> forms.ChoiceField:
    choices = [("", _("请选择")), (_BLANK, _("空白")), *_codes(column)]
    return forms.ChoiceField(label=word, choices=choices, required=False)


def _may_be_constant(column: Column) -> bool:
    return column.codes is not None or column.kind in {Kind.SCHOOL, Kind.CLUSTER, Kind.YES_NO}


def _constant_field(column: Column) -> forms.Field:
    label = column.header(language())
    if column.codes is not None:
        return forms.ChoiceField(label=label, choices=[("", _("请选择")), *_codes(column)], required=False)
    return forms.CharField(label=label, max_length=100, required=False)
