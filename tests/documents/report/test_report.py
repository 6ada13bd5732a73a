"""The report of a plan: what it says, that it cannot be broken out of, that it repeats, and that it is never a trial
in the clothes of a plan.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typst

from junheng.documents.digest import PlanDigest, digest_of
from junheng.documents.report import ReportUnavailableError, page, printing, write_report
from junheng.documents.report.composing import Origin, compose
from junheng.documents.report.content import Content, Grid
from junheng.documents.report.drawing.ink import Picture
from junheng.facts import Stage
from junheng.planning.year import YearPlan
from junheng.policy import pack_source

HOSTILE = (
    "<script>alert(1)</script>",
    "\"引号\" & '撇号'",
    '#import "x": * $a$ *b* _c_ `d` @e',
    "{{ c.title }}{% raw %}",
    "𠮷田\ue000",
    "王\u202e小\x01",
    "买买提江·图尔逊·库尔班",
    "w" * 60,
    "]]> -->",
)
ROOT = "ab" * 32
ORIGIN = Origin(version="9.9", runs=1, root=ROOT)
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """A page taken apart: elements, identifiers, text, and whether every element was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        values = {name: value or "" for name, value in attrs}
        self.attributes += values.items()
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a":
            self.links.append(values["href"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


def pictures(content: Content) -> list[Picture]:
    parts = [part for section in content.sections for part in section.parts]
    return [each for each in (content.picture, *parts) if isinstance(each, Picture)]


@pytest.fixture(scope="module")
def content(made: YearPlan, digest: PlanDigest) -> Content:
    return compose(made, digest, ORIGIN, "zh")


def hostile(digest: PlanDigest) -> PlanDigest:
    """The same figures under names that try to break out of markup."""

    def name(at: int) -> str:
        return HOSTILE[at % len(HOSTILE)]

    return replace(
        digest,
        movers=tuple(
            replace(m, name=name(at), home_school=name(at + 1), host_school=name(at + 2))
            for at, m in enumerate(digest.movers)
        ),
        places=tuple(replace(p, name=name(at), cluster=name(at % 2)) for at, p in enumerate(digest.places)),
        clusters=(name(0), name(1)),
        indicators=tuple(
            replace(i, schools=tuple(replace(s, name=name(at)) for at, s in enumerate(i.schools)))
            for i in digest.indicators[:1]
        ),
    )


@pytest.fixture(scope="module")
def english(made: YearPlan, digest: PlanDigest) -> Content:
    return compose(made, digest, ORIGIN, "en")


@pytest.fixture(scope="module")
def attacked(made: YearPlan, digest: PlanDigest) -> Content:
    return compose(made, hostile(digest), ORIGIN, "zh")


@pytest.fixture(scope="module")
def shown(content: Content) -> Page:
    return Page(page.html(content))


def test_the_page_is_whole_and_asks_nobody_for_anything(shown: Page) -> None:
    assert shown.open == []
    assert shown.tags["script"] == shown.tags["link"] == shown.tags["img"] == shown.tags["iframe"] == 0
    outside = [(name, value) for name, value in shown.attributes if value.startswith(("http", "//", "data:"))]
    assert {name for name, _ in outside} <= {"xmlns", "xmlns:xlink"}
    assert len(shown.ids) == len(set(shown.ids))
    assert {link.removeprefix("#") for link in shown.links} <= set(shown.ids)


def test_the_first_page_says_what_whose_by_which_rules_and_that_nothing_is_decided(shown: Page, made: YearPlan) -> None:
    pack = hashlib.sha256(pack_source(made.findings.pack).encode()).hexdigest()
    for told in (made.county.name, made.findings.reference_date.isoformat(), ROOT, pack, "9.9", "不是决定"):
        assert told in shown.text
    moves = len(made.result.assignments)
    assert f"{len(made.county.teachers)} 名教师中有 {moves} 人交流" in shown.text


def test_every_picture_has_a_title_and_an_alternative_with_its_figures(
    content: Content, shown: Page, digest: PlanDigest
) -> None:
    drawn = pictures(content)
    assert shown.tags["svg"] == len(drawn) >= 12
    roles = [value for name, value in shown.attributes if name == "role"]
    assert roles.count("img") == len(drawn)
    for each in drawn:
        assert {f"{each.name}-title", f"{each.name}-desc"} <= set(shown.ids)
        assert any(letter.isdigit() for letter in each.alternative)
    line = next(p for p in drawn if p.name == "coefficients")
    assert all(f"{i.cv_after:.3f}" in line.alternative for i in digest.indicators)


def test_the_list_of_names_holds_every_mover_and_nothing_else_about_him(
    content: Content, made: YearPlan, digest: PlanDigest
) -> None:
    grid = next(p for s in content.sections if s.name == "moves" for p in s.parts if isinstance(p, Grid))
    assert sorted(row[1] for row in grid.rows) == sorted(m.name for m in digest.movers)
    printed = page.html(content)
    for assignment in made.result.assignments:
        teacher = made.county.teacher_by_id[assignment.teacher_id]
        assert teacher.id not in printed
        assert not teacher.id_number or teacher.id_number not in printed


@pytest.mark.slow
def test_both_languages_have_the_same_pictures_tables_and_figures(content: Content, english: Content) -> None:
    sizes = []
    for each in (content, english):
        assert Page(page.html(each)).open == []
        sizes.append([[len(p.rows) for p in s.parts if isinstance(p, Grid)] for s in each.sections])
    assert sizes[0] == sizes[1]
    assert [p.name for p in pictures(content)] == [p.name for p in pictures(english)]
    assert [card.figure for card in content.cards] == [card.figure for card in english.cards]
    assert printing.pdf(english).startswith(b"%PDF")


def test_the_same_plan_gives_the_same_bytes(made: YearPlan, digest: PlanDigest, tmp_path: Path) -> None:
    short = replace(digest, indicators=digest.indicators[:1])
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        paths = write_report(tmp_path / name, made, short, root=ROOT, runs=1, version="9.9", lang="zh")
        assert [path.name for path in paths] == ["report.pdf", "report.html"]
        written.append([path.read_bytes() for path in paths])
    assert written[0] == written[1]
    assert written[0][0].startswith(b"%PDF")


def test_names_cannot_break_out_of_page_or_print(attacked: Content) -> None:
    shown = Page(page.html(attacked))
    assert shown.open == []
    assert shown.tags["script"] == 0
    assert HOSTILE[0] in shown.text
    assert HOSTILE[2] in shown.text
    assert "\u202e" not in shown.text
    assert "\x01" not in shown.text
    assert "𠮷" in shown.text
    assert printing.pdf(attacked).startswith(b"%PDF")


def test_the_print_names_characters_that_its_font_lacks(content: Content, attacked: Content) -> None:
    data = printing.printed_data(attacked)
    assert "U+E000" in str(data["footer"])
    assert "\ue000" not in str(data)
    assert "〓" not in str(printing.printed_data(content)["footer"])


def test_no_letter_of_a_printed_picture_is_set_in_the_thinnest_weight(content: Content) -> None:
    data = printing.printed_data(content)
    parts = [part for section in data["sections"] for part in section["parts"] if "svg" in part]
    for drawing in (data["picture"], *parts):
        assert drawing["svg"].count("<text") == drawing["svg"].count("font-weight") > 0


def test_a_warning_of_the_typesetter_is_no_report(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    class Warning_:  # noqa: N801 - stands for the typesetter's own class
        message = "unknown font family"

    monkeypatch.setattr(typst, "compile_with_warnings", lambda *_a, **_k: (b"%PDF", [Warning_()]))
    with pytest.raises(printing.PrintingError, match="unknown font family"):
        printing.pdf(content)


def test_the_printed_text_is_the_pages(content: Content, tmp_path: Path) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not installed")
    (tmp_path / "report.pdf").write_bytes(printing.pdf(content))
    said = subprocess.run([reader, "report.pdf", "-"], cwd=tmp_path, capture_output=True, check=True).stdout.decode()
    joined = "".join(said.split())
    wanted = [content.title, *(section.title for section in content.sections), *(c.figure for c in content.cards), ROOT]
    assert [each for each in wanted if "".join(each.split()) not in joined] == []


def test_a_trial_says_on_the_page_and_the_print_that_it_is_not_to_be_adopted(infeasible: YearPlan) -> None:
    origin = replace(ORIGIN, root=None)
    digest = digest_of(infeasible)
    content = compose(infeasible, replace(digest, indicators=digest.indicators[:1]), origin, "zh")
    shown = Page(page.html(content))
    assert content.warning == "试排，不得采用"
    assert shown.text.count("试排，不得采用") >= 2
    names = [section.name for section in content.sections]
    assert names[0] == "conflicts"
    assert "moves" not in names
    assert "已证明" not in shown.text
    assert printing.pdf(content).startswith(b"%PDF")


def test_a_plan_without_moves_is_a_short_report(made: YearPlan, digest: PlanDigest) -> None:
    still = replace(
        digest,
        movers=(),
        places=tuple(replace(p, leaving=0, arriving=0) for p in digest.places),
        wishes_met=(0, 0),
        wishes_missed=0,
        indicators=digest.indicators[:1],
        frontier=(),
        prices=(),
    )
    content = compose(made, still, ORIGIN, "en")
    assert content.summary[0] == "Nobody moves this time."
    assert {"flows", "people", "exchanges", "choices", "moves"}.isdisjoint(s.name for s in content.sections)
    assert printing.pdf(content).startswith(b"%PDF")


def test_a_stage_of_one_school_and_schools_without_coordinates_are_drawn(made: YearPlan, digest: PlanDigest) -> None:
    lonely = replace(
        digest,
        places=tuple(replace(p, located=False) for p in digest.places),
        indicators=tuple(
            replace(i, schools=i.schools[:1], limit=None, least=None) if i.stage is Stage.JUNIOR else i
            for i in digest.indicators[2:4]
        ),
    )
    content = compose(made, lonely, ORIGIN, "zh")
    assert not any(p.name.startswith("map") for p in pictures(content))
    assert printing.pdf(content).startswith(b"%PDF")


def test_without_the_extra_the_report_is_refused_by_name(
    made: YearPlan, digest: PlanDigest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "junheng.documents.report.find_spec", lambda name: None if name in ("typst", "jinja2") else found(name)
    )
    with pytest.raises(ReportUnavailableError) as refused:
        write_report(tmp_path, made, digest, root=None, runs=1, version="9.9", lang="zh")
    assert "junheng[report]" in refused.value.zh
    assert "jinja2, typst" in refused.value.en
    assert list(tmp_path.iterdir()) == []
