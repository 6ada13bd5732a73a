"""Damaged and absurd workbooks: never a 5xx, never a job that dies of them, never a row written."""

from __future__ import annotations

import zipfile
from io import BytesIO
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from junheng.web.records.jobs import run_due
from junheng.web.records.models import Job
from junheng.web.staffing.ledgers import LEDGERS
from junheng.web.staffing.models import Intake, IntakeState

ABSURD = (
    "", "\u0007", "=1+1", "-1", "1e308", "NaN", "9" * 400, "2009.13", "1900-00-00", "9999-12-31", "#REF!", "是否",
    "\u202e反", "𠮷𡈽", "<script>alert(1)</script>", "'; DROP TABLE", "长" * 33_000, "0", "-0.0", "T0001",
    "9901010001", "至今",
    "_x0000_", "1.10105E+17",
)  # fmt: skip
HEADERS = (
    "工号",
    "姓名",
    "性别",
    "出生日期",
    "人事关系学校",
    "学段",
    "主教学科",
    "备注",
    "通勤上限（千米）",
    "身份证件号",
)
ROW = ("T0001", "安丽丝", "女", "1985-05-12", "9901010001", "初中", "语文", "", "10", "")
SEEDS = {"few": range(40), "many": range(40, 300)}


def workbook(chance: Random) -> bytes:
    """A well-formed workbook with absurd cells, headers or sheet names."""
    book = Workbook()
    page = book.active
    page.title = chance.choice(["教师", "学校", "职称岗位", "县区", "别的", "教师"])
    headers = list(HEADERS)
    for _ in range(chance.randrange(3)):
        headers[chance.randrange(len(headers))] = chance.choice(["", "姓名", "不认识", "工号"])
    page.append(headers)
    for _ in range(chance.randrange(1, 5)):
        row = list(ROW)
        for _ in range(chance.randrange(4)):
            row[chance.randrange(len(row))] = chance.choice(ABSURD).replace("\u0007", "")
        page.append(row)
    if chance.random() < 0.3:
        book.create_sheet("任职经历").append(["工号", chance.choice(ABSURD).replace("\u0007", ""), "开始日期"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def damaged(content: bytes, chance: Random) -> bytes:
    """The file with bytes changed, cut off, or a part of the package spoiled."""
    way = chance.randrange(4)
    if way == 0:
        spoiled = bytearray(content)
        for _ in range(chance.randrange(1, 40)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        return bytes(spoiled)
    if way == 1:
        return content[: chance.randrange(len(content))]
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        victim = chance.choice(names)
        for name in names:
            text = old.read(name)
            if name == victim:
                if way == 2:
                    continue
                at = chance.randrange(max(1, len(text)))
                text = text[:at] + bytes([chance.randrange(256)]) * chance.randrange(9) + text[at + 3 :]
            new.writestr(name, text)
    return out.getvalue()


def rows() -> dict[str, list[Any]]:
    return {each.key: list(each.model.objects.order_by("pk").values_list()) for each in LEDGERS}


@pytest.mark.parametrize(
    "which", ["few", pytest.param("many", marks=pytest.mark.slow)], ids=["40 mutants", "260 further mutants"]
)
def test_no_file_makes_the_server_or_a_job_fail_or_writes_anything(cast: Any, which: str) -> None:
    client: Client = cast.client("bureau_clerk")
    before = rows()
    answers: dict[int, int] = {}
    for seed in SEEDS[which]:
        chance = Random(seed)  # noqa: S311 - a test
        content = workbook(chance)
        if chance.random() < 0.5:
            content = damaged(content, chance)
        given = {
            "file": SimpleUploadedFile("名册.xlsx", content), "organisation": cast.county.pk, "day": "2026-10-01",
            "whole": chance.choice(["part", "whole"]), "key": f"k{seed}",
        }  # fmt: skip
        answer = client.post("/staffing/intakes/new/", given)
        answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
        run_due()
        made = Intake.objects.filter(key=f"k{seed}").first()
        if made is not None:
            assert not made.is_moving, (seed, made.state)
            assert client.get(made.get_absolute_url()).status_code == 200
            if made.faults_stored:
                kept = b"".join(client.get(f"{made.get_absolute_url()}faults/").streaming_content)
                assert load_workbook(BytesIO(kept)).sheetnames
    assert set(answers) <= {302, 422} and len(answers) == 2, answers
    assert not Job.objects.exclude(status="done").exists()
    assert rows() == before
    assert {made.state for made in Intake.objects.all()} >= {IntakeState.FAULTY, IntakeState.REFUSED}
