"""The county's establishment table: pupils, classes, posts by norm and authorised, both head-counts, and the gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_tables2 import Column, Table

from junheng.facts import SpellKind, Stage
from junheng.indicators import Headcount
from junheng.web.access import Permission, requires
from junheng.web.directory.models import Organisation
from junheng.web.interface.numbers import listed, number
from junheng.web.staffing.forms.filters import StandingFilter
from junheng.web.staffing.models import EstablishmentPlan, PlanState
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.views.establishment.pages import (
    FiguresPage,
    GapColumn,
    NumberColumn,
    Row,
    card,
    people_card,
    school_page,
    school_row,
    show,
)
from junheng.web.staffing.views.establishment.scope import Scope, address

STANDINGS: tuple[tuple[str, Any, str], ...] = (
    ("short", gettext_lazy("缺编"), "red"),
    ("over", gettext_lazy("超编"), "orange"),
    ("over_authorised", gettext_lazy("超核定编制"), "orange"),
    ("small", gettext_lazy("小规模学校"), "blue"),
    ("one_teacher", gettext_lazy("包班"), "purple"),
)
"""How a row may stand, with what it is called and its colour."""

COUNTED = (
    "pupils", "classes", "by_pupils", "by_classes", "need", "authorised", "on_establishment", "at_work",
    "exchanged_in", "exchanged_out", "net", "lent_in", "lent_out", "not_in_post", "hired", "support",
)  # fmt: skip


class EstablishmentTable(Table):
    """One row for each stage of each school: two columns of words, the figures, three columns of words."""

    school = Column(gettext_lazy("学校"), order_by="pinyin", linkify=school_page, footer=gettext_lazy("合计"))
    stage = Column(gettext_lazy("学段"))
    pupils = NumberColumn("pupils", verbose_name=gettext_lazy("学生"))
    classes = NumberColumn("classes", verbose_name=gettext_lazy("班级"))
    by_pupils = NumberColumn("by_pupils", verbose_name=gettext_lazy("按生师比"))
    by_classes = NumberColumn("by_classes", verbose_name=gettext_lazy("按班级"))
    need = NumberColumn("need", verbose_name=gettext_lazy("应配"))
    authorised = NumberColumn("authorised", verbose_name=gettext_lazy("核定编制"))
    on_establishment = NumberColumn("on_establishment", verbose_name=gettext_lazy("在编"))
    at_work = NumberColumn("at_work", verbose_name=gettext_lazy("在岗"))
    gap_home = GapColumn(verbose_name=gettext_lazy("余缺（人事关系校）"), footer=None)
    gap_work = GapColumn(verbose_name=gettext_lazy("余缺（实际任教校）"))
    gap_authorised = GapColumn(verbose_name=gettext_lazy("与核定编制比"))
    exchanged_in = NumberColumn("exchanged_in", verbose_name=gettext_lazy("交流进"))
    exchanged_out = NumberColumn("exchanged_out", verbose_name=gettext_lazy("交流出"))
    net = GapColumn(verbose_name=gettext_lazy("净交流"))
    lent_in = NumberColumn("lent_in", verbose_name=gettext_lazy("借入"))
    lent_out = NumberColumn("lent_out", verbose_name=gettext_lazy("借出"))
    not_in_post = NumberColumn("not_in_post", verbose_name=gettext_lazy("占编不在岗"))
    hired = NumberColumn("hired", verbose_name=gettext_lazy("校聘"))
    flags = Column(gettext_lazy("标记"), orderable=False, accessor="standings")
    cluster = Column(gettext_lazy("学区"))
    locale = Column(gettext_lazy("城乡"))

    class Meta:
        attrs = {"class": "frozen-1 figures words-2-3"}

    def render_need(self, record: Row) -> Any:
        """The number; a click says how it is made."""
        if record["need"] is None:
            return "—"
        return format_html('<a href="figures/{}/{}/">{}</a>', record["school_key"], record["stage_key"], record["need"])

    def value_need(self, record: Row) -> Any:
        """The number alone, for files."""
        return record["need"]

    def render_flags(self, record: Row) -> Any:
        """Badges."""
        held = record["standings"]
        return format_html_join(
            " ", '<span class="badge bg-{}-lt">{}</span>', ((c, label) for key, label, c in STANDINGS if key in held)
        )

    def value_flags(self, record: Row) -> str:
        """Words, for files."""
        return listed(label for key, label, _colour in STANDINGS if key in record["standings"])


class EstablishmentPage(FiguresPage):
    """The table of the county, or of what the person sees of it."""

    table_class = EstablishmentTable
    filter_class = StandingFilter
    page = "establishment"
    heading = gettext_lazy("编制总表")
    empty = gettext_lazy("还没有学校数据。请先在“导入导出”中导入全县工作簿。")

    def choices(self) -> Mapping[str, list[tuple[str, Any]]]:
        """How a row may stand."""
        return {"standing": [(key, label) for key, label, _colour in STANDINGS]}

    def all_rows(self) -> Iterable[Row]:
        """Every stage of every school in scope."""
        scope = self.scope
        rows = scope.figures.kept(("establishment rows", get_language()), lambda: stage_rows(scope))
        return (row for row in rows if scope.sees(row["school_code"]))

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """Sums, the comparison with what is approved, and gaps by cluster."""
        total = {name: sum(row[name] or 0 for row in rows) for name in (*COUNTED, "gap_home", "gap_work")}
        norm = self.scope.figures.norm
        said = norm.zh if (get_language() or "zh").startswith("zh") else norm.en
        return {
            "cards": [
                people_card(_("应配"), total["need"], "calculator"),
                card(_("核定编制"), total["authorised"], "certificate", "teal", unit=_("个")),
                people_card(
                    _("在编"), total["on_establishment"], "id-badge-2", "green",
                    badge=_gap_words(total["gap_home"]), badge_tone=_gap_tone(total["gap_home"]),
                ),
                people_card(
                    _("在岗"), total["at_work"], "school", "azure",
                    badge=_gap_words(total["gap_work"]), badge_tone=_gap_tone(total["gap_work"]),
                ),
            ],
            "charts": [gap_chart(rows)] if len({row["cluster_key"] for row in rows}) > 1 else [],
            "notices": list(filter(None, (self._against_approved(total["authorised"]), self._one_teacher(rows)))),
            "remarks": [
                _("测算标准：%(norm)s %(document)s；小规模学校（不超过 %(small)s 名学生）取按生师比与按班级中较大者。")
                % {"norm": said, "document": norm.document_number, "small": norm.small_school_pupils},
                _("在岗＝在编−交流出−占编不在岗＋交流进＋借入＋校聘。余缺为正是超编，为负是缺编，两种口径分列。"),
            ],
            "buttons": [
                {"url": address("establishment_parameters"), "icon": "adjustments", "label": _("测算参数")},
                {"url": address("establishment_plans"), "icon": "file-certificate", "label": _("编制方案")},
            ],
            "search_hint": _("学校名称、代码、拼音或首字母"),
        }  # fmt: skip

    def _against_approved(self, authorised: int) -> dict[str, str] | None:
        if not self.scope.whole:
            return None
        filed = EstablishmentPlan.objects.visible_to(self.scope.standing).filter(
            county=self.scope.county, state=PlanState.FILED, effective_from__lte=self.scope.on
        )
        plan = filed.order_by("-effective_from", "-version").first()
        if plan is None or plan.approved_total is None:
            return {"tone": "info", "text": _("还没有经审批并备案的编制方案，暂不能与审批总额比较。")}
        over = self.scope.figures.establishment.over_approved(plan.approved_total)
        words = {"plan": plan, "approved": plan.approved_total, "authorised": authorised, "over": over}
        if over:
            text = _("%(plan)s 审批总额 %(approved)s，各校核定编制合计 %(authorised)s，超出 %(over)s。") % words
            return {"tone": "danger", "text": text}
        return {
            "tone": "success",
            "text": _("%(plan)s 审批总额 %(approved)s，各校核定编制合计 %(authorised)s，未超总额。") % words,
        }

    @staticmethod
    def _one_teacher(rows: Sequence[Row]) -> dict[str, str] | None:
        count = sum("one_teacher" in row["standings"] for row in rows)
        if not count:
            return None
        text = _("%(count)s 处在岗人数不多于班级数（包班）：有人缺勤，就会有班级无人上课。") % {"count": count}
        return {"tone": "warning", "text": text}


def lent_out(scope: Scope) -> Counter[tuple[str, Stage]]:
    """People lent out on the day, by home school and stage."""
    found: Counter[tuple[str, Stage]] = Counter()
    for teacher in scope.figures.county.teachers:
        if teacher.seconded_in is not True and any(
            a.kind is SpellKind.SECONDMENT and a.school_id != teacher.school_id and a.covers(scope.on)
            for a in teacher.appointments
        ):
            stages = scope.school_by_id[teacher.school_id].stages
            found[teacher.school_id, teacher.stage if teacher.stage in stages else min(stages)] += 1
    return found


def stage_rows(scope: Scope) -> list[Row]:
    """Every stage of every school of the county, whoever asks."""
    lent = lent_out(scope)
    return [stage_row(scope, row, lent[row.school_id, row.stage]) for row in scope.figures.establishment.rows]


def stage_row(scope: Scope, row: Headcount, lent: int) -> Row:
    """A stage of a school with everything that the table shows."""
    posts = row.posts
    return {
        **school_row(scope, scope.school_by_id[row.school_id]),
        "stage": label_of(row.stage),
        "stage_key": row.stage.value,
        **{name: getattr(row, name) for name in COUNTED if hasattr(row, name)},
        "by_pupils": posts.posts_by_pupils if posts else None,
        "by_classes": posts.posts_by_classes if posts else None,
        "need": posts.required if posts else None,
        "net": row.exchanged_in - row.exchanged_out,
        "lent_out": lent,
        "gap_home": row.headcount_gap,
        "gap_work": row.gap_at_work,
        "gap_authorised": row.gap_to_authorised,
        "standings": standings_of(row),
    }


def sentence_of(row: Headcount) -> str:
    """How the posts needed are made, in words of the page."""
    if row.posts is None:
        return _("采用的标准没有规定这一学段，不作判断。")
    return row.posts.sentence("zh" if (get_language() or "zh").startswith("zh") else "en")


def standings_of(row: Headcount) -> frozenset[str]:
    """How a stage of a school stands."""
    found = {
        "short": (row.gap_at_work or 0) < 0,
        "over": (row.headcount_gap or 0) > 0,
        "over_authorised": (row.gap_to_authorised or 0) > 0,
        "small": row.small_school,
        "one_teacher": row.one_teacher_classes,
    }
    return frozenset(key for key, holds in found.items() if holds)


DRAWN = 20
"""Clusters of which a chart can be read; of more, those with the largest gaps are drawn."""


def gap_chart(rows: Sequence[Row]) -> dict[str, Any]:
    """Both gaps by cluster, in the bureau's order."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        sums[row["cluster"]][0] += row["gap_home"] or 0
        sums[row["cluster"]][1] += row["gap_work"] or 0
    largest = sorted(sums, key=lambda name: -max(abs(gap) for gap in sums[name]))[:DRAWN]
    names = [name for name in sums if name in largest]
    label = _("各学区余缺（负数为缺编）")
    if len(names) < len(sums):
        label = _("余缺最大的 %(count)s 个学区（负数为缺编）") % {"count": len(names)}
    data = {
        "categories": names,
        "series": [
            {"name": _("人事关系校口径"), "data": [sums[n][0] for n in names]},
            {"name": _("实际任教校口径"), "data": [sums[n][1] for n in names]},
        ],
        "unit": _("人"),
    }
    return {"kind": "grouped-bar", "data": data, "name": "gaps", "label": label}


