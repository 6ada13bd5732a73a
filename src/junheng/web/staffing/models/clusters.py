"""Clusters in dated rows: which there were on a day, and what they were called."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from junheng.web.access import Privacy
from junheng.web.access.privacy import all_of
from junheng.web.directory.models import Dated, Organisation


class ClusterState(Dated):
    """What holds of a cluster from a day on. A cluster that has no row at all is read from the tree."""

    cluster = models.ForeignKey(Organisation, models.PROTECT, related_name="cluster_states")
    name = models.CharField(_("学区名称"), max_length=200)

    privacy: ClassVar[dict[str, Privacy]] = all_of(
        Privacy.PUBLIC, "id", "cluster", "name", "valid_from", "valid_until", "entered_at", "source"
    )

    class Meta(Dated.Meta):
        abstract = False
        ordering = ("cluster", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("cluster",), condition=Q(valid_until__isnull=True), name="cluster_has_one_present_state"
            ),
        )

    def __str__(self) -> str:
        return self.name
