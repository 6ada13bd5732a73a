"""A pack that is wrong does not load, and the error names file, line, what was found and what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.policy import PackError, load_pack, pack_source, parse_pack, shipped_packs

SOUND = """\
identity:
  code: TT
  title: {zh: 试行办法, en: Trial measures}
  issuer: {zh: 县教育局, en: county bureau}
  level: county
  authority: {zh: 县教育局, en: county bureau}
parameters:
  years:
    value: 6
    minimum: 1
    maximum: 20
    zh: 年限
    en: years
    clause: C-1
clauses:
  C-1:
    label: 第三条
    says: {zh: 满六年, en: six years}
rules:
  eligibility:
    shape: decide
    clause: C-1
    branches:
      - {clause: C-1, when: {years_at_school: {at_least: $years}}, verdict: target}
    otherwise: {clause: C-1, verdict: not_in_scope}
planning:
  verdicts: {target: may, not_in_scope: "no"}
"""


def fault(old: str, new: str) -> str:
    assert old in SOUND
    with pytest.raises(PackError) as caught:
        parse_pack(SOUND.replace(old, new, 1), "own.yaml")
    return str(caught.value)


def test_the_sound_pack_loads_and_keeps_its_text() -> None:
    pack = parse_pack(SOUND, "own.yaml")
    assert pack.code == "TT"
    assert pack_source(pack) == SOUND


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    clause: C-1\n    branches", "    branches", ["own.yaml:20", "missing"]),
        ("- {clause: C-1, when", "- {when", ["own.yaml:24", "missing"]),
        ("- {clause: C-1, when", "- {clause: C-9, when", ["own.yaml:24", "'C-9'", "declared under clauses"]),
        ("years_at_school", "years_at_scool", ["own.yaml:24", "years_at_scool", "declared fact"]),
        ("$years", "$yeers", ["own.yaml:24", "$yeers", "parameters"]),
        ("at_least", "atleast", ["own.yaml:24", "'atleast'", "at_least"]),
        ("value: 6", "value: 60", ["own.yaml:8", "60", "at most 20"]),
        ("value: 6", "value: null", ["own.yaml:8", "set_by"]),
        ("value: 6", "value: six", ["own.yaml:8", "'six'", "number"]),
        ("verdict: target}", "verdict: winner}", ["own.yaml:24", "'winner'", "target"]),
        ("    label: 第三条\n", "", ["own.yaml:16", "missing"]),
        ("level: county", "level: galaxy", ["own.yaml:5", "galaxy", "county"]),
        ("  code: TT", "  code: TT\n  colour: red", ["own.yaml:3", "no such key"]),
        ("  code: TT", "  code: [TT", ["own.yaml", "not YAML"]),
        ("  code: TT", "  code: TT\n  code: UU", ["own.yaml:3", "'code'", "twice"]),
        ("  code: TT", "  code: !!python/name:os.system TT", ["own.yaml:2", "tag"]),
        ("  code: TT", "  code: &a TT", ["own.yaml:2", "anchor"]),
        ("target: may, ", "", ["own.yaml", "must, may or no", "target"]),
        ("shape: decide", "shape: guess", ["own.yaml:20", "decide"]),
        ("when: {years_at_school: {at_least: $years}}", "when: []", ["own.yaml:24", "condition"]),
        ("when: {years_at_school: {at_least: $years}}", "when: {role: [emperor]}", ["own.yaml:24", "emperor", "dean"]),
        ("when: {years_at_school: {at_least: $years}}", "when: {rule: eligibility, in: [target]}", ["circle"]),
        ("when: {years_at_school: {at_least: $years}}", "when: {rule: fate, in: [target]}", ["'fate'", "decide"]),
        ("says: {zh: 满六年, en: six years}", "says: 满六年", ["own.yaml:18"]),
    ],
)
def test_a_wrong_pack_names_the_place_and_what_is_expected(old: str, new: str, expected: list[str]) -> None:
    message = fault(old, new)
    for part in expected:
        assert part in message


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(PackError) as caught:
        parse_pack(SOUND.replace("value: 6", "value: 60").replace("$years", "$yeers"), "own.yaml")
    assert len(caught.value.faults) == 2


def test_an_empty_file_a_list_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    for text in ("", "- a\n- b\n"):
        with pytest.raises(PackError, match="expected a mapping"):
            parse_pack(text, "own.yaml")
    with pytest.raises(PackError, match="no such pack or file"):
        load_pack(tmp_path / "none.yaml")


def test_a_file_that_is_not_utf8_or_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes("名: 办法".encode("gb18030"))
    with pytest.raises(PackError, match="UTF-8"):
        load_pack(path)
    path.write_bytes(b"#" * 2_000_001)
    with pytest.raises(PackError, match="at most"):
        load_pack(path)


def test_a_pack_is_loaded_from_a_path_too(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert load_pack(path).code == "TT"


@pytest.mark.parametrize("code", shipped_packs())
def test_every_shipped_pack_loads_and_is_named_like_its_file(code: str) -> None:
    assert load_pack(code).code == code
