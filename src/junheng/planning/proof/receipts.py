"""What a teacher needs to find herself in a published bundle: her key, her rows, and their way up to the root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from junheng.planning.proof import merkle
from junheng.planning.proof.interchange import MalformedFileError
from junheng.planning.proof.manifest import NAME, ROW_TREES, leaves, rows_of
from junheng.planning.proof.pseudonyms import KeyRow, pseudonym
from junheng.planning.proof.reading import read_json


@dataclass(frozen=True, slots=True)
class Receipt:
    """One row of one table, and the hashes that lead from it to the root over the table's rows."""

    file: str
    row: str
    index: int
    size: int
    path: tuple[str, ...]


def receipts(directory: Path, who: KeyRow) -> tuple[Receipt, ...]:
    """The rows about one teacher in the full bundle, with their paths; made by the bureau, handed to the teacher."""
    found = []
    for name in ROW_TREES:
        rows = rows_of((directory / name).read_bytes())
        for index, row in enumerate(rows):
            if row.startswith(who.pseudonym.encode() + b","):
                path = tuple(step.hex() for step in merkle.inclusion_path(rows, index))
                found.append(Receipt(name, row.decode(), index, len(rows), path))
    return tuple(found)


def check_receipt(directory: Path, receipt: Receipt, *, teacher_id: str, key: str, published_root: str) -> list[str]:
    """What is wrong with a receipt against the published root; empty when the row is in the bundle and is hers.

    Only the manifest is read, so the public bundle is enough.
    """
    manifest = read_json(NAME, (directory / NAME).read_bytes())
    try:
        return list(_faults(manifest, receipt, pseudonym(teacher_id, key), published_root))
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        return [f"{type(fault).__name__}: {fault}"]


def _faults(manifest: Mapping[str, Any], receipt: Receipt, name: str, published_root: str) -> list[str]:
    if "files" not in manifest:
        raise MalformedFileError(f"{NAME} has no files")
    faults = []
    if merkle.root(leaves(manifest["files"])).hex() != published_root.lower():
        faults.append("the manifest does not lead to the published root")
    if not receipt.row.startswith(name + ","):
        faults.append("the row is not of this teacher and key")
    facts = manifest["files"][receipt.file]
    reached = merkle.root_from_path(
        receipt.row.encode(), receipt.index, receipt.size, [bytes.fromhex(step) for step in receipt.path]
    )
    if facts["rows"] != receipt.size or facts["rows_root"] != reached.hex():
        faults.append(f"the row is not in {receipt.file}")
    return faults
