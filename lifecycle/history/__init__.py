"""The past of a lead: what it was, or what we knew of it, at any instant. Reads only.

``clocks`` names the two questions, ``as_of`` answers them for one lead by the fold. ``truth`` says which moves and
assignments count, as corrected or as first recorded.
"""

from .as_of import facts_at, state_at
from .clocks import Clock, read_clock
from .truth import Counted, Reading, counted

__all__ = ["Clock", "Counted", "Reading", "counted", "facts_at", "read_clock", "state_at"]
