"""junheng demo: the main job on a generated full-size county, end to end, in under a minute."""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.measuring import say_balance
from junheng.cli.plan_files import write_plan_folder
from junheng.cli.planning import plan_or_refuse
from junheng.cli.policies import pack_or_refuse
from junheng.cli.reading import county_or_refuse
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice
from junheng.cli.summary import plan_answer, say_plan
from junheng.cli.workbooks import SYNTHETIC_ON
from junheng.documents import write_county
from junheng.facts.synthetic import make_county
from junheng.indicators import measure_balance
from junheng.planning.proof import verify_bundle
from junheng.planning.year import Request


def demo(
    teachers: Annotated[int, typer.Option(help="教师人数 number of teachers", min=200, max=20_000)] = 4000,
    seed: Annotated[int, typer.Option(help="虚构县的种子 seed of the county")] = 1,
    policy: Annotated[str, typer.Option("--policy", help="政策包 pack")] = "CN",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="输出文件夹 output folder (default: a new one)")
    ] = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """在虚构的整县数据上,从工作簿到证明包做一遍。 The main job on a generated county, workbook to bundle."""
    voice = Voice(lang, as_json)
    began = time.monotonic()
    folder = out or Path(tempfile.mkdtemp(prefix="junheng-demo-"))
    if folder.exists() and any(folder.iterdir()):
        voice.refuse(f"{folder} 已存在且不空。", f"{folder} exists and is not empty.")
    folder.mkdir(parents=True, exist_ok=True)
    workbook = folder / "county.xlsx"
    with voice.progress("1/5 生成虚构县并写成工作簿", "1/5 making a fictional county, writing its workbook"):
        write_county(make_county(teachers=teachers, seed=seed, on=SYNTHETIC_ON), workbook)
    voice.say("2/5 读入并逐项检查工作簿", "2/5 reading and checking the workbook")
    county = county_or_refuse(voice, [workbook])
    voice.say(
        f"    {county.name}:{len(county.schools)} 所学校,{len(county.teachers)} 名教师,没有错误",
        f"    {county.name}: {len(county.schools)} schools, {len(county.teachers)} teachers, no faults",
    )
    say_balance(voice, measure_balance(county))
    pack = pack_or_refuse(voice, policy)
    voice.say("3/5 判定资格、计算名额、求解方案", "3/5 verdicts, quotas, plan")
    made = plan_or_refuse(voice, county, pack, Request(processes=2))
    with voice.progress("4/5 写出结果和证明包", "4/5 writing results and bundle"):
        files = write_plan_folder(folder / "plan", made, voice.lang, salt=secrets.token_bytes(32))
    with voice.progress("5/5 按外人的方式复核证明包", "5/5 verifying the bundle as a stranger would"):
        verified = verify_bundle(files.bundle.directory, expected_root=files.root)
    say_plan(voice, made)
    voice.title("写出了什么", "What was written")
    voice.say(f"县区工作簿:{workbook}", f"County workbook: {workbook}")
    for zh, en, path in files.listed:
        voice.say(f"{zh}:{path}", f"{en}: {path}")
    seconds = time.monotonic() - began
    voice.say(
        f"证明包复核{'通过' if verified.accepted else '不通过'};全程 {seconds:.0f} 秒",
        f"The bundle was {'accepted' if verified.accepted else 'REFUSED'}; {seconds:.0f} s in all",
    )
    voice.answer(
        plan_answer(voice, made, files)
        | {"verified": verified.accepted, "workbook": str(workbook), "seconds_in_all": seconds}
    )
    if not (made.result.feasible and made.report.feasible and verified.accepted):
        raise typer.Exit(NO)
