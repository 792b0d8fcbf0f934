"""Somebody leaves the office: to whom the leads go, and how far it is. The leads themselves go by a bulk action."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Departure(models.Model):
    """One way out, begun once under the uuid of its form. Written by ``leads.offboarding`` alone.

    ``takers`` are the ids of those who share the leads (``null`` is the pool), ``batch`` the bulk action (none where
    nothing was held), ``came_late`` how many leads came to the person while it was at work and went the same way.
    """

    uuid = models.UUIDField(_("uuid"), primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="departures"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("actor"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    actor_name = models.CharField(_("actor name"), max_length=150)
    takers = models.JSONField(_("takers"), default=list)
    batch = models.OneToOneField(
        "lifecycle.Batch", verbose_name=_("bulk action"), null=True, on_delete=models.PROTECT, related_name="departure"
    )
    came_late = models.PositiveIntegerField(_("came late"), default=0)
    sessions = models.PositiveIntegerField(_("sessions ended"), default=0)
    began_at = models.DateTimeField(_("began at"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")

    def __str__(self) -> str:
        return f"{self.person}, {self.began_at:%Y-%m-%d %H:%M}"
