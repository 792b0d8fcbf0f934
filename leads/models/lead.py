"""A lead: contact data (erasable, editable) and the cached columns of its lifecycle (written by the service alone)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leads.addresses import normalised_address
from leads.contact import e164, normalised_email
from lifecycle.errors import BadInput
from lifecycle.models import LifecycleColumns
from lifecycle.storable import check_storable

_LIMITS = {"name": 200, "email": 254, "phone": 64, "headline": 200, "address": 300}


#: Leads whose first contact is late or may still become so.
CLOCK_OWED = Q(sla_breached=False, first_contact_due_at__isnull=False) & (
    Q(first_contact_at__isnull=True) | Q(first_contact_at__gt=F("first_contact_due_at"))
)


class Lead(LifecycleColumns):
    """``phone`` is as typed, ``phone_e164`` what it means; ``external_key`` is the key in the system it came from."""

    name = models.CharField(_("name"), max_length=200)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=64, blank=True, default="")
    headline = models.CharField(_("what they want"), max_length=200, blank=True, default="")
    address = models.CharField(_("address"), max_length=300, blank=True, default="")
    email_normalised = models.CharField(_("email normalised"), max_length=254, blank=True, default="", editable=False)
    phone_e164 = models.CharField(_("phone e164"), max_length=20, blank=True, default="", editable=False)
    address_normalised = models.CharField(
        _("address normalised"), max_length=300, blank=True, default="", editable=False
    )
    external_source = models.CharField(_("external source"), max_length=60, blank=True, default="", editable=False)
    external_key = models.CharField(_("external key"), max_length=200, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(
                fields=["external_source", "external_key"],
                name="lead_external_key",
                condition=~Q(external_key=""),
            ),
        ]
        indexes = [
            # The board of the office, newest in stage first, one column at a time.
            models.Index(F("status"), F("stage_entered_at").desc(), F("id").desc(), name="lead_board"),
            # The board of one agent, and of the pool.
            models.Index(
                F("agent"), F("status"), F("stage_entered_at").desc(), F("id").desc(), name="lead_board_agent"
            ),
            # Duplicate check and search.
            models.Index(fields=["email_normalised"], name="lead_email", condition=~Q(email_normalised="")),
            models.Index(fields=["phone_e164"], name="lead_phone", condition=~Q(phone_e164="")),
            # Duplicates of an import: the same name at the same address.
            models.Index(fields=["address_normalised"], name="lead_address", condition=~Q(address_normalised="")),
            # Search by the key of the old system, whatever the system.
            models.Index(fields=["external_key"], name="lead_key", condition=~Q(external_key="")),
            # Scribe's round: clocks that run, or were stopped too late, and were not yet declared breached.
            models.Index(fields=["first_contact_due_at"], name="lead_clock", condition=CLOCK_OWED),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The name of this lead in commands and search: its key in the old system, else ``L-<id>``."""
        return self.external_key or f"L-{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the normalised twins right. An existing lead saves its contact data alone: a stale copy in somebody's
        hands must not put old cached columns back."""
        self.email_normalised = normalised_email(self.email)
        self.phone_e164 = e164(self.phone)
        self.address_normalised = normalised_address(self.address)
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = (*_LIMITS, "email_normalised", "phone_e164", "address_normalised")
        super().save(*args, **kwargs)

    @classmethod
    def cleaned_contact(cls, fields: dict[str, str]) -> dict[str, str]:
        """Contact facts ready to be stored, with their normalised twins.

        In: any of name, email, phone, headline, address, as typed. Raises ``BadInput`` with the field's name.
        """
        clean: dict[str, str] = {}
        for name, value in fields.items():
            clean[name] = _cleaned(name, value)
        if "email" in clean:
            clean["email_normalised"] = normalised_email(clean["email"])
        if "phone" in clean:
            clean["phone_e164"] = e164(clean["phone"])
        if "address" in clean:
            clean["address_normalised"] = normalised_address(clean["address"])
        return clean


def _cleaned(name: str, value: str) -> str:
    if name not in _LIMITS:
        raise BadInput(gettext("This is not a contact fact of a lead."), field="contact")
    check_storable(value, name, limit=_LIMITS[name])
    if name in ("email", "phone"):
        value = value.strip()
    if name == "name" and not value.strip():
        raise BadInput(gettext("A lead needs a name."), field="name")
    if name == "email" and value:
        try:
            validate_email(value)
        except ValidationError:
            raise BadInput(gettext("This is not an e-mail address. Example: dana@example.com"), field="email") from None
    return value
