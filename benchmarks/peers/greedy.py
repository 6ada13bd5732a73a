"""A clerk's spreadsheet: down the list, the obliged first, then the longest-serving, to the nearest school with a gap.

Down the list go those who must, then as many backbone teachers as the policy asks for, then the longest-serving whose
school still owes movers: each to the nearest school that lacks a teacher of the subject or, where none does, in
exchange with the most senior of the same subject at the nearest school that owes movers too. The clerk watches
commutes, quotas, direction, posts, outflows and couples, and looks at no indicator.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from peers.plain import PlainModel, Row, build, read, write_plan

UNWATCHED = ("backbone",)


class Sheet:
    """The plan so far and what each row has come to."""

    def __init__(self, model: PlainModel) -> None:
        self.model = model
        self.rows = [row for row in model.rows if row.name not in UNWATCHED]
        self.value = [0] * len(self.rows)
        self.rows_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            for variable, coefficient in row.terms.items():
                self.rows_of[variable].append((index, coefficient))
        self.chosen: list[int] = []

    def fits(self, variables: tuple[int, ...]) -> bool:
        """Whether the moves together keep every upper side, and refill and direction on both."""
        change: dict[int, int] = defaultdict(int)
        for variable in variables:
            for index, coefficient in self.rows_of[variable]:
                change[index] += coefficient
        return all(self._keeps(self.rows[i], self.value[i] + c) for i, c in change.items())

    def _keeps(self, row: Row, value: int) -> bool:
        low = row.lo if row.name.startswith(("refill:", "direction")) else None
        return (row.hi is None or value <= row.hi) and (low is None or value >= low)

    def take(self, variables: tuple[int, ...]) -> None:
        """Write the moves down."""
        for variable in variables:
            self.chosen.append(variable)
            for index, coefficient in self.rows_of[variable]:
                self.value[index] += coefficient

    def owed(self, variable: int) -> bool:
        """Whether the move helps a quota or an obligation that is still short."""
        return any(
            row.lo is not None and self.value[i] < row.lo
            for i, _ in self.rows_of[variable]
            for row in (self.rows[i],)
            if row.name.startswith(("quota:", "once:"))
        )


def fill(data: dict, model: PlainModel) -> list[int]:
    """The clerk's plan."""
    teachers = {row["teacher_id"]: row for row in data["teachers"]}
    at = {row["school_id"]: (float(row["x_km"]), float(row["y_km"])) for row in data["schools"]}
    by_teacher: dict[str, list[int]] = defaultdict(list)
    for variable, (teacher, _, _) in enumerate(model.moves):
        by_teacher[teacher].append(variable)

    def distance(variable: int) -> float:
        teacher, school, _ = model.moves[variable]
        home = float(teachers[teacher]["home_x"]), float(teachers[teacher]["home_y"])
        return math.dist(home, at[school])

    def seniority(teacher: str) -> tuple[bool, int, str]:
        row = teachers[teacher]
        return row["verdict"] != "must", -int(row["years_at_school"]), teacher

    line = sorted(by_teacher, key=seniority)
    due = math.ceil(float(data["policy"]["backbone_share_min"]) * model.moves_due)
    ahead = [teacher for teacher in line if teachers[teacher]["backbone"] == "1"][:due]
    line = sorted(line, key=lambda teacher: (teachers[teacher]["verdict"] != "must", teacher not in set(ahead)))
    place = {teacher: number for number, teacher in enumerate(line)}
    sheet, gone = Sheet(model), set()
    back: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for variable, (teacher, school, subject) in enumerate(model.moves):
        back[teachers[teacher]["school_id"], school, subject].append(variable)
    for teacher in line:
        options = sorted(by_teacher[teacher], key=distance)
        if teacher in gone or not sheet.owed(options[0]):
            continue
        own = teachers[teacher]["school_id"], teachers[teacher]["subject"]
        taken = next(((variable,) for variable in options if sheet.fits((variable,))), None)
        taken = taken or _exchange(sheet, options, own, back, gone, place)
        if taken:
            sheet.take(taken)
            gone.update(model.moves[variable][0] for variable in taken)
    return sheet.chosen


def _exchange(sheet, options, own, back, gone, place):  # noqa: PLR0917
    """The nearest exchange in the own subject that fits, with the most senior partner."""
    model = sheet.model
    for variable in options:
        _, school, subject = model.moves[variable]
        partners = back[school, own[0], own[1]] if subject == own[1] else []
        for other in sorted(partners, key=lambda v: place[model.moves[v][0]]):
            if model.moves[other][0] not in gone and sheet.owed(other) and sheet.fits((variable, other)):
                return variable, other
    return None


def main() -> None:
    """Fill the sheet for a problem folder, write the plan, print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("problem", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    started = time.perf_counter()
    data = read(options.problem)
    model = build(data)
    chosen = fill(data, model)
    write_plan(options.out, [model.moves[variable] for variable in chosen])
    print(json.dumps({"seconds": time.perf_counter() - started, "found": True}))


if __name__ == "__main__":
    main()
