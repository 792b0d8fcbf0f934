"""django-auditlog as documented: registered model, `set_actor` around the change; one transaction."""

from collections.abc import Callable
from importlib.metadata import version

from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.db import transaction

from bench.peers import filled
from bench.peers.columns import set_step
from bench.steps import FIRST, RACED, Step

from .models import Lead

NAME = f"django-auditlog {version('django-auditlog')}"


def prepare(leads: int) -> None:
    """The leads; what is made in bulk it does not write down."""
    filled.prepare(Lead, leads)


def begin(leads: int) -> None:
    """Nothing to hold ready."""


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """Reads a lead, takes the step that is picked, saves; out: whether it was done."""
    with transaction.atomic(), set_actor(filled.person()):
        lead = Lead.objects.get(pk=number)
        step = pick(lead.status)
        set_step(lead, step)
        lead.said = {"reason": step.reason, "note": step.note or step.document}
        lead.save()
    return True


def recorded() -> list[list[str]]:
    """The states that the log has of each raced lead, in order."""
    found: list[list[str]] = []
    for number in range(1, RACED + 1):
        entries = LogEntry.objects.filter(object_id=number, action=LogEntry.Action.UPDATE).order_by("id")
        changes = [entry.changes["status"] for entry in entries if "status" in entry.changes]
        found.append([FIRST, *(new for _, new in changes)])
    return found
