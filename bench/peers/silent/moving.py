"""The silent update: read the lead, set its columns, save it. One statement each, committed by itself."""

from collections.abc import Callable

from bench.peers import filled
from bench.peers.columns import set_step
from bench.steps import Step

from .models import Lead

NAME = "silent Django get() + save()"


def prepare(leads: int) -> None:
    """The leads."""
    filled.prepare(Lead, leads)


def begin(leads: int) -> None:
    """Nothing to hold ready."""


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """Reads a lead, takes the step that is picked, saves; out: whether it was done."""
    lead = Lead.objects.get(pk=number)
    set_step(lead, pick(lead.status))
    lead.save()
    return True
