"""The folder that a plan is written into: results to read, the plan, the bundle, and what must stay private."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from junheng.cli.promised import Promise
from junheng.documents.digest import FrontierPoint, PlanDigest, Price, digest_of
from junheng.documents.faults import Phrase
from junheng.documents.report import ReportUnavailableError, write_report
from junheng.documents.results import Chart, Table, write_csv, write_json, write_results
from junheng.documents.tables.decided import verdict_table
from junheng.documents.tables.explained import account_table, price_table
from junheng.documents.tables.lasting import chain_table, return_table
from junheng.documents.tables.pictured import flow_tables, gallery
from junheng.documents.tables.planned import (
    PlanNames,
    assignment_table,
    change_charts,
    change_table,
    kept_table,
    note_table,
    quota_table,
    relaxation_table,
    school_change_table,
    staying_table,
)
from junheng.documents.tables.relaxed import conflict_table, remedy_table
from junheng.documents.tables.traded import voluntary_table
from junheng.planning.explaining import Speaker, needs_of, prices_of, school_accounts
from junheng.planning.interchange import write_plan
from junheng.planning.mechanisms import Joined
from junheng.planning.proof import Bundle, write_bundle
from junheng.planning.year import YearPlan, clauses_of, names_in_the_bureau, names_of_year
from junheng.policy import pack_source

ENGINE = ("junheng", "highspy", "numpy", "polars")
DEAREST = 12
"""How many rules the report names as the ones that cost most."""


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """What was written where. A plan that is not to be adopted has results to read, but no plan file and no bundle.

    ``report`` are the PDF and the HTML file, empty unless asked for; ``no_report`` says why there is none then.
    """

    folder: Path
    results: Path
    bundle: Bundle | None
    report: tuple[Path, ...] = ()
    no_report: Phrase | None = None

    @property
    def root(self) -> str | None:
        """The Merkle root of the bundle, to be published."""
        return self.bundle.root if self.bundle else None

    @property
    def listed(self) -> list[tuple[str, str, Path | str]]:
        """Chinese label, English label and place of everything written."""
        report = [("报告", "Report", path) for path in self.report]
        if self.bundle is None:
            return [
                ("冲突说明与试排（不得采用）", "What conflicts, and a draft not to be adopted", self.results),
                *report,
                ("各表 CSV 与 JSON", "Tables as CSV and JSON", self.folder / "tables"),
            ]
        return [
            ("结果工作簿", "Result workbook", self.results),
            *report,
            ("各表 CSV 与 JSON", "Tables as CSV and JSON", self.folder / "tables"),
            ("方案（交换格式）", "Plan in the interchange form", self.folder / "plan.csv"),
            ("证明包（可公布给监督部门）", "Proof bundle", self.bundle.directory),
            ("人员对照与密钥（不得公布）", "Key table (never to be published)", self.folder / "private"),
            ("默克尔根（请公布）", "Merkle root (publish it)", self.bundle.root),
        ]

    def as_data(self) -> dict[str, str]:
        """Places by short names, for machines."""
        places = {"results": self.results, "tables": self.folder / "tables"}
        if self.bundle is not None:
            places |= {
                "plan": self.folder / "plan.csv",
                "bundle": Path(self.bundle.directory),
                "private": self.folder / "private",
            }
        places |= {f"report_{path.suffix[1:]}": path for path in self.report}
        return {name: str(path) for name, path in places.items()}


def plan_tables(made: YearPlan, digest: PlanDigest) -> tuple[list[Table], list[Chart]]:
    """Every table of a plan, in the order in which a clerk reads them."""
    names = PlanNames(made.county, made.assembly)
    tables = [
        change_table(made.change),
        assignment_table(names, made.reasons, adoptable=made.adoptable, joined=made.joined),
        staying_table(names, made.reasons),
        quota_table(names, made.report.figures.quotas),
        verdict_table(made.findings, made.county),
        school_change_table(made.change),
        *flow_tables(digest),
        note_table(made.assembly.notes, made.report),
    ]
    if made.adoptable:
        called = names_of_year(made.county, made.assembly)
        problem, multipliers = made.assembly.problem, made.result.certificate
        tables += [
            account_table(names, school_accounts(problem, made.result.assignments, called)),
            price_table(prices_of(multipliers, called), needs_of(problem, multipliers, called)),
        ]
    if made.chains:
        tables.insert(3, chain_table(names, made.chains))
    if made.returns:
        tables.insert(4, return_table(made.county, made.returns))
    if made.joined is not None:
        tables.insert(2, voluntary_table(names, made.joined))
    if made.kept:
        tables.insert(2, kept_table(names, made.kept))
    if made.giving:
        tables.insert(0, relaxation_table(made.giving))
    if made.diagnosis is not None:
        speaker = speaker_of(made)
        tables[:0] = [
            conflict_table(made.diagnosis, speaker),
            remedy_table(made.diagnosis, made.remedies, speaker),
        ]
    return tables, change_charts()


def speaker_of(made: YearPlan) -> Speaker:
    """Says the rules of a year with names and clauses."""
    problem = made.assembly.problem
    return Speaker(problem, names_in_the_bureau(made.county, problem), clauses_of(made.findings))


def write_plan_folder(
    folder: Path,
    made: YearPlan,
    lang: str,
    *,
    salt: bytes,
    promise: Promise | None = None,
    report: bool = False,
    digest: PlanDigest | None = None,
) -> PlanFiles:
    """Writes everything; the folder must be new or empty. ``salt`` is secret: pseudonyms are made from it.

    A plan that breaks rules is written as tables only, and its report says on every page that it is a trial: nobody
    can mistake it for a plan to adopt or to publish. ``digest`` are the figures behind the pictures, the plan's own
    without it. A report that cannot be written leaves the rest as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = digest or pictured_plan(made)
    tables, charts = plan_tables(made, digest)
    pictured = gallery(digest)
    results = folder / "results.xlsx"
    write_results(results, tables, lang, charts, on=made.county.on, gallery=pictured)
    _write_tables(folder / "tables", [*tables, *pictured.tables], lang)
    files = PlanFiles(folder, results, None)
    if made.adoptable:
        write_plan(made.result.assignments, folder / "plan.csv")
        bundle = _write_bundle(folder / "bundle", made, salt, promise)
        _write_private(folder / "private", bundle)
        files = replace(files, bundle=bundle)
    return _with_report(files, made, digest, lang, runs_of(promise)) if report else files


