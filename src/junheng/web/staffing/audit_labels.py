"""What this room's actions are called in the trail."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from junheng.documents.columns import SHEET_BY_KEY, Column
from junheng.web.records.labels import register
from junheng.web.staffing.labels import LABELS

register(
    LABELS,
    kinds={
        "staffing.teacher": _("教师"),
        "staffing.correction": _("更正"),
        "staffing.intake": _("数据导入"),
        "staffing.planstep": _("编制方案的步骤"),
        "staffing.snapshot": _("数据快照"),
        "staffing.savedmapping": _("列的对应"),
        "staffing.countyexport": _("全县导出"),
        "staffing.establishmentplan": _("编制方案"),
        "staffing.establishmentsettings": _("测算参数"),
        "staffing.notinpostentry": _("占编不在岗"),
        "staffing.secondmententry": _("借调"),
        "staffing.contractentry": _("聘用合同"),
        "staffing.wageentry": _("校聘教师"),
        "staffing.earlyleaveentry": _("提前离岗"),
        "staffing.retirementdecision": _("退休预测"),
        "staffing.programmeentry": _("三年提升"),
        "staffing.supportpostentry": _("工勤岗位"),
        "staffing.recruitmententry": _("招聘计划"),
        "staffing.verificationround": _("人员核对"),
        "staffing.routeddocument": _("部门会签文件"),
        "staffing.pairterms": _("结对的共享内容"),
        "staffing.groupterms": _("片区与集团"),
        "staffing.outsidepartner": _("县外结对"),
        "staffing.teachertie": _("教师结对"),
    },
    fields={
        "correction": _("更正"),
        "rehearsal": _("预演"),
        "review": _("复核"),
        "silent": _("未答复的学校"),
        "last_row": _("读取数据时的留痕序号"),
        "yearly_yuan": _("年标准（元）"),
        "shares": _("共享内容"),
        "activities": _("常年开展的活动"),
        "main": _("主校"),
        "whole_county": _("全域结对"),
        "contents": _("协作内容"),
        "contact_unit": _("对方牵头部门"),
        "aim": _("结对内容"),
    },
)


def _header(column: Column) -> str:
    return column.header("zh" if (get_language() or "zh").startswith("zh") else "en")


_labelled = lazy(_header, str)
register({}, fields={column.field: _labelled(column) for sheet in SHEET_BY_KEY.values() for column in sheet.columns})
