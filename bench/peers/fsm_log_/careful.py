"""django-fsm-2 with its `ConcurrentTransitionMixin`, which refuses a save when the state has moved on meanwhile."""

from collections.abc import Callable

from django_fsm import ConcurrentTransition

from bench.steps import Step

from . import moving
from .models import CarefulLead

NAME = f"{moving.NAME}, ConcurrentTransitionMixin"
recorded = moving.recorded


def prepare(leads: int) -> None:
    """As without."""
    moving.filled.prepare(CarefulLead, leads)


def begin(leads: int) -> None:
    """Nothing to hold ready."""


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """One move. Out: False when it was refused because somebody was quicker."""
    try:
        return moving.move(number, pick, CarefulLead)
    except ConcurrentTransition:
        return False
