"""Papers of preparation: a document that is issued, with the quotas and needs that were published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.documents.official import Align, Attachment, Column, Grid, Heading, Paper, Sheet, Text, chinese_date
from junheng.web.rotation.documents.drafting import NUMERALS
from junheng.web.rotation.documents.ordering import bureau_of
from junheng.web.rotation.models import DocumentKind, OfficialDocument, PublishedNeed, PublishedQuota
from junheng.web.rotation.papers import as_number, paper
from junheng.web.rotation.published_quotas import quotas_of

if TYPE_CHECKING:
    from datetime import datetime

    from junheng.documents.official import Block
    from junheng.web.rotation.models import RotationYear
    from junheng.web.rotation.views.pages import YearPage

QUOTAS = (
    Column("序号", 0.6), Column("单位", 2.4, Align.LEFT), Column("基数", 0.8), Column("算法", 2.4, Align.LEFT),
    Column("人数", 1.1), Column("依据条款", 1.2),
)  # fmt: skip
NEEDS = (
    Column("序号", 0.6), Column("学校", 2.6, Align.LEFT), Column("学段", 0.8), Column("学科", 1), Column("需要", 0.8),
    Column("现有", 0.8), Column("余缺", 0.8),
)  # fmt: skip


@paper("document", _("文件"))
def document(page: YearPage, key: str) -> Paper:
    """A document as it is issued, under a red head; a draft has neither number nor date. A plan has its tables."""
    seen = OfficialDocument.objects.visible_to(page.standing).filter(year=page.year)
    found = get_object_or_404(seen, pk=as_number(key))
    bureau = bureau_of(page.year.county.name)
    is_plan = found.kind == DocumentKind.PLAN
    return Paper(
        found.title, tuple(_block(line) for line in found.text.splitlines() if line.strip()),
        sheet=Sheet.RED_HEAD, issuer=bureau, number=found.number, addressed_to=found.addressed_to,
        attachments=_tables(page.year) if is_plan else (), signed_by=bureau, signed_on=found.issued_on,
        printed_by=f"{bureau}办公室" if found.issued_on else "", printed_on=found.issued_on,
    )  # fmt: skip


def _block(line: str) -> Heading | Text:
    """A line of plain text; one that begins with 一、 is a heading, whose number is counted anew."""
    is_heading = line[1:2] == "、" and line[0] in NUMERALS
    return Heading(line[2:].strip()) if is_heading else Text(line.strip())


def _tables(year: RotationYear) -> tuple[Attachment, ...]:
    found = (("各单位交流指标", _quotas(year)), ("各校学科需求", _needs(year)))
    return tuple(Attachment(title, body) for title, body in found if body)


@paper("quotas", _("交流指标"))
def quotas(page: YearPage, key: str) -> Paper:
    """The quotas of the year as published (``all``)."""
    published = PublishedQuota.objects.filter(year=page.year).values_list("published_at", flat=True).first()
    return _sheet(page, "交流指标", _quotas(page.year), published)


@paper("needs", _("学科需求"))
def needs(page: YearPage, key: str) -> Paper:
    """What schools need by subject as published (``all``)."""
    published = PublishedNeed.objects.filter(year=page.year).values_list("published_at", flat=True).first()
    return _sheet(page, "各校学科需求", _needs(page.year), published)


def _sheet(page: YearPage, what: str, body: tuple[Block, ...], published: datetime | None) -> Paper:
    title = f"{page.year.county.name}{page.year.year}—{page.year.year + 1}学年教师交流轮岗{what}"
    return Paper(
        title, body or (Text("还没有公布。"),), compact=True,
        signed_by=bureau_of(page.year.county.name) if published else "",
        signed_on=timezone.localdate(published) if published else None,
    )  # fmt: skip


def _quotas(year: RotationYear) -> tuple[Block, ...]:
    found: list[Block] = []
    for number, quota in enumerate(quotas_of(year), 1):
        if number == 1:
            day = chinese_date(timezone.localdate(quota.rows[0].published_at))
            found.append(Text(f"公布日期：{day}。", indent=False))
        total = f"，合计{quota.total}人" if quota.total is not None else ""
        found.append(Text(f"{quota.title}（{quota.clause}）{total}：", indent=False))
        listed = tuple(
            (
                str(place), each.organisation.name if each.organisation else each.whose, str(each.base), each.steps,
                str(each.amount), each.clause,
            )
            for place, each in enumerate(quota.rows, 1)
        )  # fmt: skip
        found.append(Grid(QUOTAS, listed, small=True))
    return tuple(found)


def _needs(year: RotationYear) -> tuple[Block, ...]:
    rows = [each for each in PublishedNeed.objects.filter(year=year).select_related("school") if each.gap]
    if not rows:
        return ()
    listed = tuple(
        (
            str(number), each.school.name, str(each.get_stage_display()), str(each.get_subject_display()),
            str(each.required), str(each.present), f"缺{each.wanted}" if each.wanted else f"余{each.gap}",
        )
        for number, each in enumerate(rows, 1)
    )  # fmt: skip
    day = chinese_date(timezone.localdate(rows[0].published_at))
    return (Text(f"公布日期：{day}。", indent=False), Grid(NEEDS, listed, small=True))
