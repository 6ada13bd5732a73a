"""The verifier as one text file that runs on any Python 3.11 or later, without the product."""

from __future__ import annotations

from pathlib import Path

import junheng
from junheng.planning import checking, problem, proof

MARK = "# " + "=" * 30 + " "
"""Begins the line above each module's text."""
FUTURE = "from __future__ import annotations\n"
HEAD = r'''#!/usr/bin/env python3
"""均衡公示包核验程序 · Verifier of Junheng's proof bundles. Python 3.11 or later, nothing else.

    python {name} BUNDLE [--public] [--root HEX] [--commitment HEX] [--policy HEX] [--lang en]
    python {name} --receipt RECEIPT --root HEX

先读后用：本文件自上而下就是全部程序，以下各段为其各模块的原文。
Read it before you run it: this file is the whole program, its modules follow as text, one after the other.
"""

import __future__

import importlib.util
import sys

MARK = "# " + "=" * 30 + " "


class Text:
    """Finds the modules below in this file's own text, and nowhere else."""

    def __init__(self):
        with open(__file__, encoding="utf-8") as file:
            parts = (part.partition("\n") for part in file.read().split("\n" + MARK)[1:])
        self.texts = {{name.strip(): text for name, _, text in parts}}

    def find_spec(self, name, path=None, target=None):
        inner = any(other.startswith(name + ".") for other in self.texts)
        known = name in self.texts or inner
        return importlib.util.spec_from_loader(name, self, is_package=inner) if known else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        text, annotations = self.texts.get(module.__name__, ""), __future__.annotations.compiler_flag
        exec(compile(text, module.__name__, "exec", flags=annotations, dont_inherit=True), module.__dict__)


if __name__ == "__main__":
    sys.meta_path.insert(0, Text())
    from junheng.planning.proof.__main__ import main

    raise SystemExit(main(sys.argv[1:]))
'''
TAIL = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'
NOT_NEEDED = ("standalone.py",)


def write_verifier(target: Path) -> None:
    """Write the verifier to ``target`` (``python target BUNDLE`` runs it). The same version writes the same bytes.

    It is the text of a problem's data types, of the checker and of this package behind a short loader, to be read as
    well as run.
    """
    parts = [HEAD.format(name=target.name)]
    parts += [f"\n{MARK}{name}\n{text}" for name, text in sorted(_texts().items())]
    target.write_text("".join(parts), encoding="utf-8", newline="\n")


def _texts() -> dict[str, str]:
    home = Path(str(junheng.__file__)).parent.parent
    paths = [Path(str(problem.__file__))]
    for package in (checking, proof):
        folder = Path(str(package.__file__)).parent
        paths += [path for path in folder.glob("*.py") if path.name not in NOT_NEEDED]
    return {_module(path.relative_to(home)): _text(path) for path in paths}


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _text(path: Path) -> str:
    """A module's text; what the loader gives to all of them at once is taken out."""
    text = path.read_text(encoding="utf-8").replace(FUTURE, "")
    for name in NOT_NEEDED:
        module = name.removesuffix(".py")
        text = "".join(line for line in text.splitlines(keepends=True) if f"proof.{module} import" not in line)
    return text.replace('    "write_verifier",\n', "").removesuffix(
        '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'
    )