def _gap_words(gap: int) -> str:
    if gap == 0:
        return _("与应配相等")
    return (_("超 %(n)s") if gap > 0 else _("缺 %(n)s")) % {"n": abs(gap)}


def _gap_tone(gap: int) -> str:
    return "green" if gap == 0 else "orange" if gap > 0 else "red"


@requires(Permission.ESTABLISHMENT_VIEW)
def figure(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """How every figure of one stage of one school is made, from which inputs (R-269)."""
    scope = Scope(request)
    seen = Organisation.objects.visible_to(scope.standing, Permission.ESTABLISHMENT_VIEW)
    school = get_object_or_404(seen.schools(), pk=pk, county=scope.county)
    found = [
        row for row in scope.figures.establishment.rows
        if row.school_id == school.code and row.stage.value == stage and scope.sees(row.school_id)
    ]  # fmt: skip
    if not found:
        raise Http404
    row = found[0]
    return show(
        request, scope, "establishment", "establishment_figure",
        heading=_("%(school)s %(stage)s：数是怎么来的") % {"school": school.shown, "stage": label_of(row.stage)},
        facts=_inputs(scope, row), steps=_steps(row), back=address("establishment"),
    )  # fmt: skip


def _inputs(scope: Scope, row: Headcount) -> list[dict[str, Any]]:
    school = scope.school_by_id[row.school_id]
    grades = [g for g in school.enrolment if g.stage is row.stage and g.pupils]
    periods = [r.weekly_periods for r in school.requirements if r.stage is row.stage and r.weekly_periods is not None]
    structure = next((s for s in scope.figures.structure.schools if s.key == row.school_id), None)
    rate = structure.qualification_rate if structure else None
    load = scope.figures.settings.periods().get(row.stage)
    return [
        {"label": _("学生数"), "value": number(row.pupils)},
        {"label": _("年级数"), "value": len({g.grade for g in grades})},
        {"label": _("班级数"), "value": row.classes},
        {"label": _("生师比"), "value": number(row.posts.ratio) if row.posts else None},
        {"label": _("周课时合计"), "value": number(sum(periods)) if periods else None},
        {"label": _("教师标准周课时"), "value": number(load) if load else None},
        {"label": _("学历达标率"), "value": f"{float(rate):.1%}" if rate is not None else None},
        {"label": _("平均年龄"), "value": f"{structure.mean_age:.1f}" if structure and structure.mean_age else None},
    ]


def _difference(had: int, due: int) -> str:
    return f"{number(had)} − {number(due)} = {number(had - due)}"


def _steps(row: Headcount) -> list[dict[str, Any]]:
    shown = [
        (_("应配"), sentence_of(row)),
        (
            _("在岗 %(n)s") % {"n": row.at_work},
            _("在编 %(a)s − 交流出 %(b)s − 占编不在岗 %(c)s ＋ 交流进 %(d)s ＋ 借入 %(e)s ＋ 校聘 %(f)s")
            % {
                "a": row.on_establishment, "b": row.exchanged_out, "c": row.not_in_post, "d": row.exchanged_in,
                "e": row.lent_in, "f": row.hired,
            },
        ),
    ]  # fmt: skip
    if row.posts:
        shown += [
            (_("余缺（人事关系校）"), _difference(row.on_establishment, row.posts.required)),
            (_("余缺（实际任教校）"), _difference(row.at_work, row.posts.required)),
        ]
    if row.authorised is not None:
        shown.append((_("与核定编制比"), _difference(row.on_establishment, row.authorised)))
    if row.one_teacher_classes:
        shown.append(
            (_("包班"), _("在岗 %(a)s 人，班级 %(b)s 个：人数不多于班级数。") % {"a": row.at_work, "b": row.classes})
        )
    return [{"label": label, "text": text} for label, text in shown]
