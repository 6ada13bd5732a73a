"""Merkle trees in the manner of RFC 6962: leaves and nodes are hashed under different prefixes.

A root of 32 bytes stands for a list of entries; a path of a few hashes shows that one entry is in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise

LEAF, NODE = b"\x00", b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry."""
    return hashlib.sha256(LEAF + entry).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def _cut(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def root(entries: Sequence[bytes]) -> bytes:
    """Root over the entries in their order; of none, the hash of nothing."""
    if not entries:
        return hashlib.sha256(b"").digest()
    return levels(entries)[-1][0]


def levels(entries: Sequence[bytes]) -> list[list[bytes]]:
    """The tree from its leaves' hashes up to its root, for taking many paths from it."""
    built = [[leaf_hash(entry) for entry in entries]]
    while len(built[-1]) > 1:
        built.append(_above(built[-1]))
    return built


def path_in(built: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The path of the entry at ``index`` in a tree of :func:`levels`; nearest first."""
    path = []
    for level in built[:-1]:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        index //= 2
    return path


def _above(level: list[bytes]) -> list[bytes]:
    # pairing neighbours and carrying an odd last one up gives the tree of the standard
    return [_node(*both) for both in list(pairwise(level))[::2]] + level[len(level) & ~1 :]


def inclusion_path(entries: Sequence[bytes], index: int) -> list[bytes]:
    """Hashes that, with the entry at ``index``, give the root; nearest first."""
    return path_in(levels(entries), index) if entries else []


def root_from_path(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an entry at ``index`` of ``size`` and its path lead to. A wrong length is a ``ValueError``."""
    if size <= 1:
        if path or index:
            raise ValueError("the path is longer than the tree is high")
        return leaf_hash(entry)
    if not path:
        raise ValueError("the path is shorter than the tree is high")
    cut = _cut(size)
    if index < cut:
        return _node(root_from_path(entry, index, cut, path[:-1]), path[-1])
    return _node(path[-1], root_from_path(entry, index - cut, size - cut, path[:-1]))
