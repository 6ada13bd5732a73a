"""junheng proof commit: policy, parameters and number of runs, fixed before the deadline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.promised import pack_digest, parameters_of
from junheng.cli.reading import OnOption, date_or_refuse
from junheng.cli.solving import GapOption
from junheng.cli.speaking import JsonOption, Lang, LangOption, Voice, both
from junheng.planning.proof import Commitment


def commit(
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    out: Annotated[
        Path, typer.Option("-o", "--out", "--output", help=both("承诺文件", "file of the commitment"))
    ] = Path("commitment.json"),
    runs: Annotated[int, typer.Option("--runs", help=both("最多运算几次", "most runs to be made"), min=1)] = 1,
    seeds: Annotated[
        list[int] | None, typer.Option("--seed", help=both("可用的种子；可多次", "a seed that may be used; may repeat"))
    ] = None,
    gap: GapOption = 5e-4,
    settings: SetOption = None,
    on: OnOption = None,
    deadline: Annotated[
        str | None, typer.Option("--deadline", help=both("申报截止日", "last day of applications"))
    ] = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Fixes policy, parameters and number of runs before the deadline, in a file whose hash is published."""
    voice = Voice(lang, as_json)
    pack = deciding_pack_or_refuse(voice, policy)
    chosen, day, last = overrides_of(voice, pack, settings), date_or_refuse(voice, on), date_or_refuse(voice, deadline)
    if out.exists():
        voice.refuse(
            f"-o {out}：已存在；承诺不能改写，请换一个名字。",
            f"-o {out}: it exists; a commitment is never rewritten, give another name.",
        )
    promise = Commitment(
        pack=f"{pack.code}.yaml",
        policy_sha256=pack_digest(pack),
        runs=runs,
        gap=gap,
        seeds=tuple(sorted({*(seeds or [0])})),
        parameters=parameters_of(pack, chosen),
        reference_date=day.isoformat() if day else "",
        deadline=last.isoformat() if last else "",
    )
    out.write_bytes(promise.content())
    voice.say(f"承诺文件：{out}", f"Commitment: {out}")
    voice.say(f"政策包 {pack.code} 的摘要：{promise.policy_sha256}", f"Hash of {pack.code}: {promise.policy_sha256}")
    voice.say(f"最多运算 {runs} 次", f"At most {runs} runs")
    voice.say(f"请在申报截止前公布此摘要：{promise.digest}", f"Publish this hash before the deadline: {promise.digest}")
    voice.answer(
        {"commitment": str(out), "sha256": promise.digest, "policy_sha256": promise.policy_sha256, "runs": runs}
    )
