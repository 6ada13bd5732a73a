"""The sentences of the checker, in both languages: {where} it is, what was {found}, what was {expected}."""

from __future__ import annotations

from junheng.planning.checking.report import Violation

SENTENCES: dict[str, tuple[str, str]] = {
    "unknown_teacher": (
        "方案中的教师 {where} 不在教师名册中；请核对编号。",
        "teacher {where} of the plan is not in the roster; check the id.",
    ),
    "unknown_school": (
        "教师 {where} 的接收学校“{found}”不在学校名册中；请核对编号。",
        "the host school '{found}' of teacher {where} is not in the list of schools; check the id.",
    ),
    "repeated": (
        "教师 {where} 在方案中出现 {found} 次，应为 {expected} 次；请只保留一行。",
        "teacher {where} appears {found} times in the plan, expected {expected}; keep one row.",
    ),
    "verdict": (
        "教师 {where} 的认定为“{found}”，不应交流；只有认定为 {expected} 的教师可以交流。",
        "teacher {where} was judged '{found}' and may not move; only {expected} may.",
    ),
    "must": (
        "教师 {where} 应当交流，方案中未安排（{found}）；应安排 {expected} 次。",
        "teacher {where} must move, but the plan has {found} moves for this teacher; {expected} is due.",
    ),
    "own_school": (
        "教师 {where} 被安排到本校 {found}；应安排到其他学校。",
        "teacher {where} is sent to the teacher's own school {found}; another school is expected.",
    ),
    "stage": (
        "教师 {where} 被安排到学段 {found} 的学校；应为本人学段 {expected}。",
        "teacher {where} is sent to a school of stage {found}; the teacher's own stage {expected} is expected.",
    ),
    "within_cluster": (
        "教师 {where} 被安排到学区 {found} 的学校；本政策只允许在本学区 {expected} 内交流。",
        "teacher {where} is sent to a school of cluster {found}; moves stay inside the own cluster {expected}.",
    ),
    "within_partners": (
        "教师 {where} 被安排到 {found}；本政策规定有结对（集团）学校的，只在这些学校之间交流：{expected}。",
        "teacher {where} is sent to {found}; whoever has partner schools moves among these only: {expected}.",
    ),
    "supervisory_host": (
        "督促性交流的教师 {where} 被安排到 {found}；接收学校应有利于改进，须为 {expected} 或更强的学校。",
        "teacher {where} on supervisory exchange is sent to {found}; a school {expected} or stronger is expected.",
    ),
    "subject": (
        "教师 {where} 被安排任教“{found}”；可任教学科为 {expected}。",
        "teacher {where} is to teach '{found}'; the teacher's subjects are {expected}.",
    ),
    "commute": (
        "教师 {where} 到接收学校的距离为 {found} 公里；不得超过 {expected} 公里。",
        "teacher {where} would travel {found} km to the host school; at most {expected} km is allowed.",
    ),
    "no_return": (
        "教师 {where} 曾于 {found} 年离开接收学校；{expected} 年前离开的方可返回。",
        "teacher {where} left the host school in {found}; a return needs a departure in {expected} or earlier.",
    ),
    "couple": (
        "夫妻 {where} 同时被安排交流（{found} 人）；至多 {expected} 人。",
        "both spouses {where} are moved ({found}); at most {expected} may be.",
    ),
    "pin": (
        "教师 {where} 已指定去向 {expected}，方案为 {found}。",
        "teacher {where} is pinned to {expected}; the plan has {found}.",
    ),
    "stay": (
        "教师 {where} 本次不调整（决定留任、暂缓、免除或已在外校），方案却安排到 {found}；应为 {expected}。",
        "teacher {where} is not moved this time (decided, excused, away); found {found}, expected {expected}.",
    ),
    "forbid": (
        "教师 {where} 被禁止安排到 {found}；应为 {expected}。",
        "teacher {where} may not be sent to {found}; expected {expected}.",
    ),
    "refill": (
        "{where}：该校该学科净增 {found} 人；应在 {expected} 之间。",
        "{where}: the school-subject changes by {found}; {expected} is allowed.",
    ),
    "total": (
        "{where}：该校教师净增 {found} 人；至多 {expected} 人。",
        "{where}: the school's staff changes by {found}; at most {expected} is allowed.",
    ),
    "outflow": (
        "{where}：该校该学科调出 {found} 人；至多 {expected} 人。",
        "{where}: {found} teachers leave the school-subject; at most {expected} may.",
    ),
    "quota": (
        "{where}：实际交流 {found} 人；应为 {expected} 人。",
        "{where}: {found} teachers move; {expected} is due.",
    ),
    "direction": (
        "{where}：规定方向的交流占 {found}；应不低于 {expected}。",
        "{where}: {found} of the movers go in the required direction; at least {expected} is due.",
    ),
    "backbone": (
        "{where}：交流教师中骨干教师占 {found}；应不低于 {expected}。",
        "{where}: {found} of the movers are backbone teachers; at least {expected} is due.",
    ),
}


def broken(rule: str, where: str, found: object, expected: object) -> Violation:
    """A violation with its sentences."""
    words = {"where": where, "found": str(found), "expected": str(expected)}
    chinese, english = SENTENCES[rule]
    return Violation(rule, where, words["found"], words["expected"], chinese.format(**words), english.format(**words))