def runs_of(promise: Promise | None) -> int:
    """How many runs were made: those logged under the commitment, or this one."""
    return len(promise.runs) if promise else 1


def pictured_plan(made: YearPlan, frontier: Sequence[FrontierPoint] = ()) -> PlanDigest:
    """The figures behind the pictures of a plan, with the plans that it was chosen among and what its rules cost."""
    return digest_of(made, frontier=frontier, prices=_dearest(made))


def _dearest(made: YearPlan) -> list[Price]:
    """What hurts most, for the report; nothing where no plan keeps every rule."""
    if not made.adoptable:
        return []
    prices = prices_of(made.result.certificate, names_of_year(made.county, made.assembly))
    return [Price(what=Phrase(each.if_zh, each.if_en), cost=each.worth) for each in prices[:DEAREST]]


def _with_report(files: PlanFiles, made: YearPlan, digest: PlanDigest, lang: str, runs: int) -> PlanFiles:
    try:
        written = write_report(
            files.folder, made, digest, root=files.root, runs=runs, version=version("junheng"), lang=lang
        )
    except ReportUnavailableError as missing:
        return replace(files, no_report=Phrase(missing.zh, missing.en))
    return replace(files, report=written)


def _write_tables(folder: Path, tables: Sequence[Table], lang: str) -> None:
    folder.mkdir()
    for table in tables:
        write_csv(folder / f"{table.name(lang)}.csv", table, lang)
    write_json(folder / "results.json", tables, lang)


def _write_bundle(folder: Path, made: YearPlan, salt: bytes, promise: Promise | None) -> Bundle:
    cited = made.findings.cited
    problem = made.assembly.problem
    duty = {t.id: t.verdict for t in problem.teachers}
    return write_bundle(
        folder,
        problem=problem,
        assignments=made.result.assignments,
        certificate=made.result.certificate,
        objective=made.result.objective,
        bound=made.result.bound,
        pack_name=f"{made.findings.pack.code}.yaml",
        pack_text=pack_source(made.findings.pack).encode(),
        verdicts={t: (duty[t], cited[t]) for t in duty},
        run={
            "runs": runs_of(promise),
            "seed": made.result.statistics.get("seed", 0),
            "versions": {name: version(name) for name in ENGINE},
            "status": made.result.status,
            "reference_date": made.findings.reference_date.isoformat(),
            "parameters": {name: str(value) for name, value in sorted(made.findings.parameters.items())},
            **_voluntary_facts(made.joined),
        },
        salt=salt,
        commitment=promise.commitment if promise else None,
        runs=promise.with_objective(made.result.objective) if promise else (),
    )


def _voluntary_facts(joined: Joined | None) -> dict[str, object]:
    """How the voluntary part was made, for the facts of the run; nothing without one."""
    if joined is None:
        return {}
    made = joined.round
    return {
        "voluntary": {
            "mechanism": made.mechanism.code,
            "priority": made.order.kind,
            "points": "published" if made.order.published else list(made.order.keys),
            "exchanged": len(joined.kept),
            "released": len(joined.released),
        }
    }


def _write_private(folder: Path, bundle: Bundle) -> None:
    folder.mkdir(mode=0o700)
    with (folder / "keys.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(("teacher_id", "pseudonym", "receipt"))
        writer.writerows((row.teacher_id, row.pseudonym, row.key) for row in bundle.keys)
    for path in folder.iterdir():
        path.chmod(0o600)
