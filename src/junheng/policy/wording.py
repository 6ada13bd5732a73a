"""Why an answer is as it is, in Chinese and English: the clause in our words and the facts that it looked at."""

from __future__ import annotations

from typing import Any

import polars as pl

from junheng.policy import conditions as c
from junheng.policy.departing import as_applied
from junheng.policy.evaluation import ROW, Run
from junheng.policy.schema import Amount, Decide
from junheng.policy.vocabulary import find_fact, word_labels

ROUNDING = {
    "half_up": ("四舍五入", "rounded half up"),
    "ceil": ("向上取整", "rounded up"),
    "floor": ("向下取整", "rounded down"),
    "none": ("", ""),
}


COUNTED_ON_THE_DAY = frozenset({"age", "years_at_school", "child_age", "years_to_retirement"})


def fact_label(run: Run, name: str, lang: str) -> str:
    """What people call a fact or the result of a rule."""
    rule = run.pack.rules.get(name.partition("@")[0])
    if rule is not None:
        return rule.title.text(lang) if rule.title else name
    fact = find_fact(run.facts, name)
    return (fact.zh if lang == "zh" else fact.en) or name if fact else name


def shown(run: Run, name: str, lang: str) -> pl.Expr:
    """``label=value`` as text; null where the value is unknown."""
    fact = find_fact(run.facts, name)
    column = pl.col(name)
    dtype = run.frame.schema[name]
    text: pl.Expr
    if dtype == pl.Boolean:
        yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
        text = pl.when(column).then(pl.lit(yes)).when(~column).then(pl.lit(no))
    elif isinstance(dtype, pl.List):
        text = column.list.len().cast(pl.String)
    elif dtype == pl.Float64:
        is_whole = column == column.floor()
        whole = column.cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.when(is_whole).then(whole).otherwise(column.cast(pl.String))
    else:
        text = column.cast(pl.String)
        labels = word_labels(fact, lang) if fact else {}
        text = text.replace(labels) if labels else text
    return pl.concat_str(pl.lit(f"{fact_label(run, name, lang)}="), text)


def branch_facts(run: Run, rule: Decide, at: int) -> list[str]:
    """The facts that a branch looks at; for otherwise those of all branches."""
    parts = rule.branches[at : at + 1] if at < len(rule.branches) else rule.branches
    names = [name for branch in parts for name in c.facts_of(branch.when)]
    by_sex = any(
        isinstance(run.compiler(rule).resolve(operand), c.BySex)
        for branch in parts
        for leaf in c.leaves(branch.when)
        for operand in c.operands(leaf)
    )
    found = [*names, "sex"] if by_sex else names
    return [name for name in dict.fromkeys(found) if name in run.frame.columns]


def says(run: Run, clause: list[str], lang: str) -> str:
    """Clauses in our words as they are applied, with their labels."""
    stop = "；" if lang == "zh" else "; "
    pack = run.pack
    return stop.join(f"{pack.clauses[each].label} {as_applied(pack, each, lang, run.values)}" for each in clause)


def because(run: Run, rule: Decide, at: pl.Series, lang: str) -> pl.Series:
    """The reason of every row's decision, written branch by branch for the rows that each decides."""
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    outcomes = [*rule.branches, rule.otherwise]
    parts = []
    for (branch,), group in run.frame.with_columns(at.alias("_at")).partition_by("_at", as_dict=True).items():
        i = int(str(branch))
        facts = [shown(run, name, lang) for name in branch_facts(run, rule, i)]
        tail = pl.concat_str(facts, separator=comma, ignore_nulls=True) if facts else pl.lit("")
        head = says(run, outcomes[i].clause, lang)
        tail = pl.concat_str(tail, _assumed_day(run, branch_facts(run, rule, i), group, lang))
        words = pl.when(tail == "").then(pl.lit(head)).otherwise(pl.concat_str(pl.lit(head + colon), tail))
        parts.append(group.select(pl.col(ROW), words.alias("because")))
    return pl.concat(parts).sort(ROW)["because"] if parts else pl.Series("because", [], dtype=pl.String)


def _assumed_day(run: Run, facts: list[str], group: pl.DataFrame, lang: str) -> pl.Series:
    """The words for a reference day that the text does not give and the case did not state, where ages rest on it."""
    day = run.pack.parameters.get("reference_day")
    rests_on_it = bool(COUNTED_ON_THE_DAY & set(facts))
    if day is None or not day.inferred or not rests_on_it:
        return pl.Series([""]).new_from_index(0, group.height)
    zh, en = "（基准日按默认{day}）", " (reference day {day} by default)"
    note = (zh if lang == "zh" else en).format(day=run.values["reference_day"])
    if "reference_date" not in run.given.columns:
        return pl.Series([note]).new_from_index(0, group.height)
    stated = run.given["reference_date"].gather(group[ROW])
    return pl.select(pl.when(stated.is_null()).then(pl.lit(note)).otherwise(pl.lit(""))).to_series()


def amount_because(run: Run, name: str, lang: str) -> list[str]:
    """The steps of an amount: base × rate = raw → rounded → after minimum."""
    rule = run.pack.rules[name]
    if not isinstance(rule, Amount):
        raise TypeError(f"{name} is a rule of shape {rule.shape}")
    compiler = run.compiler(rule)
    head = says(run, rule.clause, lang)
    how = ROUNDING.get(str(compiler.resolve(rule.rounding)), ("", ""))[0 if lang == "zh" else 1]
    steps = run.amount(name).to_dicts()
    return [f"{head}{'：' if lang == 'zh' else ': '}{_steps(rule, compiler, each, how)}" for each in steps]


def _steps(rule: Amount, compiler: Any, step: dict[str, Any], how: str) -> str:
    raw = step["raw"]
    if raw is None:
        return "?"
    text = _number(step["base"])
    if rule.per is not None:
        text += " ÷ …" if not isinstance(rule.per, c.Parameter) else f" ÷ {compiler.resolve(rule.per):g}"
    elif rule.rate is not None:
        rate = compiler.resolve(rule.rate)
        text += f" × {rate:g}%" if rule.unit == "percent" else f" × {rate}"
    text += f" = {_number(raw)}"
    if how:
        text += f" → {how} {_number(step['rounded'])}"
    return text if step["final"] == step["rounded"] else f"{text} → {_number(step['final'])}"


def _number(value: Any) -> str:
    return "?" if value is None else f"{value:.6g}" if abs(value) < 1e6 else f"{value:g}"


def needs(run: Run, names: list[str], label: str, lang: str) -> str:
    """What to say of an answer that a missing fact prevents."""
    listed = ("、" if lang == "zh" else ", ").join(f"{fact_label(run, each, lang)}({each})" for each in names)
    if lang == "zh":
        return f"缺少事实：{listed}，不能依据 {label} 作出判断"
    return f"missing: {listed}; {label} cannot be applied without"
