"""Finding the policy pack that a command works by, or refusing it with every fault named."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import typer

from junheng.cli.speaking import Voice, both
from junheng.policy import Pack, PackError, load_pack, shipped_packs

PackArgument = Annotated[str, typer.Argument(help=both("政策包的代码或文件", "pack: its code or a YAML file"))]


def pack_or_refuse(voice: Voice, name: str) -> Pack:
    """The pack with the code, or in the file; refused with every fault when it cannot be loaded."""
    try:
        return load_pack(name)
    except PackError as problem:
        voice.refuse(f"政策包 {name} 不能使用：", f"Pack {name} cannot be used:", details=problem.faults)
    except (OSError, UnicodeDecodeError) as problem:
        voice.refuse(f"政策包 {name} 不能读：{problem}", f"Pack {name} cannot be read: {problem}")


def deciding_pack_or_refuse(voice: Voice, name: str) -> Pack:
    """The pack, refused unless it says who rotates."""
    pack = pack_or_refuse(voice, name)
    if pack.planning is None:
        able = ", ".join(deciding_packs())
        voice.refuse(
            f"政策包 {pack.code} 没有说谁参加轮岗（没有 planning 一节），不能判定和排定；可用的有 {able}，或自写一份。",
            f"Pack {pack.code} does not say who rotates (it has no planning part), so it neither decides nor plans; "
            f"those that do: {able}, or a pack of your own.",
        )
    return pack


@cache
def deciding_packs() -> tuple[str, ...]:
    """Codes of the packs that come with Junheng and say who rotates."""
    return tuple(code for code in shipped_packs() if load_pack(code).planning is not None)
