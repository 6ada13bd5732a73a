"""``manifest.json``: the fingerprint of every file, and the one root that is published.

The manifest is a function of the other files and holds nothing of its own, so a changed byte in it is found by writing
it again. The root covers every file and, for the tables that carry rows about persons, a tree over their rows, so that
a teacher can be shown that one row is in it without seeing the others.

What is withheld from the public is fingerprinted together with a salt, so that nobody can try likely homes or wishes
until a published hash fits. The salts are in ``salts.csv``, which is withheld too; a teacher's receipt gives her own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from junheng.planning.proof import merkle

FORMAT = "junheng-bundle/2"
NAME = "manifest.json"
SALTS = "salts.csv"
ROW_TREES = ("plan.csv", "problem/teachers.csv", "verdicts.csv")
SALTED = ("certificate.json", "problem/history.csv", "problem/pins.csv", "problem/teachers.csv")
"""Files with wishes, homes and family ties, fingerprinted with a salt."""
PERSONAL = (*SALTED, SALTS)
"""What is in the full bundle and withheld in the public one, under the same root."""
NO_SALTS: Mapping[str, bytes] = {}


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def rows_of(content: bytes) -> list[bytes]:
    """The rows of a table as bytes, without its header."""
    return content.split(b"\n")[1:-1]


def entry(name: str, content: bytes, salts: Mapping[str, bytes] = NO_SALTS) -> dict[str, Any]:
    """What the manifest says about one file; ``salts`` by file name and by the first cell of a row."""
    facts: dict[str, Any] = {"bytes": len(content), "sha256": digest(salts.get(name, b"") + content)}
    if name in ROW_TREES:
        rows = leaves_of(name, content, salts)
        facts |= {"rows": len(rows), "rows_root": merkle.root(rows).hex()}
    return facts


def leaves_of(name: str, content: bytes, salts: Mapping[str, bytes] = NO_SALTS) -> list[bytes]:
    """The leaves of a table's row tree: the rows, each behind its salt in a table that is withheld."""
    rows = rows_of(content)
    if name not in SALTED:
        return rows
    return [salts.get(row.split(b",", 1)[0].decode(errors="replace"), b"") + row for row in rows]


def leaves(entries: Mapping[str, Mapping[str, Any]]) -> list[bytes]:
    """The leaves under the root: name and fingerprint of every file, then of the rows of some."""
    found = []
    for name, facts in sorted(entries.items()):
        found.append(f"{name}\x00{facts['bytes']}\x00{facts['sha256']}".encode())
        if "rows_root" in facts:
            found.append(f"{name}#rows\x00{facts['rows']}\x00{facts['rows_root']}".encode())
    return found


def manifest_of(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The manifest as data."""
    policies = {name: facts["sha256"] for name, facts in entries.items() if name.startswith("policy/")}
    return {
        "format": FORMAT,
        "files": {name: dict(facts) for name, facts in entries.items()},
        "policy": policies,
        "root": merkle.root(leaves(entries)).hex(),
    }
