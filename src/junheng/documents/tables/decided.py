"""Tables of verdicts: every teacher with clause, reason and flags, and how many fall under each clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from junheng.documents.faults import Phrase
from junheng.documents.results import Chart, ResultColumn, Table
from junheng.facts import County
from junheng.policy import Findings, as_applied, verdict_words

Column = ResultColumn
STANDINGS: Mapping[str, Phrase] = {
    "must": Phrase("应当交流", "must move"),
    "may": Phrase("可以交流", "may move"),
    "no": Phrase("不参加", "does not move"),
}
FLAGS: Mapping[str, Phrase] = {
    "boundary": Phrase("边界", "boundary"),
    "ambiguous": Phrase("条文有歧义", "ambiguous"),
    "needs_authority": Phrase("须报有权机关定", "refer to authority"),
}


def phrase(verdict: str) -> Phrase:
    """A verdict's words in both languages."""
    return Phrase(verdict_words(verdict, "zh"), verdict_words(verdict, "en"))


def verdict_table(findings: Findings, county: County) -> Table:
    """One row a teacher: standing, verdict, the clause that decided, the reason, flags and missing facts."""
    people = county.teacher_by_id
    rows = []
    for found in findings.rows():
        teacher = people[found.teacher_id]
        rows.append(
            (
                teacher.id, teacher.name, county.school_by_id[teacher.school_id].name, teacher.stage, teacher.role,
                teacher.main_subject, STANDINGS[found.standing], phrase(found.verdict), found.clause,
                Phrase(found.because_zh, found.because_en), [FLAGS[f] for f in found.flags], found.missing,
            )
        )  # fmt: skip
    return Table(
        name_zh="资格判定",
        name_en="Verdicts",
        columns=(
            Column(key="teacher_id", zh="工号", en="Teacher no."),
            Column(key="name", zh="姓名", en="Name"),
            Column(key="school", zh="学校", en="School", width=26),
            Column(key="stage", zh="学段", en="Stage"),
            Column(key="role", zh="职务", en="Post"),
            Column(key="subject", zh="学科", en="Subject"),
            Column(key="standing", zh="结论", en="Standing"),
            Column(key="verdict", zh="判定", en="Verdict"),
            Column(key="clause", zh="条款", en="Clause", width=24),
            Column(key="because", zh="理由", en="Because", width=80),
            Column(key="flags", zh="标记", en="Flags", width=18),
            Column(key="missing", zh="缺少的信息", en="Missing facts", width=24),
        ),
        rows=rows,
    )


def clause_table(findings: Findings) -> Table:
    """How many teachers each clause decides, by standing."""
    counted = Counter((f.standing, f.verdict, f.clause) for f in findings.rows())
    pack, used = findings.pack, findings.parameters
    says = {
        clause.label: Phrase(as_applied(pack, key, "zh", used), as_applied(pack, key, "en", used))
        for key, clause in pack.clauses.items()
    }
    order = list(STANDINGS)
    rows = sorted(counted.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0]))
    return Table(
        name_zh="按条款统计",
        name_en="By clause",
        columns=(
            Column(key="standing", zh="结论", en="Standing"),
            Column(key="verdict", zh="判定", en="Verdict"),
            Column(key="clause", zh="条款", en="Clause", width=24),
            Column(key="says", zh="条款内容", en="The clause says", width=80),
            Column(key="teachers", zh="人数", en="Teachers", kind="integer"),
        ),
        rows=[
            (STANDINGS[standing], phrase(verdict), clause, says.get(clause, Phrase("", "")), number)
            for (standing, verdict, clause), number in rows
        ],
    )


def parameter_table(findings: Findings) -> Table:
    """The parameters as used, so that the verdicts can be repeated."""
    named = findings.pack.parameters
    return Table(
        name_zh="参数",
        name_en="Parameters",
        columns=(
            Column(key="parameter", zh="参数", en="Parameter", width=28),
            Column(key="meaning", zh="含义", en="Meaning", width=48),
            Column(key="value", zh="取值", en="Value", width=32),
            Column(key="clause", zh="条款", en="Clause", width=24),
        ),
        rows=[
            (
                name,
                Phrase(named[name].zh, named[name].en),
                "" if value is None else str(value),
                findings.pack.label(named[name].clause),
            )
            for name, value in findings.parameters.items()
        ],
    )


def decided_tables(findings: Findings, county: County) -> tuple[list[Table], list[Chart]]:
    """Every table of the verdicts, and their chart."""
    chart = Chart(
        table="按条款统计",
        kind="bar",
        categories="clause",
        values=("teachers",),
        title_zh="各条款判定人数",
        title_en="Teachers decided by each clause",
    )
    return [verdict_table(findings, county), clause_table(findings), parameter_table(findings)], [chart]
