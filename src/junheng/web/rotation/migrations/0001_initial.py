import django.core.validators
import django.db.models.deletion
import junheng.web.staffing.encryption
from django.conf import settings
from django.db import migrations, models

from junheng.web.records.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        ("directory", "__first__"),
        ("staffing", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="RotationYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rotation_years",
                                to="directory.organisation",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="学年")),
                        (
                            "audience",
                            models.CharField(
                                choices=[("teachers", "教师"), ("cadres", "校级干部和中层干部")],
                                default="teachers",
                                max_length=10,
                                verbose_name="交流对象",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="名称")),
                        ("pack_code", models.CharField(max_length=40, verbose_name="政策包")),
                        ("pack_title", models.CharField(max_length=300, verbose_name="政策名称")),
                        ("pack_source", models.TextField(verbose_name="政策包内容")),
                        ("pack_digest", models.CharField(max_length=64, verbose_name="政策包摘要")),
                        ("parameters", models.JSONField(blank=True, default=dict, verbose_name="参数")),
                        ("on", models.DateField(verbose_name="事实认定日")),
                        ("starts", models.DateField(verbose_name="交流开始日期")),
                        ("ends", models.DateField(verbose_name="交流结束日期")),
                        ("wishes_allowed", models.PositiveSmallIntegerField(default=3, verbose_name="志愿数上限")),
                        (
                            "previous",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="following",
                                to="rotation.rotationyear",
                                verbose_name="上一年度",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rotation_years",
                                to="staffing.snapshot",
                                verbose_name="数据快照",
                            ),
                        ),
                        ("frozen_at", models.DateTimeField(blank=True, null=True, verbose_name="资格固定时间")),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="建立时间")),
                        ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="归档时间")),
                    ],
                    options={
                        "verbose_name": "轮岗年度",
                        "ordering": ("-year", "audience", "county"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county", "year", "audience"), name="rotation_year_once_in_county"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends__gt", models.F("starts"))),
                                name="rotation_service_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("frozen_at__isnull", True), ("snapshot__isnull", False), _connector="OR"
                                ),
                                name="frozen_year_names_its_snapshot",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="phases",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("preparation", "准备"),
                                    ("confirmation", "信息核对"),
                                    ("eligibility", "资格认定"),
                                    ("applications", "个人申请"),
                                    ("nominations", "学校推荐"),
                                    ("review", "审核"),
                                    ("planning", "方案编制"),
                                    ("notice", "公示"),
                                    ("objections", "异议处理"),
                                    ("orders", "调配发文"),
                                    ("reporting", "报到"),
                                    ("service", "在岗交流"),
                                    ("assessment", "期满考核"),
                                    ("archive", "归档"),
                                ],
                                max_length=12,
                                verbose_name="阶段",
                            ),
                        ),
                        ("opens", models.DateTimeField(verbose_name="开始")),
                        ("closes", models.DateTimeField(verbose_name="截止")),
                    ],
                    options={
                        "verbose_name": "阶段",
                        "ordering": ("year", "opens", "closes"),
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "kind"), name="phase_once_in_a_year"),
                            models.CheckConstraint(
                                condition=models.Q(("closes__gt", models.F("opens"))),
                                name="phase_closes_after_it_opens",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PhaseChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "phase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="rotation.phase"
                            ),
                        ),
                        ("opened", models.DateTimeField(verbose_name="原开始")),
                        ("closed", models.DateTimeField(verbose_name="原截止")),
                        ("opens", models.DateTimeField(verbose_name="现开始")),
                        ("closes", models.DateTimeField(verbose_name="现截止")),
                        ("reason", models.CharField(max_length=500, verbose_name="理由")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "ordering": ("phase", "at"),
                    },
                ),
                migrations.CreateModel(
                    name="PhaseTurn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "phase",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="rotation.phase"
                            ),
                        ),
                        ("turn", models.CharField(choices=[("opened", "开始"), ("closed", "截止")], max_length=6)),
                        ("due", models.DateTimeField()),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("phase", "due"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("phase", "turn", "due"), name="phase_turns_once_at_a_moment"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calendar_days",
                                to="directory.organisation",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        ("working", models.BooleanField(verbose_name="上班")),
                        ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                    ],
                    options={
                        "verbose_name": "工作日调整",
                        "ordering": ("county", "day"),
                        "constraints": [
                            models.UniqueConstraint(fields=("county", "day"), name="calendar_day_once_in_county")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Verdict",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verdicts",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verdicts",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        ("word", models.CharField(max_length=40, verbose_name="认定结果")),
                        (
                            "standing",
                            models.CharField(
                                choices=[("must", "应交流"), ("may", "可交流"), ("no", "不交流")],
                                max_length=4,
                                verbose_name="结论",
                            ),
                        ),
                        ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据条款")),
                        (
                            "because_zh",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="理由"),
                        ),
                        ("because_en", junheng.web.staffing.encryption.EncryptedTextField(blank=True)),
                        (
                            "facts_text",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="所据事实"),
                        ),
                        ("flags", models.JSONField(blank=True, default=list, verbose_name="提示")),
                        ("missing", models.JSONField(blank=True, default=list, verbose_name="缺少的事实")),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.snapshot",
                                verbose_name="数据快照",
                            ),
                        ),
                        ("current", models.BooleanField(default=True)),
                        ("judged_at", models.DateTimeField(verbose_name="认定时间")),
                        ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="本人阅知时间")),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="rotation.verdict",
                            ),
                        ),
                        ("appeal_note", models.CharField(blank=True, max_length=500, verbose_name="复核说明")),
                    ],
                    options={
                        "verbose_name": "资格认定",
                        "ordering": ("year", "teacher"),
                        "indexes": [models.Index(fields=["year", "school", "current"], name="verdict_of_school")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("current", True)),
                                fields=("year", "teacher"),
                                name="one_verdict_counts_for_a_teacher",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Application",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rotation_applications",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="回执号")),
                        (
                            "origin",
                            models.CharField(
                                choices=[("own", "本人申请"), ("school", "学校推荐"), ("open", "公开选聘")],
                                default="own",
                                max_length=6,
                                verbose_name="来源",
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("rotation", "轮岗交流"),
                                    ("support", "支教"),
                                    ("reward", "奖励性交流"),
                                    ("supervised", "督导性交流"),
                                    ("upward", "上挂学习"),
                                    ("temporary", "挂职锻炼"),
                                    ("post", "任职交流"),
                                ],
                                default="rotation",
                                max_length=10,
                                verbose_name="交流形式",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, max_length=1000, verbose_name="申请理由")),
                        ("obeys", models.BooleanField(default=True, verbose_name="服从调剂")),
                        ("commute_limit_km", models.FloatField(blank=True, null=True, verbose_name="通勤上限（千米）")),
                        (
                            "partner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.teacher",
                                verbose_name="同时申请的配偶",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("submitted", "已提交"),
                                    ("returned", "退回修改"),
                                    ("at_school", "学校已推荐"),
                                    ("at_cluster", "学区已审核"),
                                    ("accepted", "已审定"),
                                    ("rejected", "未通过"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="submitted",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(verbose_name="提交时间")),
                        ("received_at", models.DateTimeField(verbose_name="收到时间")),
                        ("key", models.UUIDField(unique=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "交流申请",
                        "ordering": ("year", "number"),
                        "indexes": [models.Index(fields=["year", "school", "status"], name="application_of_school")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "withdrawn"), _negated=True),
                                fields=("year", "teacher"),
                                name="one_application_of_a_teacher",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("partner__isnull", True),
                                    models.Q(("partner", models.F("teacher")), _negated=True),
                                    _connector="OR",
                                ),
                                name="nobody_is_his_own_spouse",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Choice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="choices",
                                to="rotation.application",
                            ),
                        ),
                        ("rank", models.PositiveSmallIntegerField(verbose_name="志愿顺序")),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="志愿学校",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("application", "rank"),
                        "constraints": [
                            models.UniqueConstraint(fields=("application", "rank"), name="wish_rank_once"),
                            models.UniqueConstraint(fields=("application", "school"), name="wished_school_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Placement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="placements",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="placements",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "from_school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sent",
                                to="directory.organisation",
                                verbose_name="派出学校",
                            ),
                        ),
                        (
                            "to_school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="received",
                                to="directory.organisation",
                                verbose_name="接收学校",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        (
                            "subject",
                            models.CharField(
                                choices=[
                                    ("chinese", "语文"),
                                    ("maths", "数学"),
                                    ("english", "英语"),
                                    ("science", "科学"),
                                    ("ethics", "道德与法治"),
                                    ("physics", "物理"),
                                    ("chemistry", "化学"),
                                    ("biology", "生物"),
                                    ("history", "历史"),
                                    ("geography", "地理"),
                                    ("pe", "体育"),
                                    ("music", "音乐"),
                                    ("art", "美术"),
                                    ("arts", "艺术"),
                                    ("it", "信息技术"),
                                    ("labour", "劳动"),
                                    ("psychology", "心理健康"),
                                    ("practice", "综合实践"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="任教学科",
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("rotation", "轮岗交流"),
                                    ("support", "支教"),
                                    ("reward", "奖励性交流"),
                                    ("supervised", "督导性交流"),
                                    ("upward", "上挂学习"),
                                    ("temporary", "挂职锻炼"),
                                    ("post", "任职交流"),
                                ],
                                default="rotation",
                                max_length=10,
                                verbose_name="交流形式",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("teacher", "教师"),
                                    ("principal", "校长"),
                                    ("vice_principal", "副校长"),
                                    ("dean", "教导主任"),
                                    ("mid_level_cadre", "中层干部"),
                                    ("village_school_head", "村校负责人"),
                                    ("support_staff", "教辅人员"),
                                ],
                                max_length=40,
                                verbose_name="拟任职务",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(verbose_name="结束日期")),
                        ("relation_moved", models.BooleanField(default=False, verbose_name="调动人事关系")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "待发文"),
                                    ("ordered", "已发文"),
                                    ("serving", "交流中"),
                                    ("ended", "期满"),
                                    ("early", "提前结束"),
                                    ("cancelled", "已取消"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "wish_rank",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="所满足的志愿"),
                        ),
                        ("reported_on", models.DateField(blank=True, null=True, verbose_name="报到日期")),
                        ("ended_on", models.DateField(blank=True, null=True, verbose_name="实际结束日期")),
                    ],
                    options={
                        "verbose_name": "交流任务",
                        "ordering": ("year", "from_school", "teacher"),
                        "indexes": [
                            models.Index(fields=["to_school", "status"], name="placement_at_host"),
                            models.Index(fields=["from_school", "status"], name="placement_from_home"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "cancelled"), _negated=True),
                                fields=("year", "teacher"),
                                name="one_placement_of_a_teacher",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("from_school", models.F("to_school")), _negated=True),
                                name="placement_leads_elsewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("end__gte", models.F("start"))), name="placement_dates_in_order"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AskingSettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="asking",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "chain",
                            models.CharField(
                                choices=[
                                    ("bureau", "学校推荐 → 县局审定"),
                                    ("cluster_bureau", "学校推荐 → 学区审核 → 县局审定"),
                                    ("cluster", "学校推荐 → 学区（乡镇、中心校）审定"),
                                ],
                                default="cluster_bureau",
                                max_length=14,
                                verbose_name="审核程序",
                            ),
                        ),
                        ("notice_days", models.PositiveSmallIntegerField(default=5, verbose_name="校内公示工作日")),
                        ("relief_months", models.PositiveSmallIntegerField(default=12, verbose_name="暂缓期限（月）")),
                        ("statement_needed", models.BooleanField(default=True, verbose_name="申请必须写理由")),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("notice_days__gte", 1)), name="school_notice_of_a_day_at_least"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("relief_months__gte", 1)), name="deferral_of_a_month_at_least"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApplicationDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staffing.teacher"
                            ),
                        ),
                        ("values_text", junheng.web.staffing.encryption.EncryptedTextField(verbose_name="草稿")),
                        ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                    ],
                    options={
                        "ordering": ("year", "teacher"),
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "teacher"), name="one_draft_of_a_teacher")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Relief",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reliefs",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reliefs",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("deferral", "暂缓"), ("exclusion", "免除")],
                                default="deferral",
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("illness", "本人患病"),
                                    ("child", "怀孕、哺乳或子女年幼"),
                                    ("spouse", "配偶患病、残疾或两地分居"),
                                    ("family", "家庭重大变故"),
                                    ("work_need", "工作需要"),
                                    ("special", "其他特殊原因"),
                                    ("personal_wish", "个人意愿"),
                                ],
                                max_length=14,
                                verbose_name="情形",
                            ),
                        ),
                        ("ground_text", junheng.web.staffing.encryption.EncryptedTextField(verbose_name="情况说明")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "待决定"),
                                    ("granted", "已批准"),
                                    ("refused", "未批准"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("office", models.CharField(max_length=100, verbose_name="决定机关")),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("requested_at", models.DateTimeField(verbose_name="提出时间")),
                        ("received_at", models.DateTimeField(verbose_name="收到时间")),
                        ("key", models.UUIDField(unique=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                        ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据条款")),
                        (
                            "opinion",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="决定意见"),
                        ),
                        ("since", models.DateField(blank=True, null=True, verbose_name="开始日期")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="期限至")),
                    ],
                    options={
                        "verbose_name": "暂缓与免除",
                        "ordering": ("-requested_at", "-pk"),
                        "indexes": [models.Index(fields=["year", "school", "status"], name="relief_of_school")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("year", "teacher"),
                                name="one_open_relief_of_a_teacher",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True), ("decided_by__isnull", True), ("status", "open")
                                    ),
                                    models.Q(
                                        models.Q(("status", "open"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="relief_decided_by_at_and_what_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    ("status", "withdrawn"),
                                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="relief_not_decided_by_its_author",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "deferral"), ("status", "granted"), _negated=True),
                                    models.Q(("since__isnull", False), ("until__gte", models.F("since"))),
                                    _connector="OR",
                                ),
                                name="deferral_ends",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CadreTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cadre_terms",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("teacher", "教师"),
                                    ("principal", "校长"),
                                    ("vice_principal", "副校长"),
                                    ("dean", "教导主任"),
                                    ("mid_level_cadre", "中层干部"),
                                    ("village_school_head", "村校负责人"),
                                    ("support_staff", "教辅人员"),
                                ],
                                max_length=40,
                                verbose_name="行政职务",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几个聘期")),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(verbose_name="结束日期")),
                        ("ended_on", models.DateField(blank=True, null=True, verbose_name="实际结束日期")),
                        (
                            "selection",
                            models.CharField(
                                choices=[
                                    ("competition", "竞争上岗"),
                                    ("open", "公开选聘"),
                                    ("exchange", "任职交流"),
                                    ("temporary", "挂职"),
                                    ("other", "其他"),
                                ],
                                max_length=12,
                                verbose_name="选任方式",
                            ),
                        ),
                        ("goals", models.TextField(max_length=4000, verbose_name="任期目标")),
                        ("review", models.TextField(blank=True, max_length=4000, verbose_name="履职考核和民主监督")),
                        ("approval", models.CharField(blank=True, max_length=100, verbose_name="批准文号")),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("entered_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "聘期",
                        "ordering": ("teacher", "-start"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("teacher", "school", "role", "number"), name="term_numbered_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("end__gt", models.F("start"))), name="term_ends_after_it_starts"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReserveCadre",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reserve_entries",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[("principal", "正职后备"), ("vice", "副职后备"), ("middle", "中层后备")],
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        ("since", models.DateField(verbose_name="入库日期")),
                        ("until", models.DateField(blank=True, null=True, verbose_name="出库日期")),
                        ("appraisal", models.TextField(max_length=1000, verbose_name="思想、业务、作风")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "后备干部",
                        "ordering": ("category", "school__position", "since"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until__isnull", True)),
                                fields=("teacher", "category"),
                                name="in_the_reserve_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpenPost",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="open_posts",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("teacher", "教师"),
                                    ("principal", "校长"),
                                    ("vice_principal", "副校长"),
                                    ("dean", "教导主任"),
                                    ("mid_level_cadre", "中层干部"),
                                    ("village_school_head", "村校负责人"),
                                    ("support_staff", "教辅人员"),
                                ],
                                max_length=40,
                                verbose_name="职位",
                            ),
                        ),
                        ("places", models.PositiveSmallIntegerField(default=1, verbose_name="人数")),
                        ("requirements", models.TextField(max_length=2000, verbose_name="任职条件")),
                        ("apply_by", models.DateField(verbose_name="报名截止日期")),
                        ("published_at", models.DateTimeField(verbose_name="公布时间")),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "选聘职位",
                        "ordering": ("year", "school__position", "role"),
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "school", "role"), name="post_offered_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PostApplication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="回执号")),
                        (
                            "reason",
                            junheng.web.staffing.encryption.EncryptedTextField(verbose_name="报名理由和任职设想"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("submitted", "已报名"),
                                    ("shortlisted", "入围"),
                                    ("refused", "未入围"),
                                    ("proposed", "拟任用"),
                                    ("appointed", "已任用"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="submitted",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(verbose_name="提交时间")),
                        ("received_at", models.DateTimeField(verbose_name="收到时间")),
                        ("key", models.UUIDField(unique=True)),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                        (
                            "opinion",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="资格审查意见"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="rotation.openpost",
                                verbose_name="选聘职位",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="post_applications",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "选聘报名",
                        "ordering": ("post", "number"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "withdrawn"), _negated=True),
                                fields=("post", "teacher"),
                                name="one_application_for_a_post",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                    models.Q(
                                        ("decided_at__isnull", True),
                                        ("decided_by__isnull", True),
                                        ("status__in", ("submitted", "withdrawn")),
                                    ),
                                    _connector="OR",
                                ),
                                name="application_for_a_post_decided_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("received_at__gte", models.F("submitted_at"))),
                                name="application_for_a_post_received_after_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CadreMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cadre_moves",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cadre_moves",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "from_school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="派出学校",
                            ),
                        ),
                        (
                            "to_school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="接收学校",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("teacher", "教师"),
                                    ("principal", "校长"),
                                    ("vice_principal", "副校长"),
                                    ("dean", "教导主任"),
                                    ("mid_level_cadre", "中层干部"),
                                    ("village_school_head", "村校负责人"),
                                    ("support_staff", "教辅人员"),
                                ],
                                max_length=40,
                                verbose_name="拟任职务",
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("rotation", "轮岗交流"),
                                    ("support", "支教"),
                                    ("reward", "奖励性交流"),
                                    ("supervised", "督导性交流"),
                                    ("upward", "上挂学习"),
                                    ("temporary", "挂职锻炼"),
                                    ("post", "任职交流"),
                                ],
                                max_length=10,
                                verbose_name="交流形式",
                            ),
                        ),
                        (
                            "post",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="rotation.openpost",
                            ),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="rotation.postapplication",
                                verbose_name="选聘报名",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(verbose_name="结束日期")),
                        ("reason", models.TextField(max_length=1000, verbose_name="理由")),
                        ("exception", models.TextField(blank=True, max_length=1000, verbose_name="例外的理由")),
                        ("findings", models.JSONField(default=list, verbose_name="政策的回答")),
                        ("approval", models.CharField(blank=True, max_length=100, verbose_name="组织部门批准文号")),
                        ("approved_on", models.DateField(blank=True, null=True, verbose_name="批准日期")),
                        ("relation_moved", models.BooleanField(default=False, verbose_name="调动人事关系")),
                        (
                            "placement",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cadre_move",
                                to="rotation.placement",
                                verbose_name="交流任务",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(null=True, verbose_name="确认时间")),
                        ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                    ],
                    options={
                        "verbose_name": "干部交流",
                        "ordering": ("year", "proposed_at"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("year", "teacher"),
                                name="one_move_of_a_cadre",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("from_school", models.F("to_school")), _negated=True),
                                name="cadre_moves_elsewhere",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("end__gt", models.F("start"))), name="cadre_move_dates_in_order"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_by__isnull", True),
                                    models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="cadre_move_confirmed_by_another",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceSettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_settings",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "report_due_day",
                            models.PositiveSmallIntegerField(default=5, verbose_name="月报截止日（次月）"),
                        ),
                        ("warning_days", models.JSONField(default=list, verbose_name="到期前提醒天数")),
                        (
                            "similar_percent",
                            models.PositiveSmallIntegerField(default=30, verbose_name="总结相似度提示线（%）"),
                        ),
                    ],
                    options={
                        "verbose_name": "在岗管理设置",
                    },
                ),
                migrations.CreateModel(
                    name="Charge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charges",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "matter",
                            models.CharField(
                                choices=[
                                    ("personnel", "人事关系和档案"),
                                    ("pay", "工资、福利和工龄"),
                                    ("attendance", "考勤和请假"),
                                    ("tasks", "日常管理和工作任务"),
                                    ("appraisal", "年度考核和期满考核"),
                                    ("training", "培训和教研"),
                                    ("awards", "评优指标"),
                                ],
                                max_length=10,
                                verbose_name="管理事项",
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("home", "派出学校"), ("host", "接收学校")],
                                max_length=4,
                                verbose_name="由谁管理",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="理由")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "双重管理分工",
                        "ordering": ("placement", "matter"),
                        "constraints": [
                            models.UniqueConstraint(fields=("placement", "matter"), name="charge_once_for_a_matter")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("teaching", "承担课程"),
                                    ("pairing", "结对带教"),
                                    ("mentoring", "名师带徒"),
                                    ("lecture", "专题讲座"),
                                    ("demonstration", "示范课"),
                                    ("open_lesson", "观摩课"),
                                    ("observing", "听课评课"),
                                    ("research", "教研活动"),
                                    ("examinations", "考试命题"),
                                    ("preparing", "集体备课"),
                                    ("project", "课题研究"),
                                    ("learning", "学习教育理念、教学方法和管理经验"),
                                    ("sharing", "带回并分享办学理念、制度、教改经验和成果"),
                                ],
                                max_length=14,
                                verbose_name="任务类别",
                            ),
                        ),
                        ("words", models.CharField(blank=True, max_length=300, verbose_name="要求")),
                        ("target", models.PositiveSmallIntegerField(default=1, verbose_name="目标次数")),
                        ("due", models.DateField(blank=True, null=True, verbose_name="完成期限")),
                        ("done", models.PositiveSmallIntegerField(default=0, verbose_name="已完成次数")),
                        ("result", models.CharField(blank=True, max_length=500, verbose_name="完成情况")),
                        ("finished_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                        ("met", models.BooleanField(blank=True, null=True, verbose_name="已完成")),
                        (
                            "set_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("set_at", models.DateTimeField(verbose_name="布置时间")),
                    ],
                    options={
                        "verbose_name": "工作任务",
                        "ordering": ("placement", "due", "pk"),
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("target__gte", 1)), name="task_has_a_target")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LogEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="log", to="rotation.placement"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("teaching", "承担课程"),
                                    ("pairing", "结对带教"),
                                    ("mentoring", "名师带徒"),
                                    ("lecture", "专题讲座"),
                                    ("demonstration", "示范课"),
                                    ("open_lesson", "观摩课"),
                                    ("observing", "听课评课"),
                                    ("research", "教研活动"),
                                    ("examinations", "考试命题"),
                                    ("preparing", "集体备课"),
                                    ("project", "课题研究"),
                                    ("learning", "学习教育理念、教学方法和管理经验"),
                                    ("sharing", "带回并分享办学理念、制度、教改经验和成果"),
                                ],
                                max_length=14,
                                verbose_name="类别",
                            ),
                        ),
                        ("count", models.PositiveSmallIntegerField(default=1, verbose_name="课时或次数")),
                        ("words", models.CharField(blank=True, max_length=500, verbose_name="内容")),
                        (
                            "task",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="log",
                                to="rotation.task",
                                verbose_name="所属任务",
                            ),
                        ),
                        ("key", models.UUIDField(unique=True)),
                        ("entered_at", models.DateTimeField(verbose_name="填写时间")),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                    ],
                    options={
                        "verbose_name": "工作日志",
                        "ordering": ("placement", "-day", "-pk"),
                        "indexes": [models.Index(fields=["placement", "day"], name="log_of_placement")],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="log_counts_something")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="rotation.placement",
                            ),
                        ),
                        ("month", models.DateField(verbose_name="月份")),
                        ("due_days", models.PositiveSmallIntegerField(verbose_name="应出勤天数")),
                        (
                            "present_days",
                            models.DecimalField(decimal_places=1, max_digits=4, verbose_name="实出勤天数"),
                        ),
                        ("late_times", models.PositiveSmallIntegerField(default=0, verbose_name="迟到早退次数")),
                        (
                            "absent_days",
                            models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name="旷工天数"),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                    ],
                    options={
                        "verbose_name": "月考勤",
                        "ordering": ("placement", "month"),
                        "constraints": [
                            models.UniqueConstraint(fields=("placement", "month"), name="attendance_once_a_month")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="JournalPost",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posts",
                                to="rotation.placement",
                            ),
                        ),
                        ("title", models.CharField(max_length=100, verbose_name="标题")),
                        ("text", models.TextField(max_length=5000, verbose_name="正文")),
                        ("posted_at", models.DateTimeField(verbose_name="发表时间")),
                        (
                            "recommended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("recommended_at", models.DateTimeField(blank=True, null=True, verbose_name="推荐时间")),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                    ],
                    options={
                        "verbose_name": "交流日志文章",
                        "ordering": ("-posted_at", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="PlacementChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="changes",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("extension", "延长"),
                                    ("early", "提前返回"),
                                    ("recall", "召回"),
                                    ("replacement", "替换人员"),
                                    ("continuation", "继续交流（未达到结束条件）"),
                                ],
                                max_length=12,
                                verbose_name="变更类别",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="交流至（含当日）")),
                        ("reason", models.CharField(max_length=1000, verbose_name="理由")),
                        (
                            "successor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.teacher",
                                verbose_name="接替教师",
                            ),
                        ),
                        ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                        ("finding", models.CharField(blank=True, max_length=500, verbose_name="政策认定")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("requested", "待决定"),
                                    ("approved", "同意"),
                                    ("refused", "不同意"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="requested",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("requested_at", models.DateTimeField(verbose_name="提出时间")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                        ("opinion", models.CharField(blank=True, max_length=500, verbose_name="决定意见")),
                        ("previous_end", models.DateField(blank=True, null=True, verbose_name="原结束日期")),
                        ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="生效时间")),
                    ],
                    options={
                        "verbose_name": "交流变更",
                        "ordering": ("-requested_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "requested")),
                                fields=("placement",),
                                name="one_change_waits_for_a_placement",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExpiryWarning",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="expiry_warnings",
                                to="rotation.placement",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField()),
                        ("end", models.DateField()),
                        ("told_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ("placement", "end", "-days"),
                        "constraints": [
                            models.UniqueConstraint(fields=("placement", "days", "end"), name="warned_once_of_an_end")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Summary",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="summary",
                                to="rotation.placement",
                            ),
                        ),
                        ("text", models.TextField(max_length=20000, verbose_name="总结")),
                        ("submitted_at", models.DateTimeField(verbose_name="提交时间")),
                        ("version", models.PositiveSmallIntegerField(default=1)),
                        ("share", models.FloatField(blank=True, null=True, verbose_name="与最相近总结的重合比例（%）")),
                        (
                            "likest",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="rotation.summary",
                                verbose_name="最相近的总结",
                            ),
                        ),
                        ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="比对时间")),
                    ],
                    options={
                        "verbose_name": "交流总结",
                        "ordering": ("placement",),
                    },
                ),
                migrations.CreateModel(
                    name="Outcome",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outcome",
                                to="rotation.placement",
                            ),
                        ),
                        ("marks", models.JSONField(default=dict, verbose_name="分项得分")),
                        ("vetoes", models.JSONField(default=list, verbose_name="一票否决事项")),
                        (
                            "grade",
                            models.CharField(
                                choices=[
                                    ("excellent", "优秀"),
                                    ("qualified", "合格"),
                                    ("basically_qualified", "基本合格"),
                                    ("unqualified", "不合格"),
                                    ("undetermined", "不确定等次"),
                                ],
                                max_length=40,
                                verbose_name="等次",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("host", "接收学校评定"),
                                    ("cluster", "学区签署"),
                                    ("bureau", "县局审核"),
                                    ("archived", "已归档"),
                                ],
                                default="cluster",
                                max_length=8,
                                verbose_name="环节",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="提出时间")),
                        ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="归档时间")),
                    ],
                    options={
                        "verbose_name": "期满考核",
                        "ordering": ("placement",),
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="rotation.outcome"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("host", "接收学校评定"),
                                    ("cluster", "学区签署"),
                                    ("bureau", "县局审核"),
                                    ("archived", "已归档"),
                                ],
                                max_length=8,
                                verbose_name="环节",
                            ),
                        ),
                        (
                            "deed",
                            models.CharField(
                                choices=[
                                    ("proposed", "提出"),
                                    ("signed", "签署"),
                                    ("returned", "退回"),
                                    ("archived", "审定归档"),
                                ],
                                max_length=8,
                                verbose_name="办理",
                            ),
                        ),
                        (
                            "grade",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("excellent", "优秀"),
                                    ("qualified", "合格"),
                                    ("basically_qualified", "基本合格"),
                                    ("unqualified", "不合格"),
                                    ("undetermined", "不确定等次"),
                                ],
                                max_length=40,
                                verbose_name="等次",
                            ),
                        ),
                        ("opinion", models.CharField(blank=True, max_length=1000, verbose_name="意见")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "考核签署",
                        "ordering": ("outcome", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeObjection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="rotation.outcome",
                            ),
                        ),
                        ("words", models.CharField(max_length=1000, verbose_name="异议")),
                        ("raised_at", models.DateTimeField(verbose_name="提出时间")),
                        ("answer", models.CharField(blank=True, max_length=1000, verbose_name="考核复核意见")),
                        ("upheld", models.BooleanField(blank=True, null=True, verbose_name="异议成立")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                    ],
                    options={
                        "verbose_name": "考核异议",
                        "ordering": ("outcome", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("answered_at__isnull", True)),
                                fields=("outcome",),
                                name="one_outcome_objection_waits",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="rotation.placement",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="证明编号")),
                        ("content", models.JSONField(verbose_name="证明内容")),
                        ("digest", models.CharField(max_length=64, verbose_name="内容摘要")),
                        ("code", models.CharField(max_length=40, unique=True, verbose_name="验证码")),
                        ("issued_on", models.DateField(verbose_name="出具日期")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                        ("revoked_reason", models.CharField(blank=True, max_length=300, verbose_name="作废理由")),
                    ],
                    options={
                        "verbose_name": "交流服务证明",
                        "ordering": ("-issued_on", "number"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("placement",),
                                name="one_certificate_stands",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataConfirmation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="confirmations",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        ("state", models.BigIntegerField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核对人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="核对时间")),
                        ("in_stead", models.CharField(blank=True, max_length=300, verbose_name="代为核对的原因")),
                    ],
                    options={
                        "ordering": ("year", "teacher"),
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "teacher"), name="data_confirmed_once_a_year")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FactAppeal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeals",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "verdict",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appeals",
                                to="rotation.verdict",
                            ),
                        ),
                        ("text", junheng.web.staffing.encryption.EncryptedTextField(verbose_name="异议内容")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "待复核"),
                                    ("upheld", "成立，已重新认定"),
                                    ("dismissed", "不成立，维持认定"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(verbose_name="提出时间")),
                        ("due", models.DateField(verbose_name="应答复日期")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                        (
                            "opinion",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="复核意见"),
                        ),
                        (
                            "result",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appealed_as",
                                to="rotation.verdict",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "事实异议",
                        "ordering": ("-submitted_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("verdict",),
                                name="verdict_appealed_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("status", "open")),
                                    models.Q(
                                        models.Q(("status", "open"), _negated=True), ("decided_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="appeal_decided_with_its_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LeaderDuty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leader_duties",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "leader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="包校领导",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "领导包校",
                        "ordering": ("year", "school"),
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "school"), name="one_leader_answers_for_a_school")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="所到学校",
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="rotation.placement",
                                verbose_name="交流任务",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("home", "派出学校走访"),
                                    ("leader", "包校领导到校"),
                                    ("section", "机关科室到校"),
                                ],
                                max_length=8,
                                verbose_name="走访类别",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="日期")),
                        ("visitor", models.CharField(max_length=100, verbose_name="走访人")),
                        ("thoughts", models.CharField(blank=True, max_length=500, verbose_name="思想情况")),
                        ("work", models.CharField(blank=True, max_length=500, verbose_name="工作和学习情况")),
                        ("life", models.CharField(blank=True, max_length=500, verbose_name="生活情况")),
                        ("found", models.CharField(blank=True, max_length=500, verbose_name="发现的问题")),
                        ("help", models.CharField(blank=True, max_length=500, verbose_name="给予的帮助")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="登记时间")),
                    ],
                    options={
                        "verbose_name": "走访",
                        "ordering": ("-on", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="AllowanceRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allowance_rates",
                                to="rotation.rotationyear",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="补助名称")),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=9,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="每月金额（元）",
                            ),
                        ),
                        (
                            "payer",
                            models.CharField(
                                choices=[("home", "派出学校"), ("host", "接收学校"), ("county", "县财政")],
                                max_length=6,
                                verbose_name="由谁承担",
                            ),
                        ),
                        ("rural_only", models.BooleanField(default=False, verbose_name="只发给到乡村学校的")),
                        ("clause", models.CharField(max_length=200, verbose_name="依据")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "补助标准",
                        "ordering": ("year", "name"),
                        "constraints": [models.UniqueConstraint(fields=("year", "name"), name="allowance_named_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Allowance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allowances",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "rate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allowances",
                                to="rotation.allowancerate",
                                verbose_name="补助名称",
                            ),
                        ),
                        ("month", models.DateField(verbose_name="月份")),
                        (
                            "amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=9,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="金额（元）",
                            ),
                        ),
                        ("paid_on", models.DateField(blank=True, null=True, verbose_name="发放日期")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "补助",
                        "ordering": ("-month", "placement"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("placement", "rate", "month"), name="allowance_once_a_month"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Safeguard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="safeguards",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "group",
                            models.CharField(
                                choices=[
                                    ("economic", "经济保障"),
                                    ("policy", "政策保障"),
                                    ("professional", "业务保障"),
                                ],
                                max_length=12,
                                verbose_name="类别",
                            ),
                        ),
                        ("words", models.CharField(max_length=200, verbose_name="保障事项")),
                        ("met", models.BooleanField(default=False, verbose_name="已落实")),
                        ("checked_on", models.DateField(verbose_name="检查日期")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "保障事项",
                        "ordering": ("placement", "group", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="Goal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="goals",
                                to="rotation.placement",
                            ),
                        ),
                        ("words", models.CharField(max_length=300, verbose_name="提高目标")),
                        ("measure", models.CharField(max_length=300, verbose_name="检验办法")),
                        ("due", models.DateField(verbose_name="期限")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("open", "进行中"),
                                    ("met", "已达成"),
                                    ("partly", "部分达成"),
                                    ("missed", "未达成"),
                                ],
                                default="open",
                                max_length=6,
                                verbose_name="结果",
                            ),
                        ),
                        ("judged_on", models.DateField(blank=True, null=True, verbose_name="检验日期")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提高目标",
                        "ordering": ("placement", "due"),
                    },
                ),
                migrations.CreateModel(
                    name="Deduction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deductions",
                                to="rotation.placement",
                            ),
                        ),
                        ("month", models.DateField(verbose_name="月份")),
                        ("unmet", models.JSONField(default=list, verbose_name="未完成的任务")),
                        ("reason", models.CharField(max_length=500, verbose_name="理由")),
                        (
                            "percent",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=5,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="扣减比例（%）",
                            ),
                        ),
                        ("clause", models.CharField(max_length=200, verbose_name="依据")),
                        (
                            "status",
                            models.CharField(
                                choices=[("proposed", "待决定"), ("approved", "同意"), ("refused", "不同意")],
                                default="proposed",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                        ("opinion", models.CharField(blank=True, max_length=500, verbose_name="决定意见")),
                    ],
                    options={
                        "verbose_name": "绩效扣减建议",
                        "ordering": ("-month", "placement"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "refused"), _negated=True),
                                fields=("placement", "month"),
                                name="one_deduction_a_month",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MonthlyReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="monthly_reports",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="monthly_reports",
                                to="rotation.placement",
                                verbose_name="交流任务",
                            ),
                        ),
                        ("month", models.DateField(verbose_name="月份")),
                        ("figures", models.JSONField(default=dict, verbose_name="数据")),
                        ("words", models.TextField(max_length=2000, verbose_name="主要工作")),
                        ("difficulties", models.TextField(blank=True, max_length=1000, verbose_name="困难和建议")),
                        (
                            "status",
                            models.CharField(
                                choices=[("submitted", "已提交"), ("returned", "退回修改"), ("accepted", "已接收")],
                                default="submitted",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(verbose_name="提交时间")),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                        ("opinion", models.CharField(blank=True, max_length=500, verbose_name="处理意见")),
                    ],
                    options={
                        "verbose_name": "月报",
                        "ordering": ("-month", "school", "placement"),
                        "indexes": [models.Index(fields=["year", "month"], name="report_of_month")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("placement__isnull", False)),
                                fields=("placement", "month"),
                                name="report_of_teacher_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("placement__isnull", True)),
                                fields=("year", "school", "month"),
                                name="report_of_school_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SharingMeeting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sharing_meetings",
                                to="rotation.rotationyear",
                            ),
                        ),
                        ("month", models.DateField(verbose_name="所依据的月报月份")),
                        ("on", models.DateField(verbose_name="会议日期")),
                        ("place", models.CharField(max_length=100, verbose_name="地点")),
                        ("topic", models.CharField(max_length=200, verbose_name="主题")),
                        ("grounds", models.CharField(max_length=500, verbose_name="从月报看到的情况")),
                        ("outcome", models.TextField(blank=True, max_length=2000, verbose_name="会议情况")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "经验交流会",
                        "ordering": ("-on",),
                    },
                ),
                migrations.CreateModel(
                    name="Order",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="rotation.rotationyear",
                            ),
                        ),
                        ("batch", models.PositiveSmallIntegerField(verbose_name="批次")),
                        ("number", models.CharField(max_length=60, verbose_name="发文字号")),
                        ("signer", models.CharField(max_length=60, verbose_name="签发人")),
                        ("issued_on", models.DateField(verbose_name="成文日期")),
                        ("report_by", models.DateField(verbose_name="报到截止日期")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("issued_at", models.DateTimeField(verbose_name="发文时间")),
                        ("key", models.UUIDField(unique=True)),
                    ],
                    options={
                        "verbose_name": "调配文件",
                        "ordering": ("year", "batch"),
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "batch"), name="order_batch_once_in_a_year"),
                            models.UniqueConstraint(fields=("year", "number"), name="order_number_once_in_a_year"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="rotation.order"
                            ),
                        ),
                        (
                            "placement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order_line",
                                to="rotation.placement",
                            ),
                        ),
                        ("letter", models.PositiveIntegerField(verbose_name="介绍信编号")),
                    ],
                    options={
                        "ordering": ("order", "letter"),
                        "constraints": [
                            models.UniqueConstraint(fields=("order", "letter"), name="letter_number_once_in_an_order")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderAmendment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("changed", "更改调配"), ("revoked", "撤销调配")],
                                max_length=8,
                                verbose_name="变更方式",
                            ),
                        ),
                        ("number", models.CharField(blank=True, max_length=60, verbose_name="发文字号")),
                        ("reason", models.CharField(max_length=500, verbose_name="理由")),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "ordering": ("placement", "at"),
                    },
                ),
                migrations.CreateModel(
                    name="FormalityStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("talk", "行前谈话"),
                                    ("registered", "填写交流登记表"),
                                    ("agreement", "签订交流协议"),
                                    ("transfer", "办妥调转手续"),
                                    ("sent", "派出学校送行"),
                                    ("welcomed", "接收学校迎接"),
                                    ("slip", "介绍信回执退回"),
                                ],
                                max_length=10,
                                verbose_name="手续",
                            ),
                        ),
                        ("done_on", models.DateField(verbose_name="办理日期")),
                        ("note", models.CharField(blank=True, max_length=1000, verbose_name="记录")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="登记时间")),
                    ],
                    options={
                        "verbose_name": "交接手续",
                        "ordering": ("placement", "done_on", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("placement", "kind"), name="formality_once_for_a_placement")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Arrangement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="arrangement",
                                to="rotation.placement",
                            ),
                        ),
                        ("classes", models.CharField(max_length=200, verbose_name="任教班级")),
                        ("subject", models.CharField(max_length=100, verbose_name="任教学科")),
                        ("weekly_periods", models.FloatField(verbose_name="周课时")),
                        ("other_jobs", models.CharField(blank=True, max_length=300, verbose_name="兼任工作")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="登记时间")),
                    ],
                    options={
                        "verbose_name": "工作安排",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("weekly_periods__gte", 0)), name="arranged_periods_not_below_0"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeadCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="head_counts",
                                to="rotation.placement",
                            ),
                        ),
                        ("since", models.DateField(verbose_name="自")),
                        ("before", models.JSONField(default=dict)),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.appointmententry",
                            ),
                        ),
                        (
                            "ended",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.appointmententry",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                    ],
                    options={
                        "ordering": ("placement", "at"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("placement",),
                                name="head_counts_change_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Caution",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cautions",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("admonition", "告诫书"), ("termination", "解除聘用合同通知书")],
                                max_length=12,
                                verbose_name="文书",
                            ),
                        ),
                        ("days", models.PositiveIntegerField(verbose_name="逾期天数")),
                        ("clause", models.CharField(max_length=200, verbose_name="依据条款")),
                        ("because", models.TextField(verbose_name="理由")),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("drafted_at", models.DateTimeField(verbose_name="拟稿时间")),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="法制审核时间")),
                        ("lawful", models.BooleanField(blank=True, null=True, verbose_name="审核通过")),
                        ("opinion", models.CharField(blank=True, max_length=500, verbose_name="审核意见")),
                        ("number", models.CharField(blank=True, max_length=60, verbose_name="发文字号")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="发出时间")),
                    ],
                    options={
                        "verbose_name": "逾期报到处理",
                        "ordering": ("placement", "drafted_at"),
                        "constraints": [
                            models.UniqueConstraint(fields=("placement", "kind"), name="caution_of_a_kind_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("issued_at__isnull", True),
                                    ("kind", "admonition"),
                                    models.Q(("lawful", True), ("lawful__isnull", False)),
                                    _connector="OR",
                                ),
                                name="termination_is_issued_after_its_review",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reviewed_by__isnull", True),
                                    models.Q(("reviewed_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="nobody_reviews_his_own_draft",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pin",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pins",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.teacher",
                                verbose_name="教师",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("pin", "指定去向"), ("stay", "留任"), ("forbid", "排除去向")],
                                max_length=6,
                                verbose_name="决定",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "subject",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("chinese", "语文"),
                                    ("maths", "数学"),
                                    ("english", "英语"),
                                    ("science", "科学"),
                                    ("ethics", "道德与法治"),
                                    ("physics", "物理"),
                                    ("chemistry", "化学"),
                                    ("biology", "生物"),
                                    ("history", "历史"),
                                    ("geography", "地理"),
                                    ("pe", "体育"),
                                    ("music", "音乐"),
                                    ("art", "美术"),
                                    ("arts", "艺术"),
                                    ("it", "信息技术"),
                                    ("labour", "劳动"),
                                    ("psychology", "心理健康"),
                                    ("practice", "综合实践"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="任教学科",
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="理由")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="撤销人",
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                        ("withdrawn_because", models.CharField(blank=True, max_length=500, verbose_name="撤销理由")),
                    ],
                    options={
                        "verbose_name": "指定与禁止",
                        "ordering": ("year", "-at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("school__isnull", False), ("withdrawn_at__isnull", True)),
                                fields=("year", "teacher", "kind", "school"),
                                name="pin_once_in_force",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("school__isnull", True), ("withdrawn_at__isnull", True)),
                                fields=("year", "teacher", "kind"),
                                name="pin_without_a_school_once_in_force",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind__in", ("pin", "stay")), ("withdrawn_at__isnull", True)),
                                fields=("year", "teacher"),
                                name="one_place_for_a_pinned_teacher",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "stay"), ("school__isnull", True)),
                                    models.Q(("kind__in", ("pin", "forbid")), ("school__isnull", False)),
                                    _connector="OR",
                                ),
                                name="pin_names_a_school_or_is_a_stay",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Scenario",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scenarios",
                                to="rotation.rotationyear",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                        ("name", models.CharField(max_length=100, verbose_name="方案名称")),
                        ("parameters", models.JSONField(blank=True, default=dict, verbose_name="参数")),
                        ("order", models.CharField(blank=True, max_length=120, verbose_name="目标次序")),
                        (
                            "mechanism",
                            models.CharField(
                                blank=True,
                                choices=[("tobe", "整组互换"), ("da", "按序择优（原岗保底）"), ("ttc", "首选循环互换")],
                                max_length=4,
                                verbose_name="自愿互换",
                            ),
                        ),
                        (
                            "hold",
                            models.CharField(
                                choices=[("fix", "固定"), ("reward", "只作优先")],
                                default="fix",
                                max_length=6,
                                verbose_name="互换结果",
                            ),
                        ),
                        ("seed", models.PositiveIntegerField(default=0, verbose_name="随机种子")),
                        ("gap", models.FloatField(default=0.0005, verbose_name="与最优界的差距")),
                        ("time_limit", models.PositiveIntegerField(blank=True, null=True, verbose_name="最多求解秒数")),
                        ("relation_moved", models.BooleanField(default=False, verbose_name="人事关系随调")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "正在测算"),
                                    ("failed", "未能测算"),
                                    ("ready", "可采用"),
                                    ("infeasible", "不能满足全部规则"),
                                    ("proposed", "拟采用"),
                                    ("adopted", "已采用"),
                                    ("set_aside", "未采用"),
                                ],
                                default="queued",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.snapshot",
                                verbose_name="数据快照",
                            ),
                        ),
                        ("facts_digest", models.CharField(blank=True, max_length=64, verbose_name="事实摘要")),
                        ("pins", models.PositiveIntegerField(default=0, verbose_name="指定与禁止")),
                        ("figures", models.JSONField(blank=True, default=dict, verbose_name="数字")),
                        (
                            "told_text",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="说明"),
                        ),
                        ("plan_digest", models.CharField(blank=True, max_length=64, verbose_name="方案摘要")),
                        ("root", models.CharField(blank=True, max_length=64, verbose_name="默克尔根")),
                        ("moves_count", models.PositiveIntegerField(default=0, verbose_name="移动人数")),
                        ("manual", models.PositiveIntegerField(default=0, verbose_name="人工改动")),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="建立人",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="建立时间")),
                        ("computed_at", models.DateTimeField(blank=True, null=True, verbose_name="测算时间")),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提请人",
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="提请时间")),
                        (
                            "adopted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="确认人",
                            ),
                        ),
                        ("adopted_at", models.DateTimeField(blank=True, null=True, verbose_name="采用时间")),
                        (
                            "set_aside_because",
                            models.CharField(blank=True, max_length=500, verbose_name="未采用的理由"),
                        ),
                    ],
                    options={
                        "verbose_name": "轮岗方案",
                        "ordering": ("year", "number"),
                        "constraints": [
                            models.UniqueConstraint(fields=("year", "number"), name="scenario_number_once_in_a_year"),
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ("proposed", "adopted"))),
                                fields=("year",),
                                name="one_scenario_chosen_in_a_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "adopted"), _negated=True),
                                    models.Q(("adopted_by__isnull", False), ("proposed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="adopted_scenario_names_two_people",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("adopted_by__isnull", True),
                                    models.Q(("adopted_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="who_proposed_does_not_confirm",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scenario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="rotation.scenario",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("workings", "测算底稿和证明包"), ("public", "公开证明包")], max_length=8
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("content", junheng.web.staffing.encryption.EncryptedTextField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
                    ],
                    options={
                        "ordering": ("scenario", "kind", "version"),
                        "constraints": [
                            models.UniqueConstraint(fields=("scenario", "kind", "version"), name="plan_file_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Move",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scenario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moves",
                                to="rotation.scenario",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.teacher",
                                verbose_name="教师",
                            ),
                        ),
                        (
                            "from_school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="派出学校",
                            ),
                        ),
                        (
                            "to_school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="接收学校",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        (
                            "subject",
                            models.CharField(
                                choices=[
                                    ("chinese", "语文"),
                                    ("maths", "数学"),
                                    ("english", "英语"),
                                    ("science", "科学"),
                                    ("ethics", "道德与法治"),
                                    ("physics", "物理"),
                                    ("chemistry", "化学"),
                                    ("biology", "生物"),
                                    ("history", "历史"),
                                    ("geography", "地理"),
                                    ("pe", "体育"),
                                    ("music", "音乐"),
                                    ("art", "美术"),
                                    ("arts", "艺术"),
                                    ("it", "信息技术"),
                                    ("labour", "劳动"),
                                    ("psychology", "心理健康"),
                                    ("practice", "综合实践"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="任教学科",
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("rotation", "轮岗交流"),
                                    ("support", "支教"),
                                    ("reward", "奖励性交流"),
                                    ("supervised", "督导性交流"),
                                    ("upward", "上挂学习"),
                                    ("temporary", "挂职锻炼"),
                                    ("post", "任职交流"),
                                ],
                                default="rotation",
                                max_length=10,
                                verbose_name="交流形式",
                            ),
                        ),
                        ("unit", models.CharField(max_length=80)),
                        ("taught", models.CharField(max_length=40)),
                        (
                            "wish_rank",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="所满足的志愿"),
                        ),
                        ("extra_km", models.FloatField(default=0.0, verbose_name="通勤增加（千米）")),
                        (
                            "because_zh",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="理由"),
                        ),
                        ("because_en", junheng.web.staffing.encryption.EncryptedTextField(blank=True)),
                        ("manual", models.BooleanField(default=False, verbose_name="人工")),
                    ],
                    options={
                        "verbose_name": "方案中的移动",
                        "ordering": ("scenario", "from_school", "teacher"),
                        "constraints": [
                            models.UniqueConstraint(fields=("scenario", "teacher"), name="one_move_of_a_teacher")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ManualChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scenario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="rotation.scenario",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.teacher",
                                verbose_name="教师",
                            ),
                        ),
                        ("before", models.CharField(blank=True, max_length=200, verbose_name="原安排")),
                        ("after", models.CharField(blank=True, max_length=200, verbose_name="现安排")),
                        ("reason", models.CharField(max_length=500, verbose_name="理由")),
                        ("broken", models.PositiveSmallIntegerField(default=0, verbose_name="违反规则处数")),
                        ("breaks_text", junheng.web.staffing.encryption.EncryptedTextField(blank=True)),
                        ("version", models.PositiveIntegerField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="改动人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "人工调整",
                        "ordering": ("scenario", "at", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("scenario", "version"), name="one_manual_change_makes_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkBody",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bodies",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="机构",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("leading", "领导小组"),
                                    ("office", "办公室"),
                                    ("school", "学校工作小组"),
                                    ("joint", "学区长联席会议"),
                                ],
                                max_length=8,
                                verbose_name="类别",
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        ("set_up_on", models.DateField(verbose_name="成立日期")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "工作机构",
                        "ordering": ("year", "kind", "organisation__position", "organisation__code"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "organisation", "kind"), name="body_once_at_an_organisation"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BodyMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="rotation.workbody",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("post", models.CharField(max_length=60, verbose_name="职务")),
                        ("duty", models.CharField(max_length=300, verbose_name="分工")),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ("body", "position", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="Meeting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="机构",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("mobilisation", "动员会"),
                                    ("training", "训前培训"),
                                    ("joint", "联席会议"),
                                    ("discussion", "集体研究"),
                                    ("sharing", "经验交流会"),
                                ],
                                max_length=12,
                                verbose_name="类别",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="名称")),
                        ("held_on", models.DateField(verbose_name="日期")),
                        ("place", models.CharField(blank=True, max_length=100, verbose_name="地点")),
                        ("expected", models.PositiveIntegerField(verbose_name="应到人数")),
                        ("attended", models.PositiveIntegerField(verbose_name="实到人数")),
                        ("minutes", models.TextField(max_length=8000, verbose_name="会议记录")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "会议",
                        "ordering": ("-held_on", "-pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("attended__lte", models.F("expected"))),
                                name="no_more_attend_than_are_expected",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublishedQuota",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quotas",
                                to="rotation.rotationyear",
                            ),
                        ),
                        ("quota", models.CharField(max_length=60, verbose_name="指标")),
                        ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据条款")),
                        ("scope", models.CharField(max_length=20, verbose_name="范围")),
                        ("group", models.CharField(max_length=80)),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="机构",
                            ),
                        ),
                        ("base", models.PositiveIntegerField(verbose_name="基数")),
                        ("steps", models.CharField(max_length=200, verbose_name="算法")),
                        ("amount", models.PositiveIntegerField(verbose_name="人数")),
                        ("published_at", models.DateTimeField(verbose_name="公布时间")),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("year", "quota", "scope", "organisation__position", "group"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "quota", "scope", "group"), name="quota_published_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublishedNeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needs",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        (
                            "subject",
                            models.CharField(
                                choices=[
                                    ("chinese", "语文"),
                                    ("maths", "数学"),
                                    ("english", "英语"),
                                    ("science", "科学"),
                                    ("ethics", "道德与法治"),
                                    ("physics", "物理"),
                                    ("chemistry", "化学"),
                                    ("biology", "生物"),
                                    ("history", "历史"),
                                    ("geography", "地理"),
                                    ("pe", "体育"),
                                    ("music", "音乐"),
                                    ("art", "美术"),
                                    ("arts", "艺术"),
                                    ("it", "信息技术"),
                                    ("labour", "劳动"),
                                    ("psychology", "心理健康"),
                                    ("practice", "综合实践"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="学科",
                            ),
                        ),
                        ("required", models.IntegerField(verbose_name="需要")),
                        ("present", models.IntegerField(verbose_name="现有")),
                        ("published_at", models.DateTimeField(verbose_name="公布时间")),
                    ],
                    options={
                        "ordering": ("year", "school__position", "school__code", "stage", "subject"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "school", "stage", "subject"), name="need_published_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfficialDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("measures", "实施办法"),
                                    ("plan", "年度实施方案"),
                                    ("management", "管理办法"),
                                    ("notice", "通知"),
                                    ("opinion", "实施意见"),
                                    ("letter", "责任书"),
                                ],
                                max_length=10,
                                verbose_name="文种",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="标题")),
                        ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                        ("addressed_to", models.CharField(blank=True, max_length=300, verbose_name="主送")),
                        ("text", models.TextField(max_length=20000, verbose_name="正文")),
                        ("everybody", models.BooleanField(default=False, verbose_name="要求每位教师阅知")),
                        ("issued_on", models.DateField(blank=True, null=True, verbose_name="成文日期")),
                        ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("drafted_at", models.DateTimeField(verbose_name="拟稿时间")),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "verbose_name": "文件",
                        "ordering": ("-issued_at", "-drafted_at"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("number", ""), _negated=True),
                                fields=("year", "number"),
                                name="document_number_once_a_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("issued_at__isnull", True),
                                    models.Q(("issued_on__isnull", False), models.Q(("number", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="issued_document_has_date_and_number",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="rotation.officialdocument",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        ("signed", models.BooleanField(default=False, verbose_name="签署")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "ordering": ("document", "at"),
                        "constraints": [
                            models.UniqueConstraint(fields=("document", "user"), name="document_read_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Problem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "placement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="problems",
                                to="rotation.placement",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("adapting", "不适应新学校"),
                                    ("acceptance", "学生、家长不接受"),
                                    ("transport", "交通不便"),
                                    ("living", "食宿困难"),
                                    ("work", "工作安排"),
                                    ("benefits", "待遇落实"),
                                    ("other", "其他"),
                                ],
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[("low", "低"), ("middle", "中"), ("high", "高")],
                                default="middle",
                                max_length=6,
                                verbose_name="风险",
                            ),
                        ),
                        (
                            "to",
                            models.CharField(
                                choices=[
                                    ("home", "派出学校"),
                                    ("host", "接收学校"),
                                    ("both", "两校"),
                                    ("bureau", "县局"),
                                ],
                                default="host",
                                max_length=6,
                                verbose_name="向谁反映",
                            ),
                        ),
                        ("words", junheng.web.staffing.encryption.EncryptedTextField(verbose_name="具体情况")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "待答复"), ("answered", "已答复"), ("closed", "已解决")],
                                default="open",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "raised_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("raised_at", models.DateTimeField(verbose_name="反映时间")),
                        ("answer", junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="答复")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="解决时间")),
                        ("checked_at", models.DateField(blank=True, null=True, verbose_name="最近核查日期")),
                    ],
                    options={
                        "verbose_name": "困难与问题",
                        "ordering": ("-raised_at", "-pk"),
                        "indexes": [models.Index(fields=["placement", "status"], name="problem_of_placement")],
                    },
                ),
                migrations.CreateModel(
                    name="RiskCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "problem",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="rotation.problem",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="核查日期")),
                        (
                            "level",
                            models.CharField(
                                choices=[("low", "低"), ("middle", "中"), ("high", "高")],
                                max_length=6,
                                verbose_name="风险",
                            ),
                        ),
                        ("note", junheng.web.staffing.encryption.EncryptedTextField(verbose_name="措施和进展")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "风险核查",
                        "ordering": ("problem", "on", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="PublicNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="public_notices",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("results", "拟交流人员名单"),
                                    ("candidates", "候选人名单"),
                                    ("quotas", "交流指标"),
                                    ("other", "其他事项"),
                                ],
                                max_length=10,
                                verbose_name="公示内容",
                            ),
                        ),
                        (
                            "scenario",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="rotation.scenario",
                                verbose_name="轮岗方案",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="标题")),
                        ("issuer", models.CharField(max_length=100, verbose_name="公示单位")),
                        ("basis", models.CharField(blank=True, max_length=500, verbose_name="依据")),
                        ("text", models.TextField(blank=True, verbose_name="正文")),
                        ("office", models.CharField(max_length=100, verbose_name="受理部门")),
                        ("phone", models.CharField(max_length=40, verbose_name="受理电话")),
                        ("email", models.CharField(blank=True, max_length=100, verbose_name="电子邮箱")),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="通信地址")),
                        ("days", models.PositiveSmallIntegerField(default=5, verbose_name="公示期（工作日）")),
                        (
                            "answer_days",
                            models.PositiveSmallIntegerField(default=10, verbose_name="异议答复期限（工作日）"),
                        ),
                        ("opens", models.DateTimeField(blank=True, null=True, verbose_name="公示开始")),
                        ("closes", models.DateTimeField(blank=True, null=True, verbose_name="公示截止")),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "草稿"), ("published", "已发布"), ("withdrawn", "已撤回")],
                                default="draft",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("root", models.CharField(blank=True, max_length=64, verbose_name="默克尔根")),
                        (
                            "bundle",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="rotation.planfile",
                            ),
                        ),
                        ("rows_digest", models.CharField(blank=True, max_length=64, verbose_name="名单摘要")),
                        ("moves", models.PositiveIntegerField(default=0, verbose_name="移动人数")),
                        ("manual", models.PositiveIntegerField(default=0, verbose_name="人工改动")),
                        ("reads", models.PositiveIntegerField(default=0, verbose_name="阅读次数")),
                        ("taken_down_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="拟稿人",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="拟稿时间")),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="发布人",
                            ),
                        ),
                        ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="撤回人",
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                        ("withdrawn_because", models.CharField(blank=True, max_length=500, verbose_name="撤回理由")),
                    ],
                    options={
                        "verbose_name": "公示",
                        "ordering": ("year", "-created_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "results"), ("status", "published")),
                                fields=("scenario",),
                                name="results_of_a_plan_published_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "results"), _negated=True),
                                    ("scenario__isnull", False),
                                    _connector="OR",
                                ),
                                name="notice_of_results_names_its_plan",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "draft"),
                                    models.Q(
                                        ("closes__gt", models.F("opens")),
                                        ("closes__isnull", False),
                                        ("opens__isnull", False),
                                        ("published_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="published_notice_has_a_period",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="rotation.publicnotice",
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        (
                            "teacher",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.teacher",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=100, verbose_name="姓名")),
                        ("home", models.CharField(blank=True, max_length=100, verbose_name="派出学校")),
                        ("host", models.CharField(blank=True, max_length=100, verbose_name="接收学校")),
                        ("stage", models.CharField(blank=True, max_length=40, verbose_name="学段")),
                        ("subject", models.CharField(blank=True, max_length=40, verbose_name="学科")),
                        ("form", models.CharField(blank=True, max_length=40, verbose_name="交流形式")),
                        ("term", models.CharField(blank=True, max_length=60, verbose_name="交流期限")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                    ],
                    options={
                        "ordering": ("notice", "position"),
                        "constraints": [
                            models.UniqueConstraint(fields=("notice", "position"), name="notice_line_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="rotation.publicnotice",
                            ),
                        ),
                        ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                        ("code_digest", models.CharField(max_length=64)),
                        ("key", models.UUIDField(unique=True)),
                        ("named", models.BooleanField(default=True, verbose_name="实名")),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="姓名")),
                        (
                            "contact",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="联系方式"),
                        ),
                        (
                            "about",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staffing.teacher",
                                verbose_name="所涉教师",
                            ),
                        ),
                        ("text", junheng.web.staffing.encryption.EncryptedTextField(verbose_name="反映的情况")),
                        ("received_at", models.DateTimeField(verbose_name="收到时间")),
                        ("due", models.DateField(verbose_name="答复期限")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("received", "已受理"),
                                    ("investigating", "正在调查"),
                                    ("found", "已有调查结论"),
                                    ("answered", "已答复"),
                                ],
                                default="received",
                                max_length=13,
                                verbose_name="状态",
                            ),
                        ),
                        ("holds", models.BooleanField(default=True, verbose_name="暂缓发文")),
                        (
                            "investigator",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="调查人",
                            ),
                        ),
                        (
                            "assigned_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("assigned_at", models.DateTimeField(blank=True, null=True, verbose_name="交办时间")),
                        (
                            "finding",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("upheld", "情况属实"),
                                    ("partly", "部分属实"),
                                    ("not_upheld", "情况不属实"),
                                    ("outside", "不属于受理范围"),
                                ],
                                max_length=10,
                                verbose_name="结论",
                            ),
                        ),
                        (
                            "report",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="调查情况"),
                        ),
                        ("found_at", models.DateTimeField(blank=True, null=True, verbose_name="调查结束时间")),
                        ("answer", junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="答复")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="答复人",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                    ],
                    options={
                        "verbose_name": "异议",
                        "ordering": ("notice", "received_at", "pk"),
                        "indexes": [models.Index(fields=["about", "status"], name="objection_about")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "answered"), _negated=True),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                        models.Q(("finding", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="answered_objection_has_finding_and_author",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolOpinion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "application",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="school_opinion",
                                to="rotation.application",
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        ("word", models.CharField(blank=True, max_length=40, verbose_name="资格认定")),
                        ("standing", models.CharField(blank=True, max_length=4, verbose_name="结论")),
                        ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据条款")),
                        ("qualified", models.BooleanField(verbose_name="资格审核通过")),
                        ("finding", models.CharField(max_length=500, verbose_name="资格审核理由")),
                        (
                            "recommends",
                            models.CharField(
                                choices=[("yes", "推荐"), ("no", "不推荐")], max_length=3, verbose_name="学校意见"
                            ),
                        ),
                        ("opinion", models.CharField(max_length=1000, verbose_name="意见说明")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "signed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签署时间")),
                    ],
                    options={
                        "verbose_name": "学校意见",
                        "ordering": ("application",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                                    models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="opinion_signed_by_and_at_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("qualified", True), ("recommends", "no"), _connector="OR"),
                                name="nobody_unqualified_is_recommended",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deliberation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings_on_people",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="单位",
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="会议名称")),
                        ("held_on", models.DateField(verbose_name="召开日期")),
                        ("present", models.TextField(max_length=1000, verbose_name="出席人员")),
                        ("minutes", models.TextField(max_length=10000, verbose_name="会议记录")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="登记时间")),
                    ],
                    options={
                        "verbose_name": "集体讨论",
                        "ordering": ("-held_on", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="SchoolNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="school_notices",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField(verbose_name="公示工作日")),
                        ("posted_on", models.DateField(verbose_name="公示开始")),
                        ("last_day", models.DateField(verbose_name="公示截止")),
                        ("place", models.CharField(max_length=200, verbose_name="公示地点")),
                        ("names", models.JSONField(default=list, verbose_name="公示人员")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="登记时间")),
                        ("objected", models.BooleanField(blank=True, null=True, verbose_name="收到异议")),
                        ("outcome", models.CharField(blank=True, max_length=1000, verbose_name="公示结果")),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                    ],
                    options={
                        "verbose_name": "校内公示",
                        "ordering": ("-posted_on", "-pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_day__gt", models.F("posted_on"))),
                                name="school_notice_dates_in_order",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("year", "organisation"),
                                name="one_open_school_notice",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="school_returns",
                                to="rotation.rotationyear",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        ("declaration", models.TextField(verbose_name="承诺")),
                        ("numbers", models.JSONField(default=list, verbose_name="回执号")),
                        (
                            "meeting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="rotation.deliberation",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="rotation.schoolnotice",
                            ),
                        ),
                        ("strength", models.FloatField(blank=True, null=True, verbose_name="推荐人员水平指数")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="签署时间")),
                    ],
                    options={
                        "verbose_name": "学校推荐",
                        "ordering": ("-at", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="ReviewStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "application",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="rotation.application",
                            ),
                        ),
                        ("version", models.PositiveIntegerField()),
                        (
                            "level",
                            models.CharField(
                                choices=[("school", "学校"), ("cluster", "学区"), ("bureau", "县局")],
                                max_length=7,
                                verbose_name="环节",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("accepted", "通过"), ("returned", "退回修改"), ("rejected", "不予通过")],
                                max_length=8,
                                verbose_name="结果",
                            ),
                        ),
                        ("clause", models.CharField(blank=True, max_length=200, verbose_name="依据条款")),
                        ("opinion", models.CharField(max_length=1000, verbose_name="意见")),
                        (
                            "meeting",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="rotation.deliberation",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("batch", models.UUIDField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "审核",
                        "ordering": ("application", "at", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("application", "version", "level"),
                                name="one_decision_of_an_office_on_a_version",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
