"""A file of another system on its way in: the file, how it is to be read, how far it is, what came of each row.

What happened to a lead is in the log; these rows say which line of which file made it, and are written by
``leads.imports`` alone.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """Where an import stands. The order is the order of its life."""

    DRAFT = "draft", _("being prepared")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    WAITING = "waiting", _("waiting to start")
    RUNNING = "running", _("coming in")
    DONE = "done", _("done")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")
    FAILED = "failed", _("stopped")


class Outcome(models.TextChoices):
    """What came of one row of a file."""

    CREATED = "created", _("new lead")
    TAKEN_UP = "taken_up", _("taken up again")
    UPDATED = "updated", _("contact facts updated")
    KNOWN = "known", _("here already")
    SKIPPED = "skipped", _("skipped as a duplicate")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")
    KEPT = "kept", _("stayed, because somebody has worked with it")


def phase_choices() -> list[tuple[str, Any]]:
    return Phase.choices


def outcome_choices() -> list[tuple[str, Any]]:
    return Outcome.choices


def private_files() -> Any:
    """Where uploaded files lie: never inside what the web server gives out."""
    return storages["imports"]


def _where(made: "Import", name: str) -> str:
    # Whatever the file was called, its name here is ours.
    return f"{made.uuid}/upload"


class Import(models.Model):
    """One file. Its ``uuid`` is the batch of every fact that it brings.

    ``mapping`` is ``leads.imports.mapping.Mapping`` as JSON, ``decisions`` what was chosen for single rows with a
    duplicate (line → skip, update or both), ``line_done`` the last line of the file that is decided. ``problem`` is a
    sentence: why it stopped.
    """

    uuid = models.UUIDField(_("uuid"), primary_key=True, default=uuid.uuid4)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("actor"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(_("actor name"), max_length=150, blank=True, default="")
    source = models.CharField(_("system it comes from"), max_length=60, blank=True, default="")
    file = models.FileField(_("file"), storage=private_files, upload_to=_where, blank=True, max_length=255)
    file_name = models.CharField(_("name of the file"), max_length=200, blank=True, default="")
    mapping = models.JSONField(_("mapping"), default=dict)
    decisions = models.JSONField(_("decisions"), default=dict)
    survey = models.JSONField(_("survey"), default=dict)
    phase = models.CharField(_("phase"), max_length=10, choices=phase_choices, default=Phase.DRAFT.value)
    problem = models.TextField(_("problem"), blank=True, default="")
    rows = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    line_done = models.PositiveIntegerField(_("line done"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    undo_after = models.BigIntegerField(_("undone up to this row"), default=0)
    made_at = models.DateTimeField(_("made at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    beat_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    undone_at = models.DateTimeField(_("taken back at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("taken back by"), null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            # The newest imports of the office.
            models.Index(fields=["-made_at"], name="import_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def unfinished(self) -> bool:
        """Whether a worker has something to do for it."""
        return self.phase in (Phase.CHECKING, Phase.WAITING, Phase.RUNNING, Phase.UNDOING)


class ImportedRow(models.Model):
    """What came of one line. ``cells`` (as read) and ``sentence`` only where somebody has to look at it again."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(
        Import, verbose_name=_("import"), on_delete=models.CASCADE, related_name="imported_rows", db_index=False
    )
    line = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=outcome_choices)
    lead = models.ForeignKey(
        "leads.Lead", verbose_name=_("lead"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sentence = models.TextField(_("sentence"), blank=True, default="")
    cells = models.JSONField(_("cells"), null=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(fields=["of", "line"], name="import_row_line")]
        indexes = [
            # Rows to look at again, and the error file.
            models.Index(fields=["of", "outcome", "line"], name="import_row_outcome", condition=~Q(outcome="created")),
            # Where a lead came from.
            models.Index(fields=["lead"], name="import_row_lead", condition=Q(lead__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.outcome}"


class SavedMapping(models.Model):
    """A mapping that somebody kept for the next file of the same system. ``header`` is the one that it was made for."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    mapping = models.JSONField(_("mapping"), default=dict)
    header = models.JSONField(_("header"), default=list)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("actor"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
