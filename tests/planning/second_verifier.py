"""A second verifier of proof bundles, written from docs/proof-bundle.md and from nothing else.

It shares no code with the product: where both accept and refuse the same bundles, the page says all that there is to
know. It reads full bundles only and uses the standard library alone.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.planning.second_arithmetic import Case, Plan, Row, share
from tests.planning.second_bound import Bound

HEADERS = {
    "problem/schools.csv": "school_id,name,stage,cluster,x_km,y_km,zone,strength,pupils,posts,paired_with",
    "problem/requirements.csv": "school_id,subject,required",
    "problem/teachers.csv": "teacher_id,school_id,stage,subject,subject2,sex,age,years_at_school,title,backbone,"
    "high_degree,home_x,home_y,spouse_id,verdict,pref1,pref2,pref3,pref4,pref5,commute_limit_km",
    "problem/history.csv": "teacher_id,school_id,year_left",
    "problem/pins.csv": "teacher_id,kind,school_id,subject,reason",
    "plan.csv": "teacher_id,to_school,as_subject",
    "verdicts.csv": "teacher_id,verdict,clauses",
    "salts.csv": "entry,salt",
    "runs.csv": "number,at,seed,gap,problem,plan,objective,previous,digest",
}
DOCUMENTS = ("manifest.json", "problem/policy.json", "figures.json", "certificate.json", "run.json", "commitment.json")
OPTIONAL = {"commitment.json", "runs.csv"}
WITHHELD = ("certificate.json", "problem/history.csv", "problem/pins.csv", "problem/teachers.csv")
TREES = ("plan.csv", "problem/teachers.csv", "verdicts.csv")
WHOLE = {"required", "pupils", "posts", "year_left", "backbone", "high_degree", "age", "years_at_school", "title"}
NUMBERS = WHOLE | {"x_km", "y_km", "home_x", "home_y", "commute_limit_km"}
ENUMS = {"kind": {"pin", "stay", "forbid"}, "verdict": {"must", "may", "no"}, "backbone": {0, 1}, "high_degree": {0, 1}}
SHARE, NUMBER, ANY = object(), object(), object()
POLICY: dict[str, Any] = {
    "year": int,
    "refill": ("toward", "preserve"),
    "subject_outflow_max": {"share": SHARE, "min": int},
    "commute_km_max": NUMBER,
    "no_return_years": int,
    "spouse_both_forbidden": bool,
    "within_cluster?": (True,),
    "within_partners?": (True,),
    "direction": {"from_zones": [str], "to_zones": [str], "share_min": SHARE},
    "backbone_share_min": SHARE,
    "targets": {"cv": {ANY: NUMBER}, "per100": {ANY: {ANY: NUMBER}}},
    "objective": {
        "indicator_weight": {ANY: {ANY: NUMBER}},
        "pref_points": [NUMBER],
        **dict.fromkeys(("pref_missed", "paired_bonus", "km_penalty"), NUMBER),
        **dict.fromkeys(("W_imbalance", "W_service", "W_extra", "W_standard?"), NUMBER),
    },
    "quotas": [
        {
            "id": str,
            "scope": ("school", "cluster", "cluster_stage", "stage", "county"),
            "base": ("staff", "eligible"),
            "sense": ("eq", "ge", "le"),
            "pct": SHARE,
            "rounding": ("half_up", "ceil", "floor"),
            "min": int,
        }
    ],
}

COMMITMENT: dict[str, Any] = {
    **dict.fromkeys(("deadline", "gap", "pack", "policy_sha256", "reference_date"), str),
    "format": ("junheng-commitment/1",),
    "parameters": {ANY: str},
    "runs": int,
    "seeds": [int],
}


def sha(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tree(entries: list[bytes]) -> bytes:
    """The root over entries as in RFC 6962."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    split = 1 << ((len(entries) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + tree(entries[:split]) + tree(entries[split:])).digest()


def number(cell: str, whole: bool) -> float | int:
    """A number in its only form."""
    value = float(cell)
    if not math.isfinite(value) or (whole and not value.is_integer()):
        raise ValueError(f"{cell} is not a number of its column")
    if cell != (str(int(value)) if value.is_integer() else repr(value)):
        raise ValueError(f"{cell} is not written in its only form")
    return int(value) if whole else value


def written(cells: Iterable[str]) -> str:
    """One row of a table."""
    return ",".join('"' + c.replace('"', '""') + '"' if any(x in c for x in ',"\n\r') else c for c in cells)


