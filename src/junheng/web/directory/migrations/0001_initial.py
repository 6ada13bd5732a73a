import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import junheng.web.directory.models.users
from django.conf import settings
from django.db import migrations, models

from junheng.web.records.migrating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="SignInBrake",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=64, unique=True)),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("at", models.DateTimeField(db_index=True)),
                        ("until", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ("-at",),
                    },
                ),
                migrations.CreateModel(
                    name="Organisation",
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
                                    ("province", "省（自治区、直辖市）"),
                                    ("prefecture", "市（州）"),
                                    ("county", "县（市、区）"),
                                    ("cluster", "学区"),
                                    ("school", "学校"),
                                ],
                                max_length=12,
                                verbose_name="类别",
                            ),
                        ),
                        ("code", models.CharField(max_length=40, verbose_name="代码")),
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        ("short_name", models.CharField(blank=True, max_length=60, verbose_name="简称")),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="本局顺序")),
                        ("pinyin", models.CharField(blank=True, max_length=400)),
                        ("initials", models.CharField(blank=True, max_length=120)),
                        ("strokes", models.CharField(blank=True, max_length=400)),
                        ("opened", models.DateField(blank=True, null=True, verbose_name="设立日期")),
                        ("closed", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                        (
                            "county",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="within_county",
                                to="directory.organisation",
                                verbose_name="县（市、区）",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="children",
                                to="directory.organisation",
                                verbose_name="parent",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("position", "code"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county", "kind", "code"), name="organisation_code_once_in_county"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("county__isnull", True)),
                                fields=("kind", "code"),
                                name="organisation_code_once_above",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ("province", "prefecture", "county")),
                                    ("county__isnull", False),
                                    _connector="OR",
                                ),
                                name="organisation_below_county_names_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed__isnull", True),
                                    ("opened__isnull", True),
                                    ("closed__gte", models.F("opened")),
                                    _connector="OR",
                                ),
                                name="organisation_dates_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormerName",
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
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        ("short_name", models.CharField(blank=True, max_length=60, verbose_name="简称")),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="former_names",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("organisation", "-valid_until"),
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "已有同名账号。"},
                                max_length=150,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="账号",
                            ),
                        ),
                        ("name", models.CharField(max_length=150, verbose_name="姓名")),
                        ("pinyin", models.CharField(blank=True, max_length=300)),
                        ("initials", models.CharField(blank=True, max_length=60)),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="电子邮件")),
                        (
                            "duty",
                            models.CharField(
                                choices=[
                                    ("business", "业务"),
                                    ("system", "系统管理"),
                                    ("security", "安全管理"),
                                    ("audit", "审计管理"),
                                ],
                                default="business",
                                max_length=12,
                                verbose_name="用途",
                            ),
                        ),
                        ("language", models.CharField(blank=True, max_length=10, verbose_name="语言")),
                        ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                        ("must_change_password", models.BooleanField(default=False, verbose_name="须改密码")),
                        ("activation_digest", models.CharField(blank=True, max_length=64)),
                        ("activation_until", models.DateTimeField(blank=True, null=True, verbose_name="启用码有效期")),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="开设时间"),
                        ),
                        ("previous_login", models.DateTimeField(blank=True, null=True, verbose_name="上次登录")),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("username",),
                    },
                    managers=[
                        ("objects", junheng.web.directory.models.users.AccountManager()),
                    ],
                ),
                migrations.CreateModel(
                    name="RoleGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("teacher", "教师"),
                                    ("school_clerk", "学校经办人"),
                                    ("principal", "校长"),
                                    ("cluster_head", "学区负责人"),
                                    ("bureau_clerk", "局人事经办人"),
                                    ("section_head", "人事科负责人"),
                                    ("bureau_leader", "局领导"),
                                    ("leading_group", "领导小组成员"),
                                    ("inspector", "督导"),
                                    ("training_centre", "教师培训机构"),
                                    ("system_admin", "系统管理员"),
                                    ("security_admin", "安全管理员"),
                                    ("audit_admin", "审计管理员"),
                                ],
                                max_length=20,
                                verbose_name="角色",
                            ),
                        ),
                        ("start", models.DateField(verbose_name="开始日期")),
                        ("end", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                        ("granted_at", models.DateTimeField(auto_now_add=True, verbose_name="授予时间")),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "deputises",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deputies",
                                to="directory.rolegrant",
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="granted",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grants",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revoked",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grants",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("user", "role", "start"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("end__isnull", True), ("end__gte", models.F("start")), _connector="OR"
                                ),
                                name="grant_dates_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("deputises__isnull", True), ("end__isnull", False), _connector="OR"
                                ),
                                name="deputy_has_an_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="grant_revoked_at_and_by_together",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("deputises__isnull", True), ("end__isnull", True), ("revoked_at__isnull", True)
                                ),
                                fields=("user", "role", "organisation"),
                                name="grant_open_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("deputises__isnull", True), ("revoked_at__isnull", True)),
                                fields=("user", "role", "organisation", "start"),
                                name="grant_once_from_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("deputises__isnull", False), ("revoked_at__isnull", True)),
                                fields=("user", "deputises", "start"),
                                name="deputy_once_from_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SchoolTie",
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
                                    ("assistance", "结对帮扶"),
                                    ("group", "教育集团"),
                                    ("community", "城乡共同体"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("start", models.DateField(blank=True, null=True)),
                        ("end", models.DateField(blank=True, null=True)),
                        (
                            "supported",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supported_by",
                                to="directory.organisation",
                            ),
                        ),
                        (
                            "supporting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supports",
                                to="directory.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("supporting", "supported", "kind"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_until__isnull", True)),
                                fields=("supporting", "supported", "kind"),
                                name="tie_stands_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("supporting", models.F("supported")), _negated=True),
                                name="tie_binds_two_different_schools",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
