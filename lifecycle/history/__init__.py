"""The past of a lead: what it was, or what we knew of it, at any instant. Reads only.

``clocks`` names the two questions, ``as_of`` answers them for one lead by the fold. ``truth`` says which moves and
assignments count, as corrected or as first recorded. ``diff`` says what changed between two instants, in the ``groups``
of a meeting's page; ``touched`` finds the leads for which that is anything at all.
"""

from .as_of import facts_at, state_at
from .clocks import Clock, read_clock
from .diff import Change, by_group, changes
from .groups import Group
from .truth import Counted, Reading, counted

__all__ = [
    "Change",
    "Clock",
    "Counted",
    "Group",
    "Reading",
    "by_group",
    "changes",
    "counted",
    "facts_at",
    "read_clock",
    "state_at",
]
