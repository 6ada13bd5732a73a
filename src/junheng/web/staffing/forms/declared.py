"""Forms made from declared columns: label, help, choices and reader of a field are those of the workbook's column."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from junheng.documents.cells import Bad, is_blank, read_cell
from junheng.documents.columns import Column, Kind
from junheng.documents.dates import Month
from junheng.facts.identity import IdentityNumber, IdentityNumberError, read_identity_number
from junheng.web.directory.models import Dated, Organisation
from junheng.web.interface.numbers import semicolon
from junheng.web.staffing.declared import Part, language, said

REQUIRED_ONLINE = frozenset({"sex", "birth_date"})
"""Blank in a workbook means that the ID number says it; here the two are kept and must be there."""
_LONG = frozenset({"note", "family_event", "deferral_reason"})
_LONGEST = {"name": 100, "note": 2000, "family_event": 300, "deferral_reason": 300}
_YOUNGEST = 16


@dataclass(frozen=True, slots=True)
class Places:
    """What references may name: schools and clusters by code, past schools by code, teachers' numbers."""

    schools: Mapping[str, Organisation] = field(default_factory=dict)
    clusters: Mapping[str, Organisation] = field(default_factory=dict)
    past: Mapping[str, str] = field(default_factory=dict)
    numbers: Collection[str] = ()


class DeclaredField(forms.CharField):
    """A field that reads what was typed by the column's own reader."""

    def __init__(self, column: Column, places: Places, held: Any = None) -> None:
        self.column, self.places = column, places
        self.choices = _choices(column, places, held)
        required = column.required or column.field in REQUIRED_ONLINE
        super().__init__(
            required=required, widget=_widget(column, self.choices, required=required), strip=True,
            label=column.header(language()), help_text=column.help(language()),
            max_length=None if column.kind is Kind.CODES else _LONGEST.get(column.field, 200),
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        """The value of the column, or what is wrong with what was typed."""
        text = "、".join(value) if isinstance(value, list | tuple) else value
        text = super().clean(text)
        if is_blank(text):
            return self.column.blank
        found = read_cell(self.column, text)
        if isinstance(found, Bad):
            said = (found.problem.said(language()), found.expected.said(language()))
            raise ValidationError(semicolon().join(said), code=found.code)
        if isinstance(found, Month):
            raise ValidationError(_("请填写到日，如 1985-05-12"), code="month")
        if isinstance(found, IdentityNumber):
            return found.number
        return self._referred(found)

    def _referred(self, found: Any) -> Any:
        kind = self.column.kind
        if kind in (Kind.SCHOOL, Kind.CLUSTER):
            known = self.places.schools if kind is Kind.SCHOOL else self.places.clusters
            if found not in known:
                raise ValidationError(_("请从列表中选择"), code="choice")
            return known[found]
        if kind is Kind.PAST_SCHOOL and found not in self.places.past:
            raise ValidationError(_("请从列表中选择；县外学校请填写单位名称"), code="choice")
        if kind is Kind.TEACHER and found not in self.places.numbers:
            raise ValidationError(_("本县没有这个工号"), code="teacher")
        return found


def _choices(column: Column, places: Places, held: Any) -> list[tuple[str, str]]:
    if column.codes is not None:
        return [(code.value, code.label(language())) for code in column.codes]
    if column.kind is Kind.YES_NO:
        return [("yes", _("是")), ("no", _("否"))]
    if column.kind is Kind.PAST_SCHOOL:
        return list(places.past.items())
    if column.kind in (Kind.SCHOOL, Kind.CLUSTER):
        known = places.schools if column.kind is Kind.SCHOOL else places.clusters
        return [(code, each.name) for code, each in known.items()]
    return []


def _widget(column: Column, choices: list[tuple[str, str]], *, required: bool) -> forms.Widget:
    if column.kind is Kind.CODES:
        return forms.SelectMultiple({"data-enhance": ""}, choices)
    if choices or column.kind in (Kind.SCHOOL, Kind.CLUSTER, Kind.PAST_SCHOOL):
        long = {"data-enhance": ""} if len(choices) > 30 else {}
        return forms.Select(long, [("", _("请选择") if required else _("未填")), *choices])
    if column.field in _LONG:
        return forms.Textarea({"rows": 2})
    attributes = {"placeholder": column.example, "autocomplete": "off"}
    if column.kind in (Kind.INTEGER, Kind.NUMBER):
        attributes["inputmode"] = "decimal"
    if column.kind is Kind.ID_NUMBER:
        attributes |= {"placeholder": _("留空表示不变"), "data-private": ""}
    return forms.TextInput(attributes)


def typed(column: Column, value: Any) -> Any:
    """A kept value as somebody would type it into the column's field."""
    if value is None or column.kind is Kind.ID_NUMBER:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Organisation):
        return value.code
    if isinstance(value, date):
        return value.isoformat()
    if column.codes is not None:
        words = value if isinstance(value, list | tuple) else [value]
        codes = [column.codes.read(word).value for word in words if word]
        return codes if column.kind is Kind.CODES else "".join(codes)
    return f"{value:.15g}" if isinstance(value, float) else value


