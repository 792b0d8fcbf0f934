"""django-simple-history as documented: `_history_user` and `_change_reason` set, then saved; one transaction."""

from collections.abc import Callable
from importlib.metadata import version

from django.db import transaction

from bench.peers import filled
from bench.peers.columns import new_lead, set_step
from bench.steps import RACED, Step

from .models import Lead

NAME = f"django-simple-history {version('django-simple-history')}"


def prepare(leads: int) -> None:
    """The leads, each with its first historical row."""
    from simple_history.utils import bulk_create_with_history

    filled.make_tables()
    agent = filled.person()
    made = [new_lead(Lead, n, agent) for n in range(1, leads + 1)]
    bulk_create_with_history(made, Lead, batch_size=500)


def begin(leads: int) -> None:
    """Nothing to hold ready."""


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """Reads a lead, takes the step that is picked, saves; out: whether it was done."""
    with transaction.atomic():
        lead = Lead.objects.get(pk=number)
        step = pick(lead.status)
        set_step(lead, step)
        lead._history_user = filled.person()
        lead._change_reason = f"{step.reason} {step.note}{step.document}".strip()
        lead.save()
    return True


def recorded() -> list[list[str]]:
    """The states that the history has of each raced lead, in order."""
    rows = Lead.history.filter(id__lte=RACED).order_by("id", "history_id")
    return filled.successive(rows.values_list("id", "status"))
