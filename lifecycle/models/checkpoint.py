"""Checkpoints of the log that were signed, and what the last looks at the whole log found.

Neither proves anything by lying here: who could change the log could change these rows as well. The proof is a copy
that lies elsewhere. Written by ``lifecycle.service.proving`` alone.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Checkpoint(models.Model):
    """A signed note over all facts up to an id (``lifecycle.proof.notes``): each names the one before it."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    size = models.BigIntegerField(_("facts"))
    upto = models.BigIntegerField(_("up to id"))
    note = models.TextField(_("signed text"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["-number"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.number)


class Verification(models.Model):
    """One run of ``verify_log``: what it read, and what it found.

    ``findings`` are the first sentences about what was wrong, ``found`` counts all of them, ``drifted`` those of them
    that speak of a cached column. ``checkpoints``: with how many notes the log was compared.
    """

    ran_at = models.DateTimeField(_("ran"), db_index=True)
    took = models.DurationField(_("took"))
    exit_code = models.PositiveSmallIntegerField(_("result"))
    leads = models.BigIntegerField(_("leads"))
    events = models.BigIntegerField(_("facts"))
    checkpoints = models.PositiveIntegerField(_("checkpoints compared"))
    found = models.PositiveIntegerField(_("findings"))
    drifted = models.PositiveIntegerField(_("of them cached columns"))
    findings = models.JSONField(_("first findings"), default=list)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-ran_at"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M}: {self.found}"
