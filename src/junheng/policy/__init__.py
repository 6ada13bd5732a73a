"""What the rules say: policy packs as data, and one engine that judges by them and cites clauses."""

from junheng.policy.asking import ask
from junheng.policy.errors import CaseError, PackError
from junheng.policy.loading import load_pack, parse_pack, shipped_packs
from junheng.policy.schema import Pack

__all__ = ["CaseError", "Pack", "PackError", "ask", "load_pack", "parse_pack", "shipped_packs"]
