"""Accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Duty, Permission, Privacy, all_of
from junheng.web.directory.names import first_letters, reading, stroke_key

if TYPE_CHECKING:
    from junheng.web.access import Standing


class UserQuerySet(models.QuerySet["User"]):
    """Reads of accounts."""

    def visible_to(self, standing: Standing, permission: Permission = Permission.USERS_VIEW) -> UserQuerySet:
        """Accounts kept at an organisation for which the person holds the permission."""
        return self.filter(organisation__in=standing.organisations(permission))


class AccountManager(UserManager["User"].from_queryset(UserQuerySet)):
    """Makes accounts; there is no superuser, roles are granted."""

    def create_superuser(self, *_args: object, **_given: object) -> User:
        """Refused: nobody may do everything."""
        raise TypeError("there is no superuser; grant a role instead")

    def _create_user(self, username: str, email: str | None, password: str | None, **given: object) -> User:
        given.pop("is_staff", None)
        given.pop("is_superuser", None)
        user = self.model(username=self.model.normalize_username(username), email=email or "", **given)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account of one person, for one duty. The name shown is the person's own.

    An account opened in bulk has no password until its owner turns in the activation code, of which only a digest is
    kept. ``standing`` is put on the account of a request by the middleware, so that the audit chain can say for whom a
    deputy acts.
    """

    privacy: ClassVar[dict[str, Privacy]] = (
        all_of(
            Privacy.INTERNAL,
            "username",
            "name",
            "duty",
            "organisation",
            "language",
            "is_active",
            "date_joined",
            "pinyin",
            "initials",
            "strokes",
            "must_change_password",
        )
        | all_of(Privacy.PERSONAL, "email", "last_login", "previous_login")
        | all_of(Privacy.SENSITIVE, "password", "activation_digest", "activation_until")
    )

    username = models.CharField(
        _("账号"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("已有同名账号。")},
    )
    name = models.CharField(_("姓名"), max_length=150)
    pinyin = models.CharField(max_length=300, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    strokes = models.CharField(max_length=300, blank=True)
    email = models.EmailField(_("电子邮件"), blank=True)
    duty = models.CharField(_("用途"), max_length=12, choices=Duty.choices, default=Duty.BUSINESS)
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="accounts")
    language = models.CharField(_("语言"), max_length=10, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    activation_digest = models.CharField(max_length=64, blank=True)
    activation_until = models.DateTimeField(_("启用码有效期"), null=True, blank=True)
    date_joined = models.DateTimeField(_("开设时间"), default=timezone.now)
    previous_login = models.DateTimeField(_("上次登录"), null=True, blank=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    is_staff = False
    is_superuser = False
    standing: Any = None

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **given: Any) -> None:
        """Keeps what is derived from the name in step."""
        self.derive()
        super().save(*args, **given)

    def derive(self) -> None:
        """Fills what is derived; :meth:`save` calls it, ``bulk_create`` does not."""
        syllables = reading(self.name)
        self.pinyin, self.initials = " ".join(syllables).casefold()[:300], first_letters(syllables)[:60]
        self.strokes = stroke_key(self.name)[:300]

    def get_full_name(self) -> str:
        """The name shown."""
        return str(self)

    def get_short_name(self) -> str:
        """The name shown."""
        return str(self)

    def has_perm(self, _permission: str, _object: object = None) -> bool:
        """Nothing: rights come from grants only, see :mod:`junheng.web.access`."""
        return False

    def has_module_perms(self, _label: str) -> bool:
        """Nothing: rights come from grants only."""
        return False

    def stands_in_for(self, organisation: Any = None) -> str:
        """The name of the person for whom the account acts in this request, blank for whoever acts in his own right."""
        return self.standing.stands_in_for(organisation) if self.standing is not None else ""

    @property
    def awaits_activation(self) -> bool:
        """Whether the owner has still to turn in an activation code."""
        return bool(self.activation_digest)


class SignInBrake(models.Model):
    """Failed sign-ins under a name or from an address, whether there is such an account or not; ``key`` is a digest."""

    privacy: ClassVar[dict[str, Privacy]] = all_of(Privacy.SENSITIVE, "key", "failures", "at", "until")

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.key[:12]} {self.failures}"
