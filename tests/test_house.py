"""The house keeps its own rules: what every folder, file and function must be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "junheng"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if not re.match(r"0\d{3}_", path.name))
"""Every module but the steps of the database, which Django writes."""
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
LIBRARY = ("facts", "policy", "indicators", "planning")
DRAWERS = {"common", "core", "utils", "util", "helpers", "misc", "base"}
AMBIENT = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("os", "environ"),
    ("os", "getenv"),
    ("time", "time"),
}


def tracked_files() -> list[Path]:
    """Files that git tracks, or every file where there is no git."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listing.stdout.split("\n") if listing.returncode == 0 and listing.stdout else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_can_be_read_in_a_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400, "split it by noun"
    long = [
        f"{f.name} ({f.end_lineno - f.lineno + 1})" for f in functions(ast.parse(text)) if f.end_lineno - f.lineno >= 70
    ]
    assert not long, f"functions over 70 lines: {long}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_what_is_public_says_what_it_means(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module says what it is for"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent, f"without a docstring: {silent}"


def test_there_are_no_drawers() -> None:
    names = {path.stem for path in MODULES} | {path.name for path in SOURCE.rglob("*") if path.is_dir()}
    assert not names & DRAWERS


@pytest.mark.parametrize("layer", LIBRARY)
def test_the_library_asks_neither_clock_nor_environment(layer: str) -> None:
    found = []
    for path in (SOURCE / layer).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and (node.value.id, node.attr) in AMBIENT
            ):
                found.append(f"{path.name}:{node.lineno} {node.value.id}.{node.attr}")
    assert not found


def test_every_folder_is_a_layer_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    declared = {name.strip().removeprefix("junheng.") for layer in layers for name in layer.split("|")}
    folders = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == declared


def test_every_dependency_says_what_it_is_for() -> None:
    silent = [
        line.strip()
        for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
        if re.match(r'\s+"[a-z0-9-]+(\[[a-z,]+\])?[~>=]', line) and "#" not in line
    ]
    assert not silent


def test_every_test_can_fail() -> None:
    proof = re.compile(r"\bassert\b|pytest\.raises|pytest\.fail|check\w*\(|expect\w*\(|assert_\w+\(")
    empty = []
    for path in TESTS:
        text = path.read_text(encoding="utf-8")
        empty += [
            f"{path.name}:{f.lineno} {f.name}"
            for f in functions(ast.parse(text))
            if f.name.startswith("test_") and not proof.search(ast.get_source_segment(text, f) or "")
        ]
    assert not empty


def test_nothing_is_left_unfinished() -> None:
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X\b(?!\")|HA" + r"CK)\b|Not" + r"ImplementedError")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if mark.search(line)
    ]
    assert not found


def test_the_project_names_no_machine_and_no_registry() -> None:
    hosts = re.compile(
        r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|mirrors\.|/root/|/home/\w+/|/work/" + r"(main|shared)"
    )
    found = []
    for path in tracked_files():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in hosts.finditer(text)]
    assert not found


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readmes_name_the_two_commands(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert "python3 run.py demo" in text
    assert "python3 run.py test" in text


def test_commands_named_in_the_readme_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {match.group(1) for match in re.finditer(r"^\s*(?:\$ )?junheng ([a-z-]+)", text, re.MULTILINE)}
    listed = subprocess.run(
        [sys.executable, "-m", "junheng.cli", "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert named
    assert {name for name in named if name not in listed} == set()


def test_run_py_needs_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {
        node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    assert imported <= sys.stdlib_module_names
