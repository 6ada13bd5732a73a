"""The appraisal of the appointed, year by year since the appointment (R-201)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2 import Column

from junheng.facts import Teacher as Person
from junheng.indicators import Tracked
from junheng.indicators.appraisal import TERM_YEARS
from junheng.web.interface.numbers import listed
from junheng.web.staffing import appraisals
from junheng.web.staffing.models import Teacher
from junheng.web.staffing.models.choices import label_of
from junheng.web.staffing.views.establishment.pages import DayColumn, GapColumn, NumberColumn, Row, card
from junheng.web.staffing.views.registers.people import PeoplePage, PersonTable, person_row

SOON = timedelta(days=365)
"""A term that ends within so long is about to be decided on."""


class AppraisalTable(PersonTable):
    """Who was appointed to what, until when, and how he was appraised since."""

    title = Column(gettext_lazy("职称"))
    appointed = DayColumn(verbose_name=gettext_lazy("聘用日期"))
    until = DayColumn(verbose_name=gettext_lazy("聘期至"))
    scores = Column(gettext_lazy("历年得分"), orderable=False, attrs={"td": {"class": "wrap"}})
    mean = NumberColumn(digits=2, verbose_name=gettext_lazy("平均"))
    change = GapColumn(verbose_name=gettext_lazy("变化"))
    missing = Column(gettext_lazy("缺得分年度"), orderable=False)


class AppraisalPage(PeoplePage):
    """Everybody appointed to a title, with the scores since, the way they go and the years without one."""

    table_class = AppraisalTable
    page = "appraisals"
    heading = gettext_lazy("聘期考核")
    lead = gettext_lazy("对已聘人员逐年量化、跟踪考核；编制轮岗方案和决定续聘时，同样的得分列在各人名下。")
    empty = gettext_lazy("没有已聘专业技术职务的人员。")
    standings = (
        ("falling", gettext_lazy("得分下降")),
        ("rising", gettext_lazy("得分上升")),
        ("missing", gettext_lazy("缺得分")),
        ("ending", gettext_lazy("聘期一年内届满")),
    )

    def all_rows(self) -> Iterable[Row]:
        """The appointed of the scope."""
        people = {each.id: each for each in self.scope.teachers()}
        files = Teacher.objects.filter(county=self.scope.county, number__in=people)  # scoped: the scope's own
        for file in appraisals.with_history(files):
            found = appraisals.tracked(file, self.scope.on)
            if found is not None:
                yield self._row(people[file.number], found)

    def _row(self, teacher: Person, found: Tracked) -> Row:
        change = found.change or 0
        stands = {
            "falling": change < 0, "rising": change > 0, "missing": bool(found.missing),
            "ending": found.until - self.scope.on <= SOON,
        }  # fmt: skip
        return person_row(self.scope, teacher) | {
            "title": label_of(found.title),
            "appointed": found.appointed,
            "until": found.until,
            "scores": appraisals.words_of(found),
            "mean": found.mean,
            "change": None if found.change is None else round(found.change, 1),
            "missing": listed(found.missing) or "—",
            "standings": {name for name, holds in stands.items() if holds},
        }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        """How many rise, fall, lack a score, and whose term is about to end."""
        counted = {name: sum(name in row["standings"] for row in rows) for name, _label in self.standings}
        return {
            "notices": self.without_names(),
            "cards": [
                card(_("已聘人员"), len(rows), "id-badge-2", unit=_("人")),
                card(_("得分下降"), counted["falling"], "trending-down", "red", unit=_("人")),
                card(_("缺得分"), counted["missing"], "help", "purple", unit=_("人")),
                card(_("聘期一年内届满"), counted["ending"], "calendar-due", "orange", unit=_("人")),
            ],
            "remarks": [
                _("聘期按 %(years)s 年一聘推算，自最近一次聘用之日起；得分取自年度考核，自首次聘任现职称的年度起；"
                  "变化＝最近得分－最早得分。") % {"years": TERM_YEARS}
            ],
        }  # fmt: skip
