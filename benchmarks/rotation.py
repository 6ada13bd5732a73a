"""A rotation year at 4,000 teachers: the planning job, the pages of planning and comparison, the public notice.

    python benchmarks/rotation.py                               the full run, SQLite and, where one answers, PostgreSQL
    python benchmarks/rotation.py --teachers 400 --requests 6   a small one
    python benchmarks/rotation.py --postgresql postgres:///     with a PostgreSQL server named

A fictional county is taken in, its year is opened for planning with the applications of its teachers, and a worker
makes three plans: one within the gap that the site asks for unless told otherwise, two within 1 %. The first is
proposed and published. Then the server answers on loopback as ``junheng web serve`` starts it, and clients of the
standard library ask for each page, one client alone and sixteen at once without a pause; the public pages are asked for
by people who are not signed in. Queries are counted in the process, warm. Run it on a machine that does nothing else.
Writes docs/benchmarks/rotation.md (``--out`` names another file, ``--out -`` none).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from benchmarks import machine, rotation_county, web_clients  # noqa: E402
from benchmarks.serving import child, databases, fresh, serving, told_of  # noqa: E402
from benchmarks.web_page import page_table  # noqa: E402

DATABASE = "junheng_bench_rotation"
STEPS = ("snapshot", "plan", "plan, gap 1%", "publish")
NOTICE = "public notice"


def main() -> None:
    """Measure on every database, print, write the page."""
    options = _options()
    if options.child:
        print(json.dumps(rotation_county.prepare(options)))
        return
    results = []
    for name, address in databases(options.postgresql, DATABASE):
        with tempfile.TemporaryDirectory() as folder:
            results.append(measure(name, address, Path(folder), options))
            print(json.dumps(results[-1], ensure_ascii=False), flush=True)
    text = page(results, " ".join(sys.argv[1:]))
    print(text)
    if options.out != "-":
        Path(options.out).write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teachers", type=int, default=4000, help="size of the county")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=20, help="requests of a page alone; four times as many by all")
    parser.add_argument("--postgresql", default=None, help="a server, as URL; empty for none")
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks" / "rotation.md"))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(name: str, address: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Everything about one database."""
    fresh(address)
    told = told_of(address, folder)
    words = ["--teachers", str(options.teachers), "--seed", str(options.seed)]
    found = {"database": name, "teachers": options.teachers} | child(__file__, "prepare", words, told)
    inside = [(page, path) for page, path in found["paths"] if not path.startswith("/rotation/public/")]
    outside = [(page, path) for page, path in found["paths"] if path.startswith("/rotation/public/")]
    with serving(told, folder) as port:
        found["pages"] = web_clients.pages(port, found, options.requests, inside)
        found["pages"] |= web_clients.pages(port, found | {"cookie": ""}, options.requests, outside)
    return found


# --- the page -------------------------------------------------------------------------------------------------------


def page(results: list[dict[str, Any]], arguments: str) -> str:
    """The measurements as a page."""
    versions = {name: metadata.version(name) for name in ("junheng", "django", "granian", "psycopg", "highspy")}
    lines = [
        "# A rotation year, measured",
        "",
        f"Written by `python benchmarks/rotation.py {arguments}`.".replace(" `.", "`."),
        "",
        "A fictional county whose year is planned and published by way of the web; served on loopback as",
        f"`junheng web serve` does, each page asked for by one client alone and by {web_clients.CLIENTS} at once",
        "without a pause; server, database and clients share the machine. A plan is a job of the worker: facts read",
        "from the snapshot, plan, independent check, proof bundle written and verified step by step, everything stored",
        "at once. Publishing fixes the lines, looks through them for what must not be public and verifies the public",
        "bundle.",
        "",
        "## Planning and publishing",
        "",
        f"| database | teachers | schools | applications | moves | gap | {' | '.join(f'{step} s' for step in STEPS)} |",
        "|---" * (6 + len(STEPS)) + "|",
    ]
    for each in results:
        took = " | ".join(f"{each['seconds'][step]:.1f}" for step in STEPS)
        lines.append(
            f"| {each['database']} | {each['teachers']:,} | {each['schools']} | {each['applied']} | {each['moves']} |"
            f" {each['gap']:.3%} | {took} |"
        )
    lines += [
        "",
        "## The public notice",
        "",
        "| database | alone p95 ms | 16 clients p95 ms | queries |",
        "|---" * 4 + "|",
    ]
    for each in results:
        got = each["pages"][NOTICE]
        lines.append(
            f"| {each['database']} | {1000 * got['alone_p95']:.0f} | {1000 * got['together_p95']:.0f} |"
            f" {got['queries']} |"
        )
    lines.append("")
    for each in results:
        lines += [f"## Pages, {each['database']}", "", *page_table(each), ""]
    return "\n".join([*lines, *machine.described(versions), ""])


if __name__ == "__main__":
    main()
