"""Open leads that are still with somebody who left: the board offers a broker to hand them off."""

from dataclasses import dataclass

from django.db.models import Count

from lifecycle.states import WORKING

from ..models import Lead, User

#: So many people are named; of an imported office there may be dozens.
NAMED = 3


def open_leads_of(person: User) -> int:
    """How many open leads this person holds. One query."""
    return Lead.objects.filter(agent=person, status__in=[s.value for s in WORKING]).count()


@dataclass(frozen=True, slots=True)
class Departed:
    """``people``: (database id, name, open leads), most leads first; ``others``: how many more people."""

    leads: int
    people: list[tuple[int, str, int]]
    others: int


def departed(viewer: User) -> Departed | None:
    """What a broker should hand off; None for agents, and when nobody who left holds an open lead. One query."""
    if not viewer.is_broker:
        return None
    # Those who left first, then their leads: the index has them by agent.
    held = (
        Lead.objects.filter(
            agent__in=User.objects.filter(is_active=False).values("pk"), status__in=[s.value for s in WORKING]
        )
        .values_list("agent", "agent__display_name")
        .annotate(n=Count("id"))
        .order_by("-n", "agent__display_name")
    )
    people = [(pk, name, n) for pk, name, n in held if pk is not None]
    if not people:
        return None
    return Departed(sum(n for *_, n in people), people[:NAMED], len(people) - len(people[:NAMED]))
