"""Everybody who holds or ever held a lead, and how many."""

from dataclasses import dataclass

from django.db.models import Count

from lifecycle.models import LeadEvent

from ..models import Lead, Role, User


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with the number of leads held now, and ever (those of now included)."""

    person: User
    now: int
    ever: int


@dataclass(frozen=True, slots=True)
class Office:
    """The people of today and those who left; ``pool``: leads that nobody holds."""

    today: list[Holder]
    former: list[Holder]
    pool: int


def read_office() -> Office:
    """Whoever works here as an agent or ever held a lead, by name. Three queries."""
    ever = dict(
        LeadEvent.objects.filter(to_agent__isnull=False)
        .order_by()
        .values_list("to_agent")
        .annotate(leads=Count("lead", distinct=True))
    )
    now = dict(Lead.objects.exclude(status="").order_by().values_list("agent").annotate(leads=Count("pk")))
    people = [
        Holder(person, now.get(person.pk, 0), ever.get(person.pk, 0))
        for person in User.objects.order_by("display_name")
        if person.pk in ever or (person.is_active and person.role == Role.AGENT)
    ]
    return Office(
        today=[h for h in people if h.person.is_active],
        former=[h for h in people if not h.person.is_active],
        pool=now.get(None, 0),
    )