def read_table(name: str, content: bytes) -> list[Row]:
    """The rows of a table; ValueError where it is not in canonical form."""
    text = content.decode("utf-8")
    header, *cells = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    if ",".join(header) != HEADERS[name] or any(len(row) != len(header) for row in cells):
        raise ValueError("another header or width")
    if "".join(written(row) + "\n" for row in (header, *cells)) != text:
        raise ValueError("not the only way to write this table")
    if name != "runs.csv" and cells != sorted(cells):
        raise ValueError("rows out of order")
    rows = []
    for line in cells:
        row: Row = dict(zip(header, line, strict=True))
        if name.startswith("problem/"):
            for column in NUMBERS & row.keys():
                empty = row[column] == "" and column == "commute_limit_km"
                row[column] = None if empty else number(row[column], column in WHOLE)
                if column in WHOLE and row[column] < 0:
                    raise ValueError(f"{column} below nought")
            wishes = [row[f"pref{rank}"] for rank in range(1, 6)] if "pref1" in row else []
            if "" in wishes and any(wishes[wishes.index("") :]):
                raise ValueError("a gap among the wishes")
            if any(row.get(column) for column in ("sex", "age", "years_at_school", "title", "reason")):
                raise ValueError(f"{name} says what no rule reads")
        if any(row[column] not in allowed for column, allowed in ENUMS.items() if column in row):
            raise ValueError(f"an unknown word in {line}")
        row["raw"] = written(line).encode()
        rows.append(row)
    return rows


