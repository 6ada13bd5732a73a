"""The command ``junheng`` and its commands."""

from __future__ import annotations

import sys

from junheng.cli.catalogue import Catalogue, Entry, run

POLICY = Catalogue(
    "policy",
    "政策包：列出、查看、查错、比较、问答",
    "policy packs: list, show, lint, compare, ask",
    {
        "list": Entry("junheng.cli.policies", "list_packs", "全部政策包", "every pack that comes with Junheng"),
        "show": Entry(
            "junheng.cli.policies", "show", "一个政策包的身份、参数和条款", "a pack's identity, parameters and clauses"
        ),
        "lint": Entry(
            "junheng.cli.policies",
            "lint_pack",
            "查矛盾、空白、走不到的条款、小校达不到的比例",
            "contradictions, gaps, clauses that nobody reaches, shares that small schools cannot meet",
        ),
        "diff": Entry(
            "junheng.cli.comparing",
            "diff_packs",
            "两套办法的差别；给出花名册时，还有谁的判定会变",
            "what differs between two packs, and on a roster whose verdict changes",
        ),
        "ask": Entry(
            "junheng.cli.policies",
            "ask_cases",
            "回答案例文件里的问题，注明条款",
            "answers the cases of a file, with the clause",
        ),
    },
)
COMMANDS = Catalogue(
    "junheng",
    "均衡：教师交流轮岗的测算、判定、排定与证明。退出码 0 完成，1 答案是“不”，2 输入要先改正。",
    "Plans, runs and proves a county's teacher rotation. Exit codes: 0 done, 1 the answer is no, 2 mend the input.",
    {
        "demo": Entry(
            "junheng.cli.demo",
            "demo",
            "在虚构的整县数据上，从工作簿到证明包做一遍",
            "the main job on a generated county, from workbook to bundle",
        ),
        "template": Entry(
            "junheng.cli.workbooks",
            "template",
            "空白县区工作簿，带下拉选项和批注",
            "the empty county workbook, with dropdowns and notes",
        ),
        "synth": Entry(
            "junheng.cli.workbooks",
            "synth",
            "虚构县区工作簿，规模和结构接近真实",
            "the workbook of a fictional county, true to life in size and structure",
        ),
        "check": Entry(
            "junheng.cli.workbooks",
            "check",
            "一次查出全部问题，并另存带“错误信息”列的副本",
            "every fault at once, and a copy with an error column",
        ),
        "decide": Entry(
            "junheng.cli.deciding",
            "decide_county",
            "逐人判定：应当、可以、不参加，各依哪一条",
            "who must, may and does not move, and by which clause",
        ),
        "measure": Entry(
            "junheng.cli.measuring",
            "measure",
            "均衡、编制、交流比例的现状",
            "balance, establishment and compliance as they stand",
        ),
        "plan": Entry(
            "junheng.cli.planning",
            "plan",
            "求解轮岗方案：名额、去向、理由、前后对比、证明包",
            "the rotation plan: quotas, destinations, reasons, before and after, bundle",
        ),
        "check-plan": Entry(
            "junheng.cli.proofs",
            "check_plan",
            "独立检查任何一份方案，包括手改的",
            "checks any plan independently, also one edited by hand",
        ),
        "simulate": Entry(
            "junheng.cli.simulating",
            "simulate",
            "同一份花名册，试不同参数：人数、均衡、志愿、通勤",
            "several values of parameters on one roster: moves, balance, wishes, commute",
        ),
        "frontier": Entry(
            "junheng.cli.choosing",
            "frontier",
            "均衡、志愿与通勤之间的几个方案，供选择",
            "a few plans between balance, wishes and commute, to choose from",
        ),
        "verify": Entry(
            "junheng.cli.proofs",
            "verify",
            "逐步复核证明包，不用求解程序的一行代码",
            "verifies a bundle step by step, with none of the solver's code",
        ),
        "policy": POLICY,
    },
)


def main() -> None:
    """Runs the command ``junheng``."""
    sys.exit(run(COMMANDS, sys.argv[1:]))
