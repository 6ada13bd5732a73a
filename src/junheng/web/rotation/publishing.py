"""What a public notice shows: its lines, their digest, and whether what is shown is still what was published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC

from django.core.files.storage import default_storage
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from junheng.facts import Stage, Subject
from junheng.web.records.attachments import keeping
from junheng.web.records.models import AuditEvent
from junheng.web.rotation import proofs
from junheng.web.rotation.models import (
    Application,
    ApplicationStatus,
    Form,
    NoticeKind,
    NoticeRow,
    NoticeStatus,
    PublicNotice,
    RotationYear,
)
from junheng.web.rotation.privacy_lint import Found, UnreadableAttachmentError, look_through, text_of
from junheng.web.staffing.models import TeacherState

SHOWN = ("name", "home", "host", "stage", "subject", "form", "term", "note")
"""Everything that a line shows."""
TEXTS = ("title", "issuer", "basis", "text", "office", "phone", "email", "address")
"""Everything else that a notice says."""
NAMED = 5
"""How many lines that were changed are named."""
Rows = Callable[[PublicNotice], list[NoticeRow]]
_rows: dict[str, Rows] = {}


def lines_of(kind: NoticeKind) -> Callable[[Rows], Rows]:
    """Registers what gives the lines of notices of a kind; a notice of another kind is its text and its files."""

    def register(function: Rows) -> Rows:
        _rows[kind.value] = function
        return function

    return register


def lines_for(notice: PublicNotice) -> list[NoticeRow]:
    """The lines that the notice would have if it were published now, numbered from 1."""
    found = _rows[notice.kind](notice) if notice.kind in _rows else []
    for position, row in enumerate(found, start=1):
        row.notice, row.position = notice, position
    return found


def name_of(of: str) -> Subquery:
    """The present name of the teacher of a row, in the same query; ``of`` is the way to the teacher."""
    return Subquery(TeacherState.objects.current().filter(teacher=OuterRef(of)).values("name")[:1])


def published_results(year: RotationYear) -> PublicNotice | None:
    """The notice by which the plan of a year was made public last, on show or over; ``None`` where there is none."""
    shown = PublicNotice.objects.filter(year=year, kind=NoticeKind.RESULTS, status=NoticeStatus.PUBLISHED)
    return shown.filter(scenario__isnull=False).select_related("scenario").order_by("-opens").first()


@lines_of(NoticeKind.RESULTS)
def results(notice: PublicNotice) -> list[NoticeRow]:
    """The moves of the notice's plan, in the order of schools."""
    if notice.scenario is None:
        return []
    year = notice.year
    term = f"{year.starts:%Y-%m-%d} — {year.ends:%Y-%m-%d}"
    moves = notice.scenario.moves.select_related("from_school", "to_school").annotate(who=name_of("teacher"))
    ordered = moves.order_by("from_school__position", "from_school__code", "stage", "who", "pk")
    return [
        NoticeRow(
            teacher_id=move.teacher_id, name=move.who or "", home=str(move.from_school), host=str(move.to_school),
            stage=Stage.read(move.stage).zh, subject=Subject.read(move.subject).zh, form=_form(move.form), term=term,
        )
        for move in ordered
    ]  # fmt: skip


@lines_of(NoticeKind.CANDIDATES)
def candidates(notice: PublicNotice) -> list[NoticeRow]:
    """Those whose applications the bureau has accepted."""
    accepted = Application.objects.filter(year=notice.year, status=ApplicationStatus.ACCEPTED)
    state = TeacherState.objects.current().filter(teacher=OuterRef("teacher"))
    found = accepted.select_related("school").annotate(
        who=name_of("teacher"),
        at=Subquery(state.values("stage")[:1]),
        taught=Subquery(state.values("main_subject")[:1]),
    )
    return [
        NoticeRow(
            teacher_id=each.teacher_id, name=each.who or "", home=str(each.school),
            stage=Stage.read(each.at).zh if each.at else "", form=_form(each.form),
            subject=Subject.read(each.taught).zh if each.taught else "",
        )
        for each in found.order_by("school__position", "school__code", "who", "pk")
    ]  # fmt: skip


def _form(value: str) -> str:
    return str(Form(value).label)


