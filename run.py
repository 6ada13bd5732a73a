#!/usr/bin/env python3
"""Sets up Junheng in this folder and runs it: ``python3 run.py demo``, ``python3 run.py test``.

Standard library only. The first call makes ``.venv`` from the hash-pinned ``requirements.lock``; later calls find it
ready, because each step is keyed by a digest of what it was made from.

    python3 run.py demo      the main job on a generated full-size county, end to end
    python3 run.py serve     the bureau online on a fictional county, at http://127.0.0.1:8000 (``--port``, ``--size``)
    python3 run.py test      the test suite (add ``--all`` for the slow tests and, where a PostgreSQL server answers,
                             what writes and races on it too; ``--postgresql`` for all of the web's tests on it
                             alone; other words go to pytest)
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
        "serve": serve,
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


def serve(words: list[str]) -> int:
    """The bureau online on a fictional county, prepared at the first call, until Ctrl-C."""
    size = "county"
    if "--size" in words[:-1]:
        at = words.index("--size")
        size = words[at + 1]
        words = words[:at] + words[at + 2 :]
    set_up()
    set_up_web()
    data = ROOT / "junheng-data" / f"demo-{size}"
    told = {"JUNHENG_MODE": "demo", "JUNHENG_HTTPS": "false", "JUNHENG_DATA_DIR": str(data)}
    if not (data / ".made-demo").exists():
        shutil.rmtree(data, ignore_errors=True)
        code = call(BIN / "junheng", "web", "demo", "--size", size, more=told)
        if code:
            return code
        (data / ".made-demo").write_text(size)
    return call(BIN / "junheng", "web", "serve", *words, more=told)


def test(words: list[str]) -> int:
    """The suite, in parallel; ``--all`` runs the slow tests and PostgreSQL's too."""
    set_up()
    set_up_web()
    say_what_the_browser_needs()
    options = [word for word in words if word not in {"--all", "--postgresql"}]
    if "--all" in words:
        options = ["-m", "slow or not slow", *options]
    code = 0
    if "--postgresql" not in words:
        code = pytest(options)
    if {"--all", "--postgresql"} & set(words) and not code:
        plain = [word for word in options if word not in {"-m", "slow or not slow"}]
        code = test_postgresql(plain, whole="--postgresql" in words)
    return code


ON_POSTGRESQL = (
    "records", "directory", "staffing/test_intakes.py", "staffing/test_round_trip.py", "staffing/test_corrections.py",
    "rotation/test_years.py", "rotation/test_freezing.py", "rotation/test_asking_races.py",
    "rotation/test_planning_racing.py", "rotation/test_serving_races.py", "rotation/test_notice_races.py",
    "rotation/test_recalling_races.py", "rotation/test_asking_paper_changed.py", "staffing/test_links.py",
    "rotation/test_after_the_end.py", "reporting/test_home.py", "reporting/test_demo_made.py",
    "browser/test_rotation_year.py",
)  # fmt: skip
"""What writes, races and keeps: the part of the web's tests that ``--all`` runs on PostgreSQL too."""


def test_postgresql(options: list[str], *, whole: bool) -> int:
    """The web's tests on PostgreSQL, all but the browser's or a part; no server is no failure, and it is said."""
    address = os.environ.get("JUNHENG_TEST_POSTGRESQL", "postgres:///junheng")
    ask = "import sys, psycopg, dj_database_url as d; u = d.parse(sys.argv[1]); psycopg.connect(dbname='postgres', "
    ask += "user=u['USER'] or None, password=u['PASSWORD'] or None, host=u['HOST'] or None, port=u['PORT'] or None, "
    ask += "connect_timeout=5)"
    asked = subprocess.run([str(BIN / "python"), "-c", ask, address], cwd=ROOT, check=False, capture_output=True)
    if asked.returncode:
        print("PostgreSQL: no server answers (JUNHENG_TEST_POSTGRESQL names one); the tests on it were not run.")
        return 0
    print("PostgreSQL: the tests of the web on it", flush=True)
    named = any(word.startswith("tests") for word in options)
    part = ["tests/web", "--ignore", "tests/web/browser"] if whole else [f"tests/web/{each}" for each in ON_POSTGRESQL]
    where = [] if named else part
    marked = [] if "-m" in options else ["-m", "not slow or both"]
    return pytest(["--migrations", *marked, *options, *where], more={"DATABASE_URL": address})


