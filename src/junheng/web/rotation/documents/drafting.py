"""A first draft of the year's plan as text: aims, content, forms and times, from the pack and the phases."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.policy import Pack
from junheng.web.rotation.models import Phase, RotationYear
from junheng.web.rotation.models.preparing import PublishedQuota, WorkBody

NUMERALS = "一二三四五六七八九十"


def plan_text(year: RotationYear, pack: Pack) -> str:
    """The text of the plan; what the pack does not say is left to the bureau and not made up."""
    parts = [
        ("目标", _aims(pack)),
        ("对象和资格", _who(year, pack)),
        ("指标", _quotas(year)),
        ("交流期限和形式", _terms(year)),
        ("程序和时间", _times(year)),
        ("组织分工", _bodies(year)),
    ]
    lines = []
    for numeral, (title, said) in zip(NUMERALS, ((t, s) for t, s in parts if s), strict=False):
        lines += [f"{numeral}、{title}", *said]
    return "\n".join(lines)


def _aims(pack: Pack) -> list[str]:
    said = [each.zh for each in (*pack.identity.aims, *pack.identity.principles)]
    return [f"（{NUMERALS[place]}）{each}" for place, each in enumerate(said[: len(NUMERALS)])]


def _who(year: RotationYear, pack: Pack) -> list[str]:
    day = f"{year.on.year}年{year.on.month}月{year.on.day}日"
    said = (
        f"依据《{pack.identity.title.zh}》逐人认定应交流、可交流和不交流，年龄、年限等事实以{day}为准。"
        "每位教师收到写明条款和事实的告知书，对事实有异议的可以提出。"
    )
    return [said]


def _quotas(year: RotationYear) -> list[str]:
    rows = PublishedQuota.objects.filter(year=year)
    total = sum(rows.values_list("amount", flat=True))
    return [f"本年度交流指标合计{total}人，各校指标见附件。"] if rows else []


def _terms(year: RotationYear) -> list[str]:
    first, last = year.starts, year.ends
    said = (
        f"交流自{first.year}年{first.month}月{first.day}日起至{last.year}年{last.month}月{last.day}日止。"
        f"个人申请可以填报不超过{year.wishes_allowed}个志愿。"
    )
    return [said]


def _times(year: RotationYear) -> list[str]:
    lines = []
    for place, phase in enumerate(Phase.objects.filter(year=year)[: len(NUMERALS)]):
        first, last = timezone.localtime(phase.opens), timezone.localtime(phase.closes - timedelta(seconds=1))
        lines.append(
            f"（{NUMERALS[place]}）{phase.get_kind_display()}：{first.month}月{first.day}日至{last.month}月{last.day}日。"
        )
    return lines


def _bodies(year: RotationYear) -> list[str]:
    lines = []
    for body in WorkBody.objects.filter(year=year, organisation=year.county).prefetch_related("members"):
        duties = "；".join(f"{each.post}{each.name}，{each.duty}" for each in body.members.all())
        lines.append(f"{body.name}：{duties}。")
    return lines


def title_of(year: RotationYear) -> str:
    """The usual title."""
    return _("%(county)s%(year)s实施方案") % {"county": year.county.name, "year": year.title}
