"""What came to the log since the last look, and whose boards it may change."""

from dataclasses import dataclass

from lifecycle.events import Source
from lifecycle.models import LeadEvent

from .changes import reach_of

#: As many of the newest facts are compared with those of the last look: a fact that appears late has a lower number.
WINDOW = 50


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose boards something may change: everybody's, or these people's and those of who sees all (`any`)."""

    any: bool = False
    everybody: bool = False
    people: frozenset[int] = frozenset()


class LogEnd:
    """The end of the log as it was at the last look."""

    def __init__(self) -> None:
        self._known: frozenset[int] | None = None

    def look(self) -> Reach:
        """Whom what has come since the last look may concern. One query; a second one when something has."""
        ids = frozenset(LeadEvent.objects.order_by("-id").values_list("id", flat=True)[:WINDOW])
        known, self._known = self._known, ids
        return Reach() if known is None or ids <= known else _reach(ids - known)


def _reach(fresh: frozenset[int]) -> Reach:
    # What an import brings waits for the board's own look, which draws it now and then and not with every fact.
    facts = LeadEvent.objects.filter(pk__in=fresh).exclude(source=Source.IMPORT.value)
    rows = list(facts.values_list("kind", "agent_id", "to_agent_id", "lead__agent_id"))
    people: set[int] = set()
    for row in rows:
        whose = reach_of(*row)
        # A window that is new as a whole: there may be more that was not looked at.
        if whose is None or len(fresh) == WINDOW:
            return Reach(any=True, everybody=True)
        people |= whose
    return Reach(any=bool(rows), people=frozenset(people))
