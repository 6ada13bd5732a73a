"""Conflicting rules and the changes that would help, in the clerk's words: with place, people, numbers and clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from junheng.planning.checking import check
from junheng.planning.explaining.giving import FAMILIES
from junheng.planning.explaining.words import Names, stay_words
from junheng.planning.problem import Pin, Problem
from junheng.planning.relaxing import Change, Threshold
from junheng.planning.relaxing.conflicts import Conflict

LISTED = 6
"""Subjects or people that are named one by one in a sentence."""
ASKED = {"ge": ("不少于", "at least"), "le": ("不多于", "at most"), "eq": ("应为", "exactly")}
_PERSONAL = (
    "must",
    "commute",
    "personal_limit",
    "no_return",
    "within_cluster",
    "within_partners",
    "forbid",
    "pin",
    "stay",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One or several rules of a kind at one place, as one sentence; ``people`` are the teachers whom they name."""

    kind: str
    zh: str
    en: str
    clause: str = ""
    people: tuple[str, ...] = ()
    rules: tuple[str, ...] = field(default=(), compare=False)


class Speaker:
    """Says rules and changes of one problem. ``clauses``: the citation for ``quota:{id}``, ``must:{teacher}``
    or a kind of rule.
    """

    def __init__(self, problem: Problem, names: Names, clauses: Mapping[str, str] | None = None) -> None:
        self.problem = problem
        self.names = names
        self.clauses = clauses or {}
        self.teacher = {t.id: t for t in problem.teachers}
        self.quota = {(q.quota, q.member): q for q in check(problem, ()).figures.quotas}
        self.stays = {pin.teacher_id: pin.reason for pin in problem.pins if pin.kind == "stay"}

    # conflicts ----------------------------------------------------------------------------------------------------

    def conflict(self, conflict: Conflict) -> tuple[Said, ...]:
        """The rules of a conflict; those of one kind at one school are one sentence, those who are not moved for one
        reason and by one clause also. Obligations and quotas first.
        """
        groups: dict[tuple[str, str], list[str]] = {}
        for name in conflict.rules:
            kind, _, member = name.partition(":")
            groups.setdefault((kind, self._place(kind, member)), []).append(member)
        order = ("must", "pin", "stay", "quota")
        said = [self._group(kind, members) for (kind, _), members in groups.items()]
        return tuple(sorted(said, key=lambda s: order.index(s.kind) if s.kind in order else len(order)))

    def _place(self, kind: str, member: str) -> str:
        if kind in ("outflow", "refill"):
            return member.rpartition(":")[0]
        if kind == "stay":
            return ":".join((self.teacher[member].school_id, self.stays[member], self.clause(f"stay:{member}")))
        if kind in _PERSONAL:
            return self.teacher[member].school_id
        return member

    def _group(self, kind: str, members: Sequence[str]) -> Said:
        rules = tuple(f"{kind}:{m}" if m else kind for m in members)
        if kind in ("outflow", "refill"):
            zh, en = self._subjects(kind, members)
        elif kind in _PERSONAL:
            zh, en = self._people(kind, members)
        else:
            zh, en = self._single(kind, members[0])
        people = tuple(members) if kind in _PERSONAL else tuple(members[0].split(":")) if kind == "couple" else ()
        return Said(kind, zh, en, self.clause(*rules), people, rules)

    def clause(self, *rules: str) -> str:
        """The clauses that state these rules of the problem, such as ``quota:{id}:{member}``; blank without any."""
        found: dict[str, None] = {}
        for rule in rules:
            kind, _, member = rule.partition(":")
            keys = [f"quota:{member.partition(':')[0]}"] if kind == "quota" else [rule, kind]
            found |= {self.clauses[key]: None for key in keys if self.clauses.get(key)}
        return "、".join(found)

    def _subjects(self, kind: str, members: Sequence[str]) -> tuple[str, str]:
        school = self.names.school(members[0].rpartition(":")[0])
        subjects = [m.rpartition(":")[2] for m in members]
        zh = "、".join(self.names.subject(s) for s in subjects)
        en = ", ".join(self.names.subject(s, "en") for s in subjects)
        if kind == "refill":
            needs = self.problem.policy.refill
            return (
                f"{school}的{zh}{'走一补一，人数不变' if needs == 'preserve' else '人数只能向需求数靠拢'}",
                f"head-counts of {en} at {school} {'stay' if needs == 'preserve' else 'may only move toward the need'}",
            )
        caps = sorted({self._cap(m) for m in members})
        most = f"{caps[0]}" if len(caps) == 1 else f"{caps[0]}—{caps[-1]}"
        each_zh, each_en = ("各", " each") if len(members) > 1 else ("", "")
        return (
            f"{school}的{zh}每年{each_zh}最多调出 {most} 人",
            f"at most {most} may leave {en}{each_en} at {school} a year",
        )

    def _cap(self, slot: str) -> int:
        school, _, subject = slot.rpartition(":")
        number = sum(t.school_id == school and t.subject == subject for t in self.problem.teachers)
        policy = self.problem.policy
        return max(policy.subject_outflow_min, int(policy.subject_outflow_share * number))

    def people(self, teachers: Sequence[str]) -> tuple[str, str]:
        """Teachers of one school by name, the first few one by one."""
        shown = [self.names.person(t) for t in teachers[:LISTED]]
        school = self.names.school(self.teacher[teachers[0]].school_id)
        more_zh = f"等 {len(teachers)} 人" if len(teachers) > LISTED else ""
        more_en = f" and {len(teachers) - LISTED} more" if len(teachers) > LISTED else ""
        return f"{'、'.join(shown)}{more_zh}（{school}）", f"{', '.join(shown)}{more_en} ({school})"

    def _people(self, kind: str, teachers: Sequence[str]) -> tuple[str, str]:
        policy = self.problem.policy
        zh, en = self.people(teachers)
        if kind == "stay":
            why = stay_words(self.stays[teachers[0]])
            return f"{zh}本次不调整：{why[0]}", f"{en}: not moved this time ({why[1]})"
        said = {
            "must": ("应当交流", "must move"),
            "commute": (
                f"通勤不超过 {policy.commute_km_max:g} 公里",
                f"no commute beyond {policy.commute_km_max:g} km",
            ),
            "personal_limit": ("不超过本人申报的通勤上限", "not beyond the commute limit stated in the application"),
            "no_return": (
                f"离开未满 {policy.no_return_years} 年的学校不返回",
                f"no return to a school left less than {policy.no_return_years} years ago",
            ),
            "within_cluster": ("只在本学区（乡镇）内交流", "moves inside the cluster only"),
            "within_partners": ("只在结对（集团）学校之间交流", "moves among partner schools only"),
            "forbid": (
                "有已排除的去向（经办人决定，或本人不服从调剂，或督促性交流不到更薄弱的学校）",
                "some schools are ruled out: by the clerk, by the teacher, or as too weak for a supervisory exchange",
            ),
            "pin": ("经办人已指定去向", "the clerk named the school"),
        }[kind]
        return f"{zh}{said[0]}", f"{en}: {said[1]}"

    def _single(self, kind: str, member: str) -> tuple[str, str]:
        if kind == "quota":
            quota, _, of = member.partition(":")
            zh, en = self.names.member(of)
            line = self.quota[quota, of]
            asked = ASKED[line.sense]
            figures = f"{line.base} × {float(line.rate):.1%} → {line.bound}"
            said = self.names.quota(quota)
            return (
                f"{zh}派出{asked[0]} {line.bound} 人（{said[0]}：{figures}）",
                f"{asked[1]} {line.bound} leave {en} ({said[1]}: {figures})",
            )
        if kind == "total":
            school = self.names.school(member)
            unit = next(s for s in self.problem.schools if s.id == member)
            present = sum(t.school_id == member for t in self.problem.teachers)
            return f"{school}编制 {unit.posts} 人，现有 {present} 人", f"{school}: {unit.posts} posts, {present} staff"
        if kind == "couple":
            one, other = (self.names.person(t) for t in member.split(":"))
            return f"{one}与{other}是夫妻，不同时交流", f"{one} and {other} are spouses and may not both move"
        policy = self.problem.policy
        if kind == "backbone":
            share = f"{float(policy.backbone_share_min):.1%}"
            return f"交流人员中骨干教师不低于 {share}", f"at least {share} of the movers are backbone teachers"
        share = f"{float(policy.direction.share_min):.1%}" if policy.direction else ""
        return f"派往规定方向的不低于 {share}", f"at least {share} go in the required direction"

    # changes ------------------------------------------------------------------------------------------------------

    def changes(self, changes: Sequence[Change]) -> tuple[str, str]:
        """Changes made together."""
        said = [self.change(change) for change in changes]
        return "；".join(zh for zh, _ in said), "; ".join(en for _, en in said)

    def change(self, change: Change) -> tuple[str, str]:
        """One change, with today's value."""
        head, rest = change.what[0], change.what[1:]
        if change.value[:1] in ("+", "-"):
            return self._exception(head, rest, change.value)
        if rest and head != "quota":
            return self._for_one(head, rest, change.value)
        zh, en = self.setting(change.what)
        if head in _SWITCHED:
            return _SWITCHED[head]
        if change.what[-1] == "sense":
            return f"{zh}改为“{ASKED[change.value][0]}”", f"{en}: {ASKED[change.value][1]}"
        return f"{zh} {self.today(change)} → {change.value}", f"{en} {self.today(change)} → {change.value}"

    def setting(self, what: Sequence[str]) -> tuple[str, str]:
        """The name of a setting."""
        if what[0] != "quota":
            return SETTINGS[what[0]]
        part = {"min": ("最低人数", "minimum"), "sense": ("要求", "sense")}.get(what[-1], ("比例", "share"))
        zh, en = self.names.quota(what[1])
        return f"“{zh}”的{part[0]}", f"{part[1]} of “{en}”"

    def today(self, change: Change | Threshold) -> str:
        """Today's value of a setting."""
        policy, head = self.problem.policy, change.what[0]
        if head == "quota":
            quota = next(q for q in policy.quotas if q.id == change.what[1])
            return str(quota.min) if change.what[-1] == "min" else f"{float(quota.pct * 100):.6g}%"
        direction = float(policy.direction.share_min * 100) if policy.direction else 0.0
        return {
            "commute": f"{policy.commute_km_max:g}",
            "no-return": str(policy.no_return_years),
            "outflow-min": str(policy.subject_outflow_min),
            "outflow-share": f"{float(policy.subject_outflow_share * 100):.6g}%",
            "backbone": f"{float(policy.backbone_share_min * 100):.6g}%",
            "direction": f"{direction:.6g}%",
        }.get(head, "")

    def _exception(self, head: str, rest: Sequence[str], value: str) -> tuple[str, str]:
        number, fewer = value[1:], value[0] == "-"
        if head == "quota":
            zh, en = self.names.member(rest[1])
            quota = self.names.quota(rest[0])
            return (
                f"{zh}{'少' if fewer else '多'}派 {number} 人（{quota[0]}）",
                f"{number} {'fewer' if fewer else 'more'} from {en} ({quota[1]})",
            )
        if head == "posts":
            school = self.names.school(rest[0])
            return f"{school}暂时超编 {number} 人", f"{school} {number} above its posts for the time being"
        if head in ("direction", "backbone"):
            zh, en = FAMILIES[head]
            return f"{zh}少 {float(number):.1f} 人", f"{en}: {float(number):.1f} persons fewer"
        zh, en = self.names.slot(":".join(rest))
        if head == "outflow":
            return f"{zh}多调出 {number} 人", f"{number} more may leave {en}"
        way = ("少", "short of") if fewer else ("多", "above")
        return f"{zh}允许比补位要求{way[0]} {number} 人", f"{en} may be {number} {way[1]} what replacement asks for"

    def _for_one(self, head: str, rest: Sequence[str], value: str) -> tuple[str, str]:
        if head == "couple":
            one, other = (self.names.person(t) for t in rest)
            return f"允许{one}与{other}夫妻同时交流", f"{one} and {other} may both move"
        zh, en = self.people(rest[:1])
        return {
            "stay": (f"{zh}本年留任", f"{en} stays this year"),
            "commute": (f"{zh}的通勤放宽到 {value} 公里", f"{en} may commute up to {value} km"),
            "no-return": (f"允许{zh}返回曾任教的学校", f"{en} may return to a former school"),
            "limit": (f"不计{zh}本人申报的通勤上限", f"the limit stated by {en} is set aside"),
            "decision": self._taken_back(rest[0]),
        }[head]

    def _taken_back(self, teacher: str) -> tuple[str, str]:
        """What holds a teacher, put aside; why it was laid down is said with it."""
        zh, en = self.people([teacher])
        held = dict.fromkeys(_why(pin) for pin in self.problem.pins if pin.teacher_id == teacher)
        why_zh, why_en = "、".join(each for each, _ in held), "; ".join(each for _, each in held)
        return f"取消对{zh}的限制（{why_zh}）", f"what holds {en} is put aside ({why_en})"


