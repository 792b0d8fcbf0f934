"""django-pghistory as documented: who and why as context, the row by trigger; one transaction."""

from collections.abc import Callable
from importlib.metadata import version

import pghistory
from django.apps import apps
from django.db import transaction

from bench.peers import filled
from bench.peers.columns import set_step
from bench.steps import RACED, Step

from .models import Lead

NAME = f"django-pghistory {version('django-pghistory')}"


def prepare(leads: int) -> None:
    """The leads; the trigger writes their first events."""
    filled.prepare(Lead, leads)


def begin(leads: int) -> None:
    """Nothing to hold ready."""


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """Reads a lead, takes the step that is picked, saves; out: whether it was done."""
    with transaction.atomic():
        lead = Lead.objects.get(pk=number)
        step = pick(lead.status)
        set_step(lead, step)
        with pghistory.context(user=filled.person().pk, reason=step.reason, note=step.note or step.document):
            lead.save()
    return True


def recorded() -> list[list[str]]:
    """The states that the history has of each raced lead, in order."""
    events = apps.get_model("pghistory_", "LeadEvent").objects.filter(pgh_obj_id__lte=RACED)
    return filled.successive(events.order_by("pgh_obj_id", "pgh_id").values_list("pgh_obj_id", "status"))
