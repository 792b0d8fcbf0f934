"""What an office may set for itself: reason codes and a handful of numbers."""

import zoneinfo
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..events import Kind
from ..reasons import SEED_LABELS, Group, Reason
from ..speech import gettext


def group_choices() -> list[tuple[str, str]]:
    return [(g.value, g.label) for g in Group]


def valid_kinds(value: Any) -> None:
    """Refuses anything but a list of kinds of fact."""
    known = {k.value for k in Kind}
    if not isinstance(value, list) or any(v not in known for v in value):
        raise ValidationError(gettext("A list of kinds of fact, such as [“deal_collapsed”]."))


#: In the database of zones, and no zone: whatever this machine's clock is set to, and a mark for "not set up".
_NO_ZONES = frozenset({"localtime", "Factory"})


def zone_names() -> set[str]:
    """The names of the IANA time zone database that mean the same on every machine."""
    return zoneinfo.available_timezones() - _NO_ZONES


def valid_zone(value: str) -> None:
    """Refuses a name that is not in the IANA time zone database."""
    if value not in zone_names():
        raise ValidationError(gettext("Not a time zone. Use a name such as America/Los_Angeles."))


class ReasonCode(models.Model):
    """Why something happened. The code never changes and is never deleted; label, group and kinds may."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    label = models.CharField(_("label"), max_length=80)
    group = models.CharField(_("group"), max_length=24, choices=group_choices)
    kinds = models.JSONField(_("kinds"), default=list, blank=True, validators=[valid_kinds])
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("No longer offered; the facts that carry it keep it.")
    )

    class Meta:
        verbose_name = _("reason code")
        verbose_name_plural = _("reason codes")
        ordering = ["group", "label"]

    def __str__(self) -> str:
        return self.label

    def as_reason(self) -> Reason:
        """As rules and forms read it: its label in the reader's language, as typed where the office wrote it."""
        label = gettext(self.label) if self.label == SEED_LABELS.get(self.code) else self.label
        return Reason(self.code, label, Group(self.group), frozenset(self.kinds), self.retired)

    @classmethod
    def book(cls) -> dict[str, Reason]:
        """All reason codes of the office by code; one query."""
        return {r.code: r.as_reason() for r in cls.objects.all()}


def _days(default: int, text: Any) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        text, default=default, validators=[MinValueValidator(1), MaxValueValidator(3650)]
    )


class OfficeSettings(models.Model):
    """One row. Days and minutes are whole numbers; ``time_zone`` is an IANA name."""

    ONLY: ClassVar[int] = 1

    name = models.CharField(_("name"), max_length=80, default="Our office")
    time_zone = models.CharField(_("time zone"), max_length=64, default="America/Los_Angeles", validators=[valid_zone])
    sla_minutes = models.PositiveSmallIntegerField(
        _("minutes to the first contact"), default=5, validators=[MinValueValidator(1), MaxValueValidator(10080)]
    )
    no_response_days = _days(21, _("days without an answer until a lead is archived"))
    no_response_attempts = models.PositiveSmallIntegerField(
        _("attempts before a silent lead may be archived"), default=6, validators=[MinValueValidator(1)]
    )
    no_progress_days = _days(180, _("days without progress until a qualified lead is archived"))
    stale_new = _days(1, _("days until a lead in New is stale"))
    stale_contacting = _days(14, _("days until a lead in Contacting is stale"))
    stale_qualified = _days(30, _("days until a lead in Qualified is stale"))
    stale_committed = _days(30, _("days until a lead in Committed is stale"))
    stale_in_contract = _days(45, _("days until a lead in In contract is stale"))

    quick_return_minutes = models.PositiveSmallIntegerField(
        _("minutes within which a deal that is back counts as a quick return"),
        default=60,
        validators=[MinValueValidator(0), MaxValueValidator(10080)],
        help_text=_("An offer that was only replaced. Reports of collapses show these apart; 0: none."),
    )

    class Meta:
        verbose_name = _("office settings")
        verbose_name_plural = _("office settings")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="office_settings_one_row")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> "OfficeSettings":
        """The office's settings; the defaults when no row has been saved yet. One query."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The office's zone; UTC for a name that this machine does not know, as on every page."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return zoneinfo.ZoneInfo("UTC")

    def stale_days(self, status: str) -> int | None:
        """Days after which a lead in this stage counts as stale; None for stages that never go stale."""
        days: int | None = getattr(self, f"stale_{status.lower()}", None)
        return days
