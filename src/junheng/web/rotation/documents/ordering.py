"""Papers of orders: the order, letters of introduction, registration form, agreement, hand-over sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import (
    Align,
    Attachment,
    Box,
    Column,
    Cut,
    Form,
    Grid,
    Heading,
    Paper,
    Row,
    Sheet,
    Signature,
    Text,
    Title,
    chinese_date,
    chinese_number,
)
from junheng.web.access import Permission
from junheng.web.rotation.calling import kept_by_call
from junheng.web.rotation.models import (
    Arrangement,
    ChangeOfOrder,
    Order,
    OrderAmendment,
    OrderLine,
    Placement,
    StepKind,
)
from junheng.web.rotation.ordered import Issued, as_issued, term_ordered
from junheng.web.rotation.papers import as_number, paper
from junheng.web.staffing.models import TeacherState

if TYPE_CHECKING:
    from datetime import date

    from junheng.web.rotation.views.pages import YearPage

STAMP = "（公章）\n　　年　月　日"
LIST = (
    Column("序号", 0.6), Column("姓名", 0.9), Column("派出学校", 1.75, Align.LEFT),
    Column("接收学校", 1.75, Align.LEFT), Column("学段学科", 1.5), Column("交流形式", 0.95), Column("期限", 3.35),
    Column("人事关系", 0.95),
)  # fmt: skip


_AMENDED = {ChangeOfOrder.CHANGED: "更改", ChangeOfOrder.REVOKED: "撤销"}


def bureau_of(county: str) -> str:
    """The bureau's name."""
    return f"{county}教育局"


def term_of(start: date, end: date) -> str:
    """From when to when."""
    return f"{chinese_date(start)}至{chinese_date(end)}"


def work_of(placement: Placement) -> str:
    """What somebody does there: the post that a cadre takes up, else stage and subject."""
    if placement.role:
        return f"任{placement.get_role_display()}"
    return f"任教{placement.get_stage_display()}{placement.get_subject_display()}"


def relation_of(placement: Placement) -> str:
    """Whether relation and pay move; on a call to the countryside they are promised to stay, with the clause."""
    if placement.relation_moved:
        return "人事关系随同调动"
    call = kept_by_call(placement)
    return f"人事关系不转、待遇不变（{call.clause}）" if call else "人事关系不动"


def placement_of(page: YearPage, key: str) -> Placement:
    """An ordered placement that the person may see: of both schools, of the offices above them, and his own."""
    rows = Placement.objects.visible_to(page.standing).with_names().select_related("from_school", "to_school")
    found: Placement = get_object_or_404(rows, year=page.year, pk=as_number(key), order_line__isnull=False)
    return found


@paper("order", _("调配文件"))
def order(page: YearPage, key: str) -> Paper:
    """For the offices: the order with the whole list; a school's own copy names those whom it sends or receives."""
    found = get_object_or_404(Order.objects.visible_to(page.standing), year=page.year, pk=as_number(key))
    within = page.within(Permission.ROTATION_VIEW)
    lines = OrderLine.objects.filter(order=found).order_by("letter")
    placements = Placement.objects.filter(order_line__order=found).with_names()
    by_key = {each.pk: each for each in placements.select_related("from_school", "to_school")}
    rows = [(by_key[each.placement_id], as_issued(each, by_key[each.placement_id])) for each in lines]
    own = [(each, row) for each, row in rows if {each.from_school_id, each.to_school_id, row.to} & within]
    bureau = bureau_of(page.year.county.name)
    batch = chinese_number(found.batch)
    years = f"{page.year.year}—{page.year.year + 1}学年"
    listed = tuple(
        (
            str(number), row.name, row.home, row.host, row.work, row.form, term_of(row.start, row.end),
            "调动" if row.moved else "不动",
        )
        for number, (_each, row) in enumerate(own, 1)
    )  # fmt: skip
    return Paper(
        f"{bureau}关于下达{years}教师交流轮岗第{batch}批人员名单的通知",
        (
            Text(
                f"根据《{page.year.pack_title}》，经资格认定、申请和推荐、审核、公示，确定{len(listed)}名教师交流任教"
                "（名单见附件）。现将有关事项通知如下。"
            ),
            Heading("报到时间"),
            Text(f"交流教师持介绍信，于{chinese_date(found.report_by)}前到接收学校报到。"),
            Heading("派出学校的责任"),
            Text("做好行前谈话，在开学前办妥调转手续，送交流教师到校；人事关系不动的，工资、福利和工龄计算由派出学校负责。"),
            Heading("接收学校的责任"),
            Text("在教师到校之前安排好班级、学科和课时，避免身兼多职；到校当日确认报到，负责出勤、日常管理和考核。"),
            Heading("纪律要求"),
            Text("交流教师应当按时到岗，遵守接收学校的规章制度；逾期不到岗的，按政策规定处理。"),
        ),
        sheet=Sheet.RED_HEAD, issuer=bureau, number=found.number, addressed_to="各有关学校",
        attachments=(
            Attachment(
                f"{years}教师交流轮岗第{batch}批人员名单",
                (Grid(LIST, listed, small=True), *_amended(found, dict(own))), landscape=True,
            ),
        ),
        signed_by=bureau, signed_on=found.issued_on, printed_by=f"{bureau}办公室", printed_on=found.issued_on,
    )  # fmt: skip


