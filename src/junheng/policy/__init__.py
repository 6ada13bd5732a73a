"""What the rules say: policy packs as data, and one engine that judges by them and cites clauses."""

from junheng.policy.asking import ask
from junheng.policy.departing import as_applied
from junheng.policy.errors import CaseError, PackError
from junheng.policy.explaining import BranchTree, Explanation, Node, explain
from junheng.policy.findings import Finding, Findings, decide, decide_frame
from junheng.policy.linting import Remark, lint
from junheng.policy.loading import load_pack, pack_source, parse_pack, shipped_packs
from junheng.policy.overrides import parse_override
from junheng.policy.quotas import GoalNumbers, PlanningNumbers, QuotaAmount
from junheng.policy.schema import Pack
from junheng.policy.verdicts import verdict_words
from junheng.policy.versions import OpenMatter, in_force, open_matters, version_on

__all__ = [
    "BranchTree",
    "CaseError",
    "Explanation",
    "Finding",
    "Findings",
    "GoalNumbers",
    "Node",
    "OpenMatter",
    "Pack",
    "PackError",
    "PlanningNumbers",
    "QuotaAmount",
    "Remark",
    "as_applied",
    "ask",
    "decide",
    "decide_frame",
    "explain",
    "in_force",
    "lint",
    "load_pack",
    "open_matters",
    "pack_source",
    "parse_override",
    "parse_pack",
    "shipped_packs",
    "verdict_words",
    "version_on",
]
