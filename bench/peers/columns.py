"""The lead that every peer keeps: columns and indexes of Hindsight's own, since the same board is drawn of it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bench.steps import FIRST, Step


def _text(size: int) -> Any:
    return models.CharField(max_length=size, blank=True, default="")


def _moment() -> Any:
    return models.DateTimeField(null=True)


def _no() -> Any:
    return models.BooleanField(default=False)


class LeadColumns(models.Model):
    """Abstract. ``status`` is a plain column; django-fsm puts its own field in place of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    status = models.CharField(max_length=16, default=FIRST)
    version = models.IntegerField(default=0)
    head_hash = _text(64)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="leads", db_index=False
    )
    unsubscribed, dnc, do_not_email, do_not_text, do_not_call = _no(), _no(), _no(), _no(), _no()
    created_at, inquired_at, first_contact_due_at, first_contact_at = _moment(), _moment(), _moment(), _moment()
    inquiry_source = _text(20)
    sla_breached = _no()
    stage_entered_at = _moment()
    provenance, provenance_reason, provenance_at = _text(24), _text(64), _moment()
    times_qualified = models.IntegerField(default=0)
    temperature = _text(8)
    last_contact_at, last_reply_at = _moment(), _moment()
    attempts = models.IntegerField(default=0)
    document_missing = _no()
    last_occurred_at, last_recorded_at = _moment(), _moment()
    rules_version = models.SmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    email, phone, headline, address = _text(254), _text(64), _text(200), _text(300)
    email_normalised, phone_e164, address_normalised = _text(254), _text(20), _text(300)
    external_source, external_key = _text(60), _text(200)

    class Meta:
        abstract = True
        indexes = [
            models.Index(F("status"), F("stage_entered_at").desc(), F("id").desc(), name="%(app_label)sboard"),
            models.Index(
                F("agent"), F("status"), F("stage_entered_at").desc(), F("id").desc(), name="%(app_label)sagent"
            ),
            models.Index(fields=["email_normalised"], name="%(app_label)semail", condition=~Q(email_normalised="")),
            models.Index(fields=["phone_e164"], name="%(app_label)sphone", condition=~Q(phone_e164="")),
            models.Index(fields=["external_key"], name="%(app_label)skey", condition=~Q(external_key="")),
            models.Index(
                fields=["first_contact_due_at"],
                name="%(app_label)sclock",
                condition=Q(sla_breached=False, first_contact_due_at__isnull=False)
                & (Q(first_contact_at__isnull=True) | Q(first_contact_at__gt=F("first_contact_due_at"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def new_lead(model: Any, number: int, agent: Any) -> Any:
    """An unsaved lead as the race and the rounds find it at first."""
    now = timezone.now()
    return model(
        pk=number,
        name=f"Dana Whitfield {number}",
        email=f"dana{number}@example.com",
        email_normalised=f"dana{number}@example.com",
        phone=f"+1 510 555 {number % 10000:04d}",
        phone_e164=f"+1510555{number % 10000:04d}",
        agent=agent,
        created_at=now,
        inquired_at=now,
        first_contact_due_at=now,
        first_contact_at=now,
        stage_entered_at=now,
        last_occurred_at=now,
        last_recorded_at=now,
        times_qualified=1,
        provenance="fresh",
        provenance_at=now,
    )


def set_step(lead: Any, step: Step, *, with_status: bool = True) -> None:
    """What a move changes in a lead that is in memory."""
    now = timezone.now()
    if with_status:
        lead.status = step.to
    lead.version += 1
    lead.stage_entered_at = lead.last_occurred_at = lead.last_recorded_at = now
    if step.to == "QUALIFIED":
        lead.provenance = "fell_back" if step.reason else "fresh"
        lead.provenance_reason, lead.provenance_at = step.reason, now
        lead.times_qualified += 1