def once(pairs: list[tuple[str, Any]]) -> Row:
    """A JSON object in which no key stands twice."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def read_document(content: bytes) -> Any:
    """A JSON file; ValueError where it is not in canonical form."""
    data = json.loads(content.decode("utf-8"), object_pairs_hook=once)
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"
    if text.encode() != content:
        raise ValueError("not the only way to write this file")
    return data


def read_bundle(folder: Path, faults: list[str]) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Step 1: the bytes of each file, and the content of each that can be read."""
    held, read = {}, {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            faults.append(f"{path.name}: a link")
        elif path.is_file():
            held[path.relative_to(folder).as_posix()] = path.read_bytes()
    known = {*HEADERS, *DOCUMENTS}
    packs = [name for name in held if name.startswith("policy/")]
    faults += [f"{name}: missing" for name in sorted(known - OPTIONAL - held.keys())]
    faults += [f"{name}: unlisted" for name in sorted(held.keys() - known - set(packs))]
    if len(packs) != 1 or len(OPTIONAL & held.keys()) == 1:
        faults.append("policy/: not exactly one pack, or only one of commitment.json and runs.csv")
    for name in sorted(known & held.keys()):
        try:
            read[name] = read_table(name, held[name]) if name in HEADERS else read_document(held[name])
        except (ValueError, TypeError, csv.Error, RecursionError) as error:
            faults.append(f"{name}: {error}")
    try:
        faults += shape_faults(read)
    except Exception as error:
        faults.append(f"a file lacks what it must say: {error!r}")
    return held, read


def misfits(value: Any, form: Any, where: str = "") -> list[str]:
    """Where a value is not of a form: a type, a choice, a list, or the keys of an object (with ? may be absent)."""
    if isinstance(form, dict):
        if not isinstance(value, dict):
            return [] if value is None and where == ".direction" else [where]
        if ANY in form:
            return [fault for key in value for fault in misfits(value[key], form[ANY], f"{where}.{key}")]
        named = {key.rstrip("?"): key for key in form}
        found = [f"{where}.{key}" for key in value.keys() ^ named.keys() if not named.get(key, "").endswith("?")]
        return found + [
            f for k in value.keys() & named.keys() for f in misfits(value[k], form[named[k]], f"{where}.{k}")
        ]
    if isinstance(form, list):
        return [f for v in value for f in misfits(v, form[0], where)] if isinstance(value, list) else [where]
    if isinstance(form, tuple):
        fits = any(type(value) is type(choice) and value == choice for choice in form)
    elif form is SHARE:
        exact = share(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
        fits = exact is not None and value == share_text(exact) and type(value) is type(share_text(exact))
    elif form is NUMBER:
        fits = type(value) is int or (type(value) is float and not value.is_integer())
    else:
        fits = type(value) is form
    return [] if fits else [where]


def share_text(exact: Fraction) -> int | float | str:
    """A share as policy.json writes it."""
    if exact.denominator == 1:
        return exact.numerator
    return float(exact) if share(float(exact)) == exact else f"{exact.numerator}/{exact.denominator}"


def shape_faults(read: dict[str, Any]) -> list[str]:
    """What a readable file must hold beyond its form."""
    found = []
    schools, teachers = read["problem/schools.csv"], read["problem/teachers.csv"]
    stage_of = {row["school_id"]: row["stage"] for row in schools}
    ids = {row["teacher_id"] for row in teachers}
    slots = {(row["school_id"], row["subject"]) for row in read["problem/requirements.csv"]}
    lengths = (len(stage_of), len(ids), len(slots))
    if lengths != (len(schools), len(teachers), len(read["problem/requirements.csv"])):
        found.append("problem: the same school, teacher or requirement twice")
    found += [f"{t['teacher_id']}: school or stage" for t in teachers if stage_of.get(t["school_id"]) != t["stage"]]
    found += [f"requirement of unknown school {school}" for school, _ in slots if school not in stage_of]
    for row in (*read["problem/history.csv"], *read["problem/pins.csv"]):
        placed = row["school_id"] in stage_of or (row["school_id"] == "" and row.get("kind") == "stay")
        found += [] if row["teacher_id"] in ids and placed else [f"{row['teacher_id']}: unknown teacher or school"]
    policy = read["problem/policy.json"]
    found += [f"problem/policy.json: {where}" for where in misfits(policy, POLICY)]
    if set(read["certificate.json"]) != {"multipliers"} or not {"runs", "seed", "versions"} <= set(read["run.json"]):
        found.append("certificate.json or run.json: other keys")
    return found


def root_faults(held: dict[str, bytes], read: dict[str, Any], root: str | None) -> list[str]:
    """Step 2: the manifest is what the files give."""
    salts = {row["entry"]: bytes.fromhex(row["salt"]) for row in read["salts.csv"]}
    wanted = {*WITHHELD, *(row["teacher_id"] for row in read["problem/teachers.csv"])}
    found = [] if salts.keys() == wanted and len(read["salts.csv"]) == len(wanted) else ["salts.csv: other entries"]
    found += [f"salt of {name}" for name, salt in salts.items() if len(salt) != 32]
    files: dict[str, Row] = {}
    entries = []
    for name in sorted(held.keys() - {"manifest.json"}):
        content = held[name]
        print_ = sha(salts[name] + content) if name in WITHHELD else sha(content)
        files[name] = {"bytes": len(content), "sha256": print_}
        entries.append(f"{name}\0{len(content)}\0{print_}".encode())
        if name in TREES:
            salted = name == "problem/teachers.csv"
            rows = [(salts[row["teacher_id"]] if salted else b"") + row["raw"] for row in read[name]]
            files[name] |= {"rows": len(rows), "rows_root": tree(rows).hex()}
            entries.append(f"{name}#rows\0{len(rows)}\0{tree(rows).hex()}".encode())
    policy = {name: sha(held[name]) for name in held if name.startswith("policy/")}
    top = tree(entries).hex()
    manifest = {"files": files, "format": "junheng-bundle/2", "policy": policy, "root": top}
    if read["manifest.json"] != manifest:
        found.append("manifest.json: not what the files give")
    return found + ([] if root in (None, top) else [f"the root is {top}"])


def commitment_faults(held: dict[str, bytes], read: dict[str, Any], commitment: str | None) -> list[str]:
    """Step 3: the pack of the manifest, and a commitment that is kept."""
    packs = {name: sha(content) for name, content in held.items() if name.startswith("policy/")}
    found = [] if read["manifest.json"]["policy"] == packs else ["the pack is not the one in the manifest"]
    if "commitment.json" not in held:
        return found + ([] if commitment is None else ["no commitment"])
    said, rows, run = read["commitment.json"], read["runs.csv"], read["run.json"]
    cells = ("number", "at", "seed", "gap", "problem", "plan", "objective", "previous")
    chained = all(r["digest"] == sha("\0".join(r[c] for c in cells).encode()) for r in rows)
    chained = chained and [r["previous"] for r in rows] == ["", *(r["digest"] for r in rows[:-1])]
    claimed = read["figures.json"]["claimed"]["objective"]
    last = rows[-1]
    checks = {
        "published hash": commitment in (None, sha(held["commitment.json"])),
        "form of the commitment": not misfits(said, COMMITMENT) and said["runs"] >= 1 and said["seeds"] != [],
        "policy": [said["policy_sha256"]] == list(packs.values()),
        "chain of runs": [r["number"] for r in rows] == [str(i + 1) for i in range(len(rows))] and chained,
        "number of runs": len(rows) <= said["runs"] and run["runs"] == len(rows),
        "seed or gap": all(int(r["seed"]) in said["seeds"] and r["gap"] == said["gap"] for r in rows),
        "parameters": run.get("parameters", {}) == said["parameters"],
        "reference date": said["reference_date"] in ("", run.get("reference_date")),
        "last plan": last["plan"] == sha(held["plan.csv"]) and abs(float(last["objective"]) - claimed) <= 1e-6,
    }
    return found + [f"commitment not kept: {name}" for name, kept in checks.items() if not kept]


def same(found: Any, wanted: Any, within: float = 1e-9) -> bool:
    """Whether figures are equal, numbers within a tolerance."""
    if isinstance(wanted, dict):
        return (
            isinstance(found, dict)
            and found.keys() == wanted.keys()
            and all(same(found[k], wanted[k], 1e-6 if k == "objective" else within) for k in wanted)
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, int | float) and isinstance(found, int | float) and not isinstance(found, bool):
        return math.isclose(found, wanted, rel_tol=within, abs_tol=within)
    return type(found) is type(wanted) and bool(found == wanted)


def differing(found: Row, wanted: Row) -> list[str]:
    """The figures that are not what they should be."""
    return [name for name in wanted if not same(found.get(name), wanted[name], 1e-6 if name == "objective" else 1e-9)]


def quota_faults(plan: Plan, figures: Row) -> list[str]:
    """Step 5: every quota is met, and the table is right."""
    table = plan.quotas()
    met = {"eq": lambda a, b: a == b, "ge": lambda a, b: a >= b, "le": lambda a, b: a <= b}
    found = [f"{q['quota']} {q['member']}: not met" for q in table if not met[q["sense"]](q["actual"], q["bound"])]
    return found + differing(figures, {"quotas": table})


def coefficient_faults(plan: Plan, figures: Row) -> list[str]:
    """Step 6: the figures of schools and stages."""
    return differing(figures, {"schools": plan.school_figures(), "stages": plan.stage_figures()})


def objective_faults(plan: Plan, document: Row) -> list[str]:
    """Step 7: J, the figures of service, and nothing that nobody can check."""
    wanted = plan.other_figures()
    found = differing(document["figures"], wanted)
    if document["figures"].keys() != wanted.keys() | {"quotas", "schools", "stages"}:
        found.append("figures that nobody can check")
    if document.keys() != {"figures", "claimed"} or document["claimed"].keys() != {"objective", "bound"}:
        found.append("figures.json: other keys")
    return found + ([] if same(document["claimed"]["objective"], wanted["objective"], 1e-6) else ["claimed objective"])


def bound_faults(plan: Plan, multipliers: Row, claimed: float | None) -> list[str]:
    """Step 8: the multipliers prove the claimed bound, and no more than J."""
    if not all(isinstance(y, int | float) and not isinstance(y, bool) for y in (*multipliers.values(), claimed or 0.0)):
        return ["a multiplier or the claimed bound is no number"]
    bound, objective = Bound(plan.case, multipliers).value(), plan.other_figures()["objective"]
    if claimed is None:
        return []
    found = [] if bound <= objective + 1e-6 else [f"{bound} is proven, more than J"]
    if not claimed <= bound + 1e-6:
        found.append(f"only {bound} is proven")
    return found


def verdict_faults(read: dict[str, Any]) -> list[str]:
    """Step 9: the table, the problem and the plan agree."""
    table = {row["teacher_id"]: row["verdict"] for row in read["verdicts.csv"]}
    stated = {row["teacher_id"]: row["verdict"] for row in read["problem/teachers.csv"]}
    movers = {row["teacher_id"] for row in read["plan.csv"]}
    names = table.keys() | stated.keys()
    found = [f"{name}: two verdicts" for name in sorted(names) if table.get(name) != stated.get(name)]
    found += [] if len(table) == len(read["verdicts.csv"]) else ["verdicts.csv: a teacher twice"]
    found += [f"{name}: may not move" for name in sorted(movers) if table.get(name) not in ("must", "may")]
    return found + [f"{name}: must move" for name in sorted(table.keys() - movers) if table[name] == "must"]


def verify(folder: Path, *, root: str | None = None, commitment: str | None = None) -> dict[int, list[str]]:
    """The faults of a full bundle by step, 1 to 9; none means that the step is passed.

    ``root`` and ``commitment`` are the published root and the published hash of the commitment, where they are known.
    """
    faults: dict[int, list[str]] = {1: []}
    held, read = read_bundle(folder, faults[1])

    def plan() -> Plan:
        return Plan(Case(read), read["plan.csv"])

    steps: dict[int, Callable[[], list[str]]] = {
        2: lambda: root_faults(held, read, root),
        3: lambda: commitment_faults(held, read, commitment),
        4: lambda: plan().rule_faults(),
        5: lambda: quota_faults(plan(), read["figures.json"]["figures"]),
        6: lambda: coefficient_faults(plan(), read["figures.json"]["figures"]),
        7: lambda: objective_faults(plan(), read["figures.json"]),
        8: lambda: bound_faults(
            plan(), read["certificate.json"]["multipliers"], read["figures.json"]["claimed"]["bound"]
        ),
        9: lambda: verdict_faults(read),
    }
    for step, judge in steps.items():
        try:
            faults[step] = judge()
        except Exception as error:
            faults[step] = [f"cannot be judged: {error!r}"]
    return faults
