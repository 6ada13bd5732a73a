"""The folder that a run fills, and resumes from after a kill.

    counties/ID.json   one finished county: what it depended on (``key``), status, figures, moves; repeats exactly
    seconds/ID.json    how long its phases took, which does not
    logs/ID.log        phases, warnings, and the traceback of a failure
    fleet.json         settings, version and how many counties
    counties.parquet   one row a county
    moves.parquet      one row a move
    seconds.parquet    one row a county: seconds by phase
    results.xlsx       provinces, counties, what failed
    map.html           every county before and after

Files are written beside their place and moved there, so that a kill leaves whole files only. What was finished for the
same county, pack, settings and version is not planned again; everything but the seconds and logs is then, byte for
byte, what an uninterrupted run would have written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from junheng.documents.faults import Phrase
from junheng.fleet.counties import CountyFile
from junheng.fleet.tasks import Outcome, Settings

FOLDERS = ("counties", "seconds", "logs")


class Store:
    """The output folder of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, settings: Settings, version: str, counties: Sequence[CountyFile]) -> None:
        """Makes the folder and notes what it is for; results of counties that are no longer in the fleet go."""
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        here = {each.id for each in counties}
        for path in (path for name in FOLDERS for path in (self.folder / name).iterdir()):
            if path.name.split(".json")[0].split(".log")[0] not in here:
                path.unlink()
        head = {"version": version, "settings": settings.as_data(), "counties": len(counties)}
        self.write("fleet.json", _json(head))

    def write(self, name: str, content: bytes) -> Path:
        """Writes a file as a whole or not at all."""
        path = self.folder / name
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        part.replace(path)
        return path

    def keep(self, outcome: Outcome, key: str) -> None:
        """Writes what came of a county: its log and seconds first, so that a finished county has them."""
        self.write(f"logs/{outcome.id}.log", log_text(outcome).encode())
        self.write(f"seconds/{outcome.id}.json", _json(outcome.seconds))
        self.write(
            f"counties/{outcome.id}.json",
            _json(
                {
                    "key": key,
                    "id": outcome.id,
                    "status": outcome.status,
                    "error": list(outcome.error),
                    "figures": dict(sorted(outcome.figures.items())),
                    "moves": [list(move) for move in outcome.moves],
                }
            ),
        )

    def kept(self, county: CountyFile, key: str) -> Outcome | None:
        """What was finished for this county with the same key; ``None`` for a failure or anything else."""
        found = self._read(f"counties/{county.id}.json")
        if not found or found.get("key") != key or found.get("status") == "failed":
            return None
        return Outcome(
            id=county.id,
            status=found["status"],
            figures=found["figures"],
            moves=tuple(tuple(move) for move in found["moves"]),
            error=Phrase(*found["error"]),
            seconds=self._read(f"seconds/{county.id}.json") or {},
        )

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            found = json.loads((self.folder / name).read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def is_new(self) -> bool:
        """Whether nothing is there yet."""
        return not self.folder.exists() or not any(self.folder.iterdir())

    def is_fleet(self) -> bool:
        """Whether an earlier run wrote here."""
        return (self.folder / "fleet.json").is_file()


def log_text(outcome: Outcome) -> str:
    """A county's log."""
    lines: Iterable[str] = [
        f"{outcome.id}: {outcome.status}",
        *(each for each in outcome.error if each),
        *(f"{phase} {seconds:.3f} s" for phase, seconds in outcome.seconds.items()),
        *(f"{name} = {value}" for name, value in sorted(outcome.figures.items())),
        *(f"warning: {each}" for each in outcome.warnings),
        *([outcome.trace] if outcome.trace else []),
    ]
    return "\n".join(lines) + "\n"


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
