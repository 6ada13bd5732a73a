"""What is written is read back as it was."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from junheng.documents import read_county, write_county
from junheng.facts import (
    AnnualAssessment,
    Appointment,
    Cluster,
    County,
    Education,
    ExamResult,
    ExamScope,
    FamilyLink,
    Grade,
    GradeEnrolment,
    Health,
    HistoryKind,
    Honor,
    HonorKind,
    Leave,
    LeaveKind,
    Level,
    Locale,
    Pairing,
    PairingKind,
    Resources,
    Role,
    Sanction,
    SanctionKind,
    School,
    SchoolEvent,
    SchoolKind,
    Sex,
    SpellKind,
    Stage,
    Strength,
    Subject,
    SubjectRequirement,
    Teacher,
    Title,
    TitleSpell,
    TrainingHours,
    TrainingKind,
    Wish,
)
from junheng.facts.identity import check_character
from junheng.facts.synthetic import make_county

ON = date(2026, 8, 31)
SCHOOLS = ("0199010001", "3199010002", "3199010003")
TEACHERS = ("T1", "0002", "教3", "4")
OPEN = st.none() | st.booleans()
AMOUNT = st.none() | st.floats(0, 1e6).map(lambda x: round(x, 3))
PLACE = st.none() | st.floats(-90, 90).map(lambda x: round(x, 4))
WORDS = st.text("张·云=+-@'\"<>&;，A1 中", max_size=6).map(str.strip).filter(lambda text: text[:2] not in ("'=", "#N"))
DAYS = st.dates(date(2005, 1, 1), date(2026, 8, 31))
SPAN = st.tuples(DAYS, st.none() | st.integers(0, 900)).map(
    lambda span: (span[0], None if span[1] is None else date.fromordinal(span[0].toordinal() + span[1]))
)


def listed(strategy: st.SearchStrategy[Any], key: Any = None) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=2, unique_by=key).map(tuple)


def dated(fact: type, **facts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda span, rest: fact(start=span[0], end=span[1], **rest), SPAN, st.fixed_dictionaries(facts))


APPOINTMENTS = dated(
    Appointment,
    school_id=st.sampled_from(SCHOOLS),
    kind=st.sampled_from([kind for kind in SpellKind if kind is not SpellKind.POST]),
    personnel_moved=st.booleans(),
)
OUTSIDE = dated(Appointment, school_id=st.just(""), school_name=WORDS.map(lambda text: f"外县{text}"))
ENROLMENT = st.builds(
    lambda stage, grade, pupils: GradeEnrolment(
        stage=stage, grade=grade if stage is Stage.PRIMARY else 7, pupils=pupils, classes=1 + pupils // 40
    ),
    st.sampled_from(Stage),
    st.integers(1, 6),
    st.integers(0, 900),
)


@st.composite
def schools(draw: st.DrawFn, code: str) -> School:
    return School(
        id=code,
        name=f"学校{code}",
        kind=draw(st.sampled_from(SchoolKind)),
        stages=frozenset(Stage),
        locale=draw(st.sampled_from(Locale)),
        cluster_id=draw(st.sampled_from(["1", "X2"])),
        township=draw(WORDS),
        short_name=f"简{draw(WORDS)}{code}".strip(),
        x_km=draw(PLACE),
        y_km=draw(PLACE),
        strength=draw(st.sampled_from(Strength)),
        enrolment=draw(listed(ENROLMENT, lambda each: (each.stage, each.grade))),
        posts=draw(st.dictionaries(st.sampled_from(Stage), st.integers(0, 300))),
        requirements=draw(
            listed(
                st.builds(
                    SubjectRequirement,
                    stage=st.sampled_from(Stage),
                    subject=st.sampled_from(Subject),
                    required=st.integers(0, 40),
                    weekly_periods=AMOUNT,
                ),
                lambda each: (each.stage, each.subject),
            )
        ),
        resources=draw(
            listed(
                st.builds(
                    Resources,
                    stage=st.sampled_from(Stage),
                    teaching_area_m2=AMOUNT,
                    sports_area_m2=AMOUNT,
                    equipment_yuan=AMOUNT,
                    multimedia_rooms=st.none() | st.integers(0, 90),
                ),
                lambda each: each.stage,
            )
        ),
        group=draw(WORDS),
        boarding=draw(st.booleans()),
        history=draw(
            listed(
                st.builds(
                    SchoolEvent, kind=st.sampled_from(HistoryKind), on=DAYS, other_name=WORDS, other_id=st.just("9")
                )
            )
        ),
    )


@st.composite
def teachers(draw: st.DrawFn, number: str, serial: int) -> Teacher:
    birth = draw(st.dates(date(1964, 1, 1), date(1988, 1, 1)))
    sex = draw(st.sampled_from(Sex))
    first = f"990101{birth:%Y%m%d}{serial * 10 + (1 if sex is Sex.MALE else 2):03d}"
    home, *others = draw(st.permutations(SCHOOLS))
    return Teacher(
        id=number,
        name=f"师{number}",
        id_number=draw(st.sampled_from(["", first + check_character(first)])),
        sex=sex,
        birth_date=birth,
        school_id=home,
        stage=draw(st.sampled_from(Stage)),
        main_subject=draw(st.sampled_from(Subject)),
        teaching_school_id=draw(st.sampled_from(["", home, *others])),
        also_teaches=tuple(draw(st.lists(st.sampled_from(Subject), max_size=3, unique=True))),
        **{name: draw(OPEN) for name in ("specialist", "on_establishment", "in_post", "seconded_in", "full_time")},
        role=draw(st.sampled_from(Role)),
        work_start=draw(st.none() | st.dates(date(2004, 6, 1), date(2005, 1, 1))),
        joined_current_school=draw(st.none() | DAYS),
        education=draw(st.none() | st.sampled_from(Education)),
        certificate_stage=draw(WORDS),
        titles=draw(
            listed(
                st.builds(
                    TitleSpell, title=st.sampled_from(Title), start=DAYS, post_grade=st.none() | st.integers(1, 13)
                )
            )
        ),
        honors=draw(
            listed(
                dated(
                    Honor,
                    kind=st.sampled_from(HonorKind),
                    level=st.sampled_from(Level),
                    title=WORDS,
                    counts_as_backbone=OPEN,
                )
            )
        ),
        appointments=draw(listed(APPOINTMENTS | OUTSIDE.filter(lambda each: each.end is not None)).filter(_one_post)),
        leaves=draw(listed(dated(Leave, kind=st.sampled_from(LeaveKind), approved_by=WORDS))),
        sanctions=draw(listed(dated(Sanction, kind=st.sampled_from(SanctionKind)))),
        family=draw(
            st.just(FamilyLink())
            | st.builds(
                FamilyLink,
                spouse_id=st.sampled_from(["", *(each for each in TEACHERS if each != number)]),
                spouse_condition=WORDS,
                youngest_child_birth=st.none() | DAYS,
                family_event=WORDS,
            )
        ),
        health=draw(st.none() | st.sampled_from(Health)),
        health_certificate_level=draw(WORDS),
        **{
            name: draw(OPEN) for name in ("health_leave_approved", "pregnant", "lactating", "unfit_to_teach", "applied")
        },
        assessments=draw(
            listed(
                st.builds(
                    AnnualAssessment,
                    year=st.integers(2010, 2026),
                    grade=st.none() | st.sampled_from(Grade),
                    score=AMOUNT,
                    rank=st.none() | st.integers(1, 9),
                    of=st.none() | st.integers(9, 99),
                    ethics_passed=OPEN,
                ),
                lambda each: each.year,
            )
        ),
        exams=draw(
            listed(
                st.builds(
                    ExamResult,
                    year=st.integers(2010, 2026),
                    term=st.integers(1, 2),
                    subject=st.sampled_from(Subject),
                    grade=st.integers(1, 9),
                    mean=AMOUNT,
                    scope_mean=AMOUNT,
                    rank_from_bottom=st.none() | st.integers(1, 9),
                    scope=st.sampled_from(ExamScope),
                )
            )
        ),
        training=draw(
            listed(
                st.builds(
                    TrainingHours,
                    school_year=st.integers(2010, 2026),
                    kind=st.sampled_from(TrainingKind),
                    hours=AMOUNT.filter(lambda hours: hours is not None),
                    ethics=st.booleans(),
                )
            )
        ),
        wishes=tuple(
            Wish(rank=rank, school_id=school) for rank, school in enumerate(others[: draw(st.integers(0, 2))], start=1)
        ),
        commute_limit_km=draw(AMOUNT),
        home_x_km=draw(PLACE),
        home_y_km=draw(PLACE),
        deferral_reason=draw(WORDS),
        deferral_approved_by=draw(WORDS),
        retirement_override=draw(st.none() | DAYS),
        note=draw(WORDS),
    )


def _one_post(spells: tuple[Appointment, ...]) -> bool:
    return sum(spell.kind is SpellKind.POST for spell in spells) < 2


@st.composite
def counties(draw: st.DrawFn) -> County:
    some = draw(st.lists(st.sampled_from(TEACHERS), min_size=1, unique=True))
    people = [draw(teachers(number, 1 + TEACHERS.index(number))) for number in TEACHERS if number in some]
    known = {teacher.family.spouse_id for teacher in people} <= {"", *some}
    places = [draw(schools(code)) for code in SCHOOLS]
    if not any(place.enrolment for place in places) or not known:
        grade = GradeEnrolment(stage=Stage.PRIMARY, grade=1, pupils=30, classes=1)
        places[0] = School(
            **{**{name: getattr(places[0], name) for name in places[0].__slots__}, "enrolment": (grade,)}
        )
        people = [draw(teachers(number, 1 + TEACHERS.index(number))) for number in TEACHERS]
    return County(
        name=draw(st.sampled_from(["云山县", "=云山县"])),
        on=ON,
        clusters=(Cluster(id="1", name="河东"), Cluster(id="X2", name="@河西")),
        schools=tuple(places),
        teachers=tuple(people),
        pairings=draw(
            listed(
                dated(
                    Pairing,
                    supporting_id=st.just(SCHOOLS[0]),
                    supported_id=st.sampled_from(SCHOOLS[1:]),
                    kind=st.sampled_from(PairingKind),
                )
            )
        ),
    )


# Each example writes a file and starts a process: a failing one is shown as it is and not made smaller.
EXAMPLES = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@EXAMPLES
@given(counties(), st.sampled_from(["zh", "en"]))
def test_any_county_written_and_read_is_the_same_county(county: County, lang: str) -> None:
    check_round_trip(county, lang)


@pytest.mark.slow
@settings(EXAMPLES, max_examples=100)
@given(counties(), st.sampled_from(["zh", "en"]))
def test_a_hundred_counties_written_and_read_are_the_same(county: County, lang: str) -> None:
    check_round_trip(county, lang)


def check_round_trip(county: County, lang: str) -> None:
    """Write a county, read it, compare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "county.xlsx"
        write_county(county, path, lang)
        reading = read_county(path)
    assert [fault.message() for fault in reading.faults] == []
    assert reading.county == county


def test_a_fictional_county_of_every_kind_of_fact_is_read_back(tmp_path: Path) -> None:
    county = make_county(teachers=160, seed=3)
    write_county(county, tmp_path / "county.xlsx")
    reading = read_county(tmp_path / "county.xlsx")
    assert reading.county == county
    assert reading.counts["teachers"] == len(county.teachers)
    assert reading.counts["training"] == sum(len(teacher.training) for teacher in county.teachers)


def test_the_same_county_is_the_same_file(county: County, tmp_path: Path) -> None:
    write_county(county, tmp_path / "a.xlsx")
    write_county(county, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_failed_write_leaves_nothing_behind(county: County, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_county(county, tmp_path / "county.xlsx", lang="fr")
    assert list(tmp_path.iterdir()) == []
