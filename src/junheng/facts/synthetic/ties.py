"""What binds the schools of a fictional county: clusters, pairings, groups, and what became of former schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

from junheng.facts.codes import HistoryKind, Locale, PairingKind, SchoolKind, Stage, Strength
from junheng.facts.schools import Cluster, Pairing, School, SchoolEvent
from junheng.facts.synthetic.chance import happens
from junheng.facts.synthetic.places import URBAN_NAME, Land


def make_clusters(schools: Sequence[School], land: Land) -> tuple[Cluster, ...]:
    """A cluster for each township and one for every few urban schools."""
    townships = {t.id: f"{t.name}学区" for t in land.townships}
    used = sorted({s.cluster_id for s in schools})
    return tuple(Cluster(id=c, name=townships.get(c, f"{URBAN_NAME}第{int(c[1:])}学区")) for c in used)


def make_pairings(rng: Random, schools: Sequence[School], on: date) -> tuple[Pairing, ...]:
    """Each under-resourced country school is supported by an urban school of its stage, strong ones first."""
    pairings = []
    for stage in Stage:
        givers = [s for s in schools if s.locale is Locale.URBAN and stage in s.stages]
        givers.sort(key=lambda s: (s.strength is not Strength.STRONG, s.id))
        takers = [
            s
            for s in schools
            if s.locale is not Locale.URBAN and stage in s.stages and s.kind is not SchoolKind.TEACHING_POINT
        ]
        takers = [s for s in takers if s.strength is Strength.UNDER_RESOURCED or happens(rng, 0.25)]
        for i, taker in enumerate(takers if givers else []):
            start = date(on.year - rng.randint(1, 3), 9, 1)
            pairings.append(
                Pairing(
                    supporting_id=givers[i % len(givers)].id,
                    supported_id=taker.id,
                    kind=PairingKind.COMMUNITY if happens(rng, 0.15) else PairingKind.ASSISTANCE,
                    start=start,
                    end=date(start.year + 3, 8, 31),
                )
            )
    return tuple(pairings)


def give_history(rng: Random, schools: Sequence[School], on: date) -> tuple[School, ...]:
    """One school in thirty absorbed a teaching point and one in thirty changed its name, at least one of each."""
    changed = {s.id: s for s in schools}
    count = max(1, len(schools) // 30)
    villages = [s for s in schools if s.kind in (SchoolKind.VILLAGE_PRIMARY, SchoolKind.CENTER_PRIMARY)]
    for school in rng.sample(villages, min(count, len(villages))):
        other = f"{school.township}原{rng.choice('东西南北')}沟教学点"
        _record(changed, school.id, HistoryKind.MERGED_FROM, date(on.year - rng.randint(2, 7), 9, 1), other)
    for school in rng.sample(list(schools), min(count, len(schools))):
        renamed = date(on.year - rng.randint(2, 9), 7, 1)
        _record(changed, school.id, HistoryKind.RENAMED, renamed, _former_name(school))
    return tuple(changed[s.id] for s in schools)


def _former_name(school: School) -> str:
    """As the school was called when the town was a township, or the county town's district a town."""
    if school.locale is Locale.URBAN:
        return f"{URBAN_NAME}镇{school.name.removeprefix(URBAN_NAME)}"
    township = school.township.removesuffix("镇")
    return f"{township}乡{school.name.removeprefix(school.township).removeprefix(township)}"


def _record(schools: dict[str, School], school_id: str, kind: HistoryKind, on: date, other: str) -> None:
    school = schools[school_id]
    events = (*school.history, SchoolEvent(kind=kind, on=on, other_name=other))
    schools[school_id] = replace(school, history=tuple(sorted(events, key=lambda e: (e.on, e.kind))))


def give_groups(schools: Sequence[School]) -> tuple[School, ...]:
    """The strong urban schools lead education groups of two: themselves and an ordinary urban school of the stage."""
    changed = {s.id: s for s in schools}
    for stage in Stage:
        urban = [s for s in schools if s.locale is Locale.URBAN and stage in s.stages]
        leaders = [s for s in urban if s.strength is Strength.STRONG]
        followers = [s for s in urban if s.strength is not Strength.STRONG]
        for leader, follower in zip(leaders, followers, strict=False):
            for member in (leader, follower):
                changed[member.id] = replace(changed[member.id], group=f"{leader.short_name}教育集团")
    return tuple(changed[s.id] for s in schools)
