"""Every field of every model says how private it is, and what is private does not leave in a list's file."""

from __future__ import annotations

import django_tables2
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import get_resolver

from junheng.web.access import Privacy, privacy_of
from junheng.web.records.exports import exported_columns

OURS = [model for model in apps.get_models() if model._meta.app_label in settings.ROOMS]
REVEALING = ("id_number", "id_index", "password", "health", "pregnant", "lactating", "secret", "sealed", "family")


def fields_of(model: type[models.Model]) -> set[str]:
    """Columns but for automatic keys, which tell nothing."""
    return {f.name for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_says_how_private_it_is(model: type[models.Model]) -> None:
    classed = privacy_of(model)
    assert fields_of(model) - set(classed) == set(), "say it in the model's privacy"
    assert set(classed) - fields_of(model) - {"id"} == set(), "there are no such fields"
    assert all(isinstance(each, Privacy) for each in classed.values())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_what_gives_a_person_away_is_classed_as_sensitive(model: type[models.Model]) -> None:
    lax = {
        name: privacy
        for name, privacy in privacy_of(model).items()
        if name.startswith(REVEALING) and privacy is not Privacy.SENSITIVE
    }
    assert lax == {}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_no_personal_or_sensitive_field_leaves_in_a_file_of_a_list(db: None, model: type[models.Model]) -> None:
    """The widest list there can be, with a column for every field, is exported."""
    table = django_tables2.table_factory(model, fields=sorted(fields_of(model)))
    leaving = {column.name for column in exported_columns(table(model._base_manager.none()))}
    classed = privacy_of(model)
    assert leaving == {name for name in fields_of(model) if classed[name] in {Privacy.PUBLIC, Privacy.INTERNAL}}


def test_a_list_may_name_personal_fields_but_never_sensitive_ones(db: None) -> None:
    state = apps.get_model("staffing.TeacherState")

    class Named(django_tables2.Table):
        personal_in_exports = ("birth_date", "id_number")

        class Meta:
            model = state
            fields = ("name", "birth_date", "id_number", "note")

    assert [column.name for column in exported_columns(Named(state.objects.none()))] == ["name", "birth_date"]


def test_lists_that_personal_fields_leave_in_are_known() -> None:
    """A new list that exports personal fields is a decision, made here."""
    get_resolver().url_patterns  # noqa: B018 - the views, and with them their tables, are read now
    decided = {"junheng.web.staffing.tables.TeacherTable"}  # age and years at the school, not the dates behind them
    found = {
        f"{each.__module__}.{each.__qualname__}"
        for each in _tables(django_tables2.Table)
        if each.__module__.startswith("junheng.") and getattr(each, "personal_in_exports", ())
    }
    assert found == decided


def _tables(of: type) -> list[type]:
    return [each for child in of.__subclasses__() for each in (child, *_tables(child))]
