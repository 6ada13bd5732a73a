"""Environments for the peers, apart from the product's: every package of a lock, checked against its hash."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOCKS = {"bench-venv": "requirements.lock", "openfisca-venv": "requirements-openfisca.lock"}


def peer_python(name: str) -> Path:
    """The interpreter of an environment, made anew when its lock has changed."""
    folder = ROOT / ".cache" / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock = HERE / LOCKS[name]
    mark = folder / ".made-from"
    made_from = hashlib.sha256(lock.read_bytes()).hexdigest()
    if python.exists() and mark.exists() and mark.read_text() == made_from:
        return python
    print(f"Setting up .cache/{name} from benchmarks/{lock.name} …", file=sys.stderr, flush=True)
    for command in commands(folder, python, lock):
        subprocess.run([str(word) for word in command], check=True)
    mark.write_text(made_from)
    return python


def commands(folder: Path, python: Path, lock: Path) -> list[list[object]]:
    """The steps, by uv where run.py has put it, else by pip."""
    uv = ROOT / ".tools" / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    checked = ["--require-hashes", "--only-binary", ":all:"]
    if uv.exists():
        make = [uv, "venv", "--quiet", "--python", sys.executable, folder]
        fill = [uv, "pip", "sync", "--quiet", "--python", folder, *checked, lock]
    else:
        make = [sys.executable, "-m", "venv", folder]
        fill = [python, "-m", "pip", "install", "--quiet", *checked, "-r", lock]
    return [fill] if python.exists() else [make, fill]
