"""How long a county's workbook takes to read and check, against openpyxl's plain read-only read of the same file.

Run ``python benchmarks/workbook.py --teachers 50000``. A fictional county is written once; then each reader gets the
file in a process of its own. Ours reads, parses every cell, checks and assembles the county; openpyxl only visits the
cells. Memory is the peak resident size of the process and, for ours, of its child, whichever is larger.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

READERS = ("junheng", "openpyxl")


def main() -> None:
    """Write the county unless a file is given, time the readers, print a table or JSON."""
    arguments = _arguments()
    if arguments.write:
        write(arguments.write, arguments.teachers, arguments.seed)
        return
    if arguments.reader:
        print(json.dumps(measure(arguments.reader, arguments.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.file or written(Path(folder) / "county.xlsx", arguments)
        results = {reader: run(reader, file) for reader in READERS}
        report(file, results, as_json=arguments.json)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", type=Path, help="a county workbook to read instead of writing one")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    return parser.parse_args()


def written(file: Path, arguments: argparse.Namespace) -> Path:
    """The fictional county's workbook, written by a process of its own: a reader inherits the peak of its parent."""
    size = ["--teachers", str(arguments.teachers), "--seed", str(arguments.seed)]
    subprocess.run([sys.executable, __file__, "--write", str(file), *size], check=True)
    return file


def write(file: Path, teachers: int, seed: int) -> None:
    """A fictional county's workbook."""
    from junheng.documents import write_county
    from junheng.facts.synthetic import make_county

    county = make_county(teachers=teachers, seed=seed)
    began = perf_counter()
    write_county(county, file)
    print(f"written: {len(county.teachers):,} teachers in {perf_counter() - began:.1f} s", file=sys.stderr)


def run(reader: str, file: Path) -> dict[str, float]:
    """Measure a reader in a process of its own."""
    command = [sys.executable, __file__, "--reader", reader, "--file", str(file)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measure(reader: str, file: Path) -> dict[str, float]:
    """Seconds, peak megabytes and rows of one reading in this process."""
    import resource

    from timing import peak_megabytes

    began = perf_counter()
    rows = read_ours(file) if reader == "junheng" else read_plainly(file)
    seconds = perf_counter() - began
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "megabytes": round(max(peak_megabytes(), child)), "rows": rows}


def read_ours(file: Path) -> int:
    """Read, check and assemble; a fault would make the figure meaningless."""
    from junheng.documents import read_county

    reading = read_county(file)
    assert reading.county is not None, [fault.message() for fault in reading.faults[:5]]
    return sum(reading.counts.values())


def read_plainly(file: Path) -> int:
    """Visit every row of every sheet with openpyxl in its fastest mode."""
    import openpyxl

    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    rows = sum(sum(1 for _row in sheet.iter_rows(values_only=True)) for sheet in book)
    book.close()
    return rows


def report(file: Path, results: dict[str, dict[str, float]], *, as_json: bool) -> None:
    """Print the figures and their ratio."""
    ratio = round(results["openpyxl"]["seconds"] / results["junheng"]["seconds"], 1)
    if as_json:
        print(json.dumps({"file_mb": round(file.stat().st_size / 1e6, 1), "ratio": ratio, **results}))
        return
    print(f"{file.stat().st_size / 1e6:.1f} MB; openpyxl takes {ratio} times as long")
    for reader, result in results.items():
        print(f"{reader:10} {result['seconds']:8.2f} s {result['megabytes']:7.0f} MB {result['rows']:10,.0f} rows")


if __name__ == "__main__":
    main()
