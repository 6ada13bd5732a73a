"""What the pages show is what the library reckons, with its day, and leaves as files with the same rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from junheng.facts import County, Sex, Stage
from junheng.indicators import Indicator, measure_balance, measure_establishment, measure_structure
from junheng.web.directory.models import Organisation
from junheng.web.records.audit import record
from junheng.web.records.models import AuditEvent
from junheng.web.reporting.summary import summarise
from junheng.web.staffing.figures import figures_of
from junheng.web.staffing.models import SchoolState, Snapshot

Enter = Callable[[str], Client]
ON = {"on": "2026-08-31"}


def rows_of(answer: Any) -> list[dict[str, str]]:
    """The rows of an exported list, whatever stands above and below them."""
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    width = max(len(line) for line in lines)
    head = next(i for i, line in enumerate(lines) if len([cell for cell in line if cell]) == width)
    return [dict(zip(lines[head], line, strict=False)) for line in lines[head + 1 :] if len(line) == width]


def test_cards_add_up_what_the_library_reckons(enter: Enter, place: Organisation, facts: County) -> None:
    figures = figures_of(place, facts.on)
    everything = summarise(figures, {school.id for school in facts.schools})
    report = measure_establishment(facts, figures.norm)
    assert everything.on_establishment == report.total("on_establishment")
    assert everything.at_work == report.total("at_work")
    assert everything.required == report.required()
    assert everything.over - everything.short == everything.gap
    structure = measure_structure(facts).county
    assert everything.teachers == structure.teachers
    assert everything.women == structure.sexes[Sex.FEMALE]
    assert everything.mean_age == pytest.approx(structure.mean_age)
    text = enter("bureau-clerk").get("/overview/", ON).content.decode()
    assert f"{report.total('on_establishment'):,} / {report.total('at_work'):,}" in text


@pytest.mark.covers("R-613")
def test_the_structure_page_shows_the_structure_indicators(enter: Enter, facts: County) -> None:
    answer = enter("bureau-clerk").get("/overview/structure/", ON)
    (of_all,) = [row for row in answer.context["tables"]["parts"].data.data if row["name"] == "合计"]
    structure = measure_structure(facts).county
    assert structure.backbone_rate is not None
    assert of_all["teachers"] == structure.teachers
    assert of_all["backbone"] == pytest.approx(100 * float(structure.backbone_rate))
    assert of_all["women"] == pytest.approx(100 * structure.sexes[Sex.FEMALE] / structure.teachers)
    names = {one["name"] for one in answer.context["charts"]}
    assert names == {"ages", "titles", "educations", "sexes"}


def test_balance_shows_each_coefficient_beside_its_limit(enter: Enter, facts: County) -> None:
    report = measure_balance(facts)
    answer = enter("bureau-clerk").get("/overview/balance/", ON)
    shown = {
        (name, row["name"]): row
        for name, table in answer.context["tables"].items()
        if name.startswith("indicators-")
        for row in table.data.data
    }
    assert len(shown) == len(report.indicators)
    for result in report.indicators:
        row = shown[f"indicators-{result.stage.value}", result.name()]
        assert (row["cv"], row["limit"], row["passes"]) == (result.cv, result.limit, result.within_limit)
        assert row["reaching"] == f"{result.reaching} / {len(result.schools)}"
    text = answer.content.decode()
    assert report.standards.title() in text
    assert report.counting.sentence() in text


def test_the_schools_of_an_indicator_stand_by_their_value(enter: Enter, facts: County) -> None:
    words = ON | {"indicator": "pe_art", "stage": "primary"}
    answer = enter("bureau-clerk").get("/overview/balance/", words)
    result = measure_balance(facts).result(Indicator.PE_ART, Stage.PRIMARY)
    bars = answer.context["detail"]["bars"]["series"][0]
    values = [round(v.value, 2) for v in sorted(result.schools, key=lambda v: (v.value, v.school_id))]
    assert bars["data"] == values == sorted(values)
    below = sum(v.reached is False for v in result.schools)
    assert bars["colours"].count("red") == below
    curve = answer.context["detail"]["lorenz"]["series"][0]["data"]
    assert curve[0] == 0
    assert curve[-1] == pytest.approx(100)
    assert all(have <= tenth * 10 + 0.1 for tenth, have in enumerate(curve)), "the worst provided come first"


def test_a_page_names_its_day_and_the_day_compared_with(enter: Enter) -> None:
    for address in ("/overview/", "/overview/balance/", "/overview/structure/", "/overview/map/"):
        text = enter("bureau-clerk").get(address, ON | {"with": "2025-08-31"}).content.decode()
        assert "截至 2026-08-31" in text, address
        assert "与 2025-08-31 对比" in text, address


def test_as_of_shows_the_county_as_it_was(enter: Enter, place: Organisation, facts: County) -> None:
    before = figures_of(place, facts.on.replace(year=2025))
    now = {teacher.id for teacher in facts.teachers}
    then = {teacher.id for teacher in before.county.teachers}
    assert now - then, "somebody came"
    assert then - now, "somebody left"
    answer = enter("bureau-clerk").get("/overview/", {"on": "2025-08-31"})
    pupils = sum(school.pupils() for school in before.county.schools)
    assert f"{pupils:,}" in answer.content.decode()
    assert pupils != sum(school.pupils() for school in facts.schools)


@pytest.mark.parametrize(
    ("address", "table"),
    [
        ("/overview/", "parts"), ("/overview/structure/", "parts"), ("/overview/map/", "schools"),
        ("/overview/balance/", "standings"), ("/overview/balance/", "schools"),
        ("/overview/balance/", "indicators-primary"),
    ],
)  # fmt: skip
def test_what_is_shown_can_be_taken_along_and_that_is_logged(enter: Enter, address: str, table: str) -> None:
    client = enter("bureau-clerk")
    shown = client.get(address, ON).context["tables"][table]
    before = AuditEvent.objects.filter(action="records.list.exported").count()
    answer = client.get(address, ON | {"export": "csv", "table": table})
    assert answer.status_code == 200
    names = [row["name"] for row in shown.data.data]
    assert [next(iter(row.values())) for row in rows_of(answer)][: len(names)] == names
    assert AuditEvent.objects.filter(action="records.list.exported").count() == before + 1
    assert enter("inspector").get(address, ON | {"export": "csv", "table": table}).status_code == 403


def test_every_school_is_on_the_map_or_is_named_with_what_to_do(enter: Enter, facts: County) -> None:
    lost = facts.schools[0]
    SchoolState.objects.filter(school__code=lost.id, school__county__name=facts.name).update(x_km=None)
    answer = enter("bureau-clerk").get("/overview/map/", ON)
    placed = {school["id"] for school in answer.context["map"]["schools"]}
    assert placed == {school.id for school in facts.schools} - {lost.id}
    assert [each["name"] for each in answer.context["unplaced"]] == [lost.name]
    assert "横、纵坐标" in answer.content.decode()


@pytest.mark.parametrize("colour", ["staffing", "balance", "locale", "strength"])
def test_every_school_has_a_colour_of_the_legend(enter: Enter, colour: str) -> None:
    data = enter("bureau-clerk").get("/overview/map/", ON | {"colour": colour}).context["map"]
    keys = {category["key"] for category in data["categories"]}
    assert {school["category"] for school in data["schools"]} == keys


def test_every_chart_has_its_figures_as_a_table(enter: Enter) -> None:
    for address in ("/overview/", "/overview/balance/", "/overview/structure/", "/overview/map/"):
        text = enter("bureau-clerk").get(address, ON).content.decode()
        charts = text.count("data-chart=")
        assert charts >= 1, address
        assert text.count('class="table table-sm figures">') >= charts, address


@pytest.mark.parametrize(
    ("address", "kilobytes"),
    [("/staffing/establishment/", 56), ("/overview/", 50), ("/overview/balance/", 60), ("/overview/map/", 30)],
)
def test_pages_of_figures_are_light(enter: Enter, address: str, kilobytes: int) -> None:
    """The list of posts is reckoned up to fifty rows; of the others those of the small county count."""
    client = enter("bureau-clerk")
    whole = len(client.get(address, ON).content)
    if address == "/staffing/establishment/":
        rows = client.get(address, ON, headers={"hx-request": "true"}).content
        rows = rows[rows.index(b"<tbody>") : rows.index(b"</tbody>")]
        held = rows.count(b"<tr>")
        assert held > 5
        whole += len(rows) * (50 - held) // held
    assert whole <= 1000 * kilobytes, f"{whole / 1000:.1f} kB"


def test_a_school_weighs_little_on_the_map(enter: Enter, facts: County) -> None:
    text = enter("bureau-clerk").get("/overview/map/", ON).content.decode()
    drawing = text[text.index('<script id="schools-map-data"') :]
    drawing = drawing[: drawing.index("</script>")]
    assert len(drawing.encode()) <= 320 * len(facts.schools) + 1000


def snapshot_told(answer) -> str:
    found = re.search(r"快照\s*(?:<a[^>]*>)?(S\d{8}-[0-9a-f]+)", answer.content.decode())
    return found[1] if found else ""


def test_a_report_names_the_snapshot_it_rests_on_until_something_is_recorded(enter: Enter, place: Organisation) -> None:
    clerk, taken = enter("bureau-clerk"), {"county": place.pk, "on": ON["on"]}
    clerk.post("/staffing/snapshots/take/", taken)
    made = Snapshot.objects.filter(county=place, on=ON["on"]).latest("taken_at")
    for page in ("/overview/", "/overview/balance/", "/overview/structure/", "/overview/map/"):
        assert snapshot_told(clerk.get(page, ON)) == made.pk, page
    assert made.get_absolute_url() in clerk.get("/overview/", ON).content.decode()
    assert made.pk in clerk.get("/overview/balance/", ON | {"export": "csv"})["Content-Disposition"]
    assert snapshot_told(clerk.get("/overview/")) == "", "of another day"
    assert snapshot_told(enter("principal-01").get("/overview/", ON)) == made.pk
    beside = Organisation.objects.get(kind="county", code="990201")
    record(None, "staffing.teacher.changed", None, organisation=beside)
    record(None, "staffing.sensitive.viewed", None, organisation=place)
    assert snapshot_told(clerk.get("/overview/", ON)) == made.pk, "neither touched a fact of this county"
    record(None, "staffing.teacher.changed", None, organisation=place)
    assert snapshot_told(clerk.get("/overview/", ON)) == ""
    assert "/staffing/snapshots/" in clerk.get("/overview/", ON).content.decode()
    clerk.post("/staffing/snapshots/take/", taken)
    assert snapshot_told(clerk.get("/overview/", ON)) == made.pk, "the content is the same"
    assert AuditEvent.objects.filter(action="staffing.snapshot.confirmed", object_id=made.pk).exists()


def test_what_an_intake_brought_is_a_snapshot_from_the_start(enter: Enter, place: Organisation) -> None:
    assert snapshot_told(enter("bureau-clerk").get("/overview/", ON)) in set(
        Snapshot.objects.filter(county=place, on=ON["on"]).values_list("pk", flat=True)
    )
