"""What the home page shows of everything: counts, ways on, own doings, recent changes; each cheap to find."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from junheng.web.access import Permission as May
from junheng.web.access import Standing, standing_of
from junheng.web.directory.models import Organisation, User
from junheng.web.interface.numbers import number, person_unit
from junheng.web.records.labels import action_label
from junheng.web.records.models import AuditEvent
from junheng.web.staffing.figures import kept_sums
from junheng.web.staffing.models import EnrolmentEntry, PostsEntry, TeacherState

_LATELY = 300
"""Rows of teachers looked at for recent changes."""
_DONE = 8
_CHANGES = 6
_NAMES = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A way on, for whoever holds one of the permissions."""

    label: str | Promise
    route: str
    icon: str
    anyone_of: tuple[May, ...] = ()


ENTRIES = (
    Entry(gettext_lazy("我的档案"), "staffing:own_file", "id", (May.OWN_FILE,)),
    Entry(gettext_lazy("我的更正"), "staffing:corrections", "edit", (May.OWN_FILE,)),
    Entry(gettext_lazy("教师名册"), "staffing:teachers", "users", (May.TEACHERS_VIEW,)),
    Entry(gettext_lazy("导入名册"), "staffing:intakes", "file-import", (May.INTAKE_UPLOAD,)),
    Entry(gettext_lazy("导出全县工作簿"), "staffing:export_county", "file-export", (May.EXPORT_COUNTY,)),
    Entry(gettext_lazy("均衡指标"), "reporting:balance", "scale", (May.OVERVIEW_VIEW,)),
    Entry(gettext_lazy("学校分布"), "reporting:map", "map-2", (May.OVERVIEW_VIEW,)),
    Entry(gettext_lazy("编制余缺"), "staffing:establishment", "arrows-exchange", (May.ESTABLISHMENT_VIEW,)),
    Entry(gettext_lazy("退休预告"), "staffing:retirements", "calendar-due", (May.ESTABLISHMENT_VIEW,)),
    Entry(gettext_lazy("数据快照"), "staffing:snapshots", "camera", (May.SNAPSHOT_TAKE,)),
    Entry(pgettext_lazy("menu", "账号"), "directory:users", "user-cog", (May.USERS_VIEW,)),
    Entry(gettext_lazy("机构"), "directory:organisations", "sitemap", (May.ORGANISATIONS_EDIT,)),
    Entry(gettext_lazy("后台任务"), "records:jobs", "progress", (May.JOBS_VIEW,)),
    Entry(gettext_lazy("查看留痕"), "records:audit", "history", (May.AUDIT_VIEW,)),
    Entry(gettext_lazy("委托代行"), "directory:deputies", "user-share", (May.DEPUTY_NAME,)),
    Entry(gettext_lazy("权限说明"), "directory:access_policy", "shield-check"),
)


def address(route: str, *args: object) -> str:
    """The address of a page; empty where there is none."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""


def entries_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The ways on that are open to the person."""
    standing = standing_of(request)
    return [
        {"label": entry.label, "url": url, "icon": entry.icon}
        for entry in ENTRIES
        if (not entry.anyone_of or any(standing.allows(each) for each in entry.anyone_of))
        and (url := address(entry.route))
    ]


def cards_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Key figures of what the person is in charge of; one query a card at most."""
    standing = standing_of(request)
    cards: list[dict[str, Any]] = []
    sums = _sums(request) if standing.allows(May.TEACHERS_VIEW) or standing.allows(May.SCHOOLS_VIEW) else {}
    if standing.allows(May.TEACHERS_VIEW):
        cards += _staff(sums)
    if standing.allows(May.SCHOOLS_VIEW):
        cards += _pupils(sums)
    if standing.allows(May.USERS_VIEW):
        accounts = User.objects.filter(organisation__in=standing.organisations(May.USERS_VIEW)).count()
        cards.append(
            _card("user-cog", "blue", pgettext("menu", "账号"), accounts, unit=_("个"), route="directory:users")
        )
        within = Organisation.objects.filter(pk__in=standing.organisations(May.ORGANISATIONS_VIEW)).schools().count()
        cards.append(
            _card("school", "azure", pgettext("menu", "学校"), within, unit=_("所"), route="directory:organisations")
        )
    if standing.allows(May.AUDIT_VIEW):
        rows = AuditEvent.objects.visible_to(standing).count()
        cards.append(_card("history", "purple", _("留痕"), rows, unit=_("条"), route="records:audit"))
    return cards


def _sums(request: HttpRequest) -> dict[str, int]:
    """People, pupils, classes and posts within the person's reach, added up anew when the data change."""
    standing = standing_of(request)
    reach = standing.organisations(May.TEACHERS_VIEW), standing.organisations(May.SCHOOLS_VIEW)
    return kept_sums(("at a glance", *reach, timezone.localdate()), lambda: _add_up(standing))


