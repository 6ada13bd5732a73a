"""Schools, pupils, posts and pairings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from junheng.documents.binding import Rows
from junheng.documents.book import Book
from junheng.documents.faults import Fault, Phrase
from junheng.facts.codes import Stage

_GRADES = {Stage.PRIMARY: range(1, 7), Stage.JUNIOR: range(6, 10)}


def check_places(book: Book) -> Iterator[Fault]:
    """Contradictions about schools."""
    stages = _stages(book)
    for key in ("enrolment", "posts", "resources"):
        for rows in book.of(key):
            yield from _stage_not_taught(rows, stages)
    for rows in book.of("enrolment"):
        yield from _wrong_grades(rows)
        yield from _pupils_without_class(rows)
    for rows in book.of("posts"):
        yield from _empty_requirements(rows)
        yield from _contradicting_posts(rows)
    for rows in book.of("pairings"):
        yield from _paired_with_itself(rows)
        yield from _backward(rows)


def warn_places(book: Book) -> Iterator[Fault]:
    """Schools without coordinates, and stages with fewer posts than teachers."""
    for rows in book.of("schools"):
        xs, ys, names = rows.values("x_km"), rows.values("y_km"), rows.values("name")
        without = [name or "" for name, x, y in zip(names, xs, ys, strict=True) if x is None or y is None]
        if without:
            some = "、".join(without[:3]) + ("等" if len(without) > 3 else "")
            problem = Phrase(
                f"{len(without)}所学校（{some}）没有坐标，不能判断通勤距离",
                f"{len(without)} schools ({', '.join(without[:3])}) have no coordinates; commuting cannot be judged",
            )
            yield Fault(
                code="no_coordinates",
                sheet=rows.name,
                row=None,
                column=rows.sheet.column("x_km").zh,
                value=str(len(without)),
                problem=problem,
                expected=Phrase("请补填坐标", "give their coordinates"),
                file=rows.file,
            )
    yield from _fewer_posts_than_teachers(book)


def _stages(book: Book) -> dict[str, tuple[Stage, ...]]:
    return {
        code: stages
        for rows in book.of("schools")
        for code, stages in zip(rows.values("id"), rows.values("stages"), strict=True)
        if code is not None and stages is not None
    }


def _stage_not_taught(rows: Rows, stages: dict[str, tuple[Stage, ...]]) -> Iterator[Fault]:
    for row, (school, stage) in enumerate(zip(rows.values("school_id"), rows.values("stage"), strict=True)):
        if stage is not None and stage not in stages.get(school, (stage,)):
            taught = "、".join(each.zh for each in stages[school])
            problem = Phrase(
                f"该校举办学段为{taught}，没有{stage.zh}", f"the school has no {stage.en} stage on the schools sheet"
            )
            yield rows.fault(
                row, "stage", "stage_not_taught", problem, Phrase("请更正其中之一", "correct one of the two")
            )


def _wrong_grades(rows: Rows) -> Iterator[Fault]:
    for row, (stage, grade) in enumerate(zip(rows.values("stage"), rows.values("grade"), strict=True)):
        if stage is not None and grade is not None and grade not in _GRADES[stage]:
            span = _GRADES[stage]
            problem = Phrase(f"{stage.zh}没有{grade}年级", f"{stage.en} has no grade {grade}")
            expected = Phrase(f"请填写{span[0]}至{span[-1]}", f"write {span[0]} to {span[-1]}")
            yield rows.fault(row, "grade", "grade", problem, expected)


def _pupils_without_class(rows: Rows) -> Iterator[Fault]:
    for row, (pupils, classes) in enumerate(zip(rows.values("pupils"), rows.values("classes"), strict=True)):
        if pupils and classes == 0:
            problem = Phrase(f"有{pupils}名学生但班级数为0", f"{pupils} pupils but no class")
            yield rows.fault(row, "classes", "no_class", problem, Phrase("请填写班级数", "give the number of classes"))


def _empty_requirements(rows: Rows) -> Iterator[Fault]:
    columns = zip(rows.values("subject"), rows.values("required"), rows.values("posts"), strict=True)
    for row, (subject, required, posts) in enumerate(columns):
        bad = {name for at, name in rows.bad if at == row} if rows.bad else set()
        if subject is not None and required is None and "required" not in bad:
            problem = Phrase("填了学科但没有需求教师数", "names a subject but no teachers required")
            yield rows.fault(
                row, "required", "required", problem, Phrase("请填写需求教师数", "give the number required")
            )
        elif subject is None and required is not None and "subject" not in bad:
            problem = Phrase("填了需求教师数但没有学科", "gives teachers required but no subject")
            yield rows.fault(row, "subject", "required", problem, Phrase("请填写学科", "name the subject"))
        elif subject is None and posts is None and not {"subject", "posts"} & bad:
            problem = Phrase("编制数和学科都为空", "has neither posts nor a subject")
            yield rows.fault(
                row, "posts", "required", problem, Phrase("请填写编制数或学科需求", "give posts or a subject")
            )


def _contradicting_posts(rows: Rows) -> Iterator[Fault]:
    first: dict[tuple[str, Stage], tuple[int, int]] = {}
    columns = zip(rows.values("school_id"), rows.values("stage"), rows.values("posts"), strict=True)
    for row, (school, stage, posts) in enumerate(columns):
        if school is None or stage is None or posts is None:
            continue
        said, number = first.setdefault((school, stage), (posts, rows.numbers[row]))
        if said != posts:
            problem = Phrase(f"{posts} 与第{number}行的 {said} 矛盾", f"{posts} contradicts {said} on row {number}")
            yield rows.fault(
                row, "posts", "contradiction", problem, Phrase("每学段只填一个编制数", "give one number for a stage")
            )


def _paired_with_itself(rows: Rows) -> Iterator[Fault]:
    columns = zip(rows.values("supporting_id"), rows.values("supported_id"), strict=True)
    for row, (supporting, supported) in enumerate(columns):
        if supporting is not None and supporting == supported:
            problem = Phrase("支援学校与受援学校相同", "supporting and supported school are the same")
            yield rows.fault(
                row, "supported_id", "own_school", problem, Phrase("请填写另一所学校", "name another school")
            )


def _backward(rows: Rows) -> Iterator[Fault]:
    for row, (start, end) in enumerate(zip(rows.values("start"), rows.values("end"), strict=True)):
        if start is not None and end is not None and end < start:
            problem = Phrase(f"结束日期 {end} 早于开始日期 {start}", f"ends on {end}, before it starts on {start}")
            yield rows.fault(row, "end", "backward", problem, Phrase("请核对两个日期", "check both dates"))


def _fewer_posts_than_teachers(book: Book) -> Iterator[Fault]:
    present: Counter[tuple[str, Stage]] = Counter()
    for rows in book.of("teachers"):
        columns = zip(rows.values("school_id"), rows.values("stage"), rows.values("on_establishment"), strict=True)
        present.update((school, stage) for school, stage, established in columns if established is not False)
    for rows in book.of("posts"):
        columns = zip(rows.values("school_id"), rows.values("stage"), rows.values("posts"), strict=True)
        for row, (school, stage, posts) in enumerate(columns):
            count = present[school, stage]
            if posts is not None and posts < count:
                problem = Phrase(
                    f"编制{posts}个，在编教师{count}人，超编", f"{posts} posts for {count} teachers on establishment"
                )
                yield rows.fault(row, "posts", "over_establishment", problem, Phrase("请核对", "check that this is so"))
