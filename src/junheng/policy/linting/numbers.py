"""Amounts and quotas: what small schools cannot meet, totals less than their parts, bounds that exclude each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from junheng.facts.rounding import ROUNDINGS, read_rounding, rounded
from junheng.policy import conditions as c
from junheng.policy.linting.relations import parts_of, scopes_of
from junheng.policy.linting.remarks import Remark, fact_words, remark
from junheng.policy.schema import Amount, Pack, Quota

LARGEST_SCHOOL = 300
"""Sizes of school for which amounts are tried, in persons."""


SCOPES = {"school": "学校", "cluster": "学区", "county": "县"}


def number_remarks(pack: Pack) -> Iterator[Remark]:
    """Remarks on the amounts and quotas of a pack."""
    amounts = {name: rule for name, rule in pack.rules.items() if isinstance(rule, Amount)}
    for name, rule in amounts.items():
        yield from _nobody(pack, name, rule)
        yield from _parts(pack, name, rule)
        yield from _scope(pack, name, rule)
    quotas = pack.planning.quotas if pack.planning else []
    for quota in quotas:
        yield from _quota_alone(pack, quota)
    for i, lower in enumerate(quotas):
        for upper in quotas[:i] + quotas[i + 1 :]:
            yield from _bounds(pack, lower, upper)


def resolved(pack: Pack, operand: Any) -> Any:
    """An operand with its parameter looked up."""
    if isinstance(operand, c.Parameter):
        parameter = pack.parameters.get(operand.name)
        return c.parse_operand(parameter.value) if parameter else None
    return operand


def _number(pack: Pack, operand: Any, counts: Mapping[str, int]) -> Fraction | None:
    """An operand as a number where the facts of ``counts`` have these sizes and other counts are zero."""
    value = resolved(pack, operand)
    if isinstance(value, c.FactValue):
        rule = pack.rules.get(value.name)
        return _amount(pack, rule, counts) if isinstance(rule, Amount) else Fraction(counts.get(value.name, 0))
    return None if value is None or isinstance(value, c.BySex) else Fraction(str(value))


def amount_at(pack: Pack, rule: Amount, size: int) -> Fraction | None:
    """The amount for a base of that size; ``None`` while a parameter is not set."""
    base = base_fact(pack, rule)
    return _amount(pack, rule, {base: size} if base else {})


def base_fact(pack: Pack, rule: Amount) -> str:
    """The fact that an amount is counted over, through other amounts; empty when it is a fixed number."""
    base = resolved(pack, rule.base)
    if not isinstance(base, c.FactValue):
        return ""
    inner = pack.rules.get(base.name)
    return base_fact(pack, inner) if isinstance(inner, Amount) else base.name


def _amount(pack: Pack, rule: Amount, counts: Mapping[str, int]) -> Fraction | None:
    whole = _number(pack, rule.base, counts)
    per = None if rule.per is None else _number(pack, rule.per, counts)
    rate = Fraction(1) if rule.rate is None else _number(pack, rule.rate, counts)
    if whole is None or rate is None or (rule.per is not None and not per):
        return None
    if rule.unit == "percent" and isinstance(rule.rate, c.Parameter):
        rate /= 100
    value = round_if_asked(whole * rate if per is None else whole / per, str(resolved(pack, rule.rounding)))
    for operand in rule.plus:
        value += _number(pack, operand, counts) or 0
    for operand in rule.minimum:
        value = max(value, _number(pack, operand, counts) or Fraction(0))
    for operand in rule.maximum:
        limit = _number(pack, operand, counts)
        value = value if limit is None else min(value, limit)
    return value


def round_if_asked(value: Fraction, rounding: str) -> Fraction:
    """The value rounded as the amount says, or as it is where it says nothing."""
    return Fraction(rounded(value, read_rounding(rounding))) if rounding in ROUNDINGS else value


def _first_above_zero(figure: Callable[[int], Fraction | None]) -> int | None:
    return next((size for size in range(1, LARGEST_SCHOOL + 1) if (figure(size) or 0) > 0), None)


def _nobody(pack: Pack, name: str, rule: Amount) -> Iterator[Remark]:
    """A share that rounds to nobody in a small school."""
    base = resolved(pack, rule.base)
    if not isinstance(base, c.FactValue) or base.name in pack.rules or (rule.rate is None and rule.per is None):
        return
    first = _first_above_zero(lambda size: amount_at(pack, rule, size))
    if first is not None and first > 1:
        yield remark(
            "small_school",
            "note" if rule.per is not None else "warning",
            rule.clause,
            f"{fact_words(pack, name, 'zh')}:基数不足 {first} 时结果为 0,且没有“至少”的规定。",
            f"{fact_words(pack, name, 'en')}: a base of fewer than {first} gives 0, and no minimum is stated.",
            evidence={"rule": name, "first_size_above_zero": first},
        )


def _titles(pack: Pack, name: str) -> tuple[str, str]:
    """A rule in words, Chinese and English."""
    return fact_words(pack, name, "zh"), fact_words(pack, name, "en")


def _parts(pack: Pack, name: str, rule: Amount) -> Iterator[Remark]:
    """Categories that add up to more than the total that is to hold them."""
    names = parts_of(name, rule)
    parts = [part for part in (pack.rules.get(each) for each in names) if isinstance(part, Amount)]
    if parts and not any(base_fact(pack, each) for each in (rule, *parts)):
        yield from _sum(pack, name, rule, parts)
        return
    short = []
    for size in range(1, LARGEST_SCHOOL + 1):
        total = amount_at(pack, rule, size)
        each = [amount_at(pack, part, size) for part in parts]
        if total is None or any(amount is None for amount in each):
            continue
        if sum(amount or 0 for amount in each) > total:
            short.append((size, int(total), int(sum(amount or 0 for amount in each))))
    if not short:
        return
    size, total_there, sum_there = short[0]
    zh, en = _titles(pack, name)
    yield remark(
        "total_below_parts",
        "warning",
        [*rule.clause, *(clause for part in parts for clause in part.clause)],
        f"{zh}小于其各部分之和:例如 {size} 人的学校总数为 {total_there},分项合计 {sum_there};"
        f"1–{LARGEST_SCHOOL} 人的学校中有 {len(short)} 种规模如此。",
        f"{en} is less than its parts together: a school of {size} has a total of {total_there} and parts of "
        f"{sum_there}; so it is for {len(short)} of the sizes from 1 to {LARGEST_SCHOOL}.",
        evidence={
            "rule": name,
            "parts": names,
            "sizes": len(short),
            "examples": [list(row) for row in short if row[0] in (size, 7, 30)],
        },
    )


def _sum(pack: Pack, name: str, rule: Amount, parts: list[Amount]) -> Iterator[Remark]:
    """A stated total that is not the sum of its stated parts."""
    total, each = _amount(pack, rule, {}), [_amount(pack, part, {}) for part in parts]
    added = sum(amount or 0 for amount in each)
    if total is None or added == total:
        return
    zh, en = _titles(pack, name)
    yield remark(
        "sum_mismatch",
        "warning",
        [*rule.clause, *(clause for part in parts for clause in part.clause)],
        f"{zh}写为 {_plain(total)},各分项之和为 {_plain(Fraction(added))};两数照录,请核对。",
        f"{en} is given as {_plain(total)} but its parts add up to {_plain(Fraction(added))}; both are kept, check "
        "them.",
        evidence={"rule": name, "total": float(total), "sum": float(added)},
    )


def _plain(value: Fraction) -> str:
    return f"{float(value):g}"


def _scope(pack: Pack, name: str, rule: Amount) -> Iterator[Remark]:
    """A share of the whole zone that the text demands of each school."""
    order = ["school", "cluster", "county"]
    base_of, asked_of = scopes_of(name, rule)
    zh, en = _titles(pack, name)
    if base_of in order and asked_of in order and order.index(asked_of) < order.index(base_of):
        yield remark(
            "scope_mismatch",
            "warning",
            rule.clause,
            f"{zh}:文字上要求每个{SCOPES[asked_of]}达到,基数却是整个{SCOPES[base_of]}的人数;任何一方都无法单独达到,"
            f"只能按整个{SCOPES[base_of]}计算。",
            f"{en}: the words demand it of each {asked_of}, but the base is the whole {base_of}; none can "
            f"reach that alone, so it is counted over the {base_of}.",
            evidence={"rule": name, "asked_of": asked_of, "base_of": base_of},
        )


def quota_bound(pack: Pack, quota: Quota, size: int) -> Fraction | None:
    """max(min, round(percent × size)), as the planner reads a quota; ``None`` while a parameter is not set."""
    share, least = resolved(pack, quota.pct), resolved(pack, quota.min)
    if share is None or least is None:
        return None
    value = round_if_asked(Fraction(str(share)) / 100 * size, str(resolved(pack, quota.rounding)))
    return max(Fraction(str(least)), value)


def _quota_alone(pack: Pack, quota: Quota) -> Iterator[Remark]:
    share = resolved(pack, quota.pct)
    if share is not None and not 0 <= float(share) <= 100:
        yield remark(
            "contradiction",
            "error",
            quota.clause,
            f"名额 {quota.id}:比例为 {share}%,应在 0 与 100 之间。",
            f"Quota {quota.id}: the share is {share} %; expected 0 to 100.",
            evidence={"quota": quota.id, "percent": share},
        )
        return
    first = _first_above_zero(lambda size: quota_bound(pack, quota, size))
    if quota.scope != "school" or not share or first is None or first == 1:
        return
    zh, en = ("一个人也不能派出", "may send nobody") if quota.sense == "le" else ("一个人也不用派出", "sends nobody")
    yield remark(
        "small_school",
        "warning",
        quota.clause,
        f"名额 {quota.id}:不足 {first} 人的学校按 {share}% 计算{zh},且没有“至少1人”的规定。",
        f"Quota {quota.id}: at {share} % a school of fewer than {first} {en}, and no minimum is stated.",
        evidence={"quota": quota.id, "first_size_above_zero": first, "percent": share},
    )


def _bounds(pack: Pack, lower: Quota, upper: Quota) -> Iterator[Remark]:
    """A floor above the ceiling of the same scope and base."""
    if lower.sense not in ("ge", "eq") or upper.sense != "le" or lower.scope != upper.scope or lower.base != upper.base:
        return
    sizes = range(1, LARGEST_SCHOOL + 1)
    pairs = [(size, quota_bound(pack, lower, size), quota_bound(pack, upper, size)) for size in sizes]
    crossed = [size for size, low, high in pairs if low is not None and high is not None and low > high]
    if not crossed:
        return
    always = len(crossed) > LARGEST_SCHOOL // 2
    yield remark(
        "contradiction" if always else "small_school",
        "error" if always else "warning",
        [*lower.clause, *upper.clause],
        f"名额 {lower.id} 的下限高于 {upper.id} 的上限:规模为 {crossed[0]} 时即如此,共 {len(crossed)} 种规模。",
        f"The floor of {lower.id} is above the ceiling of {upper.id}: at a size of {crossed[0]}, and at "
        f"{len(crossed)} sizes in all.",
        evidence={"quotas": [lower.id, upper.id], "first_size": crossed[0], "sizes": len(crossed)},
    )
