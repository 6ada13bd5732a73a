import django.core.validators
import django.db.models.deletion
import junheng.web.staffing.encryption
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from junheng.web.records.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        ("directory", "__first__"),
        ("records", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="EnrolmentEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        ("grade", models.PositiveSmallIntegerField(verbose_name="年级")),
                        ("pupils", models.PositiveIntegerField(verbose_name="学生数")),
                        ("classes", models.PositiveIntegerField(verbose_name="班级数")),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="EstablishmentPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="版本")),
                        ("title", models.CharField(max_length=200, verbose_name="名称")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "拟定中"),
                                    ("verified", "已核定"),
                                    ("approved", "已审批"),
                                    ("allocated", "已分配"),
                                    ("filed", "已备案"),
                                    ("returned", "已退回"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("reckoned_on", models.DateField(verbose_name="数据日期")),
                        ("effective_from", models.DateField(verbose_name="执行日期")),
                        ("norm", models.JSONField(default=dict, verbose_name="测算标准")),
                        ("requested_total", models.PositiveIntegerField(verbose_name="申请总额")),
                        ("verified_total", models.PositiveIntegerField(blank=True, null=True, verbose_name="核定总额")),
                        ("approved_total", models.PositiveIntegerField(blank=True, null=True, verbose_name="审批总额")),
                        ("allocated_total", models.PositiveIntegerField(blank=True, null=True, verbose_name="已分配")),
                        ("drafted_at", models.DateTimeField(verbose_name="拟定时间")),
                        ("moves", models.PositiveIntegerField(default=0)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="establishment_plans",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "filed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "previous",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="next_versions",
                                to="staffing.establishmentplan",
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("county", "-version"),
                        "constraints": [
                            models.UniqueConstraint(fields=("county", "version"), name="plan_version_once_in_county"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("filed", "returned", "withdrawn")), _negated=True),
                                fields=("county",),
                                name="county_has_one_open_plan",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("allocated_total__isnull", True),
                                    ("allocated_total__lte", models.F("approved_total")),
                                    _connector="OR",
                                ),
                                name="allotted_posts_within_the_approved_total",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("approved", "allocated", "filed")), _negated=True),
                                    ("approved_total__isnull", False),
                                    _connector="OR",
                                ),
                                name="approved_plan_has_a_total",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("allocated", "filed")), _negated=True),
                                    ("allocated_total__isnull", False),
                                    _connector="OR",
                                ),
                                name="allocated_plan_is_allotted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verified_by__isnull", True),
                                    models.Q(("verified_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="plan_verified_by_another_than_the_drafter",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by__isnull", True),
                                    models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="plan_approved_by_another_than_the_drafter",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("filed_by__isnull", True),
                                    models.Q(("filed_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="plan_filed_by_another_than_the_drafter",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("drafted", "拟定"),
                                    ("verified", "核定"),
                                    ("approved", "审批"),
                                    ("allocated", "分配到校"),
                                    ("filed", "备案"),
                                    ("returned", "退回"),
                                    ("withdrawn", "撤回"),
                                ],
                                max_length=12,
                                verbose_name="步骤",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("body", models.CharField(blank=True, max_length=200, verbose_name="决定单位")),
                        ("jointly_with", models.CharField(blank=True, max_length=200, verbose_name="会同单位")),
                        ("document_number", models.CharField(blank=True, max_length=100, verbose_name="文号")),
                        ("on", models.DateField(blank=True, null=True, verbose_name="日期")),
                        ("total", models.PositiveIntegerField(blank=True, null=True, verbose_name="总额")),
                        ("opinion", models.TextField(blank=True, verbose_name="意见")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="staffing.establishmentplan",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="PostsEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        ("posts", models.PositiveIntegerField(verbose_name="编制数")),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RequirementEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
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
                        ("required", models.PositiveIntegerField(verbose_name="需求教师数")),
                        ("weekly_periods", models.FloatField(blank=True, null=True, verbose_name="周课时")),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ResourcesEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        (
                            "teaching_area_m2",
                            models.FloatField(blank=True, null=True, verbose_name="教学及辅助用房面积（平方米）"),
                        ),
                        (
                            "sports_area_m2",
                            models.FloatField(blank=True, null=True, verbose_name="体育运动场馆面积（平方米）"),
                        ),
                        (
                            "equipment_yuan",
                            models.FloatField(blank=True, null=True, verbose_name="教学仪器设备值（元）"),
                        ),
                        (
                            "multimedia_rooms",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="网络多媒体教室（间）"),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RoutedDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="标题")),
                        ("document_number", models.CharField(blank=True, max_length=100, verbose_name="文号")),
                        ("created_at", models.DateTimeField(verbose_name="登记时间")),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="routed_documents",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="staffing.establishmentplan",
                                verbose_name="编制方案",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-created_at", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="SavedMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        ("text", models.TextField(verbose_name="内容")),
                        ("fingerprint", models.CharField(db_index=True, max_length=64)),
                        ("headers", models.JSONField(default=list)),
                        ("used", models.PositiveIntegerField(default=0, verbose_name="使用次数")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="创建时间")),
                        ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mappings",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mappings",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="创建人",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name", "-created_at"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("retired_at__isnull", True)),
                                fields=("county", "name"),
                                name="mapping_name_once_in_use",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolEventEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("founded", "新建"),
                                    ("renamed", "更名"),
                                    ("merged_from", "并入"),
                                    ("closed", "撤销"),
                                ],
                                max_length=40,
                                verbose_name="事项",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="日期")),
                        ("other_name", models.CharField(blank=True, max_length=200, verbose_name="相关学校名称")),
                        ("other_id", models.CharField(blank=True, max_length=40, verbose_name="相关学校代码")),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SchoolState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("name", models.CharField(max_length=200, verbose_name="学校名称")),
                        ("short_name", models.CharField(blank=True, max_length=60, verbose_name="学校简称")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("urban_primary", "城区小学"),
                                    ("center_primary", "中心小学"),
                                    ("village_primary", "村小"),
                                    ("teaching_point", "教学点"),
                                    ("junior_high", "初级中学"),
                                    ("nine_year", "九年一贯制"),
                                    ("complete_secondary", "完全中学"),
                                ],
                                max_length=40,
                                verbose_name="办学类型",
                            ),
                        ),
                        ("stages", models.JSONField(default=list, verbose_name="举办学段")),
                        (
                            "locale",
                            models.CharField(
                                choices=[("urban", "城区"), ("town", "镇区"), ("rural", "乡村")],
                                max_length=40,
                                verbose_name="城乡类型",
                            ),
                        ),
                        ("township", models.CharField(blank=True, max_length=100, verbose_name="乡镇")),
                        ("x_km", models.FloatField(blank=True, null=True, verbose_name="横坐标（千米）")),
                        ("y_km", models.FloatField(blank=True, null=True, verbose_name="纵坐标（千米）")),
                        (
                            "strength",
                            models.CharField(
                                choices=[("strong", "优质"), ("ordinary", "一般"), ("under_resourced", "薄弱")],
                                default="ordinary",
                                max_length=40,
                                verbose_name="办学水平",
                            ),
                        ),
                        ("group", models.CharField(blank=True, max_length=200, verbose_name="教育集团")),
                        ("boarding", models.BooleanField(default=False, verbose_name="寄宿制")),
                        (
                            "cluster",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="school_states",
                                to="directory.organisation",
                                verbose_name="学区",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("school", "valid_from"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("school",),
                                name="school_has_one_present_state",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Snapshot",
                    fields=[
                        (
                            "id",
                            models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="快照编号"),
                        ),
                        ("on", models.DateField(verbose_name="数据日期")),
                        ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                        ("counts", models.JSONField(default=dict, verbose_name="数量")),
                        ("taken_at", models.DateTimeField(verbose_name="固定时间")),
                        ("source", models.CharField(blank=True, max_length=60, verbose_name="来源")),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshots",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshots",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="固定人",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-taken_at", "-id"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county", "on", "digest"), name="snapshot_once_per_county_day_content"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Intake",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=64)),
                        ("file_name", models.CharField(max_length=200, verbose_name="文件")),
                        ("file_digest", models.CharField(max_length=64)),
                        ("file_size", models.PositiveBigIntegerField(verbose_name="大小")),
                        ("stored", models.CharField(blank=True, max_length=64)),
                        ("whole", models.BooleanField(default=False, verbose_name="整册")),
                        ("day_given", models.DateField(blank=True, null=True)),
                        ("on", models.DateField(blank=True, null=True, verbose_name="数据日期")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("rehearsing", "预演中"),
                                    ("refused", "无法读取"),
                                    ("faulty", "有错误待改"),
                                    ("ready", "待确认"),
                                    ("same", "与现有数据相同"),
                                    ("confirmed", "写入中"),
                                    ("written", "已写入"),
                                    ("stale", "数据已变，须重新预演"),
                                    ("discarded", "已作废"),
                                ],
                                default="rehearsing",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        ("rehearsal", models.PositiveIntegerField(default=0)),
                        ("fingerprint", models.TextField(blank=True)),
                        ("counts", models.JSONField(default=dict)),
                        ("refusal", models.JSONField(default=dict)),
                        ("warnings", models.JSONField(default=list)),
                        ("headers", models.JSONField(default=list)),
                        ("faults_stored", models.CharField(blank=True, max_length=64)),
                        ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                        ("written_at", models.DateTimeField(blank=True, null=True, verbose_name="写入时间")),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="确认人",
                            ),
                        ),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intakes",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.job",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intakes_for_it",
                                to="directory.organisation",
                                verbose_name="适用范围",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intakes",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                        (
                            "mapping",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intakes",
                                to="staffing.savedmapping",
                                verbose_name="映射",
                            ),
                        ),
                        (
                            "snapshot",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intakes",
                                to="staffing.snapshot",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-uploaded_at", "-pk"),
                        "indexes": [models.Index(fields=["organisation", "state"], name="intake_state")],
                        "constraints": [
                            models.UniqueConstraint(fields=("uploaded_by", "key"), name="intake_uploaded_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="intake_confirmed_at_and_by_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "written"), _negated=True),
                                    models.Q(("snapshot__isnull", False), ("written_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="intake_written_has_a_snapshot",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="establishmentplan",
            name="snapshot",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="establishment_plans",
                to="staffing.snapshot",
                verbose_name="数据快照",
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="SupportPostEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("gatekeeper", "门卫"),
                                    ("cook", "炊事员"),
                                    ("boiler", "锅炉工"),
                                    ("other", "其他工勤"),
                                ],
                                max_length=12,
                                verbose_name="岗位",
                            ),
                        ),
                        ("posts", models.PositiveIntegerField(verbose_name="核定岗位数")),
                        ("people", models.PositiveIntegerField(verbose_name="实有人数")),
                        (
                            "yearly_yuan",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=12,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="县财政年支出（元）",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("school", "kind"),
                                name="support_post_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="support_post_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Teacher",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=40, verbose_name="工号")),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teachers",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teacher",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("number",),
                        "constraints": [
                            models.UniqueConstraint(fields=("county", "number"), name="teacher_number_once_in_county")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SecondmentEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "direction",
                            models.CharField(
                                choices=[("out", "借出"), ("in", "借入")], max_length=3, verbose_name="方向"
                            ),
                        ),
                        ("unit", models.CharField(max_length=200, verbose_name="对方单位")),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(blank=True, null=True, verbose_name="到期日期")),
                        ("document_number", models.CharField(max_length=100, verbose_name="文号")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="secondment_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="secondment_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"
                                ),
                                name="secondment_spell_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SanctionEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("warning", "警告"),
                                    ("demerit", "记过"),
                                    ("demotion", "降低岗位等级"),
                                    ("dismissal", "开除"),
                                    ("investigation", "接受审查"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="类别",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RetirementDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("retires_on", models.DateField(verbose_name="核定退休日期")),
                        ("ground", models.CharField(max_length=300, verbose_name="理由")),
                        ("document_number", models.CharField(max_length=100, verbose_name="文号")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="retirement_decision_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="retirement_decision_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgrammeEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("former_community_teacher", models.BooleanField(default=False, verbose_name="民办转公办")),
                        ("weak_skill", models.BooleanField(default=False, verbose_name="业务水平待提高")),
                        (
                            "measure",
                            models.CharField(
                                choices=[
                                    ("degree", "学历提升"),
                                    ("training", "专项培训"),
                                    ("other_post", "转岗"),
                                    ("early_leave", "提前离岗"),
                                    ("other", "其他"),
                                ],
                                max_length=20,
                                verbose_name="措施",
                            ),
                        ),
                        ("start_year", models.PositiveSmallIntegerField(verbose_name="起始学年")),
                        (
                            "progress",
                            models.CharField(
                                choices=[("planned", "已列入"), ("under_way", "进行中"), ("done", "已完成")],
                                default="planned",
                                max_length=12,
                                verbose_name="进展",
                            ),
                        ),
                        ("remark", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="programme_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="programme_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NotInPostEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("lent", "借调外单位"),
                                    ("illness", "长期病休"),
                                    ("study", "脱产进修"),
                                    ("personal", "事假超期"),
                                    ("early_leave", "提前离岗"),
                                    ("left", "自行离岗"),
                                    ("other", "其他"),
                                ],
                                max_length=20,
                                verbose_name="原因",
                            ),
                        ),
                        ("since", models.DateField(verbose_name="不在岗起始日期")),
                        ("action_taken", models.CharField(blank=True, max_length=300, verbose_name="处理情况")),
                        ("due", models.DateField(blank=True, null=True, verbose_name="整改期限")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="not_in_post_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="not_in_post_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LeaveEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("statutory_maternity", "法定产假"),
                                    ("sick", "病假"),
                                    ("personal", "事假"),
                                    ("study", "进修"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="类别",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                        ("approved_by", models.CharField(blank=True, max_length=200, verbose_name="批准单位")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="HonorEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("backbone", "骨干教师"),
                                    ("subject_leader", "学科带头人"),
                                    ("master_teacher", "名师"),
                                    ("special_grade", "特级教师"),
                                    ("rising_star", "教坛新秀"),
                                    ("teaching_expert", "教学能手"),
                                    ("model_teacher", "模范教师"),
                                    ("excellent_teacher", "优秀教师"),
                                    ("excellent_educator", "优秀教育工作者"),
                                    ("ethics_model", "师德标兵"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[
                                    ("school", "校级"),
                                    ("township", "乡镇级"),
                                    ("county", "县级"),
                                    ("city", "市级"),
                                    ("province", "省级"),
                                    ("nation", "国家级"),
                                ],
                                max_length=40,
                                verbose_name="级别",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="授予日期")),
                        ("end", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                        ("title", models.CharField(blank=True, max_length=200, verbose_name="称号名称")),
                        ("counts_as_backbone", models.BooleanField(blank=True, null=True, verbose_name="计为骨干")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ExamEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("year", models.PositiveSmallIntegerField(verbose_name="学年")),
                        ("term", models.PositiveSmallIntegerField(verbose_name="学期")),
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
                        ("grade", models.PositiveSmallIntegerField(verbose_name="年级")),
                        ("mean", models.FloatField(blank=True, null=True, verbose_name="平均分")),
                        ("scope_mean", models.FloatField(blank=True, null=True, verbose_name="范围平均分")),
                        (
                            "rank_from_bottom",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="倒数名次"),
                        ),
                        (
                            "scope",
                            models.CharField(
                                choices=[("school", "本校"), ("township", "全乡"), ("county", "全县")],
                                default="township",
                                max_length=40,
                                verbose_name="比较范围",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="EarlyLeaveEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("start", models.DateField(verbose_name="离岗日期")),
                        ("ground", models.CharField(max_length=300, verbose_name="事由")),
                        ("document_number", models.CharField(max_length=100, verbose_name="批准文号")),
                        ("freed_for", models.CharField(blank=True, max_length=200, verbose_name="腾出编制用于")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="early_leave_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="early_leave_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Correction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sheet", models.CharField(max_length=20, verbose_name="档案栏目")),
                        ("row", models.BigIntegerField(blank=True, null=True)),
                        ("subject_key", models.CharField(max_length=200)),
                        ("proposed_text", junheng.web.staffing.encryption.EncryptedTextField(verbose_name="应为")),
                        (
                            "held_text",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="申请时"),
                        ),
                        ("needs", models.CharField(blank=True, max_length=40)),
                        ("reason", models.TextField(max_length=1000, verbose_name="理由")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "待决定"),
                                    ("accepted", "已采纳"),
                                    ("rejected", "未采纳"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("requested_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                        ("opinion", models.TextField(blank=True, max_length=1000, verbose_name="决定意见")),
                        ("effective", models.DateField(blank=True, null=True, verbose_name="自")),
                        ("applied_to", models.BigIntegerField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decided_corrections",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="directory.organisation",
                                verbose_name="学校",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrections",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "更正",
                        "ordering": ("-requested_at", "-pk"),
                        "indexes": [models.Index(fields=["school", "status"], name="correction_waiting")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("teacher", "subject_key"),
                                name="correction_open_once",
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
                                name="correction_decided_by_at_and_what_together",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    ("status", "withdrawn"),
                                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="correction_not_decided_by_its_author",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContractEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fixed", "固定期限"),
                                    ("until_retirement", "聘用至退休"),
                                    ("task", "以完成工作任务为期限"),
                                ],
                                max_length=20,
                                verbose_name="合同类型",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="起始日期")),
                        ("end", models.DateField(blank=True, null=True, verbose_name="终止日期")),
                        ("contract_number", models.CharField(blank=True, max_length=100, verbose_name="合同编号")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="contract_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="contract_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"
                                ),
                                name="contract_spell_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "fixed"), _negated=True), ("end__isnull", False), _connector="OR"
                                ),
                                name="fixed_contract_has_an_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CircumstancesEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("spouse_id", models.CharField(blank=True, max_length=40, verbose_name="配偶工号")),
                        ("spouse_condition", models.CharField(blank=True, max_length=200, verbose_name="配偶情况")),
                        (
                            "youngest_child_birth",
                            models.DateField(blank=True, null=True, verbose_name="最小子女出生日期"),
                        ),
                        ("family_event", models.CharField(blank=True, max_length=300, verbose_name="家庭变故")),
                        (
                            "health",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("disability", "身体残疾"),
                                    ("long_term_sick_leave", "长年病假"),
                                    ("major_illness_under_treatment", "重大疾病治疗中"),
                                    ("serious_illness_cannot_work", "重病不能正常工作"),
                                    ("major_illness", "重大疾病"),
                                    ("illness_affecting_work", "患病影响工作"),
                                ],
                                max_length=40,
                                verbose_name="健康情况",
                            ),
                        ),
                        (
                            "health_certificate_level",
                            models.CharField(blank=True, max_length=60, verbose_name="健康证明级别"),
                        ),
                        (
                            "health_leave_approved",
                            models.BooleanField(blank=True, null=True, verbose_name="病休已批准"),
                        ),
                        ("pregnant", models.BooleanField(blank=True, null=True, verbose_name="孕期")),
                        ("lactating", models.BooleanField(blank=True, null=True, verbose_name="哺乳期")),
                        ("unfit_to_teach", models.BooleanField(blank=True, null=True, verbose_name="不适合任教")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AssessmentEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
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
                        ("score", models.FloatField(blank=True, null=True, verbose_name="得分")),
                        ("rank", models.PositiveIntegerField(blank=True, null=True, verbose_name="名次")),
                        ("of", models.PositiveIntegerField(blank=True, null=True, verbose_name="参评人数")),
                        ("ethics_passed", models.BooleanField(blank=True, null=True, verbose_name="师德合格")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AppointmentEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("school_id", models.CharField(blank=True, max_length=40, verbose_name="学校代码")),
                        ("school_name", models.CharField(blank=True, max_length=200, verbose_name="学校名称")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("post", "任职"),
                                    ("exchange", "交流轮岗"),
                                    ("reward_exchange", "奖励性交流"),
                                    ("supervisory_exchange", "督促性交流"),
                                    ("teaching_support", "支教"),
                                    ("shadowing", "跟岗学习"),
                                    ("itinerant_teaching", "走教"),
                                    ("secondment", "借调"),
                                ],
                                default="post",
                                max_length=40,
                                verbose_name="类别",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                        ("personnel_moved", models.BooleanField(default=False, verbose_name="调动人事关系")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TeacherState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("name", models.CharField(max_length=100, verbose_name="姓名")),
                        ("pinyin", models.CharField(blank=True, max_length=300)),
                        ("initials", models.CharField(blank=True, max_length=60)),
                        ("strokes", models.CharField(blank=True, max_length=300)),
                        (
                            "id_number",
                            junheng.web.staffing.encryption.EncryptedTextField(blank=True, verbose_name="身份证件号"),
                        ),
                        ("id_index", models.CharField(blank=True, db_index=True, max_length=64)),
                        (
                            "sex",
                            models.CharField(choices=[("M", "男"), ("F", "女")], max_length=40, verbose_name="性别"),
                        ),
                        ("birth_date", models.DateField(verbose_name="出生日期")),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        (
                            "main_subject",
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
                                verbose_name="主教学科",
                            ),
                        ),
                        ("also_teaches", models.JSONField(blank=True, default=list, verbose_name="兼教学科")),
                        ("specialist", models.BooleanField(blank=True, null=True, verbose_name="学科专任")),
                        ("on_establishment", models.BooleanField(blank=True, null=True, verbose_name="在编")),
                        ("in_post", models.BooleanField(blank=True, null=True, verbose_name="在岗")),
                        ("seconded_in", models.BooleanField(blank=True, null=True, verbose_name="借入")),
                        ("full_time", models.BooleanField(blank=True, null=True, verbose_name="专任教师")),
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
                                default="teacher",
                                max_length=40,
                                verbose_name="行政职务",
                            ),
                        ),
                        ("work_start", models.DateField(blank=True, null=True, verbose_name="参加工作时间")),
                        ("joined_current_school", models.DateField(blank=True, null=True, verbose_name="入现单位时间")),
                        (
                            "education",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("doctor", "博士研究生"),
                                    ("master", "硕士研究生"),
                                    ("bachelor", "本科"),
                                    ("college", "专科"),
                                    ("secondary", "中专及以下"),
                                ],
                                max_length=40,
                                verbose_name="最高学历",
                            ),
                        ),
                        ("certificate_stage", models.CharField(blank=True, max_length=60, verbose_name="教师资格学段")),
                        ("commute_limit_km", models.FloatField(blank=True, null=True, verbose_name="通勤上限（千米）")),
                        ("home_x_km", models.FloatField(blank=True, null=True, verbose_name="住址横坐标（千米）")),
                        ("home_y_km", models.FloatField(blank=True, null=True, verbose_name="住址纵坐标（千米）")),
                        ("applied", models.BooleanField(blank=True, null=True, verbose_name="本年申请交流")),
                        ("deferral_reason", models.CharField(blank=True, max_length=300, verbose_name="暂缓原因")),
                        (
                            "deferral_approved_by",
                            models.CharField(blank=True, max_length=200, verbose_name="暂缓批准机关"),
                        ),
                        (
                            "terms_completed",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="同校已任聘期数"),
                        ),
                        ("retirement_override", models.DateField(blank=True, null=True, verbose_name="核定退休日期")),
                        ("note", models.TextField(blank=True, verbose_name="备注")),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff",
                                to="directory.organisation",
                                verbose_name="人事关系学校",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="states",
                                to="staffing.teacher",
                            ),
                        ),
                        (
                            "teaching_school",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teaching_staff",
                                to="directory.organisation",
                                verbose_name="实际任教学校",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("teacher", "valid_from"),
                        "indexes": [
                            models.Index(fields=["school", "valid_until"], name="state_school"),
                            models.Index(fields=["teaching_school", "valid_until"], name="state_teaching"),
                            models.Index(fields=["valid_until", "pinyin"], name="state_pinyin"),
                            models.Index(fields=["valid_until", "strokes"], name="state_strokes"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="teacher_has_one_present_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="teacher_state_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TitleEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "title",
                            models.CharField(
                                choices=[
                                    ("none", "未定级"),
                                    ("third", "三级教师"),
                                    ("second", "二级教师"),
                                    ("first", "一级教师"),
                                    ("senior", "高级教师"),
                                    ("full_senior", "正高级教师"),
                                ],
                                max_length=40,
                                verbose_name="职称",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="聘用日期")),
                        (
                            "post_grade",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="岗位等级"),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TrainingEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("school_year", models.PositiveSmallIntegerField(verbose_name="学年")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("school_based", "校本研修"),
                                    ("centralised", "集中培训"),
                                    ("distance_or_delivered", "远程培训"),
                                    ("special_project", "专项培训"),
                                    ("degree", "学历提高"),
                                    ("induction", "新任教师岗前培训"),
                                    ("other", "其他"),
                                ],
                                max_length=40,
                                verbose_name="学时类别",
                            ),
                        ),
                        ("hours", models.FloatField(verbose_name="学时数")),
                        ("ethics", models.BooleanField(default=False, verbose_name="师德学时")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="VerificationRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="名称")),
                        ("reckoned_on", models.DateField(verbose_name="数据日期")),
                        ("due", models.DateField(verbose_name="截止日期")),
                        ("opened_at", models.DateTimeField(verbose_name="开始时间")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verification_rounds",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("county", "-opened_at"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("county",),
                                name="county_has_one_open_round",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VerificationReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("confirmed", "核对无误"), ("differences", "有差异")],
                                max_length=12,
                                verbose_name="核对结果",
                            ),
                        ),
                        ("shown", models.JSONField(default=dict, verbose_name="核对时的人数")),
                        ("note", models.TextField(blank=True, verbose_name="差异说明")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="staffing.verificationround",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("round", "school__position", "school__code"),
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "school"), name="school_answers_a_round_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "differences"), _negated=True),
                                    models.Q(("note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="differences_are_described",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WageEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        (
                            "yearly_yuan",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=12,
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="年工资支出（元）",
                            ),
                        ),
                        (
                            "paid_by",
                            models.CharField(
                                choices=[("school", "学校自筹"), ("county", "县财政"), ("other", "其他")],
                                default="school",
                                max_length=10,
                                verbose_name="经费来源",
                            ),
                        ),
                        ("hired_on", models.DateField(blank=True, null=True, verbose_name="聘用日期")),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("teacher",),
                                name="wage_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="wage_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WishEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("rank", models.PositiveSmallIntegerField(verbose_name="志愿顺序")),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="wished_for",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="staffing.teacher",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ClusterState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("name", models.CharField(max_length=200, verbose_name="学区名称")),
                        (
                            "cluster",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cluster_states",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("cluster", "valid_from"),
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("cluster",),
                                name="cluster_has_one_present_state",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountyExport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("workbook", "全县工作簿（含完整证件号码，可原样读回）"),
                                    ("national", "国家系统字段（证件号码为掩码）"),
                                ],
                                max_length=10,
                                verbose_name="内容",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="数据日期")),
                        ("key", models.CharField(max_length=64)),
                        ("reason", models.CharField(max_length=300, verbose_name="用途")),
                        ("stored", models.CharField(blank=True, max_length=64)),
                        ("rows", models.PositiveIntegerField(default=0, verbose_name="教师数")),
                        ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="申请时间")),
                        ("fetched", models.PositiveIntegerField(default=0, verbose_name="下载次数")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="county_exports",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="申请人",
                            ),
                        ),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exports",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.job",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-asked_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("asked_by", "key"), name="export_asked_for_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EstablishmentSettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("norm", models.CharField(default="unified_2014", max_length=30, verbose_name="采用标准")),
                        (
                            "primary_urban",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="小学生师比（城区）",
                            ),
                        ),
                        (
                            "primary_town",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="小学生师比（镇区）",
                            ),
                        ),
                        (
                            "primary_rural",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="小学生师比（乡村）",
                            ),
                        ),
                        (
                            "junior_urban",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="初中生师比（城区）",
                            ),
                        ),
                        (
                            "junior_town",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="初中生师比（镇区）",
                            ),
                        ),
                        (
                            "junior_rural",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="初中生师比（乡村）",
                            ),
                        ),
                        (
                            "rounding",
                            models.CharField(
                                choices=[("half_up", "四舍五入"), ("ceil", "进一"), ("floor", "舍去")],
                                default="half_up",
                                max_length=8,
                                verbose_name="取整",
                            ),
                        ),
                        (
                            "primary_per_class",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="小规模小学每班配备人数",
                            ),
                        ),
                        (
                            "junior_per_class",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="小规模初中每班配备人数",
                            ),
                        ),
                        (
                            "small_school_pupils",
                            models.PositiveIntegerField(default=200, verbose_name="小规模学校学生数上限"),
                        ),
                        (
                            "primary_periods",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="小学教师标准周课时",
                            ),
                        ),
                        (
                            "junior_periods",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=6,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.1"))],
                                verbose_name="初中教师标准周课时",
                            ),
                        ),
                        (
                            "manager_cap",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="每校中层干部职数"),
                        ),
                        (
                            "programme_age",
                            models.PositiveSmallIntegerField(default=50, verbose_name="提升计划：年龄达到"),
                        ),
                        (
                            "programme_education",
                            models.CharField(
                                choices=[
                                    ("doctor", "博士研究生"),
                                    ("master", "硕士研究生"),
                                    ("bachelor", "本科"),
                                    ("college", "专科"),
                                    ("secondary", "中专及以下"),
                                ],
                                default="secondary",
                                max_length=40,
                                verbose_name="提升计划：学历不高于",
                            ),
                        ),
                        (
                            "contract_notice_days",
                            models.PositiveSmallIntegerField(default=90, verbose_name="合同到期提前提醒天数"),
                        ),
                        ("document_number", models.CharField(blank=True, max_length=100, verbose_name="依据文号")),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="establishment_settings",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("county", "valid_from", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("county",),
                                name="county_has_one_present_norm",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="norm_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncreasePlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        ("number", models.PositiveIntegerField(verbose_name="计划增人")),
                        ("document_number", models.CharField(max_length=100, verbose_name="文号")),
                        (
                            "county",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="increase_plans",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("county", "year"),
                                name="increase_plan_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="increase_plan_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntakeLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("teacher", "教师"),
                                    ("school", "学校"),
                                    ("cluster", "学区"),
                                    ("pairing", "结对"),
                                    ("row", "表格行"),
                                ],
                                max_length=8,
                                verbose_name="对象",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("new", "新增"), ("changed", "变更"), ("leaving", "离开"), ("faulty", "错误")],
                                max_length=8,
                                verbose_name="结果",
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=100, verbose_name="编号")),
                        ("label", models.CharField(blank=True, max_length=300, verbose_name="名称")),
                        ("school", models.CharField(blank=True, max_length=200, verbose_name="学校")),
                        ("changes", models.JSONField(default=list)),
                        ("said", models.JSONField(default=dict)),
                        (
                            "intake",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="staffing.intake"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position",),
                        "indexes": [models.Index(fields=["intake", "state", "position"], name="intake_line_state")],
                    },
                ),
                migrations.CreateModel(
                    name="PlanLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[("primary", "小学"), ("junior", "初中")], max_length=40, verbose_name="学段"
                            ),
                        ),
                        ("pupils", models.PositiveIntegerField(verbose_name="学生数")),
                        ("classes", models.PositiveIntegerField(verbose_name="班级数")),
                        ("by_pupils", models.PositiveIntegerField(null=True, verbose_name="按生师比")),
                        ("by_classes", models.PositiveIntegerField(null=True, verbose_name="按班级")),
                        ("need", models.PositiveIntegerField(verbose_name="应配")),
                        ("authorised", models.PositiveIntegerField(null=True, verbose_name="现编制")),
                        ("on_establishment", models.PositiveIntegerField(verbose_name="在编")),
                        ("at_work", models.PositiveIntegerField(verbose_name="在岗")),
                        ("proposed", models.PositiveIntegerField(null=True, verbose_name="建议分配")),
                        ("proposal", models.JSONField(default=dict)),
                        ("allotted", models.PositiveIntegerField(null=True, verbose_name="分配")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="调整理由")),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="staffing.establishmentplan",
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("school__position", "school__code", "-stage"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan", "school", "stage"), name="plan_line_once_for_school_and_stage"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecruitmentEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="自")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="至（不含）")),
                        ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                        ("source", models.CharField(max_length=60, verbose_name="来源")),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
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
                        (
                            "number",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)], verbose_name="人数"
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)s_set",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("school", "year", "stage", "subject"),
                                name="recruitment_one_present",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="recruitment_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoutingStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "department",
                            models.CharField(
                                choices=[
                                    ("education", "教育行政部门"),
                                    ("establishment", "机构编制部门"),
                                    ("personnel", "人力资源社会保障部门"),
                                    ("finance", "财政部门"),
                                    ("committee", "机构编制委员会"),
                                ],
                                max_length=16,
                                verbose_name="部门",
                            ),
                        ),
                        ("sent_on", models.DateField(verbose_name="送出日期")),
                        ("answered_on", models.DateField(blank=True, null=True, verbose_name="回复日期")),
                        ("agreed", models.BooleanField(blank=True, null=True, verbose_name="同意")),
                        ("answer_number", models.CharField(blank=True, max_length=100, verbose_name="回复文号")),
                        ("opinion", models.TextField(blank=True, verbose_name="意见")),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="staffing.routeddocument",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("document", "sent_on", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("document", "department"), name="department_once_on_a_documents_way"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("agreed__isnull", True), ("answered_on__isnull", True)),
                                    models.Q(("agreed__isnull", False), ("answered_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="answer_has_date_and_verdict",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_on__isnull", True),
                                    ("answered_on__gte", models.F("sent_on")),
                                    _connector="OR",
                                ),
                                name="answer_not_before_sending",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
