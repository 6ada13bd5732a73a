"""The sentences of reasons, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from junheng.facts import Stage, Strength, Subject
from junheng.planning.checking.report import QuotaLine
from junheng.planning.explaining.standing import Obstacle
from junheng.planning.problem import Problem, Quota

REFUSALS = {
    "verdict": ("政策判定不参加交流", "the policy's verdict is no"),
    "stays": (
        "本次不调整（决定留任、暂缓、免除，或已在外校、期满先返校）",
        "not moved this time: by decision, deferral or exemption, away already, or home again first",
    ),
    "same_school": ("即现任教学校", "it is the present school"),
    "stage": ("学段不同", "it is of another stage"),
    "pinned": ("经办人已指定去向", "a clerk's decision names another school"),
    "forbidden": (
        "已排除该校（经办人决定，或本人不服从调剂，或督促性交流不到更薄弱的学校）",
        "ruled out, by a clerk, by the teacher, or because a supervisory exchange goes to no weaker school",
    ),
    "personal_limit": ("超过本人申报的通勤上限", "beyond the commute limit stated in the application"),
    "spouse_must_move": ("配偶应当交流，夫妻不同时交流", "the spouse must move and both may not"),
    "subject": ("该校不开设也不需要本人任教的学科", "the school neither has nor needs the teacher's subjects"),
    "slot_closed": ("该校本人任教学科没有可能空出的岗位", "no place in the teacher's subjects can become free there"),
    "within_partners": ("政策只允许在结对（集团）学校之间交流", "the policy allows moves among partner schools only"),
    "within_cluster": ("政策只允许在本学区（乡镇）内交流", "the policy allows moves inside the cluster only"),
}


CODES = {code.value: (code.zh, code.en) for code in (*Stage, *Strength)} | {
    "must": ("应当交流", "must move"), "may": ("可以交流", "may move"), "no": ("不交流", "does not move"),
    "*": ("学科不限", "any subject"),
}  # fmt: skip
"""Stages, strengths, verdicts and the sign for any subject, as the checker writes them, in Chinese and English."""


STAYS = {
    "already_away": ("已在外校交流或支教", "already works at another school"),
    "comes_back": ("交流（支教）期满，先返回原校", "the term ends; home again first"),
    "batch": ("分批进行，轮到以后的批次", "the turn comes in a later batch"),
    "deferral": ("已批准暂缓", "a deferral has been granted"),
    "exclusion": ("已批准免除", "an exemption has been granted"),
    "": ("经办人决定留任", "kept in place by a clerk's decision"),
}
"""Why somebody is not moved this time, by the reason of the pin that says so."""


def stay_words(reason: str) -> tuple[str, str]:
    """Why somebody is not moved this time; a reason that is no code is the clerk's own."""
    return STAYS.get(reason, (f"经办人决定留任（{reason}）", f"kept in place by decision ({reason})"))


def refusal_words(codes: Sequence[str], problem: Problem) -> tuple[str, str]:
    """Why a move is not open at all."""
    policy = problem.policy
    said = REFUSALS | {
        "commute": (
            f"超过通勤上限 {policy.commute_km_max:g} 公里",
            f"beyond the limit of {policy.commute_km_max:g} km",
        ),
        "returned_too_soon": (
            f"离开该校未满 {policy.no_return_years} 年",
            f"left that school less than {policy.no_return_years} years ago",
        ),
    }
    return "、".join(said[c][0] for c in codes), ", ".join(said[c][1] for c in codes)


