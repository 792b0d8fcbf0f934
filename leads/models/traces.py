"""Who was handed which data in bulk. A row a time, added and never changed; after a year ``run_due`` removes it."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class What(models.TextChoices):
    """What was handed out. A file leaves the house with whoever has it; a list on the screen may be copied."""

    REPORT = "report", _("a report as a file")
    CUSTODY = "custody", _("everything that somebody held, as a file")
    LEDGER = "ledger", _("a consent ledger as a file")
    ROWS = "rows", _("refused rows of an import as a file")
    PACK = "pack", _("an auditor's pack")
    LETTER = "letter", _("a letter about consent")
    PACKET = "packet", _("the story of a lead, to print")
    PACKETS = "packets", _("the stories of many leads, to print")
    HELD = "held", _("every lead that somebody held, as a list")
    BOOK = "book", _("every lead of somebody, to reassign")
    FIGURES = "figures", _("the leads behind a figure, as a list")
    IMPORTED = "imported", _("rows of an import as a list")
    ADMIN = "admin", _("a list in the office admin")


def what_choices() -> list[tuple[str, Any]]:
    return What.choices


class _Kept(models.QuerySet["Trace"]):
    """Rows that the application adds and reads, and no more."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("A trace stays as it was left.")

    def delete(self) -> NoReturn:
        raise TypeError("A trace stays until its year is over.")

    def remove_over(self, before: Any) -> int:
        """Removes those that are older than this moment; out: how many. For ``run_due`` alone."""
        return self.filter(at__lt=before)._raw_delete(self.db)


class Trace(models.Model):
    """``page`` is the name of the address, ``lead`` the one lead that it was about, ``person`` whose leads they were,
    ``batch`` the import or bulk action, ``leads`` how many rows were handed out (null: not counted), ``address`` where
    it went."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"))
    who = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    who_name = models.CharField(_("name then"), max_length=150)
    what = models.CharField(_("what"), max_length=12, choices=what_choices)
    page = models.CharField(_("page"), max_length=80)
    lead = models.ForeignKey(
        "leads.Lead", verbose_name=_("lead"), null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("whose leads"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    batch = models.UUIDField(_("import or bulk action"), null=True)
    leads = models.PositiveIntegerField(_("rows"), null=True)
    address = models.GenericIPAddressField(_("network address"), null=True)

    objects = _Kept.as_manager()

    class Meta:
        verbose_name = _("trace")
        verbose_name_plural = _("traces")
        indexes = [
            # The newest, for the list in the admin; and the oldest, which go after a year.
            models.Index(fields=["-at"], name="trace_newest"),
            # What one person was handed.
            models.Index(fields=["who", "-at"], name="trace_newest_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.who_name}, {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A trace stays as it was left.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A trace stays until its year is over.")
