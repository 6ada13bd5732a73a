#!/usr/bin/env python3
"""Sets up Junheng in this folder and runs it: ``python3 run.py demo``, ``python3 run.py test``.

Standard library only. The first call makes ``.venv`` from the hash-pinned ``requirements.lock``; later calls find it
ready, because each step is keyed by a digest of what it was made from.

    python3 run.py demo      the main job on a generated full-size county, end to end
    python3 run.py test      the test suite (add ``--all`` for the slow tests too; other words go to pytest)
    python3 run.py check     style, types, the directions of the house
    python3 run.py clauses   which clauses of the requirements are proven, by which tests
    python3 run.py bench     the figures claimed in docs/benchmarks, measured again
    python3 run.py lock      make requirements.lock anew from pyproject.toml
    python3 run.py junheng … the command itself, as .venv/bin/junheng does
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements.lock"
UV_LOCK = ROOT / "requirements-uv.lock"
MINIMUM = (3, 11)


def main(words: list[str]) -> int:
    """Runs the named command and returns its exit code."""
    if sys.version_info < MINIMUM:
        print(f"Junheng needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    commands = {
        "demo": demo,
        "test": test,
        "check": check,
        "clauses": clauses,
        "bench": bench,
        "lock": lock,
        "junheng": junheng,
    }
    if words in ([], ["help"], ["--help"], ["-h"]):
        print(__doc__)
        return 0
    if words[0] not in commands:
        known = ", ".join(commands)
        print(f"run.py has no command {words[0]!r}; it has {known}. See: python3 run.py help", file=sys.stderr)
        return 2
    try:
        return commands[words[0]](words[1:])
    except SetUpError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


class SetUpError(Exception):
    """The environment could not be made; the text says what to do."""


# --- commands -------------------------------------------------------------------------------------------------------


def demo(words: list[str]) -> int:
    """The main job on a generated full-size county."""
    return junheng(["demo", *words])


def junheng(words: list[str]) -> int:
    """The command line of the library."""
    set_up()
    return call(BIN / "junheng", *words)


def test(words: list[str]) -> int:
    """The suite, in parallel; ``--all`` runs the slow tests too."""
    set_up()
    options = [word for word in words if word != "--all"]
    if "--all" in words:
        options = ["-m", "slow or not slow", *options]
    return call(BIN / "python", "-m", "pytest", "-n", str(processors()), "-q", *options)


def check(_words: list[str]) -> int:
    """Style, types and the directions of the house; every fault of all of them before it stops."""
    set_up()
    steps = (
        ("ruff check", [BIN / "ruff", "check", "."]),
        ("ruff format", [BIN / "ruff", "format", "--check", "."]),
        ("mypy", [BIN / "mypy"]),
        ("import-linter", [BIN / "lint-imports", "--no-cache"]),
    )
    failed = []
    for name, command in steps:
        print(f"· {name}", flush=True)
        if call(*command):
            failed.append(name)
    print("check: " + (f"failed: {', '.join(failed)}" if failed else "all passed"))
    return 1 if failed else 0


def clauses(words: list[str]) -> int:
    """Runs the whole suite and prints which clauses are proven by which tests."""
    set_up()
    CACHE.mkdir(exist_ok=True)
    proof = CACHE / "clauses.json"
    if "--last" not in words or not proof.exists():
        code = test(["--all", f"--clauses={proof}"])
        if code:
            print("clauses: the suite did not pass; what follows counts passed tests only", file=sys.stderr)
    rest = [word for word in words if word != "--last"]
    return call(BIN / "python", ROOT / "docs" / "requirements" / "report.py", proof, *rest)


def bench(words: list[str]) -> int:
    """Measures again what docs/benchmarks claims."""
    set_up()
    return call(BIN / "python", ROOT / "benchmarks" / "run.py", *words)


def lock(_words: list[str]) -> int:
    """Makes the lock anew: hashes of every file, no addresses, one resolution for all platforms."""
    uv = installed_uv()
    return call(
        uv, "pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet",
        "--python-version", "3.11", "--all-extras", "pyproject.toml", "--group", "dev", "-o", LOCK.name,
    )  # fmt: skip


# --- the environment ------------------------------------------------------------------------------------------------


def set_up() -> None:
    """Makes ``.venv`` from the lock and puts the project in it; does nothing when both are as they should be."""
    step("packages", digest(LOCK), install_packages)
    step("project", digest(ROOT / "pyproject.toml"), install_project)


def step(name: str, made_from: str, make: object) -> None:
    """Runs ``make`` unless it already ran for the same input and the environment is there."""
    mark = VENV / f".made-{name}"
    if mark.exists() and mark.read_text() == made_from:
        return
    make()  # type: ignore[operator]
    mark.write_text(made_from)


def install_packages() -> None:
    """The environment and every locked package, checked against its hash."""
    uv = installed_uv()
    print("Setting up: packages from requirements.lock …", file=sys.stderr, flush=True)
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        must(uv, "venv", "--quiet", "--python", sys.executable, VENV)
    must(uv, "pip", "sync", "--quiet", "--python", VENV, "--require-hashes", "--only-binary", ":all:", LOCK)


def install_project() -> None:
    """The project itself, editable, without asking for anything new."""
    uv = installed_uv()
    must(uv, "pip", "install", "--quiet", "--python", VENV, "--no-deps", "--no-build-isolation", "--editable", ROOT)


def installed_uv() -> Path:
    """The installer uv in ``.tools``, put there by pip with its hash checked."""
    uv = TOOLS / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    mark = TOOLS / ".made-from"
    if uv.exists() and mark.exists() and mark.read_text() == digest(UV_LOCK):
        return uv
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        raise SetUpError("Python's pip is missing. On Debian: apt-get install python3-pip")
    shutil.rmtree(TOOLS, ignore_errors=True)
    print("Setting up: the installer …", file=sys.stderr, flush=True)
    must(
        sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore",
        "--no-deps", "--require-hashes", "--target", TOOLS, "-r", UV_LOCK,
    )  # fmt: skip
    mark.write_text(digest(UV_LOCK))
    return uv


def digest(path: Path) -> str:
    """SHA-256 of a file and of this Python's version, in hexadecimal."""
    return hashlib.sha256(path.read_bytes() + repr(sys.version_info[:2]).encode()).hexdigest()


def processors() -> int:
    """How many test processes to run."""
    return max(2, os.cpu_count() or 2)


def call(*command: object) -> int:
    """Runs a command in the project's folder and returns its exit code."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, check=False, env=environment()).returncode


def must(*command: object) -> None:
    """Runs a step of the set-up; raises :class:`SetUpError` when it fails."""
    if call(*command):
        raise SetUpError(f"Set-up stopped at: {' '.join(Path(str(word)).name for word in command[:4])} …")


def environment() -> dict[str, str]:
    """The environment of every command: UTF-8 everywhere, and none of another virtual environment."""
    foreign = {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {"PYTHONUTF8": "1"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
