"""The verifier as one file that runs on any Python 3.11 or later, without the product."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import junheng
from junheng.planning import checking, problem, proof

MAIN = "import sys\n\nfrom junheng.planning.proof.__main__ import main\n\nsys.exit(main(sys.argv[1:]))\n"
EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_verifier(target: Path) -> None:
    """Write the verifier to ``target`` (``python target BUNDLE`` runs it). The same version writes the same bytes.

    It holds the data types of a problem, the checker and this package as source text, to be read as well as run.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, text in sorted(_sources().items()):
            archive.writestr(zipfile.ZipInfo(name, EARLIEST), text)
    target.write_bytes(b"#!/usr/bin/env python3\n" + content.getvalue())


def _sources() -> dict[str, bytes]:
    home = Path(str(junheng.__file__)).parent
    sources = {
        "__main__.py": MAIN.encode(),
        "junheng/__init__.py": b"",
        "junheng/planning/__init__.py": b"",
        "junheng/planning/problem.py": Path(str(problem.__file__)).read_bytes(),
    }
    for package in (checking, proof):
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.glob("*.py")):
            sources[f"junheng/{path.relative_to(home).as_posix()}"] = path.read_bytes()
    return sources
