"""The steps that every contender takes, so that all do the same work: a cycle for speed, free choice for the race.

Pure, and read by both virtual environments: the project's own and the peers'.
"""

import itertools
import random
from dataclasses import dataclass

from lifecycle.transitions import between

#: Leads that the race is about; those behind them are for speed, each writer's own.
RACED = 20
#: Where every lead stands at first.
FIRST = "QUALIFIED"


@dataclass(frozen=True, slots=True)
class Step:
    """One move as a person makes it: where to, why, in which words, with which paper."""

    to: str
    reason: str = ""
    note: str = ""
    document: str = ""


_SIGNED = Step("COMMITTED", document="agreement-2026-014.pdf")
_EXECUTED = Step("IN_CONTRACT")
_COLLAPSED = Step("QUALIFIED", "financing_affordability", "The bank lowered the offer.")
_VOIDED = Step("QUALIFIED", "appraisal_low", "Came in 20,000 below the price.")

#: Signed, executed, voided, signed, collapsed: five moves, two of them back, and the lead stands where it stood.
CYCLE = (_SIGNED, _EXECUTED, _VOIDED, _SIGNED, _COLLAPSED)

_CHOICES: dict[str, tuple[Step, ...]] = {
    "CONTACTING": (
        Step("QUALIFIED", note="Toured twice and wants to make an offer."),
        Step("ARCHIVED", "renting_instead"),
    ),
    "QUALIFIED": (_SIGNED, Step("ARCHIVED", "renting_instead")),
    "COMMITTED": (_EXECUTED, _COLLAPSED),
    "IN_CONTRACT": (_VOIDED,),
    "ARCHIVED": (Step("CONTACTING", "replied"),),
}


def choose(status: str, chance: random.Random) -> Step:
    """A step that is legal from this state, as somebody who looks at the lead would choose it."""
    return chance.choice(_CHOICES[status])


def illegal(states: list[str]) -> int:
    """How many of the steps between successive states the table of transitions does not have."""
    return sum(not between(before, after) for before, after in itertools.pairwise(states))
