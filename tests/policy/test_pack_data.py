"""What the packs hold as data: identity, bodies, principles, and every parameter of the cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from junheng.facts import County
from junheng.policy import decide, in_force, load_pack, open_matters, shipped_packs, version_on

MINE = ("CE", "CN", "DXQ", "HK", "NZ", "QJT", "QT", "REG", "ST", "SX", "XX")
BOTH = {"M": 50, "F": 45}

# pack, parameter, clauses proven, the card's value (None: the text leaves it open)
CARDS: list[tuple[str, str, tuple[str, ...], Any]] = [
    ("HK", "years_at_school_min", ("R-009",), 3),
    ("HK", "age_exclusion", ("R-010",), {"M": 55, "F": 50}),
    ("HK", "evidence_both", ("R-012",), True),
    ("HK", "separate_plan_roles", ("R-013",), ["mid_level_cadre", "dean"]),
    ("HK", "listed_schools", ("R-014",), ["培文小学", "保婴小学", "引河小学", "义湖小学"]),
    ("HK", "listed_school_months", ("R-014",), 24),
    ("HK", "one_school", ("R-015",), "school"),
    ("NZ", "reference_day", ("R-005", "R-032"), "08-31"),
    ("NZ", "age_exclusion", ("R-032",), BOTH),
    ("NZ", "practical_subjects", ("R-033",), ["english", "music", "pe", "art", "arts"]),
    ("NZ", "child_age", ("R-028",), 3),
    ("NZ", "service_term_months", ("R-035",), 24),
    ("NZ", "leave_counted", ("R-024",), ["statutory_maternity"]),
    ("NZ", "village_months", ("R-036", "R-040"), 24),
    ("NZ", "from_year", ("R-036",), None),
    ("NZ", "age_exempt", ("R-039",), BOTH),
    ("XX", "age_limit", ("R-042",), BOTH),
    ("XX", "quota_rate", ("R-041",), 5),
    ("XX", "quota_min", ("R-041", "R-006"), 1),
    ("XX", "quota_rounding", ("R-006",), "half_up"),
    ("XX", "reward_places", ("R-045",), 1),
    ("XX", "reward_months", ("R-045", "R-058"), 12),
    ("XX", "supervisory_rate", ("R-051",), 5),
    ("XX", "supervisory_min", ("R-051",), 1),
    ("XX", "supervisory_months", ("R-055",), 12),
    ("XX", "trigger_rank", ("R-052",), 3),
    ("XX", "trigger_runs", ("R-052",), 2),
    ("XX", "trigger_points", ("R-053",), 15),
    ("XX", "warning_days", ("R-060",), 7),
    ("XX", "resignation_days", ("R-061",), 14),
    ("DXQ", "age_limit", ("R-068",), BOTH),
    ("DXQ", "years_at_school_min", ("R-068",), 6),
    (
        "DXQ",
        "forms",
        ("R-070",),
        ["帮扶支援", "协作共享", "跨校兼课", "影子培训", "团队教研", "名师引领", "网络共通"],
    ),
    ("DXQ", "year_long_forms", ("R-075",), ["帮扶支援", "协作共享", "跨校兼课", "影子培训"]),
    ("DXQ", "participants_rate", ("R-077",), 60),
    ("DXQ", "year_long_rate", ("R-078",), 6),
    (
        "DXQ",
        "honours",
        ("R-071",),
        ["特级教师", "教学能手", "骨干教师", "学科带头人", "模范教师", "优秀教师"],
    ),
    ("DXQ", "honour_semesters", ("R-071",), 1),
    ("DXQ", "honour_from_year", ("R-071",), None),
    ("DXQ", "post_levels", ("R-072",), [5, 6, 8, 9]),
    ("DXQ", "previous_term_years", ("R-072",), 3),
    ("DXQ", "post_exchange_semesters", ("R-072",), None),
    ("DXQ", "duty_deduction", ("R-073",), None),
    ("DXQ", "unqualified_pay", ("R-074",), 50),
    ("DXQ", "refusal_years", ("R-080",), 3),
    ("DXQ", "rating_weights", ("R-234",), None),
    ("ST", "support_months", ("R-083",), 12),
    ("ST", "title_age_limit", ("R-084",), 40),
    ("ST", "rural_months", ("R-084",), 12),
    ("ST", "primary_education", ("R-090",), "college"),
    ("ST", "secondary_education", ("R-090",), "bachelor"),
    ("ST", "title_term_years", ("R-091",), 3),
    ("ST", "graduate_years", ("R-092",), 3),
    ("ST", "exam_ranking", ("R-094",), False),
    ("ST", "principal_term_years", ("R-521",), 3),
    ("ST", "principal_terms", ("R-522",), 2),
    ("ST", "vice_principal_terms", ("R-523",), 3),
    ("ST", "new_principal_age", ("R-524",), 45),
    ("ST", "principal_training_years", ("R-526",), 3),
    ("ST", "award_years", ("R-256",), 3),
    ("ST", "equal_pay_years", ("R-134",), 2),
    ("ST", "training_money", ("R-454",), 5),
    ("REG", "cycle_years", ("R-095",), 5),
    ("REG", "permanent_after", ("R-479",), 4),
    ("REG", "pupils_per_teacher", ("R-266",), 22.5),
    ("REG", "small_school", ("R-268",), 200),
    ("REG", "small_school_need", ("R-267",), 10),
    ("REG", "rural_title_years", ("R-099",), None),
    ("REG", "support_share", ("R-102",), None),
    ("REG", "allowance", ("R-096",), None),
    ("SX", "window_start", ("R-105",), date(2022, 9, 1)),
    ("SX", "window_end", ("R-105",), date(2023, 6, 30)),
    ("SX", "months_min", ("R-106", "R-107", "R-108"), 1),
    ("SX", "months_max", ("R-106", "R-107", "R-108"), 2),
    ("QJT", "school_classes", ("R-114",), ["城市区", "周边", "农村"]),
    ("QT", "support_months", ("R-119",), 12),
    ("CE", "cycle_hours", ("R-413", "R-419"), 360),
    ("CE", "year_hours", ("R-413",), 72),
    ("CE", "component_hours", ("R-414",), 24),
    ("CE", "new_teacher_hours", ("R-415",), 120),
    ("CE", "new_teacher_ethics", ("R-418",), 30),
    ("CE", "new_teacher_years", ("R-417",), 3),
    ("CE", "ethics_hours", ("R-419",), 60),
    ("CE", "principal_hours", ("R-420",), 240),
    ("CE", "diploma_hours", ("R-423",), 72),
    ("CE", "municipal_hours", ("R-426",), 72),
    ("CE", "degree_share", ("R-433",), 30),
    (
        "CE",
        "ordinary_catalogue",
        ("R-425",),
        {"江淮名师": 144, "紧缺薄弱学科": 72, "班主任": 30, "教育技术": 48, "培训者": 72},
    ),
]


@pytest.mark.parametrize(
    ("code", "name", "clauses", "value"),
    [pytest.param(*card, marks=pytest.mark.covers(*card[2]), id=f"{card[0]}-{card[1]}") for card in CARDS],
)
def test_the_card_s_number_is_a_parameter_with_its_clause(
    code: str, name: str, clauses: tuple[str, ...], value: Any
) -> None:
    parameter = load_pack(code).parameters[name]
    assert parameter.value == value
    assert set(parameter.clause) & set(clauses)
    assert (parameter.value is None) <= (parameter.set_by is not None)


@pytest.mark.parametrize("code", MINE)
@pytest.mark.covers("R-001")
def test_a_pack_says_whose_it_is_of_which_level_and_whether_the_text_is_whole(code: str) -> None:
    identity = load_pack(code).identity
    assert identity.title.zh
    assert identity.issuer.en
    assert identity.source
    assert identity.authority.zh
    assert (identity.status == "truncated") == (code in ("HK", "NZ", "DXQ", "SX"))


@pytest.mark.covers("R-001", "R-004")
def test_the_township_scheme_names_its_superior_and_its_day_of_publication() -> None:
    identity = load_pack("XX").identity
    assert identity.superiors[0].issuer == "县教育局"
    assert identity.superiors[0].title == "关于加强中小学教师交流工作的指导意见"
    assert identity.in_force_from == date(2012, 9, 28)


@pytest.mark.covers("R-002", "R-139")
def test_superior_documents_keep_their_numbers_with_placeholders() -> None:
    assert [s.number for s in load_pack("DXQ").identity.superiors] == ["市教发【20xx】30号", "灞教发〔20xx〕91号"]
    assert [s.number for s in load_pack("ST").identity.superiors] == ["枣政发[2008]50号", "室字[2007]32号"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param("NZ", "科学合理 统筹兼顾 稳步推进 均衡发展", marks=pytest.mark.covers("R-019")),
        pytest.param("XX", "以人为本 统筹兼顾 合理流动 资源共享 增强活力 和谐稳定", marks=pytest.mark.covers("R-062")),
        pytest.param("DXQ", "区域统筹 合理流动 优化结构 共同发展", marks=pytest.mark.covers("R-135")),
        pytest.param("HK", "以人为本 统筹兼顾 增强活力 和谐稳定", marks=pytest.mark.covers("R-136")),
        pytest.param("REG", "按需设岗 平等竞争 择优聘任 科学考核 合同管理", marks=pytest.mark.covers("R-103")),
    ],
)
def test_principles_are_kept_with_the_pack(code: str, words: str) -> None:
    assert [each.zh for each in load_pack(code).identity.principles] == words.split()


@pytest.mark.covers("R-136", "R-141", "R-140", "R-017")
def test_aims_are_kept_with_the_pack() -> None:
    assert {"资源共享", "协调发展"} <= {each.zh for each in load_pack("HK").identity.aims}
    assert len(load_pack("XX").identity.aims) == 5
    assert "清退不符合条件的人员" in {each.zh for each in load_pack("REG").identity.aims}


@pytest.mark.covers("R-018")
def test_bodies_have_posts_and_no_names() -> None:
    bodies = {body.role: body for body in load_pack("HK").identity.bodies}
    assert bodies["leading_group"].posts == ["组长", "副组长", "成员"]
    assert "副组长兼任" in bodies["office"].posts[0]


@pytest.mark.covers("R-032")
def test_the_misprint_is_kept_on_record_beside_its_correction() -> None:
    correction = load_pack("NZ").clauses["R-032"].corrected
    assert correction is not None
    assert correction.ambiguity == "B-01"
    assert "以下" in correction.literal.zh
    assert "以上" in correction.reading.zh


@pytest.mark.covers("R-004")
def test_the_version_in_force_on_the_day_binds() -> None:
    first = load_pack("XX")
    second = first.model_copy(
        update={"identity": first.identity.model_copy(update={"in_force_from": date(2020, 9, 1), "version": "2"})}
    )
    assert not in_force(first, date(2012, 9, 27))
    assert in_force(first, date(2012, 9, 28))
    assert version_on([second, first], date(2019, 8, 31)).identity.version == "1"
    assert version_on([second, first], date(2020, 9, 1)).identity.version == "2"
    assert not in_force(load_pack("SX"), date(2023, 7, 1))
    with pytest.raises(LookupError):
        version_on([first, second], date(2010, 1, 1))


@pytest.mark.covers("R-003")
def test_what_the_engine_cannot_derive_is_listed_for_the_authority(county: County) -> None:
    someone = county.teachers[0]
    blank = replace(someone, in_post=None, on_establishment=True)
    findings = decide(replace(county, teachers=(blank, *county.teachers[1:])), load_pack("NZ"))
    matters = {matter.teacher_id: matter for matter in open_matters(findings)}
    assert matters[someone.id].missing == ("in_post",)
    assert matters[someone.id].authority_zh == "中心校"
    assert "in_post" in matters[someone.id].reason
    settled = {f.teacher_id for f in findings.rows() if not f.missing and not f.flags}
    assert not settled & set(matters)


@pytest.mark.parametrize("code", shipped_packs())
def test_every_clause_of_a_pack_is_said_in_both_languages_and_every_reading_has_its_source(code: str) -> None:
    pack = load_pack(code)
    for clause in pack.clauses.values():
        assert clause.says.zh
        assert clause.says.en.isascii() or "–" in clause.says.en or "→" in clause.says.en
    for parameter in pack.parameters.values():
        for reading in parameter.readings:
            assert reading.id.startswith(("B-", "R-", "CN-"))


@pytest.mark.parametrize("code", MINE)
def test_no_rule_of_a_pack_is_without_a_clause_that_the_pack_states(code: str) -> None:
    pack = load_pack(code)
    for rule in pack.rules.values():
        assert rule.clause
        assert set(rule.clause) <= set(pack.clauses)
