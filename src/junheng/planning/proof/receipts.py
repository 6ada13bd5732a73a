"""What a teacher needs to find herself under a published root: her key, her rows, and their way up to the root.

A receipt stands alone: with it and the root as published nothing else is needed, no bundle and no trust in the bureau.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from junheng.planning.proof import merkle
from junheng.planning.proof.folder import open_folder
from junheng.planning.proof.interchange import MalformedFileError, canonical_json
from junheng.planning.proof.manifest import NAME, ROW_TREES, SALTED, SALTS, leaves, leaves_of, rows_of
from junheng.planning.proof.pseudonyms import KeyRow, pseudonym, row_salt
from junheng.planning.proof.reading import read_json

FORMAT = "junheng-receipt/1"


@dataclass(frozen=True, slots=True)
class RowProof:
    """One row of a table, with the hashes that lead from it to the root over the table's rows, nearest first."""

    row: str
    index: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableProof:
    """A teacher in one table: her row, or the two rows between which it would stand, which shows that she has none.

    ``rows`` is the table's number of rows, ``leaf`` the place of its tree among the bundle's ``leaves``, and ``path``
    the hashes from there to the published root.
    """

    file: str
    rows: int
    leaf: int
    leaves: int
    path: tuple[str, ...]
    own: RowProof | None = None
    before: RowProof | None = None
    after: RowProof | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that a teacher is handed: to be kept from others, since the key opens her pseudonym."""

    teacher_id: str
    key: str
    root: str
    tables: tuple[TableProof, ...]

    @property
    def pseudonym(self) -> str:
        """Her name in the bundle."""
        return pseudonym(self.teacher_id, self.key)

    def content(self) -> bytes:
        """The receipt as a file."""
        return canonical_json(asdict(self) | {"format": FORMAT})

    def rows(self) -> dict[str, str | None]:
        """Her row of every table, ``None`` where she has none."""
        return {table.file: table.own.row if table.own else None for table in self.tables}


def receipt_of(directory: Path, who: KeyRow) -> Receipt:
    """The receipt of one teacher from the full bundle; made by the bureau, handed to her. :func:`receipts_of` makes
    many at once.
    """
    return next(receipts_of(directory, [who]))


def receipts_of(directory: Path, people: list[KeyRow]) -> Iterator[Receipt]:
    """The receipts of several teachers. Raises ``ValueError`` for a bundle whose files cannot be read."""
    folder = open_folder(directory, public=False, root=None, policy=None, commitment=None)
    if folder.faults:
        raise ValueError(f"the bundle is not whole: {folder.faults[0].message('en')}")
    missing = sorted({*ROW_TREES, SALTS, NAME} - folder.contents.keys())
    if missing:
        raise ValueError(f"{missing[0]} is not in {directory}; receipts are made from the full bundle")
    tree = _Tree(folder.manifest, {name: folder.contents[name] for name in ROW_TREES}, folder.salts)
    for who in people:
        tables = tuple(tree.table(name, who.pseudonym) for name in ROW_TREES)
        yield Receipt(who.teacher_id, who.key, folder.manifest["root"], tables)


class _Tree:
    """The trees of a bundle, built once for many receipts."""

    def __init__(self, manifest: Mapping[str, Any], tables: Mapping[str, bytes], salts: Mapping[str, bytes]) -> None:
        self.top = leaves(manifest["files"])
        self.entries = {name: leaves_of(name, content, salts) for name, content in tables.items()}
        self.rows = {name: rows_of(content) for name, content in tables.items()}
        self.levels = {name: merkle.levels(entries) for name, entries in self.entries.items()}
        self.place = {
            name: {row.split(b",", 1)[0].decode(): i for i, row in enumerate(rows)} for name, rows in self.rows.items()
        }

    def table(self, name: str, who: str) -> TableProof:
        leaf = next(i for i, entry in enumerate(self.top) if entry.startswith(f"{name}#rows\x00".encode()))
        size, at = len(self.rows[name]), self.place[name].get(who)
        path = tuple(step.hex() for step in merkle.inclusion_path(self.top, leaf))
        own = before = after = None
        if at is not None:
            own = self._row(name, at)
        else:
            following = sum(1 for other in self.place[name] if other < who)
            before = self._row(name, following - 1) if following > 0 else None
            after = self._row(name, following) if following < size else None
        return TableProof(name, size, leaf, len(self.top), path, own, before, after)

    def _row(self, name: str, index: int) -> RowProof:
        path = tuple(step.hex() for step in merkle.path_in(self.levels[name], index))
        return RowProof(self.rows[name][index].decode(), index, path)


def read_receipt(content: bytes, name: str = "receipt") -> Receipt:
    """A receipt from its file; raises :class:`MalformedFileError` where it is none."""
    data = read_json(name, content)
    try:
        if data.pop("format") != FORMAT:
            raise ValueError(f"the format is not {FORMAT}")
        return Receipt(
            teacher_id=str(data["teacher_id"]),
            key=str(data["key"]),
            root=str(data["root"]),
            tables=tuple(_table(table) for table in data["tables"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise MalformedFileError(f"{name}: {type(fault).__name__} {fault}") from fault


def _table(data: dict[str, Any]) -> TableProof:
    return TableProof(
        file=str(data["file"]),
        rows=int(data["rows"]),
        leaf=int(data["leaf"]),
        leaves=int(data["leaves"]),
        path=tuple(map(str, data["path"])),
        own=_row_proof(data["own"]),
        before=_row_proof(data["before"]),
        after=_row_proof(data["after"]),
    )


def _row_proof(data: dict[str, Any] | None) -> RowProof | None:
    if data is None:
        return None
    return RowProof(str(data["row"]), int(data["index"]), tuple(map(str, data["path"])))


def receipt_faults(receipt: Receipt, published_root: str) -> list[str]:
    """What is wrong with a receipt against the root as published; empty when everything in it is under that root."""
    try:
        faults = (
            [] if receipt.root == published_root.lower() else ["it was made for another root than the published one"]
        )
        if sorted(table.file for table in receipt.tables) != sorted(ROW_TREES):
            faults.append(f"it is not about the tables {', '.join(ROW_TREES)}")
        return faults + [fault for table in receipt.tables for fault in _faults(receipt, table, published_root.lower())]
    except (ValueError, KeyError, TypeError) as fault:
        return [f"{type(fault).__name__}: {fault}"]


def _faults(receipt: Receipt, table: TableProof, published: str) -> Iterator[str]:
    name = receipt.pseudonym
    if table.own is not None:
        if not table.own.row.startswith(name + ","):
            yield f"{table.file}: the row is not of this teacher and key"
        salt = row_salt(receipt.key, name) if table.file in SALTED else b""
        found = _rows_root(table, table.own, salt)
    else:
        found, fault = _absent(table, name)
        if fault:
            yield f"{table.file}: {fault}"
    entry = f"{table.file}#rows\x00{table.rows}\x00{found.hex()}".encode()
    reached = merkle.root_from_path(entry, table.leaf, table.leaves, [bytes.fromhex(step) for step in table.path])
    if reached.hex() != published:
        yield f"{table.file}: it does not lead to the published root"


def _rows_root(table: TableProof, proof: RowProof, salt: bytes) -> bytes:
    path = [bytes.fromhex(step) for step in proof.path]
    return merkle.root_from_path(salt + proof.row.encode(), proof.index, table.rows, path)


def _absent(table: TableProof, name: str) -> tuple[bytes, str]:
    """The root that the neighbours give, and what is wrong with them as neighbours of a missing row."""
    if table.file in SALTED:
        return b"", "a withheld table always has a row for her"
    before, after = table.before, table.after
    if before is None and after is None:
        return merkle.root(()), "" if table.rows == 0 else "no neighbours are given in a table with rows"
    roots = {_rows_root(table, proof, b"") for proof in (before, after) if proof is not None}
    at = after.index if after is not None else table.rows
    adjacent = (before.index if before is not None else -1) == at - 1
    ordered = (before is None or before.row.split(",")[0] < name) and (after is None or name < after.row.split(",")[0])
    if len(roots) != 1 or not adjacent or not ordered:
        return b"", "the neighbours do not show that she has no row"
    return roots.pop(), ""