def pytest(options: list[str], more: dict[str, str] | None = None) -> int:
    """The test runner on all processors."""
    spare = 1 if "slow or not slow" in options else 0  # slow tests often wait for a process or a clock
    workers = ["-n", str(processors() + spare), "--dist", "worksteal"]  # who is done first takes from the others
    return call(BIN / "python", "-m", "pytest", *workers, "-q", *options, more=more)


def say_what_the_browser_needs() -> None:
    """Names the packages without which the browser tests are skipped."""
    if not any(shutil.which(name) for name in ("chromium", "chromium-browser")):
        print("No Chromium: the browser tests are skipped. On Debian: apt-get install chromium fonts-noto-cjk")


def check(_words: list[str]) -> int:
    """Style, types and the directions of the house; every fault of all of them before it stops."""
    set_up()
    set_up_web()
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


def set_up_web() -> None:
    """Bundles the front end and compiles the translations; does nothing when both are as they should be."""
    front = ROOT / "frontend"
    sources = [path for path in front.iterdir() if path.is_file()] + [
        p for p in (front / "src").rglob("*") if p.is_file()
    ]
    made = ROOT / "src" / "junheng" / "web" / "static" / "bundle" / ".vite" / "manifest.json"
    step("bundle", digest(*sources), bundle, made)
    texts = list((ROOT / "src" / "junheng" / "web").rglob("django.po"))
    step("messages", digest(*texts), compile_messages, *(text.with_suffix(".mo") for text in texts))


def bundle() -> None:
    """The front end by Vite, with Node from its wheel."""
    print("Setting up: the front end …", file=sys.stderr, flush=True)
    npm = BIN / ("npm.cmd" if os.name == "nt" else "npm")
    must(npm, "--prefix", "frontend", "ci", "--no-audit", "--no-fund", "--loglevel", "error")
    must(npm, "--prefix", "frontend", "run", "--silent", "build")


def compile_messages() -> None:
    """The translations of every room."""
    must(BIN / "python", "-m", "junheng.web.translating", "--compile")


def step(name: str, made_from: str, make: object, *made: Path) -> None:
    """Runs ``make`` unless it already ran for the same input and what it ``made`` is there."""
    mark = VENV / f".made-{name}"
    if mark.exists() and mark.read_text() == made_from and all(path.exists() for path in made):
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


def digest(*paths: Path) -> str:
    """SHA-256 of files and of this Python's version, in hexadecimal."""
    whole = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in sorted(paths):
        whole.update(path.read_bytes())
    return whole.hexdigest()


def processors() -> int:
    """How many test processes to run."""
    return max(2, os.cpu_count() or 2)


def call(*command: object, more: dict[str, str] | None = None) -> int:
    """Runs a command in the project's folder, with ``more`` in its environment, and returns its exit code."""
    told = environment() | (more or {})
    return subprocess.run([str(word) for word in command], cwd=ROOT, check=False, env=told).returncode


def must(*command: object) -> None:
    """Runs a step of the set-up; raises :class:`SetUpError` when it fails."""
    if call(*command):
        raise SetUpError(f"Set-up stopped at: {' '.join(Path(str(word)).name for word in command[:4])} …")


def environment() -> dict[str, str]:
    """The environment of every command: UTF-8 everywhere, and none of another virtual environment.

    What Python has compiled is kept apart, in ``.cache``: without it each of the many processes of the suite compiles
    the whole project and its libraries anew, most of its time.
    """
    foreign = {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    paths = os.pathsep.join([str(BIN), kept.get("PATH", "")])
    return kept | {"PYTHONUTF8": "1", "PYTHONPYCACHEPREFIX": str(CACHE / "bytecode"), "PATH": paths}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
