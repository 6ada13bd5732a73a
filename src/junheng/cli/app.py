"""The command ``junheng`` and its commands."""

from __future__ import annotations

import sys

from junheng.cli.catalogue import Catalogue, Entry, run
from junheng.cli.web import WEB

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
PROOF = Catalogue(
    "proof",
    "取信于人：事先承诺、公开包、本人回执、单文件核验程序",
    "for outsiders: commitment, public bundle, receipts, verifier in one file",
    {
        "commit": Entry(
            "junheng.cli.promises",
            "commit",
            "申报截止前锁定政策、参数和运算次数，公布摘要",
            "fixes policy, parameters and number of runs before the deadline",
        ),
        "publish": Entry(
            "junheng.cli.publishing",
            "publish",
            "从完整包做出公开包，默克尔根不变",
            "makes the public bundle from the full one, under the same root",
        ),
        "receipts": Entry(
            "junheng.cli.publishing",
            "receipts",
            "每位教师的回执，凭它在包中查到本人",
            "each teacher's receipt, with which she finds herself",
        ),
        "check-receipt": Entry(
            "junheng.cli.publishing",
            "check_receipt",
            "凭回执和公布的根，查本人一行",
            "what stands under the published root about a receipt's holder",
        ),
        "verifier": Entry(
            "junheng.cli.publishing",
            "verifier",
            "写出单文件核验程序，只需 Python",
            "writes the verifier, one text file that needs Python only",
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
            "junheng.cli.synth",
            "synth",
            "虚构一个县、一个省或全国的一个样本，规模和结构接近真实",
            "a fictional county, a province or a sample of the country, true to life in size and structure",
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
        "fleet": Entry(
            "junheng.cli.fleet",
            "fleet",
            "一批县区（全市、全省）一起排定，可中断续算，汇总成表和示意图",
            "plans many counties at once, resumable, with tables and a map of all",
        ),
        "conflicts": Entry(
            "junheng.cli.conflicting",
            "conflicts",
            "没有可行方案时：哪些规则冲突，怎样改才行，试一试",
            "when there is no plan: which rules conflict, what would do, and a trial of your own",
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
        "why": Entry(
            "junheng.cli.why",
            "why",
            "某位教师为何去、为何留；如果志愿、去向改了会怎样",
            "why a teacher goes or stays, and what another wish would have brought",
        ),
        "itinerant": Entry(
            "junheng.cli.itinerant",
            "itinerant",
            "走教：同一学区内跨校兼课，让小校开齐课程",
            "itinerant teaching: time split between schools, so that small ones offer every subject",
        ),
        "outlook": Entry(
            "junheng.cli.outlook",
            "outlook",
            "今后三到六年：谁何时到期、怎样分批、退休与学科缺口、何年达标",
            "three to six years ahead: who is due, level batches, retirements, gaps, compliance",
        ),
        "mechanisms": Entry(
            "junheng.cli.mechanisms",
            "mechanisms",
            "自愿互换的几种机制与优化求解，同一份数据上比较得失",
            "mechanisms for voluntary exchange beside the optimiser, on the same data",
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
        "proof": PROOF,
        "policy": POLICY,
        "web": WEB,
    },
)


def main() -> None:
    """Runs the command ``junheng``."""
    sys.exit(run(COMMANDS, sys.argv[1:]))