class DeclaredForm(forms.Form):
    """A form for a row of a part of a file, or for some of its columns.

    ``values()`` gives what was read, as the model keeps it. What was typed stays in the form whatever is wrong with it.
    """

    def __init__(
        self, part: Part, places: Places, data: Any = None, *, row: Dated | None = None,
        names: Iterable[str] | None = None, **given: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **given)
        self.part, self.row = part, row
        wanted = None if names is None else set(names)
        self.columns = tuple(c for c in part.columns if wanted is None or c.field in wanted)
        own = {name: self.fields.pop(name) for name in list(self.fields)}
        for column in self.columns:
            value = part.value(row, column) if row is not None else None
            self.fields[column.field] = made = DeclaredField(column, places, value)
            made.initial = typed(column, value)
        self.fields |= own

    @property
    def declared(self) -> list[forms.BoundField]:
        """The fields of the columns."""
        return [self[column.field] for column in self.columns]

    @property
    def own(self) -> list[forms.BoundField]:
        """The form's other fields that are to be seen."""
        named = {column.field for column in self.columns}
        return [each for each in self.visible_fields() if each.name not in named]

    def raw(self) -> dict[str, Any]:
        """What was typed, by column."""
        return {column.field: self[column.field].value() for column in self.columns}

    def values(self) -> dict[str, Any]:
        """What was read, by the model's fields. A blank ID number means that it does not change."""
        return {
            self.part.attribute(column): self.part.stored(column, self.cleaned_data[column.field])
            for column in self.columns
            if column.kind is not Kind.ID_NUMBER or self.cleaned_data.get(column.field)
        }

    def says(self) -> list[tuple[str, str]]:
        """Label and words of each value read."""
        return [
            (column.header(language()), said(column, self.part.stored(column, self.cleaned_data[column.field])))
            for column in self.columns
            if column.field in self.cleaned_data
        ]

    def clean(self) -> dict[str, Any]:
        """Contradictions between what was typed and, for columns that are not in the form, what stands."""
        found = super().clean() or self.cleaned_data
        if not self.errors:
            for name, message in contradictions(self.part, self._whole()):
                self.add_error(name if name in self.fields else None, message)
        return found

    def _whole(self) -> dict[str, Any]:
        whole = {c.field: self.part.value(self.row, c) for c in self.part.columns} if self.row is not None else {}
        read = {name: value for name, value in self.cleaned_data.items() if name in self.fields}
        if not read.get("id_number"):
            read.pop("id_number", None)
        return whole | read


def contradictions(part: Part, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What cannot be true together: the column to look at, and a sentence."""
    start, end = values.get("start"), values.get("end")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        yield "end", _("结束日期早于开始日期")
    if part.key == "teachers":
        yield from _person(values)
    rank, among = values.get("rank"), values.get("of")
    if isinstance(rank, int) and isinstance(among, int) and rank > among:
        yield "rank", _("名次大于参评人数")
    if part.key == "appointments" and not (values.get("school_id") or values.get("school_name")):
        yield "school_id", _("请选择学校，县外学校请填写单位名称")


def _person(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    born, began, joined = (values.get(name) for name in ("birth_date", "work_start", "joined_current_school"))
    number = values.get("id_number") or ""
    known = _identity(number)
    if known is not None:
        if known.birth_date and born and known.birth_date != born:
            yield "birth_date", _("与证件号码中的出生日期不符")
        if known.sex and values.get("sex") and known.sex is not known.sex.read(str(values["sex"])):
            yield "sex", _("与证件号码中的性别不符")
    if born and began and _months(began) < _months(born) + _YOUNGEST * 12:
        yield "work_start", _("参加工作时未满%(years)s周岁，请核对") % {"years": _YOUNGEST}
    if began and joined and _months(joined) < _months(began):
        yield "joined_current_school", _("早于参加工作时间，请核对")


def _identity(number: str) -> IdentityNumber | None:
    try:
        return read_identity_number(number) if number else None
    except IdentityNumberError:
        return None  # kept from before the rule; what was typed now has been read already


def _months(day: date) -> int:
    return day.year * 12 + day.month
