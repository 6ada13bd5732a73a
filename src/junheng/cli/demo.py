"""junheng demo: the main job on a generated full-size county, end to end, in about a minute."""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.measuring import say_balance
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.plan_files import PlanFiles, write_plan_folder
from junheng.cli.planning import plan_or_refuse
from junheng.cli.reading import county_or_refuse
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.cli.summary import plan_answer, say_files, say_plan
from junheng.cli.synth import SYNTHETIC_ON
from junheng.documents import write_county
from junheng.facts import County
from junheng.facts.synthetic import make_county
from junheng.indicators import measure_balance
from junheng.planning.proof import verify_bundle
from junheng.planning.year import Request

DEMO_PACK = "YUNLING"
"""The pack that the demo plans by."""


def demo(
    teachers: Annotated[int, typer.Option(help=both("教师人数", "number of teachers"), min=200, max=20_000)] = 4000,
    seed: Annotated[int, typer.Option(help=both("虚构县的种子", "seed of the county"))] = 1,
    policy: Annotated[
        str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))
    ] = DEMO_PACK,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            "--output",
            help=both("输出文件夹，不写则新建一个临时的", "output folder; a new temporary one without"),
        ),
    ] = None,
    no_report: Annotated[
        bool, typer.Option("--no-report", help=both("不写报告，省几秒", "leave out the report, some seconds less"))
    ] = False,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Does the main job on a generated county."""
    voice = Voice(lang, as_json)
    began = time.monotonic()
    pack = deciding_pack_or_refuse(voice, policy)
    folder = _folder(voice, out)
    county = _county(voice, folder / "county.xlsx", teachers, seed)
    say_balance(voice, measure_balance(county))
    voice.say("3/5 判定资格、计算名额、求解方案", "3/5 verdicts, quotas, plan")
    made = plan_or_refuse(voice, county, pack, Request(processes=2))
    with voice.progress("4/5 写出结果、证明包和报告", "4/5 writing results, bundle, report"):
        files = write_plan_folder(folder / "plan", made, voice.lang, salt=secrets.token_bytes(32), report=not no_report)
    accepted = _verified(voice, files)
    say_plan(voice, made)
    voice.title("写出了什么", "What was written")
    voice.say(f"县区工作簿：{folder / 'county.xlsx'}", f"County workbook: {folder / 'county.xlsx'}")
    say_files(voice, files)
    seconds = time.monotonic() - began
    if files.bundle is not None:
        voice.say(
            f"证明包复核{'通过' if accepted else '不通过'}", f"The bundle was {'accepted' if accepted else 'REFUSED'}"
        )
    voice.say(f"全程 {seconds:.0f} 秒", f"{seconds:.0f} s in all")
    voice.answer(
        plan_answer(voice, made, files)
        | {"verified": accepted, "workbook": str(folder / "county.xlsx"), "seconds_in_all": seconds}
    )
    if not (made.adoptable and accepted):
        raise typer.Exit(NO)


def _folder(voice: Voice, out: Path | None) -> Path:
    folder = out or Path(tempfile.mkdtemp(prefix="junheng-demo-"))
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        voice.refuse(
            f"-o {folder}：已存在且不空，请换一个文件夹。",
            f"-o {folder}: it exists and is not empty; give another folder.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _county(voice: Voice, workbook: Path, teachers: int, seed: int) -> County:
    """A fictional county, written as a workbook and read back, as a bureau's would be."""
    with voice.progress("1/5 生成虚构县并写成工作簿", "1/5 making a fictional county, writing its workbook"):
        write_county(make_county(teachers=teachers, seed=seed, on=SYNTHETIC_ON), workbook)
    voice.say("2/5 读入并逐项检查工作簿", "2/5 reading and checking the workbook")
    county = county_or_refuse(voice, [workbook])
    voice.say(
        f"    {county.name}：{len(county.schools)} 所学校，{len(county.teachers)} 名教师，没有错误",
        f"    {county.name}: {len(county.schools)} schools, {len(county.teachers)} teachers, no faults",
    )
    return county


def _verified(voice: Voice, files: PlanFiles) -> bool:
    """Whether a stranger would accept the bundle; there is none to accept when no plan keeps every rule."""
    if files.bundle is None:
        return False
    with voice.progress("5/5 按外人的方式复核证明包", "5/5 verifying the bundle as a stranger would"):
        return verify_bundle(files.bundle.directory, expected_root=files.root).accepted
