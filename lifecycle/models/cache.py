"""The cached columns: what the fold of a lead's events says, kept on the lead so that a card needs no log."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..events import RULES_VERSION
from ..fold import CACHED, GUARDED, LeadState
from ..states import NewerStage, Provenance, State


def status_choices() -> list[tuple[str, str]]:
    return [(s.value, s.label) for s in State]


def provenance_choices() -> list[tuple[str, str]]:
    return [(p.value, p.label) for p in Provenance]


class LifecycleColumns(models.Model):
    """Abstract base of the lead. Only ``lifecycle.service`` writes these columns, together with the event.

    The first block is guarded by the database: it cannot change unless the event that says so exists. The second is
    derived and may be mended by ``rebuild_cache``.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    status = models.CharField(
        _("status"), max_length=16, choices=status_choices, blank=True, default="", editable=False
    )
    version = models.IntegerField(_("version"), default=0, editable=False)
    head_hash = models.CharField(_("head hash"), max_length=64, blank=True, default="", editable=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leads",
        db_index=False,
        editable=False,
    )
    unsubscribed = models.BooleanField(_("unsubscribed"), default=False, editable=False)
    dnc = models.BooleanField(_("do not contact"), default=False, editable=False)
    do_not_email = models.BooleanField(_("do not email"), default=False, editable=False)
    do_not_text = models.BooleanField(_("do not text"), default=False, editable=False)
    do_not_call = models.BooleanField(_("do not call"), default=False, editable=False)

    created_at = models.DateTimeField(_("created at"), null=True, editable=False)
    inquiry_source = models.CharField(_("inquiry source"), max_length=20, blank=True, default="", editable=False)
    inquired_at = models.DateTimeField(_("inquired at"), null=True, editable=False)
    first_contact_due_at = models.DateTimeField(_("first contact due at"), null=True, editable=False)
    first_contact_at = models.DateTimeField(_("first contact at"), null=True, editable=False)
    sla_breached = models.BooleanField(_("sla breached"), default=False, editable=False)
    stage_entered_at = models.DateTimeField(_("stage entered at"), null=True, editable=False)
    provenance = models.CharField(
        _("provenance"), max_length=24, choices=provenance_choices, blank=True, default="", editable=False
    )
    provenance_reason = models.CharField(_("provenance reason"), max_length=64, blank=True, default="", editable=False)
    provenance_at = models.DateTimeField(_("provenance at"), null=True, editable=False)
    times_qualified = models.IntegerField(_("times qualified"), default=0, editable=False)
    temperature = models.CharField(_("temperature"), max_length=8, blank=True, default="", editable=False)
    last_contact_at = models.DateTimeField(_("last contact at"), null=True, editable=False)
    last_reply_at = models.DateTimeField(_("last reply at"), null=True, editable=False)
    attempts = models.IntegerField(_("attempts"), default=0, editable=False)
    document_missing = models.BooleanField(_("document missing"), default=False, editable=False)
    last_occurred_at = models.DateTimeField(_("last occurred at"), null=True, editable=False)
    last_recorded_at = models.DateTimeField(_("last recorded at"), null=True, editable=False)
    erased_at = models.DateTimeField(_("personal data erased at"), null=True, editable=False)
    rules_version = models.SmallIntegerField(_("rules version"), default=0, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def cleaned_contact(cls, fields: dict[str, str]) -> dict[str, str]:
        """Contact facts as the lead's table stores them, normalised twins included; ``BadInput`` when unfit."""
        raise NotImplementedError

    @property
    def state(self) -> State | NewerStage:
        """The stage as pages name it. Raises ``ValueError`` for one that is none, which no release has written."""
        if self.status not in set(State) and self.rules_version > RULES_VERSION:
            return NewerStage(self.status)
        return State(self.status)

    @property
    def cached_state(self) -> LeadState:
        """The fold of this lead's events as its cached columns have it (without the list of moves)."""
        return LeadState(**{name: getattr(self, _attribute(name)) for name in (*GUARDED, *CACHED)})


def _attribute(name: str) -> str:
    return "agent_id" if name == "agent" else name
