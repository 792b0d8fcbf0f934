"""Sharing many leads among several agents: who gets which. Pure, and the same answer whenever it is asked.

The rule: leads are sorted by stage in the order of the board, inside a stage by how long they have been there
(longest first, then by id), and dealt out one by one to the agents in turn. The turn goes on from one stage to the
next, so nobody gets more than one lead more than anybody else, neither in all nor of any stage.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from .states import State

_PLACE = {state.value: place for place, state in enumerate(State)}
_EVER = datetime.min.replace(tzinfo=UTC)


class Dealt(NamedTuple):
    """A lead as far as dealing it out needs it."""

    lead: int
    status: str
    entered: datetime | None


def in_turn(leads: Iterable[Dealt]) -> list[Dealt]:
    """The leads in the order in which they are dealt out."""
    return sorted(leads, key=lambda d: (_PLACE.get(d.status, len(_PLACE)), d.entered or _EVER, d.lead))


def shared(leads: Iterable[Dealt], agents: Sequence[int]) -> dict[int, int]:
    """Who gets which lead. In: the leads in any order, and the agents in the order of their turn (at least one)."""
    return {dealt.lead: agents[turn % len(agents)] for turn, dealt in enumerate(in_turn(leads))}
