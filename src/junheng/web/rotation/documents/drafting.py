"""A first draft of the year's plan as text: aims, content, forms and times, from the pack and the phases."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import override

from junheng.documents.official import chinese_date, chinese_number
from junheng.policy import Pack
from junheng.web.rotation.models import Phase, RotationYear
from junheng.web.rotation.models.preparing import WorkBody
from junheng.web.rotation.published_quotas import quotas_of

NUMERALS = "一二三四五六七八九十"
ADDRESSED_TO = "各学区、各学校"


def plan_text(year: RotationYear, pack: Pack) -> str:
    """The text of the plan, in Chinese; what the pack does not say is left to the bureau and not made up."""
    with override("zh-hans"):
        return _plan_text(year, pack)


def _plan_text(year: RotationYear, pack: Pack) -> str:
    parts = [
        ("目标", _aims(pack)),
        ("对象和资格", _who(year, pack)),
        ("指标", _quotas(year)),
        ("交流期限和形式", _terms(year)),
        ("程序和时间", _times(year)),
        ("组织分工", _bodies(year)),
    ]
    lines = []
    for number, (title, said) in enumerate(((t, s) for t, s in parts if s), 1):
        lines += [f"{chinese_number(number)}、{title}", *said]
    return "\n".join(lines)


def _aims(pack: Pack) -> list[str]:
    said = [each.zh for each in (*pack.identity.aims, *pack.identity.principles)]
    return [f"（{chinese_number(number)}）{each}" for number, each in enumerate(said, 1)]


def _who(year: RotationYear, pack: Pack) -> list[str]:
    said = (
        f"依据《{pack.identity.title.zh}》逐人认定应交流、可交流和不交流，年龄、年限等事实以{chinese_date(year.on)}为准。"
        "每位教师收到写明条款和事实的告知书，对事实有异议的可以提出。"
    )
    return [said]


def _quotas(year: RotationYear) -> list[str]:
    """What each quota asks for, by its clause; what a school may send at most stands in the annex."""
    said = {
        "ge": "本年度至少交流{total}人（{clause}）", "eq": "本年度交流{total}人（{clause}）",
        "le": "各单位派出人数不超过附件所列上限（{clause}）",
    }  # fmt: skip
    found = [said[each.sense].format(total=each.total, clause=each.clause) for each in quotas_of(year)]
    return ["；".join(found) + "。各单位指标见附件。"] if found else []


def _terms(year: RotationYear) -> list[str]:
    said = (
        f"交流自{chinese_date(year.starts)}起至{chinese_date(year.ends)}止。"
        f"个人申请可以填报不超过{year.wishes_allowed}个志愿。"
    )
    return [said]


def _times(year: RotationYear) -> list[str]:
    lines = []
    for number, phase in enumerate(Phase.objects.filter(year=year), 1):
        first, last = timezone.localdate(phase.opens), timezone.localdate(phase.closes - timedelta(seconds=1))
        until = chinese_date(last) if last.year != first.year else f"{last.month}月{last.day}日"
        lines.append(f"（{chinese_number(number)}）{phase.get_kind_display()}：{chinese_date(first)}至{until}。")
    return lines


def _bodies(year: RotationYear) -> list[str]:
    lines = []
    for body in WorkBody.objects.filter(year=year, organisation=year.county).prefetch_related("members"):
        duties = "；".join(f"{each.post}{each.name}，{each.duty}" for each in body.members.all())
        lines.append(f"{body.name}：{duties}。")
    return lines


def title_of(year: RotationYear) -> str:
    """The usual title."""
    return f"{year.county.name}{year.title}实施方案"
