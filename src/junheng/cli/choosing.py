"""junheng frontier: a few plans between balance and what teachers want; and which of them ``plan`` is to make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from junheng.cli.choices import SetOption, overrides_of
from junheng.cli.output import writable_or_refuse
from junheng.cli.packs import deciding_pack_or_refuse
from junheng.cli.reading import CountyArgument, MappingOption, NameOption, OnOption, county_or_refuse, date_or_refuse
from junheng.cli.solving import ProcessesOption
from junheng.cli.speaking import NO, JsonOption, Lang, LangOption, Voice, both
from junheng.documents.digest import FrontierPoint as PicturePoint
from junheng.documents.faults import Phrase
from junheng.documents.frontier_picture import write_picture
from junheng.documents.results import table_rows, write_results
from junheng.documents.tables.chosen import TOWARD, frontier_charts, frontier_table
from junheng.planning.assembling import PlanningError
from junheng.planning.goals.frontier import (
    ALLOWANCE,
    FEWEST,
    LARGEST,
    USUAL,
    Frontier,
    NoFrontierError,
    Toward,
)
from junheng.planning.goals.frontier import (
    frontier as find_frontier,
)
from junheng.planning.goals.saved import Choice, ChoiceError, choice, document
from junheng.planning.problem import Problem
from junheng.planning.year import Request, prepare_year

FrontierOption = Annotated[
    Path | None,
    typer.Option(
        "--frontier",
        help=both(
            "junheng frontier 写出的 frontier.json 或其文件夹", "frontier.json of junheng frontier, or its folder"
        ),
    ),
]
PointOption = Annotated[
    int | None,
    typer.Option("--point", help=both("照可选方案中的第几号排定", "make the plan of this number"), min=1),
]


def frontier(
    county: CountyArgument,
    policy: Annotated[str, typer.Option("--policy", help=both("政策包的代码或文件", "pack: its code or a file"))],
    output: Annotated[
        Path | None, typer.Option("-o", "--out", "--output", help=both("放结果的文件夹", "folder for what is written"))
    ] = None,
    points: Annotated[
        int, typer.Option("--points", help=both("算几个方案", "how many plans"), min=FEWEST, max=LARGEST)
    ] = USUAL,
    toward: Annotated[
        str,
        typer.Option(
            "--toward",
            help=both(
                "均衡让位于什么：service 服务、wishes 志愿、commute 通勤",
                "what balance gives way to: service, wishes or commute",
            ),
        ),
    ] = "service",
    allowance: Annotated[
        float,
        typer.Option("--allowance", help=both("建议方案最多让出几成均衡", "most balance to give up"), min=0.0, max=1.0),
    ] = ALLOWANCE,
    settings: SetOption = None,
    processes: ProcessesOption = 2,
    mapping: MappingOption = None,
    on: OnOption = None,
    name: NameOption = None,
    lang: LangOption = Lang.ZH,
    as_json: JsonOption = False,
) -> None:
    """Shows a few plans between balance and what teachers want."""
    voice = Voice(lang, as_json)
    toward_ = toward_or_refuse(voice, toward)
    pack = deciding_pack_or_refuse(voice, policy)
    parameters, day = overrides_of(voice, pack, settings), date_or_refuse(voice, on)
    if output is not None:
        writable_or_refuse(voice, output, county, folder=True)
    held = county_or_refuse(voice, county, mapping, on, name)
    try:
        problem = prepare_year(held, pack, Request(on=day, parameters=parameters))[2].problem
        found = _found(voice, problem, points, toward_, allowance, processes)
    except PlanningError as fault:
        voice.refuse(f"不能排定：{fault.zh}。", f"Cannot plan: {fault.en}.")
    except ValueError as fault:
        voice.refuse(f"不能排定：{fault}", f"Cannot plan: {fault}")
    _say(voice, found)
    written = _write(voice, found, problem, output) if output is not None else {}
    voice.answer({"table": table_rows(frontier_table(found)), "recommended": found.recommended.number} | written)


def toward_or_refuse(voice: Voice, word: str) -> Toward:
    """The goal that a word names."""
    known = {name: name for name in TOWARD}
    if word not in known:
        voice.refuse(
            f"--toward {word}：只能取 {'、'.join(TOWARD)}。", f"--toward {word}: it can be {', '.join(TOWARD)} only."
        )
    return known[word]


def _found(voice: Voice, problem: Problem, points: int, toward: Toward, allowance: float, processes: int) -> Frontier:
    try:
        with voice.progress("求解各个方案", "solving each plan", total=points) as bar:
            return find_frontier(
                problem, points=points, toward=toward, allowance=allowance, processes=processes, progress=bar.to
            )
    except NoFrontierError:
        voice.refuse(
            "没有方案能同时满足全部规则，因此没有可选的方案；请先用 junheng plan 查看要放宽哪一条。",
            "No plan keeps every rule, so there is nothing to choose; see with junheng plan which rule must give.",
            code=NO,
        )


def _say(voice: Voice, found: Frontier) -> None:
    toward = TOWARD[found.toward]
    voice.title(f"均衡与{toward.zh}之间的可选方案", f"Plans between balance and {toward.en}")
    voice.table(
        [("编号", "No."), ("", ""), ("不均衡", "Imbalance"), ("让出均衡", "Given up"), ("人均服务分", "Points/mover"),
         ("第一/任一志愿", "First/any wish"), ("通勤增加", "Longer, km"), ("移动", "Moves"),
         ("达标/达85%校次", "At std/85 %"), ("差距", "Gap")],
        [
            (
                p.number, voice.text("建议", "advised") if p.recommended else "", f"{p.measures.balance:.1%}",
                f"{p.given_up:.1%}", f"{p.measures.service_each:.1f}",
                f"{p.measures.wishes_met[0] if p.measures.wishes_met else 0}/{sum(p.measures.wishes_met)}",
                f"{p.measures.extra_km:.1f}", p.measures.moves, f"{p.measures.reaching}/{p.measures.nearly}",
                f"{max(0.0, p.value - p.bound) / max(1.0, p.objective.w_imbalance):.2%}",
            )
            for p in found.points
        ],
        right=2,
    )  # fmt: skip
    broken = [p.number for p in found.points if not p.feasible]
    voice.say(
        f"独立检查：{f'第 {broken} 号违反规则' if broken else '每个方案都符合全部规则'}；"
        f"“差距”以均衡改善前的目标值为 100%",
        f"Independent check: {f'plans {broken} break rules' if broken else 'every plan keeps every rule'}; "
        "'Gap' is a share of the objective before any move",
    )
    voice.say(
        f"建议第 {found.recommended.number} 号：让出不超过 {found.allowance:.0%} 均衡的方案中，"
        "离两端连线最远的一个。照它排定：junheng plan … --frontier 文件夹 --point 编号",
        f"Plan {found.recommended.number} is recommended: of those that give up at most {found.allowance:.0%} of the "
        "balance, the one farthest from the line between the ends. To make it: junheng plan … --frontier DIR --point N",
    )


def _write(voice: Voice, found: Frontier, problem: Problem, folder: Path) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    places = {"results": folder / "frontier.xlsx", "data": folder / "frontier.json", "picture": folder / "frontier.svg"}
    write_results(places["results"], [frontier_table(found)], voice.lang, frontier_charts(found))
    text = json.dumps(document(found, problem), ensure_ascii=False, indent=1, allow_nan=False)
    places["data"].write_text(text + "\n", encoding="utf-8")
    write_picture(places["picture"], found, voice.lang)
    for path in places.values():
        voice.say(f"已写出：{path}", f"Wrote {path}")
    return {"written": {key: str(path) for key, path in places.items()}}


def frontier_points(chosen: Choice | None) -> tuple[PicturePoint, ...]:
    """The plans that a chosen one was among, for the pictures of its report; none without a choice."""
    if chosen is None:
        return ()
    return tuple(
        PicturePoint(
            label=Phrase(f"第 {number} 号", f"plan {number}"),
            imbalance=each.balance,
            service=each.service_each,
            extra_km=each.extra_km,
            moves=each.moves,
            chosen=number == chosen.number,
        )
        for number, each in chosen.among.items()
    )


def choice_or_refuse(voice: Voice, path: Path | None, point: int | None, problem: Problem) -> Choice | None:
    """The plan chosen from a saved frontier, or the end of the command; nothing where neither option is given."""
    if path is None and point is None:
        return None
    if path is None or point is None:
        voice.refuse(
            "--frontier 与 --point 要一起给出：前者是 frontier.json，后者是方案编号。",
            "--frontier and --point go together: the frontier.json and the number of the plan.",
        )
    file = path / "frontier.json" if path.is_dir() else path
    try:
        return choice(json.loads(file.read_text(encoding="utf-8")), point, problem)
    except ChoiceError as fault:
        voice.refuse(f"--frontier {file}：{fault.zh}。", f"--frontier {file}: {fault.en}.")
    except (OSError, ValueError) as fault:
        voice.refuse(f"--frontier {file} 不能读：{fault}", f"--frontier {file} cannot be read: {fault}")