def _amended(order: Order, listed: dict[Placement, Issued]) -> tuple[Text, ...]:
    """What later papers changed of the list, which is as it was issued."""
    names = {each.pk: row.name for each, row in listed.items()}
    rows = OrderAmendment.objects.filter(placement__in=names, at__gt=order.issued_at).order_by("at", "pk")
    said = [
        f"{each.number or '其后'}{_AMENDED[ChangeOfOrder(each.kind)]}{names[each.placement_id]}的调配" for each in rows
    ]
    return (Text(f"注：本表为发文时的名单；{'，'.join(said)}。", indent=False),) if said else ()


@paper("letter", _("介绍信"))
def letter(page: YearPage, key: str) -> Paper:
    """Stub, letter and reply slip of a placement, on one sheet to cut."""
    found = placement_of(page, key)
    line = OrderLine.objects.select_related("order").get(placement=found)
    bureau = bureau_of(page.year.county.name)
    number, term = f"{line.order.number}第{line.letter}号", term_of(*term_ordered(found))
    who, host, home = found.teacher_name, found.to_school.name, found.from_school.name
    verb, work = ("任职" if found.role else "交流任教"), work_of(found)
    return Paper(
        "介绍信（存根）",
        (
            Text(f"编号：{number}", indent=False, align=Align.RIGHT),
            Text(
                f"介绍{home}{who}同志到{host}{verb}，{work}，期限{term}，"
                f"限{chinese_date(line.order.report_by)}前报到。"
            ),
            Text("领取人：　　　　　　　　　经办人：　　　　　　　　　　　年　月　日", indent=False),
            Cut(f"骑缝编号：{number}"),
            Title("介绍信"),
            Text(f"编号：{number}", indent=False, align=Align.RIGHT),
            Text(f"{host}：", indent=False),
            Text(
                f"兹介绍{who}同志（原任教学校：{home}）到你校{verb}，{work}，交流形式为"
                f"{found.get_form_display()}，期限{term}，"
                f"{relation_of(found)}。请接洽并安排工作。"
            ),
            Text(f"（请于{chinese_date(line.order.report_by)}前报到，过期须重新开具。）"),
            Signature(bureau, line.order.issued_on, blank_lines=0),
            Cut(f"骑缝编号：{number}"),
            Title("回执"),
            Text(f"{bureau}：", indent=False),
            Text(
                f"{who}同志已于　　　　年　　月　　日到我校报到。安排任教\n"
                "班级：　　　　　　　　学科：　　　　　　每周　　　　课时。",
                align=Align.LEFT,
            ),
            Text(f"原介绍信编号：{number}。"),
            Signature(f"{host}（公章）", None, blank_lines=0),
        ),
        compact=True, page_numbers=False, about=found.teacher_name or "",
    )  # fmt: skip


@paper("registration", _("教师交流登记表"))
def registration(page: YearPage, key: str) -> Paper:
    """The exchange registration form, filled in as far as the file goes; for both schools, offices and the teacher."""
    found = placement_of(page, key)
    state = TeacherState.objects.filter(teacher=found.teacher_id).order_by("-valid_from", "-pk").first()
    if state is None:
        raise Http404
    title = found.teacher.titleentry_set.current().order_by("-start", "-pk").first()
    steps = {each.kind: each for each in found.steps.all()}
    work = Arrangement.objects.filter(placement=found).first()
    talk = steps.get(StepKind.TALK)

    def label(text: str) -> Box:
        return Box(text, label=True)

    rows = (
        Row((label("姓名"), Box(state.name), label("性别"), Box(state.get_sex_display()), label("出生年月"),
             Box(f"{state.birth_date.year}年{state.birth_date.month}月"))),
        Row((label("学历"), Box(state.get_education_display()), label("职称"),
             Box(title.get_title_display() if title else ""), label("参加工作"),
             Box(f"{state.work_start.year}年{state.work_start.month}月" if state.work_start else ""))),
        Row((label("派出学校"), Box(found.from_school.name, 2), label("接收学校"), Box(found.to_school.name, 2))),
        Row((label("学段学科"), Box(f"{found.get_stage_display()}{found.get_subject_display()}"), label("交流形式"),
             Box(found.get_form_display()), label("人事关系"), Box("调动" if found.relation_moved else "不动"))),
        Row((label("交流期限"), Box(term_of(*term_ordered(found)), 5))),
        Row((label("到校安排"), Box(
            f"{work.classes}，{work.subject}，每周{work.weekly_periods:g}课时" if work else "", 5, align=Align.LEFT))),
        Row((label("本人承诺"), Box(
            "服从安排，按时到岗，遵守接收学校的规章制度，完成交流任务。", 5,
            sign="签名：　　　　　　　年　月　日")), 24),
        Row((label("派出学校\n意见"), Box(
            f"已于{chinese_date(talk.done_on)}谈话。" if talk else "", 5, sign=STAMP)), 30),
        Row((label("接收学校\n意见"), Box("", 5, sign=STAMP)), 30),
        Row((label("县教育局\n审批意见"), Box("", 5, sign=STAMP)), 30),
    )  # fmt: skip
    return Paper(
        "教师交流登记表",
        (
            Form((1.1, 1.3, 0.9, 1.3, 1.1, 1.3), rows),
            Text("注：本表一式三份，分别存入个人档案、派出学校和县教育局。", indent=False),
        ),
        compact=True, page_numbers=False, about=found.teacher_name or "",
    )  # fmt: skip


