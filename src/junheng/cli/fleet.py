"""junheng fleet: many counties planned at once, on this machine or on a Dask cluster, resumable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.planning import YearOption
from junheng.cli.reading import OnOption, date_or_refuse
from junheng.cli.solving import GapOption, SeedOption
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.fleet.counties import FleetError, find_counties
from junheng.fleet.dask import cluster_workers, local_workers
from junheng.fleet.estimate import Estimate, estimate
from junheng.fleet.running import InOrder, Progress, Run, Workers, run_fleet
from junheng.fleet.store import Store
from junheng.fleet.tasks import STATUSES, Settings
from junheng.fleet.writing import Written, write_all
from junheng.policy import pack_source

INTERRUPTED = 130
SHOWN = 12


def fleet(
    folder: Annotated[Path, typer.Argument(help=both("放县区文件的文件夹", "folder of county files"))],
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    output: Annotated[Path, typer.Option("-o", "--output", help=both("输出文件夹", "output folder"))] = Path("fleet"),
    workers: Annotated[
        int | None,
        typer.Option(
            help=both("工作进程数，默认每核一个；0 为在本进程内逐县算", "processes, one a core; 0: in this one"),
            min=0,
            max=512,
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help=both("Dask 调度器地址，如 tcp://主机:8786", "a Dask scheduler, e.g. tcp://host:8786")),
    ] = None,
    security: Annotated[
        Path | None,
        typer.Option(help=both("TLS 证书文件夹：ca.pem cert.pem key.pem", "TLS: folder with ca.pem cert.pem key.pem")),
    ] = None,
    memory: Annotated[
        str, typer.Option(help=both("每个工作进程的内存上限，如 2GB", "memory limit of a process, e.g. 2GB"))
    ] = "auto",
    resume: Annotated[
        bool, typer.Option("--resume", help=both("接着上次没算完的做", "go on from where a run stopped"))
    ] = False,
    settings: SetOption = None,
    on: OnOption = None,
    year: YearOption = None,
    seed: SeedOption = 0,
    gap: GapOption = 5e-4,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Plans every county in a folder."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    how = Settings(
        pack_name=f"{pack.code}.yaml",
        pack=pack_source(pack),
        parameters=tuple(sorted(overrides_of(voice, pack, settings).items())),
        on=date_or_refuse(voice, on),
        plan_year=year,
        seed=seed,
        gap=gap,
    )
    store = _store_or_refuse(voice, output, resume=resume)
    try:
        counties = find_counties(folder)
        with _workers(workers, scheduler, security, memory) as team, _shown(voice, len(counties)) as tell:
            store.open(how, version("junheng"), counties)
            run = run_fleet(counties, how, store, team, version=version("junheng"), tell=tell)
    except FleetError as fault:
        voice.refuse(f"{fault.zh}。", f"{fault}.")
    except KeyboardInterrupt:
        _interrupted(voice, output)
    written = write_all(store, counties, run, voice.lang)
    _say(voice, run, written, output)
    if any(outcome.status != "solved" for outcome in run.outcomes):
        raise typer.Exit(NO)


def _store_or_refuse(voice: Voice, output: Path, *, resume: bool) -> Store:
    store = Store(output)
    if output.exists() and not output.is_dir():
        voice.refuse(
            f"-o {output}：这里已有一个文件，请换一个名字。", f"-o {output}: a file is there; give another name."
        )
    if not output.resolve().parent.is_dir():
        voice.refuse(
            f"-o {output}：没有文件夹 {output.parent}，请先建立。",
            f"-o {output}: there is no folder {output.parent}; make it first.",
        )
    if not store.is_new() and not store.is_fleet():
        voice.refuse(
            f"-o {output}：不空，也不是以前的输出，请换一个文件夹。",
            f"-o {output}: it is not empty and no earlier run's; give another folder.",
        )
    if not store.is_new() and not resume:
        voice.refuse(
            f"-o {output}：已有以前的结果。接着做请加 --resume，另做请换一个文件夹。",
            f"-o {output}: an earlier run's results are there. Add --resume to go on, or give another folder.",
        )
    return store


@contextmanager
def _workers(count: int | None, scheduler: str | None, security: Path | None, memory: str) -> Iterator[Workers]:
    """The team that the options ask for."""
    if scheduler is not None:
        with cluster_workers(scheduler, version("junheng"), security) as team:
            yield team
    elif count == 0:
        yield InOrder()
    else:
        with local_workers(count or _cores(), memory) as team:
            yield team


def _cores() -> int:
    import os  # noqa: PLC0415 - asked for here only

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _shown(voice: Voice, total: int) -> Iterator[Any]:
    """A bar with how many counties are done, being planned and failed, and how long the rest takes."""
    bar = RichProgress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        console=voice.err,
        disable=voice.as_json,
        refresh_per_second=2,
    )
    with bar:
        task = bar.add_task(voice.text("准备工作进程", "starting the workers"), total=total)

        def tell(progress: Progress) -> None:
            bar.update(task, completed=progress.kept + progress.done, description=_described(voice, progress))

        yield tell


def _described(voice: Voice, progress: Progress) -> str:
    left = "" if progress.left is None else voice.text("，约余 ", ", about ") + _time(progress.left)
    done = progress.kept + progress.done
    return voice.text(
        f"完成 {done}/{progress.of}，计算中 {progress.running}，失败 {progress.failed}{left}",
        f"{done}/{progress.of} done, {progress.running} running, {progress.failed} failed{left}"
        + (" left" if left else ""),
    )


def _interrupted(voice: Voice, output: Path) -> None:
    voice.refuse(
        f"已中断。算完的县区都在 {output}，加 --resume 可接着做。",
        f"Interrupted. The counties that were finished are in {output}; add --resume to go on.",
        code=INTERRUPTED,
    )


def _time(seconds: float) -> str:
    whole = round(seconds)
    return (
        f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        if whole >= 3600
        else f"{whole // 60}:{whole % 60:02d}"
    )


def _say(voice: Voice, run: Run, written: Written, output: Path) -> None:
    total = written.provinces[-1]
    voice.title("全部县区", "All counties")
    _say_provinces(voice, written.provinces)
    _say_trouble(voice, written.rows)
    cpu = sum(outcome.seconds.get("cpu", 0.0) for outcome in run.outcomes)
    guess = estimate([(o.figures.get("teachers") or 0, o.seconds.get("cpu", 0.0)) for o in run.outcomes])
    voice.title("用时", "Time")
    voice.say(
        f"本次 {_time(run.wall)}，新算 {run.planned} 个县区，沿用 {run.kept} 个；{run.workers} 个工作进程，"
        f"利用率 {run.utilisation:.0%}；全部县区合计 CPU {cpu:,.0f} 秒",
        f"{_time(run.wall)} for this run: {run.planned} counties planned, {run.kept} kept; {run.workers} workers, "
        f"busy {run.utilisation:.0%} of the time; all counties took {cpu:,.0f} CPU seconds",
    )
    if guess is not None:
        _say_estimate(voice, guess, run)
    voice.title("写出了什么", "What was written")
    for zh, en, path in written.listed:
        voice.say(f"{zh}：{path}", f"{en}: {path}")
    each, logs = output / "counties", output / "logs"
    voice.say(f"逐县结果与日志：{each}、{logs}", f"Each county and its log: {each}, {logs}")
    voice.answer(
        {
            "counties": total["counties"],
            **{status: total[status] for status in STATUSES},
            "teachers": total["teachers"],
            "moves": total["moves"],
            "imbalance_ratio": total["imbalance_ratio"],
            "gap_median": total["gap_median"],
            "gap_worst": total["gap_worst"],
            "planned": run.planned,
            "kept": run.kept,
            "workers": run.workers,
            "wall_seconds": run.wall,
            "cpu_seconds": cpu,
            "utilisation": run.utilisation,
            "country": None if guess is None else _estimate_answer(guess, run),
            "provinces": list(written.provinces),
            "written": {path.name: str(path) for _, _, path in written.listed},
        }
    )


def _say_provinces(voice: Voice, provinces: Sequence[dict[str, Any]]) -> None:
    voice.table(
        [("省（市）", "Province"), ("县区", "Counties"), ("已排定", "Planned"), ("教师", "Teachers"), ("移动", "Moves"),
         ("不均衡", "Imbalance"), ("差异系数均值", "Mean CV"), ("达标校次", "Schools at standard"),
         ("最大差距", "Worst gap")],
        [
            (
                row["province"] if row["province"] is not None else voice.text("合计", "All"),
                row["counties"], row["solved"], f"{row['teachers']:,}", f"{row['moves']:,}",
                _percent(row["imbalance_ratio"], 1),
                "–" if row["cv_before"] is None else f"{row['cv_before']:.3f} → {row['cv_after']:.3f}",
                f"{row['reaching_before']:,} → {row['reaching_after']:,}",
                _percent(row["gap_worst"], 3),
            )
            for row in provinces
        ],
    )  # fmt: skip


def _percent(value: float | None, places: int) -> str:
    return "–" if value is None else f"{value:.{places}%}"


def _say_trouble(voice: Voice, rows: Sequence[dict[str, Any]]) -> None:
    trouble = [row for row in rows if row["status"] != "solved"]
    for row in trouble[:SHOWN]:
        named = " ".join(dict.fromkeys((row["id"], row["name"])))
        why = row["error"].said(voice.lang) if row["error"] else row["rules_broken"] or ""
        zh, en = STATUSES[row["status"]]
        voice.warn(f"  {named}：{zh}，{why}", f"  {named}: {en}, {why}")
    if more := len(trouble) - len(trouble[:SHOWN]):
        voice.say(f"  ……另有 {more} 个", f"  … and {more} more")


def _say_estimate(voice: Voice, guess: Estimate, run: Run) -> None:
    wall = guess.wall_seconds(run.workers, run.utilisation or 1.0)
    voice.say(
        f"照此推算全国 {guess.counties:,} 个县区、{guess.teachers:,} 名教师：CPU {guess.cpu_seconds / 3600:.1f} 小时，"
        f"{run.workers} 个工作进程约 {_time(wall)}（按县规模插值，增长指数 {guess.growth:.2f}）",
        f"The country's {guess.counties:,} counties, {guess.teachers:,} teachers, by interpolation over size: "
        f"{guess.cpu_seconds / 3600:.1f} CPU hours, about {_time(wall)} on {run.workers} workers "
        f"(growth exponent {guess.growth:.2f})",
    )


def _estimate_answer(guess: Estimate, run: Run) -> dict[str, Any]:
    return {
        "counties": guess.counties,
        "teachers": guess.teachers,
        "cpu_seconds": guess.cpu_seconds,
        "largest_seconds": guess.largest_seconds,
        "growth": guess.growth,
        "wall_seconds": guess.wall_seconds(run.workers, run.utilisation or 1.0),
    }
