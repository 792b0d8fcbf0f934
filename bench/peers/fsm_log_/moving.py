"""django-fsm-2 with django-fsm-log as documented: a transition by somebody with a description, then saved."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from django.db import transaction
from django_fsm_log.models import StateLog

from bench.peers import filled
from bench.peers.columns import set_step
from bench.steps import FIRST, RACED, Step

from .models import Lead

NAME = f"django-fsm-2 {version('django-fsm-2')} + django-fsm-log {version('django-fsm-log')}"


def prepare(leads: int) -> None:
    """The leads; the log begins with their first transition."""
    filled.prepare(Lead, leads)


def begin(leads: int) -> None:
    """Nothing to hold ready."""


def move(number: int, pick: Callable[[str], Step], model: Any = Lead) -> bool:
    """Reads a lead, takes the step that is picked, saves; out: whether it was done."""
    with transaction.atomic():
        lead = model.objects.get(pk=number)
        step = pick(lead.status)
        words = f"{step.reason} {step.note}{step.document}".strip()
        getattr(lead, f"to_{step.to.lower()}")(by=filled.person(), description=words)
        set_step(lead, step, with_status=False)
        lead.save()
    return True


def recorded() -> list[list[str]]:
    """The states that the log has of each raced lead, in order."""
    logs = StateLog.objects.filter(object_id__lte=RACED).order_by("object_id", "id")
    states = filled.successive(logs.values_list("object_id", "state"))
    return [[FIRST, *mine] for mine in states]
