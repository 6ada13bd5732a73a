"""Reading ``policy.json``: the numbers of the rules, shares exactly as they are written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

from junheng.planning.interchange.faults import Fault
from junheng.planning.problem import INDICATORS, Direction, Objective, PlanningPolicy, Quota

KEYS = (
    "year", "refill", "subject_outflow_max", "commute_km_max", "no_return_years", "spouse_both_forbidden", "direction",
    "backbone_share_min", "targets", "objective", "quotas", "within_cluster", "within_partners",
)  # fmt: skip
SCOPES = ("school", "cluster", "cluster_stage", "stage", "county")


class PolicyReader:
    """Reads one file, collecting faults; the place of a fault is its path in the file, such as ``quotas[0].pct``."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.name = path.name
        self.faults = faults
        self.data: Any = None
        try:
            # numbers stay text until it is known whether they are shares, which are exact
            self.data = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=_Written, parse_constant=_Written)
        except FileNotFoundError:
            self._fault("", "", "file")
        except UnicodeDecodeError:
            self._fault("", "", "utf8")
        except json.JSONDecodeError as error:
            self.faults.append(Fault(self.name, error.lineno, "", "", "json", error.msg))

    def policy(self) -> PlanningPolicy | None:
        """The policy; ``None`` when the file cannot be read at all."""
        if self.data is None:
            return None
        if not isinstance(self.data, dict):
            self._fault("", str(self.data)[:40], "object")
            return None
        top = self.data
        self._typing_errors(top)
        outflow = self._object(top, "subject_outflow_max", "")
        targets = self._object(top, "targets", "") if top.get("targets") is not None else {}
        direction = top.get("direction")
        return PlanningPolicy(
            year=self._whole(top, "year", ""),
            refill=self._word(top, "refill", "", ("toward", "preserve")),
            subject_outflow_share=self._share(outflow, "share", "subject_outflow_max."),
            subject_outflow_min=self._whole(outflow, "min", "subject_outflow_max."),
            commute_km_max=self._number(top, "commute_km_max", ""),
            no_return_years=self._whole(top, "no_return_years", ""),
            spouse_both_forbidden=self._yes(top, "spouse_both_forbidden", ""),
            direction=None if direction is None else self._direction(self._object(top, "direction", "")),
            backbone_share_min=self._share(top, "backbone_share_min", "", Fraction(0)),
            objective=self._objective(self._object(top, "objective", "")),
            quotas=tuple(self._quota(row, f"quotas[{i}].") for i, row in enumerate(self._list(top, "quotas", ""))),
            cv_limit=self._table(targets, "cv", "targets.") if "cv" in targets else {},
            per100=self._tables(targets, "per100", "targets.") if "per100" in targets else {},
            within_cluster=self._yes(top, "within_cluster", "") if "within_cluster" in top else False,
            within_partners=self._yes(top, "within_partners", "") if "within_partners" in top else False,
        )

    def _typing_errors(self, top: dict[str, Any]) -> None:
        """An unknown entry is passed over, unless it looks like a known one misspelt."""
        for key in sorted(set(top) - set(KEYS)):
            near = get_close_matches(key, KEYS, n=1, cutoff=0.8)
            if near:
                self._fault(key, key, "known_key", near[0])

    def _objective(self, data: dict[str, Any]) -> Objective:
        at = "objective."
        usual = Objective(indicator_weight={})

        def number(key: str, default: float, *, least: float | None = None) -> float:
            return self._number(data, key, at, least=least) if key in data else default

        points = self._list(data, "pref_points", at) if "pref_points" in data else list(usual.pref_points)
        return Objective(
            indicator_weight=self._tables(data, "indicator_weight", at, INDICATORS),
            pref_points=tuple(self._as_number(p, f"{at}pref_points[{i}]") for i, p in enumerate(points)),
            pref_missed=number("pref_missed", usual.pref_missed),
            paired_bonus=number("paired_bonus", usual.paired_bonus),
            km_penalty=number("km_penalty", usual.km_penalty),
            w_imbalance=number("W_imbalance", usual.w_imbalance, least=0.0),
            w_service=number("W_service", usual.w_service),
            w_extra=number("W_extra", usual.w_extra, least=0.0),
            w_standard=number("W_standard", usual.w_standard, least=0.0),
        )

    def _direction(self, data: dict[str, Any]) -> Direction:
        zones = [tuple(str(z) for z in self._list(data, key, "direction.")) for key in ("from_zones", "to_zones")]
        return Direction(zones[0], zones[1], self._share(data, "share_min", "direction."))

    def _quota(self, data: Any, at: str) -> Quota:
        if not isinstance(data, dict):
            self._fault(at.rstrip("."), str(data), "object")
            data = {}
        return Quota(
            id=str(self._present(data, "id", at)),
            scope=self._word(data, "scope", at, SCOPES),
            base=self._word(data, "base", at, ("staff", "eligible")),
            sense=self._word(data, "sense", at, ("eq", "ge", "le")),
            pct=self._share(data, "pct", at),
            rounding=self._word(data, "rounding", at, ("half_up", "ceil", "floor")),
            min=self._whole(data, "min", at) if "min" in data else 0,
        )

    # values -----------------------------------------------------------------------------------------------------

    def _fault(self, place: str, value: str, expected: str, detail: str = "") -> None:
        self.faults.append(Fault(self.name, None, place, value, expected, detail))

    def _present(self, data: dict[str, Any], key: str, at: str) -> Any:
        if data.get(key) in (None, ""):
            self._fault(at + key, "", "filled")
            return ""
        return data[key]

    def _object(self, data: dict[str, Any], key: str, at: str) -> dict[str, Any]:
        value = self._present(data, key, at)
        if isinstance(value, dict):
            return value
        if value != "":
            self._fault(at + key, str(value), "object")
        return {}

    def _list(self, data: dict[str, Any], key: str, at: str) -> list[Any]:
        value = self._present(data, key, at)
        if isinstance(value, list):
            return value
        if value != "":
            self._fault(at + key, str(value), "list")
        return []

    def _word(self, data: dict[str, Any], key: str, at: str, words: Sequence[str]) -> Any:
        value = data.get(key)
        if value not in words:
            self._fault(at + key, "" if value is None else str(value), "word", " / ".join(words))
        return value

    def _yes(self, data: dict[str, Any], key: str, at: str) -> bool:
        value = data.get(key)
        if not isinstance(value, bool):
            self._fault(at + key, "" if value is None else str(value), "word", "true / false")
        return value is True

    def _whole(self, data: dict[str, Any], key: str, at: str) -> int:
        value = data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._fault(at + key, "" if value is None else str(value), "whole", "≥ 0")
            return 0
        return value

    def _number(self, data: dict[str, Any], key: str, at: str, *, least: float | None = None) -> float:
        number = self._as_number(data.get(key), at + key)
        if least is not None and number < least:
            self._fault(at + key, str(number), "whole", f"≥ {least:g}")
        return number

    def _as_number(self, value: Any, place: str) -> float:
        if isinstance(value, int | _Written) and not isinstance(value, bool):
            try:
                number = float(value)
            except (ValueError, OverflowError):
                number = float("nan")
            if abs(number) < float("inf"):
                return number
        self._fault(place, "" if value is None else str(value), "number")
        return 0.0

    def _share(self, data: dict[str, Any], key: str, at: str, default: Fraction | None = None) -> Fraction:
        if key not in data and default is not None:
            return default
        value = data.get(key)
        try:
            share = Fraction(str(value)) if not isinstance(value, bool) else Fraction(-1)
        except (ValueError, ZeroDivisionError):
            share = Fraction(-1)
        if not 0 <= share <= 1:
            self._fault(at + key, "" if value is None else str(value), "share")
            return Fraction(0)
        return share

    def _table(self, data: dict[str, Any], key: str, at: str, names: Sequence[str] = ()) -> dict[str, float]:
        found = {}
        for name, value in self._object(data, key, at).items():
            if names and name not in names:
                self._fault(f"{at}{key}.{name}", name, "word", " / ".join(names))
            found[name] = self._as_number(value, f"{at}{key}.{name}")
        return found

    def _tables(
        self, data: dict[str, Any], key: str, at: str, names: Sequence[str] = ()
    ) -> dict[str, dict[str, float]]:
        rows = self._object(data, key, at)
        return {stage: self._table(rows, stage, f"{at}{key}.", names) for stage in rows}


class _Written(str):
    """A number with a decimal point, as it stands in the file."""

    __slots__ = ()
