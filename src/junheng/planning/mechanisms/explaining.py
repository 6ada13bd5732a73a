"""Reasons of a plan of both parts: every move says whether it was exchanged or planned, and by which mechanism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from junheng.planning.explaining import Names, Reason
from junheng.planning.mechanisms.joining import Joined

EXCHANGED = ("自愿互换", "voluntary exchange")
PLANNED = ("统筹安排", "planned")
OPTIMISER = ("优化求解", "optimiser")


def part_of(joined: Joined, teacher_id: str) -> tuple[str, str]:
    """The part of the plan that moves the teacher, in both languages: 自愿互换 (mechanism) or 统筹安排 (optimiser)."""
    if teacher_id in joined.voluntary:
        mechanism = joined.round.mechanism
        return f"{EXCHANGED[0]}（{mechanism.zh}）", f"{EXCHANGED[1]} ({mechanism.en})"
    return f"{PLANNED[0]}（{OPTIMISER[0]}）", f"{PLANNED[1]} ({OPTIMISER[1]})"


def voluntary_reasons(reasons: Sequence[Reason], joined: Joined, names: Names) -> tuple[Reason, ...]:
    """The reasons with the part of the plan that each move belongs to, and what the voluntary round did for others."""
    return tuple(_told(reason, joined, names) for reason in reasons)


def _told(reason: Reason, joined: Joined, names: Names) -> Reason:
    zh, en = reason.zh, reason.en
    if reason.outcome == "moves":
        part = part_of(joined, reason.teacher_id)
        if reason.teacher_id in joined.voluntary:
            school = names.school(reason.to_school)
            zh = f"本人志愿，经互换到{school}，满足第 {reason.wish_met} 志愿。"
            en = f"By own wish exchanged to {school}; wish {reason.wish_met} is met."
            zh, en = _earlier(reason, zh, en)
        zh, en = f"{part[0]}：{zh}", f"{part[1]}: {en}"
    extra = _round_words(reason.teacher_id, joined)
    return replace(reason, zh=zh + extra[0], en=f"{en} {extra[1]}".rstrip())


def _earlier(reason: Reason, zh: str, en: str) -> tuple[str, str]:
    """What became of the wishes before the one that was met: the rules' word, or that no exchange led there."""
    for wish in reason.wishes:
        if not wish.met and wish.rank < reason.wish_met:
            if "price" in wish.codes:
                zh += f"第 {wish.rank} 志愿没有换到。"
                en += f" No exchange led to wish {wish.rank}."
            else:
                zh, en = zh + wish.zh, f"{en} {wish.en}"
    return zh, en


def _round_words(teacher_id: str, joined: Joined) -> tuple[str, str]:
    """What the voluntary round did for an applicant who does not move by it."""
    made = joined.round
    if teacher_id in joined.voluntary or teacher_id not in made.applicants:
        return "", ""
    if teacher_id in made.movers:
        return (
            "自愿互换本已换到，因与其他规则不能同时满足而取消。",
            "The voluntary exchange was released, because it could not stand together with the other rules.",
        )
    if teacher_id not in made.admitted:
        return (
            "自愿互换：本校（本学科）可调出的名额已由排序在前的教师用完。",
            "Voluntary round: leave from this school or subject went to colleagues who come first.",
        )
    return "自愿互换：没有换到所填志愿。", "Voluntary round: no exchange led to a wish."
