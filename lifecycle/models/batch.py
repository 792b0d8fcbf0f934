"""A bulk action: what was asked for, lead by lead, and what came of each. What happened to a lead is in the log."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Batch(models.Model):
    """One reassignment of many leads. Written by ``lifecycle.service.bulk`` alone.

    ``plan`` is ``[[lead, version, agent or None], …]`` in the order of the leads' ids; ``outcomes`` has, by lead,
    ``moved``, ``unchanged`` or the code of the refusal, and ``facts`` the fact that came first where one did. It keeps
    ids and codes; ``note`` stays only until the last lead is done, the facts have it beside them.
    """

    uuid = models.UUIDField(_("uuid"), primary_key=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("actor"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    actor_name = models.CharField(_("actor name"), max_length=150)
    reason = models.CharField(_("reason"), max_length=64)
    note = models.TextField(_("note"), blank=True, default="")
    hands_back = models.ForeignKey(
        "self", verbose_name=_("hands back"), null=True, on_delete=models.PROTECT, related_name="handed_back"
    )
    plan = models.JSONField(_("plan"), default=list)
    outcomes = models.JSONField(_("outcomes"), default=dict)
    facts = models.JSONField(_("facts"), default=dict)
    size = models.PositiveIntegerField(_("leads"))
    moved = models.PositiveIntegerField(_("moved"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        indexes = [
            # The newest bulk actions of the office, and those of one person.
            models.Index(fields=["-started_at"], name="batch_newest"),
            models.Index(fields=["actor", "-started_at"], name="batch_newest_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}, {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def done(self) -> int:
        """For how many of its leads it is decided what came of them."""
        return self.moved + self.unchanged + self.refused

    def still_to_do(self) -> list[Any]:
        """The rows of the plan that nothing came of yet."""
        return [row for row in self.plan if str(row[0]) not in self.outcomes]