def _why(pin: Pin) -> tuple[str, str]:
    """Why a pin was laid down, as it is said."""
    if pin.kind == "stay":
        return stay_words(pin.reason)
    zh, en = (
        ("经办人指定去向", "a school named by the clerk") if pin.kind == "pin" else ("排除去向", "schools ruled out")
    )
    return (f"{zh}：{pin.reason}", f"{en}: {pin.reason}") if pin.reason else (zh, en)


_SWITCHED = {
    "spouses": ("允许夫妻同时交流", "spouses may both move"),
    "within-cluster": ("允许跨学区（乡镇）交流", "moves beyond the cluster are allowed"),
    "within-partners": ("允许到结对（集团）学校以外交流", "moves beyond the partner schools are allowed"),
    "refill": ("学科人数可以向需求数靠拢，不必走一补一", "head-counts may move toward the need"),
}


SETTINGS = {
    "commute": ("通勤上限（公里）", "limit of commuting, km"),
    "no-return": ("不回原校年限（年）", "years without return"),
    "outflow-min": ("一校一科每年至少可调出人数", "leavers of a subject that are always allowed"),
    "outflow-share": ("一校一科每年可调出比例", "share of a subject that may leave"),
    "backbone": ("骨干教师比例", "share of backbone teachers"),
    "direction": ("流向比例", "share in the required direction"),
    "spouses": ("夫妻不同时交流", "not both spouses"),
    "within-cluster": ("只在本学区内交流", "moves inside the cluster only"),
    "within-partners": ("只在结对（集团）学校之间交流", "moves among partner schools only"),
    "refill": ("学科补位", "replacement by subject"),
}
"""Names of settings in Chinese and English."""
