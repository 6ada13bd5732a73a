"""The bureau online at 4,000, 10,000 and 50,000 teachers: pages alone and with 16 clients, intake, export, snapshot.

    python benchmarks/web.py                                    the full run, SQLite and, where one answers, PostgreSQL
    python benchmarks/web.py --teachers 400 --requests 20       a small one
    python benchmarks/web.py --postgresql postgres:///          with a PostgreSQL server named

A fictional county is written as a roster and, up to ``--histories`` teachers, as a workbook with every sheet, and they
are taken in as the web does it: kept, rehearsed by the worker, confirmed, written. Then the server answers on loopback
as ``junheng web serve`` starts it, and our own clients (standard library, a connection each) ask for pages as a bureau
clerk: one client alone, sixteen at once without a pause, and fifty users who think for two seconds between pages.
Seconds are of the whole answer as the client sees it; the page begins with what was to be reached and whether it was.
Queries are counted in the process at both sizes, warm. Run it on a machine that does nothing else. Writes
docs/benchmarks/web.md (``--out`` names another file, ``--out -`` none).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from benchmarks import web_clients, web_county  # noqa: E402
from benchmarks.serving import child, databases, fresh, serving, told_of  # noqa: E402
from benchmarks.web_page import page  # noqa: E402

DATABASE = "junheng_bench_web"


def main() -> None:
    """Measure every size on every database, print, write the page."""
    options = _options()
    if options.child:
        print(json.dumps(web_county.prepare(options)))
        return
    sizes = [int(each) for each in options.teachers.split(",")]
    results = []
    for name, address in databases(options.postgresql, DATABASE):
        for teachers in sizes:
            with tempfile.TemporaryDirectory() as folder:
                results.append(measure(name, address, teachers, Path(folder), options))
                print(json.dumps(results[-1], ensure_ascii=False), flush=True)
    text = page(results, " ".join(sys.argv[1:]))
    print(text)
    if options.out != "-":
        Path(options.out).write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", default="4000,10000,50000", help="sizes of the county, by commas")
    parser.add_argument(
        "--histories", type=int, default=10_000, help="larger counties are taken in without their histories"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=40, help="of the load of fifty users")
    parser.add_argument("--requests", type=int, default=24, help="requests of a page alone; four times as many by all")
    parser.add_argument("--postgresql", default=None, help="a server, as URL; empty for none")
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks" / "web.md"))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


# --- one size on one database ---------------------------------------------------------------------------------------


def measure(name: str, address: str, teachers: int, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Everything about one size on one database."""
    fresh(address)
    told = told_of(address, folder)
    words = ["--teachers", str(teachers), "--seed", str(options.seed), "--folder", str(folder)]
    words += ["--histories", str(options.histories)]
    found = {"database": name, "teachers": teachers} | child(__file__, "prepare", words, told)
    with serving(told, folder) as port:
        found["pages"] = web_clients.pages(port, found, options.requests)
        found["load"] = web_clients.users(port, found, options.seconds, options.seed)
    return found


if __name__ == "__main__":
    main()