@paper("agreement", _("交流协议"))
def agreement(page: YearPage, key: str) -> Paper:
    """The agreement of both schools and the teacher."""
    found = placement_of(page, key)
    home, host, who = found.from_school.name, found.to_school.name, found.teacher_name
    if found.relation_moved:
        relation = "人事关系随同调动，自交流开始之日起由乙方管理，工资、福利由乙方负责，工龄连续计算。"
    else:
        relation = (
            f"{relation_of(found)}，工资、福利和工龄计算由甲方负责，以甲方管理为主；"
            "乙方负责出勤、日常管理和交流期间的考核。"
        )
    return Paper(
        "教师交流任教协议",
        (
            Text(f"甲方（派出学校）：{home}", indent=False),
            Text(f"乙方（接收学校）：{host}", indent=False),
            Text(f"丙方（交流教师）：{who}", indent=False),
            Text(
                f"根据{bureau_of(page.year.county.name)}的调配文件，三方就丙方到乙方"
                f"{'任职' if found.role else '交流任教'}达成如下协议。"
            ),
            Heading("交流的期限和任务"),
            Text(
                f"期限为{term_of(*term_ordered(found))}。丙方{work_of(found)}，"
                f"交流形式为{found.get_form_display()}，并承担乙方安排的教研任务。"
            ),
            Heading("人事关系和管理"),
            Text(relation),
            Heading("各方的责任"),
            Text("甲方关心丙方的思想、工作和生活，保持与乙方的联系；乙方提供必要的工作和生活条件，如实记载任务完成情况；"
                 "丙方遵守乙方的规章制度，完成教育教学任务，交流结束时提交总结。"),
            Heading("变更和结束"),
            Text("需要提前结束、延长或者更换人员的，由学校提出，报县教育局决定。交流期满，由乙方提出考核意见。"),
            Text("本协议一式四份，三方各执一份，报县教育局一份，自三方签字盖章之日起生效。"),
            Form((1, 1, 1), (Row((
                Box("甲方", sign=STAMP), Box("乙方", sign=STAMP), Box("丙方", sign="（签名）\n　　年　月　日")
            ), 40),)),
        ),
        compact=True, about=found.teacher_name or "",
    )  # fmt: skip


@paper("handover", _("交接单"))
def handover(page: YearPage, key: str) -> Paper:
    """What has been settled between the two schools, and by whom it is signed; not for the teacher himself."""
    found = placement_of(page, key)
    if not {found.from_school_id, found.to_school_id} & page.within(Permission.ROTATION_VIEW):
        raise Http404
    done = {each.kind: each for each in found.steps.select_related("by")}
    work = Arrangement.objects.filter(placement=found).first()
    rows = [
        (
            str(number), str(kind.label), chinese_date(done[kind].done_on) if kind in done else "",
            done[kind].by.name if kind in done else "", "",
        )
        for number, kind in enumerate(StepKind, 1)
    ]  # fmt: skip
    arranged = (
        f"{work.classes}，{work.subject}，每周{work.weekly_periods:g}课时"
        + (f"，兼任{work.other_jobs}" if work.other_jobs else "")
        if work else "尚未安排"
    )  # fmt: skip
    return Paper(
        "交流教师交接单",
        (
            Text(f"教师：{found.teacher_name}", indent=False),
            Text(f"派出学校：{found.from_school.name}　　接收学校：{found.to_school.name}", indent=False),
            Text(f"期限：{term_of(*term_ordered(found))}", indent=False),
            Text(f"接收学校的安排：{arranged}", indent=False),
            Grid((Column("序号", 0.5), Column("手续", 2, Align.LEFT), Column("办理日期", 1.6), Column("登记人", 1.2),
                  Column("备注", 1.6)), tuple(rows)),
            Form((1, 1), (Row((Box("派出学校经办人签字", sign=STAMP), Box("接收学校经办人签字", sign=STAMP)), 34),)),
            Text(f"打印日期：{chinese_date(timezone.localdate(page.now))}", indent=False, align=Align.RIGHT),
        ),
        compact=True, page_numbers=False, about=found.teacher_name or "",
    )  # fmt: skip
