"""A rotation year as it is played: its people, its days, and what of it later scenes need to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from junheng.facts.synthetic.chance import generator
from junheng.web.directory.models import Organisation, User
from junheng.web.reporting.demo.accounts import LEADERS, Cast, account_of
from junheng.web.reporting.demo.clock import moment
from junheng.web.reporting.demo.words import word
from junheng.web.rotation.actions.years import Setting
from junheng.web.rotation.models import PhaseKind, Placement, PlacementStatus, RotationYear
from junheng.web.staffing.models import Teacher


@dataclass(slots=True)
class Company:
    """Who acts in a county: offices by their accounts, teachers by theirs."""

    cast: Cast
    _users: dict[str, User] = field(default_factory=dict)

    @property
    def county(self) -> Organisation:
        """The county."""
        return self.cast.county

    def office(self, name: str) -> User:
        """An account by its name without the county's prefix, such as ``section-head``."""
        username = f"{self.cast.prefix}{name}"
        if username not in self._users:
            self._users[username] = User.objects.get(username=username)
        return self._users[username]

    @property
    def clerk(self) -> User:
        """The bureau's clerk."""
        return self.office("bureau-clerk")

    @property
    def head(self) -> User:
        """The head of the personnel section."""
        return self.office("section-head")

    @property
    def leader(self) -> User:
        """The leader of the bureau."""
        return self.office("bureau-leader")

    def principal(self, school: Organisation) -> User:
        """The principal of a school."""
        return self.office(f"principal-{self._place(school):02d}")

    def school_clerk(self, school: Organisation) -> User:
        """The clerk of a school."""
        return self.office(f"school-clerk-{self._place(school):02d}")

    def cluster_head(self, cluster: Organisation) -> User:
        """The head of a cluster."""
        return self.office(f"cluster-head-{[each.pk for each in self.cast.clusters].index(cluster.pk) + 1:02d}")

    def teacher(self, teacher: Teacher) -> User:
        """The account of a teacher; he gets one when he takes part."""
        return account_of(self.cast, teacher)

    def remains(self, teacher: Teacher, *, leads: bool | None = None) -> bool:
        """Whether the teacher is still in the county on the day of the demo; with ``leads``, as head or not."""
        staff = (member for members in self.cast.members.values() for member in members)
        found = next((member for member in staff if member.number == teacher.number), None)
        return found is not None and (leads is None or (found.role in LEADERS) == leads)

    def school_now(self, teacher: Teacher) -> int | None:
        """The key of the school at which the teacher is on the day of the demo."""
        held = self.cast.members.items()
        return next((key for key, staff in held if any(each.number == teacher.number for each in staff)), None)

    def _place(self, school: Organisation) -> int:
        return [each.pk for each in self.cast.schools].index(school.pk) + 1


@dataclass(slots=True)
class Programme:
    """A year to be played. ``key`` tells it from the others; ``values`` are the county's own for the pack.

    ``ways`` are parameters of scenarios, tried in their order until a plan keeps every rule.
    """

    key: str
    company: Company
    setting: Setting
    dates: Mapping[PhaseKind, tuple[date, date]]
    applicants: int
    values: Sequence[str] = ()
    ways: Sequence[Mapping[str, str]] = ({},)
    previous: Programme | None = None
    _year: RotationYear | None = None
    _dice: Random | None = None

    @property
    def year(self) -> RotationYear:
        """The year as it now stands. Raises ``LookupError`` before it is set up."""
        if self._year is None:
            raise LookupError(self.key)
        return RotationYear.objects.select_related("county", "snapshot").get(pk=self._year.pk)

    def begin(self, year: RotationYear) -> None:
        """The year has been set up."""
        self._year = year

    @property
    def dice(self) -> Random:
        """The chance of this year, the same each time."""
        if self._dice is None:
            self._dice = generator(self.setting.year)
        return self._dice

    def one_of(self, name: str) -> str:
        """One of several words."""
        return self.dice.choice(word("service", name).split("|"))

    def number(self, serial: int) -> str:
        """A document number of the year."""
        return word("rotation", "numbered", str(timezone.localdate().year), str(serial))

    def uuid(self, *parts: object) -> UUID:
        """A key that is the same each time."""
        return uuid5(NAMESPACE_URL, ":".join(["demo", self.company.county.code, self.key, *map(str, parts)]))

    def first(self, kind: PhaseKind, hour: float = 9) -> datetime:
        """A moment on the first day of a phase."""
        return moment(self.dates[kind][0], hour)

    def last(self, kind: PhaseKind, hour: float = 16) -> datetime:
        """A moment on the last day of a phase."""
        return moment(self.dates[kind][1], hour)

    def placements(self, *statuses: PlacementStatus) -> list[Placement]:
        """Its placements, of the given states or all that have not been cancelled."""
        rows = Placement.objects.filter(year=self._year).exclude(status=PlacementStatus.CANCELLED)
        if statuses:
            rows = rows.filter(status__in=statuses)
        related = ("teacher__user", "teacher__county", "from_school__parent", "to_school__parent", "year__county")
        return list(rows.select_related(*related).order_by("pk"))
