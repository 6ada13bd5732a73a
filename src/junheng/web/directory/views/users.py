"""Accounts: the list, a page for each, and what the system administrator does with them."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from junheng.web.access import Duty, Permission, Role, requires, standing_of
from junheng.web.directory.actions import accounts
from junheng.web.directory.forms.accounts import EditAccountForm, OpenAccountForm, ReasonForm
from junheng.web.directory.models import Organisation, RoleGrant, User
from junheng.web.directory.standing import person_of
from junheng.web.directory.views.forming import Page, fill_in
from junheng.web.interface.listing import ListPage
from junheng.web.interface.numbers import listed


def _address(record: User) -> str:
    return reverse("directory:user", args=(record.pk,))


def _organisations(request: HttpRequest) -> Any:
    return Organisation.objects.visible_to(standing_of(request), Permission.USERS_VIEW)


class UserTable(tables.Table):
    """Accounts with their roles in force."""

    name = tables.Column(gettext_lazy("姓名"), order_by=("pinyin", "username"), linkify=_address)
    username = tables.Column(gettext_lazy("账号"))
    organisation = tables.Column(gettext_lazy("所在机构"), order_by=("organisation__position", "organisation__code"))
    roles = tables.Column(gettext_lazy("角色"), empty_values=(), orderable=False)
    duty = tables.Column(gettext_lazy("用途"))
    last_login = tables.DateTimeColumn(verbose_name=gettext_lazy("最近登录"), format="Y-m-d H:i")
    is_active = tables.Column(gettext_lazy("状态"))

    class Meta:
        model = User
        fields = ("name", "username", "organisation", "roles", "duty", "last_login", "is_active")
        attrs = {"class": "frozen-1"}

    def render_roles(self, record: User) -> str:
        """Roles in force, each a badge."""
        held = [(grant.get_role_display(),) for grant in record.held]  # type: ignore[attr-defined]
        return format_html_join(" ", '<span class="badge bg-blue-lt">{}</span>', held)

    def render_duty(self, record: User) -> str:
        """What the account is for."""
        return record.get_duty_display()

    def render_is_active(self, record: User) -> str:
        """Whether one can sign in with it."""
        if not record.is_active:
            return format_html('<span class="badge bg-red-lt">{}</span>', _("已停用"))
        if record.awaits_activation:
            return format_html('<span class="badge bg-yellow-lt">{}</span>', _("待启用"))
        return format_html('<span class="badge bg-green-lt">{}</span>', _("在用"))

    def value_roles(self, record: User) -> str:
        """Roles in force, as text for exports."""
        return listed(grant.get_role_display() for grant in record.held)  # type: ignore[attr-defined]


ORDERS = {
    "bureau": ("organisation__position", "organisation__code", "username"),
    "pinyin": ("pinyin", "username"),
    "strokes": ("strokes", "username"),
}
ORDER_LABELS = (
    ("bureau", gettext_lazy("本局机构顺序")), ("pinyin", gettext_lazy("姓名拼音")),
    ("strokes", gettext_lazy("姓氏笔画")),
)  # fmt: skip


class UserFilter(django_filters.FilterSet):
    """By organisation, role, duty and state; in one of the orders that offices use."""

    organisation = django_filters.ModelChoiceFilter(label=gettext_lazy("所在机构"), queryset=_organisations)
    role = django_filters.ChoiceFilter(label=gettext_lazy("角色"), choices=Role.choices, method="by_role")
    duty = django_filters.ChoiceFilter(label=gettext_lazy("用途"), choices=Duty.choices)
    is_active = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=(("1", gettext_lazy("在用")), ("0", gettext_lazy("已停用"))),
        method="by_state",
    )  # fmt: skip
    order = django_filters.ChoiceFilter(
        label=gettext_lazy("排序"), choices=ORDER_LABELS, method="in_order", empty_label=None, null_label=None
    )

    class Meta:
        model = User
        fields = ("organisation", "role", "duty", "is_active")

    def in_order(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """By the bureau's own order, or by the names."""
        return rows.order_by(*ORDERS[value])

    def by_role(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Accounts that hold the role today."""
        held = RoleGrant.objects.in_force(timezone.localdate()).filter(role=value)  # scoped: rows are
        return rows.filter(pk__in=held.values("user"))

    def by_state(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Accounts switched on or off."""
        return rows.filter(is_active=value == "1")


class UserList(ListPage):
    """Accounts within reach."""

    permissions = (Permission.USERS_VIEW,)
    table_class: ClassVar = UserTable
    filterset_class: ClassVar = UserFilter
    template_name: ClassVar[str] = "directory/users.html"
    search_fields: ClassVar = ("name", "username", "pinyin", "initials")
    heading: ClassVar[Any] = pgettext_lazy("menu", "账号")
    empty: ClassVar[Any] = gettext_lazy("没有符合条件的账号")

    def rows(self, request: HttpRequest) -> QuerySet[User]:
        """Accounts within reach, with their roles."""
        held = RoleGrant.objects.visible_to(standing_of(request)).in_force(timezone.localdate())
        rows = User.objects.visible_to(standing_of(request)).select_related("organisation")
        return rows.prefetch_related(Prefetch("grants", held, to_attr="held")).order_by(*ORDERS["bureau"])

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Whether accounts may be opened here."""
        return {"may_open": standing_of(request).allows(Permission.USERS_EDIT)}


users = UserList.as_view()


def reached(request: HttpRequest, pk: int, permission: Permission) -> User:
    """The account within reach for the permission, or 404."""
    rows = User.objects.visible_to(standing_of(request), permission)
    return get_object_or_404(rows.select_related("organisation"), pk=pk)


@requires(Permission.USERS_VIEW)
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of an account, and its roles since it was opened."""
    account = reached(request, pk, Permission.USERS_VIEW)
    standing = standing_of(request)
    today = timezone.localdate()
    grants = RoleGrant.objects.visible_to(standing).filter(user=account)
    grants = grants.select_related("organisation", "granted_by", "revoked_by", "deputises__user")
    rows = [
        {"grant": grant, "state": grant.state_on(today), "open": grant.state_on(today) in {"in_force", "ahead"}}
        for grant in grants.order_by("revoked_at", "-start")
    ]
    may_edit = account.organisation_id in standing.organisations(Permission.USERS_EDIT)
    may_grant = standing.allows(Permission.ROLES_GRANT)
    found = {
        "account": account,
        "facts": _facts(account),
        "rows": sorted(rows, key=lambda row: not row["open"]),
        "is_oneself": account.pk == person_of(request).pk,
        "may_edit": may_edit,
        "may_grant": may_grant,
        "sessions": UserSession.objects.filter(user=account).count(),
        "factors": Authenticator.objects.filter(user=account).exclude(type="recovery_codes").count(),
        "breadcrumbs": [
            {"label": pgettext("menu", "账号"), "url": reverse("directory:users")},
            {"label": str(account)},
        ],
    }
    return render(request, "directory/user.html", found)


def _facts(account: User) -> list[dict[str, Any]]:
    def moment(at: Any) -> str:
        return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else str(_("从未"))

    home = account.organisation
    return [
        {"label": _("账号"), "value": account.username},
        {"label": _("姓名"), "value": account.name},
        {"label": _("用途"), "value": account.get_duty_display()},
        {"label": _("所在机构"), "value": home, "url": home.get_absolute_url() if home else ""},
        {"label": _("开设时间"), "value": moment(account.date_joined)},
        {"label": _("最近登录"), "value": moment(account.last_login)},
    ]


def _page(account: User, heading: Any, button: Any, **more: Any) -> Page:
    crumbs = ((pgettext("menu", "账号"), reverse("directory:users")), (str(account), _address(account)))
    return Page(heading, button, _address(account), crumbs, **more)


def _secret(request: HttpRequest, account: User, heading: Any, label: Any, secret: str) -> HttpResponse:
    """The page that shows a first password or a code this one time."""
    found = {
        "account": account, "heading": heading, "label": label, "secret": secret,
        "is_code": label == _("启用码"),
        "breadcrumbs": [
            {"label": pgettext("menu", "账号"), "url": reverse("directory:users")},
            {"label": str(account), "url": _address(account)},
            {"label": heading},
        ],
    }  # fmt: skip
    return render(request, "directory/secret.html", found)


@requires(Permission.USERS_EDIT)
@never_cache
def open_one(request: HttpRequest) -> HttpResponse:
    """Another account; its first password is shown once."""
    form = OpenAccountForm(request.POST or None, standing=standing_of(request))

    def act(given: dict[str, Any]) -> Any:
        first = accounts.open_account(person_of(request), **given)
        made = User.objects.visible_to(standing_of(request)).get(username=given["username"])
        return _secret(request, made, _("账号已开设"), _("初始密码"), first)

    page = Page(
        _("开设账号"), _("开设"), reverse("directory:users"), ((pgettext("menu", "账号"), reverse("directory:users")),),
        warning=_("开设后由安全管理员授予角色；没有角色的账号看不到任何数据。"),
    )  # fmt: skip
    return fill_in(request, form, page, act)


@requires(Permission.USERS_EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The name, or where the account is kept."""
    account = reached(request, pk, Permission.USERS_EDIT)
    initial = {"name": account.name, "organisation": account.organisation_id}
    form = EditAccountForm(request.POST or None, initial=initial, standing=standing_of(request))

    def act(given: dict[str, Any]) -> Any:
        accounts.edit_account(person_of(request), account, **given)
        return _("已保存。")

    return fill_in(request, form, _page(account, _("修改账号"), _("保存")), act)


@requires(Permission.USERS_EDIT)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Off, at once; or on again."""
    account = reached(request, pk, Permission.USERS_EDIT)
    off = account.is_active

    def act(given: dict[str, Any]) -> Any:
        (accounts.switch_off if off else accounts.switch_on)(person_of(request), account, **given)
        return _("账号已停用，登录中的设备已全部退出。") if off else _("账号已恢复。")

    warning = _("停用立即生效：此账号登录中的设备全部退出。角色不会收回，恢复后照旧。") if off else ""
    heading, button = (_("停用账号"), _("停用")) if off else (_("恢复账号"), _("恢复"))
    page = _page(account, heading, button, warning=warning, danger=off)
    return fill_in(request, ReasonForm(request.POST or None), page, act)


@requires(Permission.USERS_EDIT)
@never_cache
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password, shown once."""
    account = reached(request, pk, Permission.USERS_EDIT)

    def act(given: dict[str, Any]) -> Any:
        first = accounts.reset_password(person_of(request), account, **given)
        return _secret(request, account, _("密码已重置"), _("初始密码"), first)

    warning = _("原密码立即失效，登录中的设备全部退出。两步验证不变。")
    page = _page(account, _("重置密码"), _("重置"), warning=warning, danger=True)
    return fill_in(request, ReasonForm(request.POST or None), page, act)


@requires(Permission.USERS_EDIT)
@never_cache
def renew_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Another activation code, shown once."""
    account = reached(request, pk, Permission.USERS_EDIT)

    def act(_given: dict[str, Any]) -> Any:
        code = accounts.renew_code(person_of(request), account)
        return _secret(request, account, _("启用码已重发"), _("启用码"), code)

    page = _page(account, _("重发启用码"), _("重发"), warning=_("原启用码立即失效。"))
    return fill_in(request, ReasonForm(request.POST or None), page, act)


@requires(Permission.ROLES_GRANT)
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Every second factor off, for somebody who has lost it.

    For the security administrator: the system administrator, who resets passwords, could enter as anybody otherwise.
    """
    account = reached(request, pk, Permission.ROLES_GRANT)

    def act(given: dict[str, Any]) -> Any:
        accounts.reset_second_factor(person_of(request), account, **given)
        return _("两步验证已重置，登录中的设备已全部退出。")

    warning = _("请先核实本人身份。重置后此人下次登录须重新启用两步验证。")
    page = _page(account, _("重置两步验证"), _("重置"), warning=warning, danger=True)
    return fill_in(request, ReasonForm(request.POST or None), page, act)
