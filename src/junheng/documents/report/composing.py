"""A plan as the content of a report: title block, summary, and chapters with pictures and tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from junheng.documents.digest import PlanDigest
from junheng.documents.faults import Phrase
from junheng.documents.report.content import Content, Grid, Section
from junheng.documents.report.drawing import balance, flows, frontier, people, places
from junheng.documents.report.drawing.ink import Picture
from junheng.documents.report.grids import (
    balance_grid,
    frontier_grid,
    giving_grid,
    moves_grid,
    notes_grid,
    price_grid,
    quota_grid,
)
from junheng.documents.report.summary import said_cards, status_of, summary
from junheng.planning.year import YearPlan
from junheng.policy import pack_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the plan comes from: our version, how many runs were made, and the root of the published bundle, if any."""

    version: str
    runs: int
    root: str | None


def compose(made: YearPlan, digest: PlanDigest, origin: Origin, lang: str) -> Content:
    """The whole report in ``zh`` or ``en``."""
    title = Phrase("教师交流轮岗方案报告", "Report on the teacher rotation plan").said(lang)
    warning = Phrase("试排，不得采用", "Trial, not to be adopted").said(lang) if not made.adoptable else ""
    year = made.findings.reference_date.year
    return Content(
        lang=lang,
        title=title,
        subtitle=Phrase(f"{made.county.name} · {year} 年", f"{made.county.name} · {year}").said(lang),
        on=made.findings.reference_date,
        warning=warning,
        status=status_of(made).said(lang),
        facts=tuple((name.said(lang), value.said(lang)) for name, value in _facts(made, origin)),
        cards=said_cards(made, digest, lang),
        summary=[sentence.said(lang) for sentence in summary(made, digest)],
        picture=balance.coefficients(digest, lang) if digest.indicators else None,
        sections=[s for s in _sections(made, digest, lang) if s.sentences or s.parts],
        contents_title=Phrase("本报告各部分", "In this report").said(lang),
        footer=Phrase(
            "图中数字均载于结果工作簿的“图表”“学区流向”“校际流向”各页。",
            "Every number in the pictures is in the workbook: “Charts”, “Moves by cluster” and “Moves by school”.",
        ).said(lang),
    )


def pack_hash(made: YearPlan) -> str:
    """SHA-256 of the pack's text, as the manifest of the bundle states it."""
    return hashlib.sha256(pack_source(made.findings.pack).encode()).hexdigest()


def _same(text: str) -> Phrase:
    return Phrase(text, text)


def _facts(made: YearPlan, origin: Origin) -> list[tuple[Phrase, Phrase]]:
    identity = made.findings.pack.identity
    none = Phrase("无（不得采用的试排没有证明包）", "none (a trial that is not to be adopted has no bundle)")
    away = Phrase("按实际任教学校统计", "teachers count where they teach")
    standards = made.settings.standards
    return [
        (
            Phrase("政策依据", "Policy"),
            Phrase(f"《{identity.title.zh}》（{identity.code} {identity.version} 版）",
                   f"{identity.title.en} ({identity.code}, version {identity.version})"),
        ),
        (Phrase("政策包 SHA-256", "SHA-256 of the pack"), _same(pack_hash(made))),
        (Phrase("基准日", "Reference date"), _same(made.findings.reference_date.isoformat())),
        (Phrase("测算次数", "Runs made"), _same(str(origin.runs))),
        (Phrase("证明包默克尔根", "Merkle root of the bundle"), _same(origin.root) if origin.root else none),
        (
            Phrase("均衡标准", "Standards of balance"),
            Phrase(f"{standards.title('zh')}，{away.zh}", f"{standards.title('en')}; {away.en}"),
        ),
        (Phrase("软件版本", "Software"), Phrase(f"均衡 Junheng {origin.version}", f"Junheng {origin.version}")),
    ]  # fmt: skip


def _sections(made: YearPlan, digest: PlanDigest, lang: str) -> list[Section]:
    return [
        *([_conflicts(made, lang)] if made.giving else []),
        _balance(digest, lang),
        *([_flows(digest, lang), _people(digest, lang), _exchanges(digest, lang)] if digest.movers else []),
        _quotas(made, lang),
        _choices(digest, lang),
        _reading(made, lang),
        *([_moves(digest, lang)] if made.adoptable and digest.movers else []),
    ]


