"""What is filled in to offer a file and to confirm it."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from junheng.documents import UnreadableWorkbook
from junheng.documents.intake.guard import check_size, check_workbook
from junheng.web.access import Permission, Standing
from junheng.web.directory.models import Organisation, OrganisationKind
from junheng.web.staffing import vault
from junheng.web.staffing.intake.rehearsing import workbook_limits
from junheng.web.staffing.intake.wording import language
from junheng.web.staffing.models import SavedMapping

WORKBOOKS, TABLES = (".xlsx", ".xlsm"), (".csv", ".txt")


def places_of(standing: Standing) -> Any:
    """For whom a person may upload: the counties in reach, or the schools where there is no county."""
    within = Organisation.objects.visible_to(standing, Permission.INTAKE_UPLOAD).filter(closed__isnull=True)
    counties = within.filter(kind=OrganisationKind.COUNTY)
    return counties if counties.exists() else within.schools()


class UploadForm(forms.Form):
    """A file, for whom it speaks, and whether it tells everything."""

    file = forms.FileField(
        label=_("文件"),
        max_length=200,
        help_text=_("本系统的工作簿（.xlsx）或其中一张表的 .csv；其他系统的花名册先设置一次列的对应，以后自动识别"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(WORKBOOKS + TABLES)}),
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("适用范围"), empty_label=None)
    whole = forms.ChoiceField(
        label=_("文件内容"),
        choices=(
            ("part", _("部分数据：只更新文件中出现的人和校，其余不变")),
            ("whole", _("整册：文件中没有的人和校视为离开")),
        ),
        initial="part",
        widget=forms.RadioSelect,
    )
    mapping = forms.ModelChoiceField(
        SavedMapping.objects.none(), label=_("列的对应"), required=False, empty_label=_("自动识别")
    )
    day = forms.DateField(
        label=_("数据日期"),
        required=False,
        help_text=_("留空则取文件“县区”表中的日期；文件中也没有时用今天"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, standing: Standing, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["organisation"].queryset = places_of(standing)  # type: ignore[attr-defined]
        mappings = SavedMapping.objects.visible_to(standing).filter(retired_at__isnull=True)
        self.fields["mapping"].queryset = mappings  # type: ignore[attr-defined]
        self.fields["key"].initial = uuid.uuid4().hex

    def clean_file(self) -> Any:
        """Refuses, without opening more than its beginning, what is no table at all."""
        file = self.cleaned_data["file"]
        name = vault.safe_name(file.name)
        if not name.casefold().endswith(WORKBOOKS + TABLES):
            raise ValidationError(_("只能上传 .xlsx 工作簿或 .csv 表格；旧版 .xls 请先另存为 .xlsx"))
        limits = workbook_limits()
        with vault.workplace() as folder:
            path = folder / name
            with path.open("wb") as copy:
                for piece in file.chunks():
                    copy.write(piece)
            try:
                if name.casefold().endswith(WORKBOOKS):
                    check_workbook(path, limits)
                else:
                    check_size(path, limits)
                    _check_text(_head_of(path))
            except UnreadableWorkbook as fault:
                raise ValidationError(fault.message(language())) from None
        file.seek(0)
        return file


def _head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _check_text(head: bytes) -> None:
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if head.startswith((b"PK\x03\x04", b"MZ", bytes.fromhex("D0CF11E0"))) or (b"\0" in head and not marked):
        raise ValidationError(_("这不是文本表格，只是扩展名像；请用 Excel 或 WPS 另存为 .csv 或 .xlsx"))


class ConfirmForm(forms.Form):
    """That somebody has looked at what will be written."""

    checked = forms.BooleanField(
        label=_("我已核对上面的新增、变更和离开"), error_messages={"required": _("请先核对并勾选，再确认写入")}
    )
    rehearsal = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
