"""The part of the table of doors that is about the end of placements and of years; see ``doors.py``."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from junheng.web.access import Permission as May
from junheng.web.rotation.actions.outcomes import HEADINGS
from junheng.web.rotation.models import Certificate, Outcome, OutcomeStage

CHECKED = "whoever is shown a certificate of service checks it; says only what stands on it"


def _serving() -> Any:
    name = "web_access_rotation_serving_doors"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "rotation_serving_doors.py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def _outcomes(cast: Any) -> dict[str, dict[str, Any]]:
    words = _serving().placements(cast, what="sign")
    for each in words.values():
        Outcome.objects.create(
            placement_id=each["placement"],
            grade="excellent",
            stage=OutcomeStage.CLUSTER,
            opened_at=timezone.now(),
            marks=dict.fromkeys(HEADINGS, 20),
        )
    return words


def _certificates(cast: Any) -> dict[str, dict[str, Any]]:
    hosts = {"county": "hedong", "other_county": "faraway"}
    words = {}
    for place, host in hosts.items():
        held = _serving().placement(cast, host)
        made = Certificate.objects.create(
            placement=held, number=f"x-{place}", content={}, code=f"x-{place}", digest="x", issued_on=held.start
        )
        words[place] = {"pk": held.year_id, "certificate": made.pk}
    return words


def table(door: Any) -> Mapping[str, Any]:
    """Every address of the part."""
    serving = _serving()
    everybody = {"also": serving.EVERYBODY}
    return {
        "rotation:certificate_check": door(public=CHECKED, queries=("?code=x", "?code=%00%27")),
        "rotation:outcomes": door(serving.years_in_service, **everybody),
        "rotation:outcome": door(serving.placements, needs=(May.ROTATION_VIEW,), also=serving.ABOVE_HOMES),
        "rotation:outcome_deed": door(_outcomes, needs=(May.ROTATION_CLUSTER,), form={"opinion": "x"}),
        "rotation:certificate_revoke": door(_certificates, form={"reason": "x"}),
        "rotation:archive": door(serving.years_in_service, **everybody),
        "rotation:archive_close": door(serving.years_in_service),
        "rotation:archive_next": door(serving.years_in_service, form={"on": "2027-08-31"}),
        "rotation:prerequisites": door(serving.years_in_service, **everybody),
        "rotation:prerequisite": door(
            lambda cast: serving.years_in_service(cast, query="title_prereq"), queries=("?on=2026-01-01",), **everybody
        ),
    }  # fmt: skip