def _add_up(standing: Standing) -> dict[str, int]:
    staff = TeacherState.objects.current().visible_to(standing).order_by()
    enrolled = EnrolmentEntry.objects.current().visible_to(standing).order_by()
    posts = PostsEntry.objects.current().visible_to(standing).order_by()
    found = (
        staff.aggregate(
            people=Count("pk"),
            on_establishment=Count("pk", filter=~Q(on_establishment=False) & ~Q(seconded_in=True)),
            away=Count("pk", filter=Q(in_post=False)),
        )
        | enrolled.aggregate(pupils=Sum("pupils"), classes=Sum("classes"))
        | posts.aggregate(posts=Sum("posts"))
    )
    return {name: value or 0 for name, value in found.items()}


def _staff(sums: dict[str, int]) -> list[dict[str, Any]]:
    away = _("在编（%(away)s 人不在岗）") % {"away": sums["away"]}
    return [
        _card(
            "users", "blue", _("教职工"), sums["people"], unit=person_unit(sums["people"]), route="staffing:teachers"
        ),
        _card(
            "id-badge-2",
            "purple",
            away,
            sums["on_establishment"],
            unit=person_unit(sums["on_establishment"]),
            route="staffing:not_in_post",
        ),
    ]


def _pupils(sums: dict[str, int]) -> list[dict[str, Any]]:
    pupils = _("学生（%(classes)s 个班）") % {"classes": number(sums["classes"])}
    return [
        _card("school", "teal", pupils, sums["pupils"], unit=person_unit(sums["pupils"]), route="staffing:schools"),
        _card("scale", "orange", _("核定编制"), sums["posts"], unit=_("名"), route="staffing:establishment"),
    ]


def _card(icon: str, tone: str, label: str, value: int, *, unit: str, route: str) -> dict[str, Any]:
    return {"icon": icon, "tone": tone, "label": label, "value": number(value), "unit": unit, "url": address(route)}


def done_by(request: HttpRequest) -> list[dict[str, Any]]:
    """What the person decided or changed lately, newest first; coming, going and looking are left to the trail."""
    own = AuditEvent.objects.filter(author=request.user.get_username())
    own = own.exclude(action__startswith="directory.session.").exclude(action="staffing.sensitive.viewed")
    rows = own.order_by("-number")[:_DONE]
    return [{"said": action_label(row.action), "object_label": row.object_label, "at": row.at} for row in rows]


@dataclass(slots=True)
class Change:
    """Rows that came in together: by an intake, an edit, a correction."""

    label: str
    url: str
    at: datetime
    since: date
    count: int
    people: list[tuple[str, str]] = field(default_factory=list)
    more: bool = False
    """Whether there are still more of them than were looked at."""


def changes_for(request: HttpRequest) -> list[Change]:
    """What came into the files that the person may see, newest first; a large intake is one line."""
    standing = standing_of(request)
    if not standing.allows(May.TEACHERS_VIEW):
        return []
    visible = TeacherState.objects.visible_to(standing)
    rows = list(visible.order_by("-pk").only("name", "source", "entered_at", "teacher_id", "valid_from")[:_LATELY])
    found = []
    for (source, since), together in groupby(rows, key=lambda row: (row.source, row.valid_from)):
        group = list(together)
        label, url = said_of(source)
        change = Change(label, url, group[0].entered_at, since, len(group))
        if len(group) <= _NAMES:
            people = {row.teacher_id: row.name for row in group}
            change.people = [(name, address("staffing:teacher", key)) for key, name in people.items()]
        change.more = len(group) == _LATELY
        found.append(change)
    return found[:_CHANGES]


def said_of(source: str) -> tuple[str, str]:
    """What a source of rows is called, and the page that tells more."""
    kind, _colon, number = source.partition(":")
    number = number if number.isdigit() else ""
    if kind == "intake":
        return _("导入 %(number)s") % {"number": number}, address("staffing:intake", number) if number else ""
    if kind == "correction":
        return _("更正 %(number)s") % {"number": number}, address("staffing:correction", number) if number else ""
    named = {"edit": _("登记变动"), "rotation": _("交流轮岗"), "demo": _("演示数据")}
    return named.get(kind, _("其他来源")), ""


def own_file(request: HttpRequest) -> TeacherState | None:
    """The present state of the person's own file, where there is one."""
    rows = TeacherState.objects.current().filter(teacher__user=request.user)
    found: TeacherState | None = rows.select_related("school", "teaching_school", "teacher").first()
    return found