@dataclass(frozen=True, slots=True)
class Names:
    """Turns ids of the problem into names that people know; an id without a name stands for itself."""

    schools: Mapping[str, str]
    clusters: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    """Names of teachers; only for what stays in the bureau."""
    quotas: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What each quota asks for, in Chinese and English, by its id: see :func:`quota_words`."""

    def quota(self, quota: str) -> tuple[str, str]:
        """What a quota asks for, or its id."""
        return self.quotas.get(quota, (f"名额 {quota}", f"quota {quota}"))

    def person(self, teacher: str) -> str:
        """The teacher's no. and, where it may be said, the name."""
        name = self.people.get(teacher)
        return f"{teacher} {name}" if name else teacher

    def school(self, school_id: str) -> str:
        """The school's name, or its id."""
        return self.schools.get(school_id, school_id)

    def subject(self, subject: str, lang: str = "zh") -> str:
        """The subject's label, or its id where it is none of ours."""
        try:
            return Subject.read(subject).label(lang)
        except ValueError:
            return subject

    def slot(self, where: str) -> tuple[str, str]:
        """A school with a subject, from ``school:subject``."""
        school, _, subject = where.rpartition(":")
        return (
            f"{self.school(school)}{self.subject(subject)}",
            f"{self.subject(subject, 'en')} at {self.school(school)}",
        )

    def member(self, member: str) -> tuple[str, str]:
        """A member of a quota's scope: a school, a cluster, a stage or the county."""
        cluster, _, stage = member.rpartition("/")
        known = {"county": ("全县", "the county"), **{s.value: (s.zh, s.en) for s in Stage}}
        name = self.clusters.get(member) or self.school(member)
        zh, en = known.get(stage or member, (name, name))
        district = self.clusters.get(cluster, cluster)
        return (f"{district}{zh}", f"{district}, {en}") if cluster else (zh, en)

    def move(self, to_school: str, as_subject: str, km: float, gain: float, *, must: bool) -> tuple[str, str]:
        """The sentence of a move."""
        school = self.school(to_school)
        zh = f"{'应当' if must else '可以'}交流，安排到{school}任教{self.subject(as_subject)}"
        en = f"{'Must' if must else 'May'} move; goes to {school} to teach {self.subject(as_subject, 'en')}"
        zh += f"，单程通勤{'增加' if km >= 0 else '减少'} {abs(km):.1f} 公里"
        en += f", commute {'+' if km >= 0 else '−'}{abs(km):.1f} km one way"
        if gain > 0.0005:
            return f"{zh}；这一调动使不均衡下降 {gain:.3f}。", f"{en}; this move lowers the imbalance by {gain:.3f}."
        return f"{zh}；这一调动为满足名额与补位。", f"{en}; this move serves quotas and replacement."

    def filled(self, line: QuotaLine) -> tuple[str, str]:
        """A quota that others already fill."""
        zh, en = self.member(line.member)
        return (
            f"{zh}应派 {line.bound} 人，已由对均衡作用更大的教师补足",
            f"the {line.bound} movers due from {en} were found among teachers whose moves even out more",
        )


def names_of(problem: Problem) -> Names:
    """The names that the problem itself carries."""
    return Names({s.id: s.name for s in problem.schools}, quotas=quota_words(problem.policy.quotas))


_EACH = {
    "school": ("每校", "each school"), "cluster": ("每个学区", "each cluster"),
    "cluster_stage": ("每个学区的每个学段", "each stage of each cluster"), "stage": ("每个学段", "each stage"),
    "county": ("全县", "the county"),
}  # fmt: skip
_SENSES = {"ge": ("不少于", "at least"), "le": ("不多于", "at most"), "eq": ("恰为", "exactly")}
_BASES = {"staff": ("教职工", "the staff"), "eligible": ("符合条件教师", "the eligible teachers")}


def quota_words(quotas: Sequence[Quota]) -> dict[str, tuple[str, str]]:
    """What each quota asks for as a phrase in both languages, by id."""
    return {quota.id: _quota_phrase(quota) for quota in quotas}


def _quota_phrase(quota: Quota) -> tuple[str, str]:
    each, sense, base = _EACH[quota.scope], _SENSES[quota.sense], _BASES[quota.base]
    share = f"{float(quota.pct * 100):.6g}%"
    zh, en = f"{each[0]}派出{sense[0]}{base[0]}的 {share}", f"{each[1]} sends {sense[1]} {share} of {base[1]}"
    if quota.min:
        zh, en = f"{zh}、至少 {quota.min} 人", f"{en}, {quota.min} or more"
    return zh, en


def obstacle_words(obstacle: Obstacle, names: Names) -> tuple[str, str]:
    """Which rule stands against a move, with its figures."""
    if obstacle.rule == "quota":
        zh, en = names.member(obstacle.where.partition(":")[2])
        return (
            f"{zh}的名额 {obstacle.limit} 人已用完",
            f"the quota of {obstacle.limit} for {en} is used up",
        )
    if obstacle.rule == "total":
        school = names.school(obstacle.where)
        return f"{school}编制 {obstacle.limit} 已满", f"all {obstacle.limit} posts at {school} are taken"
    if obstacle.rule == "stays":
        return stay_words(obstacle.where)
    if obstacle.rule == "couple":
        return "配偶本次已安排交流", "the spouse already moves this time"
    zh, en = names.slot(obstacle.where)
    said = {
        "refill": (
            f"{zh}需 {obstacle.limit} 人，安排后已有 {obstacle.found} 人",
            f"{en} needs {obstacle.limit} and will have {obstacle.found}",
        ),
        "outflow": (
            f"{zh}每年最多调出 {obstacle.limit} 人，已调出 {obstacle.found} 人",
            f"at most {obstacle.limit} may leave {en} a year, {obstacle.found} do",
        ),
        "vacancy": (f"{zh}调出后无人接替", f"nobody would replace the teacher of {en}"),
        "abandons": (f"{zh}的补位将落空", f"the place filled in {en} would be left empty"),
    }
    return said[obstacle.rule]