def _section(name: str, title: Phrase, lang: str, parts: Sequence[Picture | Grid], *sentences: Phrase) -> Section:
    said = tuple(s.said(lang) for s in sentences)
    return Section(name=name, title=title.said(lang), sentences=said, parts=tuple(parts))


def _conflicts(made: YearPlan, lang: str) -> Section:
    return _section(
        "conflicts", Phrase("无法同时满足的规则", "Rules that must give"), lang, [giving_grid(made.giving, lang)],
        Phrase(
            "没有方案能同时满足全部规则。下表是破坏最少的一种试排所破坏之处，不得采用；放宽哪一条由有权机关决定，再行测算。",
            "No plan keeps every rule. The table shows what the trial that breaks least would break; it is not to be "
            "adopted. The authority chooses which rule gives, then the plan is computed again.",
        ),
    )  # fmt: skip


def _balance(digest: PlanDigest, lang: str) -> Section:
    return _section(
        "balance", Phrase("学校之间的均衡", "Balance between schools"), lang,
        [
            balance_grid(digest, lang),
            *(balance.schools(line, lang) for line in digest.indicators),
        ],
        Phrase(
            "差异系数按学生数加权，越小表示学校之间越均衡；国家对小学、初中分别规定上限。每校还应达到每百名学生的标准，"
            "见各指标分校图中的虚线。只有这三类教师指标随教师流动而变化。",
            "The coefficient of variation is weighted by pupils; smaller is more even, and the state sets a limit for "
            "each stage. Every school must also reach a standard per hundred pupils, the dashed line in the pictures "
            "by school. Only these three indicators change when teachers move.",
        ),
    )  # fmt: skip


def _flows(digest: PlanDigest, lang: str) -> Section:
    maps = places.maps(digest, lang)
    county, seat = maps[:1], maps[1:]
    return _section(
        "flows", Phrase("流向", "Where teachers move"), lang,
        [*county, flows.zones(digest, lang), *seat, flows.clusters(digest, lang)],
    )  # fmt: skip


def _people(digest: PlanDigest, lang: str) -> Section:
    title = Phrase("志愿与通勤", "Wishes and commutes")
    return _section("people", title, lang, [people.wishes(digest, lang), people.commutes(digest, lang)])


def _exchanges(digest: PlanDigest, lang: str) -> Section:
    title = Phrase("各校派出与接收", "What schools give and gain")
    return _section("exchanges", title, lang, [people.exchanges(digest, lang)])


def _quotas(made: YearPlan, lang: str) -> Section:
    lines = made.report.figures.quotas
    met = sum(q.met for q in lines)
    return _section(
        "quotas", Phrase("名额", "Quotas"), lang, [quota_grid(made, lang)],
        Phrase(f"共 {len(lines)} 项名额，符合 {met} 项。", f"{met} of {len(lines)} quotas are met."),
    )  # fmt: skip


def _choices(digest: PlanDigest, lang: str) -> Section:
    """What else could have been chosen, and what hurts most; empty where neither was computed."""
    parts: list[Picture | Grid] = []
    if digest.frontier:
        parts += [frontier.frontier(digest, lang), frontier_grid(digest.frontier, lang)]
    if digest.prices:
        parts.append(price_grid(digest.prices, lang))
    return _section(
        "choices", Phrase("可供选择的方案与代价", "What else could be chosen, and what it costs"), lang, parts
    )


def _moves(digest: PlanDigest, lang: str) -> Section:
    return _section(
        "moves", Phrase("拟交流人员名单", "Who is proposed to move"), lang, [moves_grid(digest, lang)],
        Phrase(
            "按派出学校排列，只列公示所需的内容；理由见结果工作簿。",
            "By home school, with no more than a notice needs; the reasons are in the workbook.",
        ),
    )  # fmt: skip


def _reading(made: YearPlan, lang: str) -> Section:
    checked = Phrase(
        "方案由独立检查程序逐条核对；证明包可由任何人用 junheng verify 复核，复核不需要信任本软件的求解部分。"
        if made.adoptable
        else "试排没有证明包，也不写出方案文件。",
        "The plan was checked rule by rule by an independent program. Anyone can verify the bundle with junheng "
        "verify, without trusting the solver."
        if made.adoptable
        else "A trial has no bundle and no plan file.",
    )
    parts = [notes_grid(made, lang)] if made.assembly.notes else []
    return _section("reading", Phrase("数据读法与复核", "How data were read, and how to verify"), lang, parts, checked)