def digest_of(notice: PublicNotice, rows: Sequence[NoticeRow]) -> str:
    """SHA-256 over everything that the notice shows, as canonical JSON: texts, period, lines, files, root."""
    files = sorted(keeping.of(notice).values_list("name", "sha256"))
    content = {
        "kind": notice.kind, "root": notice.root, "days": notice.days, "moves": notice.moves, "manual": notice.manual,
        "period": [each.astimezone(UTC).isoformat() if each else "" for each in (notice.opens, notice.closes)],
        "texts": [getattr(notice, name) for name in TEXTS],
        "rows": [[row.position, *(getattr(row, name) for name in SHOWN)] for row in rows],
        "files": [list(each) for each in files],
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class FilesRead:
    """The files of a notice as they were read: key, name and SHA-256 of each, and what must not be public in them.

    ``phone`` is the office's own number, which may stand in them. ``fault`` says why one could not be checked.
    """

    files: tuple[tuple[int, str, str], ...]
    phone: str
    found: tuple[Found, ...] = ()
    fault: str = ""


def files_of(notice: PublicNotice) -> tuple[tuple[int, str, str], ...]:
    """Key, name and SHA-256 of every file that the notice has now."""
    return tuple(keeping.of(notice).order_by("pk").values_list("pk", "name", "sha256"))


def read_files(notice: PublicNotice) -> FilesRead:
    """Read every file of the notice to its end, which may take a while: to be done where no row is held."""
    files = list(keeping.of(notice).order_by("pk"))
    there = tuple((each.pk, each.name, each.sha256) for each in files)
    found: list[Found] = []
    for each in files:
        with default_storage.open(each.stored_as) as stored:
            content = stored.read()
        if hashlib.sha256(content).hexdigest() != each.sha256:
            return FilesRead(there, notice.phone, fault=_("%(name)s 与上传时不一致，不能公示。") % {"name": each.name})
        try:
            text = text_of(each.name, content)
        except UnreadableAttachmentError as fault:
            return FilesRead(there, notice.phone, fault=str(fault))
        found += [*look_through(each.name, each.name), *look_through(each.name, text, (notice.phone,))]
    return FilesRead(there, notice.phone, tuple(found))


def is_still(notice: PublicNotice, read: FilesRead) -> bool:
    """Whether the notice has the very files that were read, and the same number that may stand in them."""
    return files_of(notice) == read.files and notice.phone == read.phone


def what_is_private(notice: PublicNotice, rows: Sequence[NoticeRow], read: FilesRead) -> list[str]:
    """Everything in the notice, its lines and its files as they were read that must not be public, as sentences."""
    own = (notice.phone,)
    found: list[Found] = []
    for name in TEXTS:
        label = str(PublicNotice._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        found += look_through(f"“{label}”", getattr(notice, name), own)
    for row in rows:
        where = _("第 %s 行") % row.position
        found += look_through(where, " ".join(getattr(row, name) for name in SHOWN if name not in {"home", "host"}))
    found += read.found
    return list(dict.fromkeys(each.said for each in found))


def faults_of(notice: PublicNotice) -> list[str]:
    """What in a published notice is no longer as it was published; empty when everything is.

    Its content must give the digest that stands in the notice and in the trail, and the lines of results must be those
    of the proved plan, person by person. Where the digest is another, what differs from the lines that the plan gives
    is named, line and column.
    """
    faults = []
    rows = list(notice.rows.select_related("teacher"))
    found = digest_of(notice, rows)
    if found != notice.rows_digest:
        faults.append(_("公示的内容与发布时的摘要不符。"))
        faults += _where(notice, rows)
    trail = AuditEvent.objects.filter(
        action="rotation.notice.published", object_kind="rotation.publicnotice", object_id=str(notice.pk)
    ).first()
    if trail is None or (trail.after or {}).get("digest") != notice.rows_digest:
        faults.append(_("公示的摘要与留痕不符。"))
    if notice.kind == NoticeKind.RESULTS and notice.scenario is not None:
        faults += _against_the_plan(notice, rows)
    return faults


def _where(notice: PublicNotice, rows: Sequence[NoticeRow]) -> list[str]:
    """The lines of results that are not those that their plan gives, with the columns; the first few of them."""
    if notice.kind != NoticeKind.RESULTS:
        return []
    expected = {row.position: row for row in lines_for(notice)}
    shown = {row.position: row for row in rows}
    said = []
    for position in sorted(expected.keys() | shown.keys()):
        ours, theirs = expected.get(position), shown.get(position)
        if ours is None:
            said.append(_("第 %(line)s 行不是方案给出的。") % {"line": position})
        elif theirs is None:
            said.append(_("方案给出的第 %(line)s 行（%(who)s）不在公示中。") % {"line": position, "who": ours.name})
        elif columns := [name for name in SHOWN if getattr(ours, name) != getattr(theirs, name)]:
            labels = "、".join(str(NoticeRow._meta.get_field(name).verbose_name) for name in columns)  # type: ignore[union-attr]
            said.append(_("第 %(line)s 行与方案给出的不同：%(columns)s。") % {"line": position, "columns": labels})
        elif ours.teacher_id != theirs.teacher_id:
            said.append(_("第 %(line)s 行所指的不是方案中的人。") % {"line": position})
    return said[:NAMED]


def _against_the_plan(notice: PublicNotice, rows: Sequence[NoticeRow]) -> list[str]:
    scenario = notice.scenario
    if scenario is None or scenario.root != notice.root:
        return [_("公示的默克尔根不是方案的默克尔根。")]
    kept, assignments = proofs.workings(scenario)
    names = dict(_school_names(notice))
    planned = {
        move.teacher_id: (names.get(kept.units[move.to_school][0], ""), Subject.read(move.as_subject).zh)
        for move in assignments
    }
    shown = {row.teacher.number if row.teacher else "": (row.host, row.subject) for row in rows}
    odd = sorted(number for number in planned.keys() | shown.keys() if planned.get(number) != shown.get(number))
    return [_("公示的名单与方案不符：%(who)s 等 %(count)s 人。") % {"who": odd[0], "count": len(odd)}] if odd else []


def _school_names(notice: PublicNotice) -> list[tuple[str, str]]:
    schools = notice.year.county.within_county.filter(kind="school")
    return [(each.code, str(each)) for each in schools]
