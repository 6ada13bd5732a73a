"""What a page adds up: an organisation that the person may see, on a day, and perhaps a second day beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Max
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from junheng.web.access import Permission, standing_of
from junheng.web.directory.models import Organisation, OrganisationKind
from junheng.web.staffing.figures import Figures, figures_of
from junheng.web.staffing.models import EnrolmentEntry, SchoolState, TeacherState
from junheng.web.staffing.resting import snapshot_behind
from junheng.web.staffing.snapshot import UnsoundCountyError

_OFFERED = 12
"""So many dates of data are offered to choose from."""
_ABOVE = (OrganisationKind.PROVINCE, OrganisationKind.PREFECTURE)


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way to a page."""

    label: str
    url: str = ""


class Scope:
    """The organisation of a page, the schools of it that the person may see, and their figures on the day."""

    def __init__(self, request: HttpRequest) -> None:
        self.reach: frozenset[int] = standing_of(request).organisations(Permission.OVERVIEW_VIEW)
        self._standing = standing_of(request)
        self.opened: frozenset[int] = self._standing.organisations(Permission.SCHOOLS_VIEW)
        self.organisation = self._organisation(request.GET.get("scope", ""))
        county = self.organisation.its_county
        if county is None:
            raise Http404
        self.county: Organisation = county
        self.today = timezone.localdate()
        self.on = _day(request.GET.get("on", "")) or self.today
        self.beside = _day(request.GET.get("with", ""))

    def _organisation(self, asked: str) -> Organisation:
        if asked:
            if not asked.isdigit() or int(asked) not in self.reach:
                raise Http404
            found = Organisation.objects.select_related("county", "parent").filter(pk=int(asked)).first()
        else:
            found = self._own()
        if found is not None and found.kind in _ABOVE:
            found = next((each for each in self._standing.counties if each.pk in self.reach), None)
        if found is None:
            raise Http404
        return found

    def _own(self) -> Organisation | None:
        """Where the person holds the permission, the widest first."""
        order = [kind.value for kind in OrganisationKind]
        tops = [grant.organisation for grant in self._standing.grants if Permission.OVERVIEW_VIEW in grant.rule.may]
        return min(tops, key=lambda each: order.index(each.kind), default=None)

    @property
    def kind(self) -> str:
        """``county``, ``cluster`` or ``school``."""
        return self.organisation.kind

    @property
    def whole(self) -> bool:
        """Whether the page is about the whole county, of which coefficients are defined."""
        return self.kind == OrganisationKind.COUNTY

    @cached_property
    def figures(self) -> Figures:
        """The county's figures on the day."""
        return figures_of(self.county, self.on)

    @cached_property
    def snapshot(self) -> str:
        """The id of the snapshot that the figures rest on; blank where none is known to, or there are no figures."""
        try:
            figures = self.figures
        except UnsoundCountyError:
            return ""
        found: str = figures.kept("snapshot", lambda: snapshot_behind(self.county, self.on))
        return found

    @property
    def opens_snapshots(self) -> bool:
        """Whether the person may open the snapshots of the county."""
        within = self._standing.organisations
        return self.county.pk in within(Permission.SNAPSHOT_TAKE) | within(Permission.EXPORT_COUNTY)

    @cached_property
    def figures_beside(self) -> Figures | None:
        """The county's figures on the other day, where one was asked for."""
        return figures_of(self.county, self.beside) if self.beside else None

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the schools of the page on its day."""
        return self.codes_in(self.figures)

    def codes_in(self, figures: Figures) -> frozenset[str]:
        """Codes of the schools of the page in the figures of any day; schools out of the person's reach are not."""
        return frozenset(
            school.id
            for school in figures.county.schools
            if figures.keys.get(school.id) in self.reach
            and (
                self.whole
                or (self.kind == OrganisationKind.CLUSTER and school.cluster_id == self.organisation.code)
                or school.id == self.organisation.code
            )
        )

    @property
    def has_data(self) -> bool:
        """Whether anything is known on the day."""
        return bool(self.codes)

    def query(self, **changed: object) -> str:
        """The words of an address of a page about the same, some of them changed; ``None`` takes one out."""
        words: dict[str, object] = {"scope": self.organisation.pk}
        if self.on != self.today:
            words["on"] = self.on.isoformat()
        if self.beside:
            words["with"] = self.beside.isoformat()
        words |= changed
        return urlencode({name: value for name, value in words.items() if value not in (None, "")})

    def link(self, route: str, **changed: object) -> str:
        """A page about the same organisation and day."""
        return f"{reverse(route)}?{self.query(**changed)}"

    def crumbs(self, route: str, page: str) -> list[Crumb]:
        """The way from the county down to this page, as far as the person may go."""
        steps = [Crumb(_("工作台"), reverse("home"))]
        chain = [self.organisation]
        while (above := chain[-1].parent) is not None and above.kind not in _ABOVE:
            chain.append(above)
        steps += [Crumb(o.shown, self.link(route, scope=o.pk)) for o in reversed(chain) if o.pk in self.reach]
        return [*steps, Crumb(page)]

    @cached_property
    def dates(self) -> list[date]:
        """Days since which data hold, the latest first."""
        inside = {"school__in": self.reach, "school__county": self.county}
        days = {
            day
            for rows in (SchoolState.objects.filter(**inside), EnrolmentEntry.objects.filter(**inside))
            for day in rows.order_by().values_list("valid_from", flat=True).distinct()
        }
        return sorted(days, reverse=True)[:_OFFERED]

    @cached_property
    def counties(self) -> list[Organisation]:
        """Counties between which the person may choose."""
        return [each for each in self._standing.counties if each.pk in self.reach]

    def parts(self) -> Iterator[tuple[str, str, frozenset[str], int | None]]:
        """What the page divides into: code, name, schools and key of each cluster, or of each school of a cluster."""
        schools = [s for s in self.figures.county.schools if s.id in self.codes]
        if self.kind == OrganisationKind.COUNTY:
            clusters = Organisation.objects.filter(county=self.county, kind=OrganisationKind.CLUSTER)
            keys = dict(clusters.filter(pk__in=self.reach).values_list("code", "pk"))
            for cluster in self.figures.county.clusters:
                inside = frozenset(s.id for s in schools if s.cluster_id == cluster.id)
                if inside:
                    yield cluster.id, cluster.name, inside, keys.get(cluster.id)
        else:
            for school in schools:
                yield school.id, school.name, frozenset({school.id}), self.figures.keys.get(school.id)


def latest_data_day(county: Organisation, today: date) -> date | None:
    """The last day from which any teacher's row holds."""
    rows = TeacherState.objects.filter(teacher__county=county, valid_from__lte=today)
    found: date | None = rows.aggregate(day=Max("valid_from"))["day"]
    return found


def _day(text: str) -> date | None:
    """A day given as YYYY-MM-DD; anything else, and what lies far out, is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1950, 1, 1) <= day <= timezone.localdate() + timedelta(days=3660) else None
