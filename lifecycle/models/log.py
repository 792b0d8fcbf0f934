"""The log: one row a fact, for ever; and the words of a fact, which may be erased."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..events import DEMOTIONS, Kind, Source


def kind_choices() -> list[tuple[str, str]]:
    return [(k.value, k.label) for k in Kind]


def source_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in Source]


class LeadEvent(models.Model):
    """A recorded fact. Appended by ``lifecycle.service`` alone; the database refuses to change or remove it.

    ``occurred_at`` is when it happened, ``recorded_at`` when it was written here, both UTC. ``agent`` is who held the
    lead just before. ``actor`` is null for Scribe, the system.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    # unique (lead, version) serves every question by lead; nothing asks the log by person alone.
    lead = models.ForeignKey(
        "leads.Lead", verbose_name=_("lead"), on_delete=models.PROTECT, related_name="events", db_index=False
    )
    version = models.IntegerField(_("version"))
    kind = models.CharField(_("kind"), max_length=40, choices=kind_choices)
    from_status = models.CharField(_("from status"), max_length=16, blank=True, default="")
    to_status = models.CharField(_("to status"), max_length=16, blank=True, default="")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agent"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    to_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to agent"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    flag = models.CharField(_("flag"), max_length=16, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=64, blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField(_("actor name"), max_length=150, blank=True, default="")
    source = models.CharField(_("source"), max_length=16, choices=source_choices)
    target = models.ForeignKey(
        "self",
        verbose_name=_("target"),
        null=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        db_index=False,
    )
    caused_by = models.ForeignKey(
        "self", verbose_name=_("caused by"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    batch = models.UUIDField(_("batch"), null=True)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    backfilled = models.BooleanField(_("backfilled"), default=False)
    data = models.JSONField(_("data"), default=dict)
    note_digest = models.CharField(_("note digest"), max_length=64, blank=True, default="")
    schema_version = models.SmallIntegerField(_("schema version"), default=1)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["lead_id", "version"]
        constraints = [
            # Timeline, replay, the newest fact of a lead; and one winner when two writers race.
            models.UniqueConstraint(fields=["lead", "version"], name="event_lead_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="event_version_from_one"),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(k.value for k in DEMOTIONS)) | ~Q(reason=""),
                name="event_demotion_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(to_agent=None) | Q(kind=Kind.AGENT_ASSIGNED.value), name="event_to_agent_kind"
            ),
            models.CheckConstraint(
                condition=Q(flag="") | Q(kind__in=[Kind.FLAG_SET.value, Kind.FLAG_CLEARED.value]),
                name="event_flag_kind",
            ),
        ]
        indexes = [
            # The timeline asks which rows void or correct the ones that it shows.
            models.Index(fields=["target"], name="event_target", condition=Q(target__isnull=False)),
            # Which moves were undone and which reasons corrected, and when that was known: every question about many
            # leads asks it, and is answered without the log.
            models.Index(
                fields=["target", "recorded_at"], name="event_voids", condition=Q(kind=Kind.MOVE_VOIDED.value)
            ),
            models.Index(
                fields=["target", "-version", "recorded_at", "reason"],
                name="event_mended",
                condition=Q(kind=Kind.REASON_CORRECTED.value),
            ),
            # The three questions about all leads at an instant (`lifecycle.history.everyone`), by either clock and from
            # the index alone: the newest move of every lead, its newest assignment, its newest fact of a flag.
            # Reports follow the moves of all leads along the first.
            models.Index(
                fields=[
                    "lead",
                    "-version",
                    "occurred_at",
                    "recorded_at",
                    "to_status",
                    "kind",
                    "id",
                    "from_status",
                    "agent",
                ],
                name="event_ways",
                condition=~Q(to_status="") & ~Q(kind=Kind.MOVE_VOIDED.value),
            ),
            models.Index(
                fields=["lead", "-version", "occurred_at", "recorded_at", "to_agent"],
                name="event_holders",
                condition=Q(kind=Kind.AGENT_ASSIGNED.value),
            ),
            models.Index(
                fields=["lead", "flag", "-version", "occurred_at", "recorded_at"],
                name="event_flags",
                condition=~Q(flag=""),
            ),
            # Custody: everything that one agent ever held, newest first, and how many leads everybody held.
            models.Index(
                F("to_agent"),
                F("occurred_at").desc(),
                F("id").desc(),
                F("lead"),
                name="event_custody",
                condition=Q(to_agent__isnull=False),
            ),
            # Reports of collapses, from the index alone: the demotions of a quarter; what was signed or executed in it.
            models.Index(
                fields=["occurred_at", "kind", "reason", "agent", "actor", "lead", "version", "recorded_at", "id"],
                name="event_demotions",
                condition=Q(kind__in=sorted(k.value for k in DEMOTIONS)),
            ),
            models.Index(
                fields=["to_status", "occurred_at", "agent", "actor", "lead", "version", "recorded_at", "id"],
                name="event_deals",
                condition=Q(to_status__in=["COMMITTED", "IN_CONTRACT"]) & ~Q(kind=Kind.MOVE_VOIDED.value),
            ),
            # First response, and its figures on the dashboard: which leads came into NEW in some days.
            models.Index(
                fields=["occurred_at"],
                name="event_arrivals",
                condition=Q(to_status="NEW") & ~Q(kind=Kind.MOVE_VOIDED.value),
            ),
            # The dashboard's re-engaged leads of twelve months, from the index alone.
            models.Index(
                fields=["occurred_at", "lead", "version", "agent", "recorded_at", "id"],
                name="event_re_engaged",
                condition=Q(kind=Kind.LEAD_RE_ENGAGED.value) & ~Q(to_status=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.version}"

    @property
    def author_id(self) -> int | None:
        """Who did it, or, for what Scribe did, who made Scribe act."""
        by_scribe = self.actor_id is None and self.caused_by is not None
        return self.caused_by.actor_id if by_scribe and self.caused_by else self.actor_id


class EventNote(models.Model):
    """The words of one fact. They carry no key of the log's chain but a salted digest, so they can be erased.

    Refuses UPDATE in the database; a DELETE needs a later ``personal_data_erased`` fact of the same lead.
    """

    event = models.OneToOneField(LeadEvent, primary_key=True, on_delete=models.PROTECT, related_name="words")
    note = models.TextField(blank=True, default="")
    document = models.TextField(blank=True, default="")
    source_words = models.TextField(blank=True, default="")
    salt = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("words of an event")
        verbose_name_plural = _("words of events")

    def __str__(self) -> str:
        return self.note or self.document or self.source_words
