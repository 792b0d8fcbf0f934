"""The whole page about one person, put together from its parts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext, ngettext

from lifecycle.models import LeadEvent
from lifecycle.reports.one_agent import deeds, first_held

from ... import moments
from ...models import Role, User
from ..collapses_cell import COLLAPSED
from .asking import Asking
from .counted import lines, read_counted
from .deals import read_deals
from .hands import read_hands, what_went_well
from .load import read_load
from .mix import read_mix


@dataclass(frozen=True, slots=True)
class Beside:
    """The persons before and after this one, by name; None at either end."""

    before: User | None
    after: User | None


def read_page(asking: Asking) -> dict[str, Any]:
    """What the template shows, beside the frame. The number of queries does not depend on what is in the log."""
    counted = read_counted(asking)
    began = first_held(asking.scope)
    return {
        "since": moments.day(began, asking.desk.zone, asking.desk.now) if began else "",
        "good": what_went_well(deeds(asking.scope), counted.now.entries[COLLAPSED], asking),
        "fell": len(counted.now.fell),
        "fell_url": asking.link("report-collapses-facts"),
        "deals": read_deals(counted.now.fell, asking),
        "mix": read_mix(counted, asking),
        "lines": lines(counted, asking),
        "load": read_load(asking),
        "hands": read_hands(asking),
    }


def beside(person: User) -> Beside:
    """Whose pages come before and after. One query, of the people that the list of them has."""
    held = Exists(LeadEvent.objects.filter(to_agent=OuterRef("pk")))
    listed = User.objects.filter(Q(is_active=True, role=Role.AGENT) | held | Q(pk=person.pk))
    # As the list has them: who left comes after those who are here.
    people = sorted(listed.order_by("display_name", "pk"), key=lambda one: not one.is_active)
    at = next(n for n, one in enumerate(people) if one.pk == person.pk)
    return Beside(people[at - 1] if at else None, people[at + 1] if at + 1 < len(people) else None)


def says(asking: Asking) -> list[str]:
    """What exactly is counted."""
    minutes = asking.desk.office.quick_return_minutes
    told = [
        gettext(
            "A deal fell back when it was moved from Committed (before contract) or from In contract to Qualified."
            " It belongs to whoever held the lead just before. Undone moves do not count, and reasons count as"
            " corrected."
        ),
        gettext(
            "A percentage beside what fell back is of those signed, or put under contract, in the same period. These"
            " need not be the same deals. Below five there is none."
        ),
        gettext(
            "Closed, signed and won back: by whoever held the lead just before that. Won back is a lead that was taken"
            " out of the archive and qualified next."
        ),
        gettext(
            "First contacts: of the leads whose clock ran for this person and is over. Received and given away: the"
            " hand-overs in the period, also from and to the pool."
        ),
        _held(asking),
    ]
    if minutes:
        quick = ngettext(
            "A quick return was back in the stage that it fell from within %(n)d minute.",
            "A quick return was back in the stage that it fell from within %(n)d minutes.",
            minutes,
        )
        told.append(quick % {"n": minutes})
    if asking.by_broker:
        told.append(
            gettext("The team is everybody else who held leads. What fell back while nobody held it is left out.")
        )
    return told


def _held(asking: Asking) -> str:
    if asking.scope.known_at is None:
        return gettext("Leads held are those of this moment, whatever the period.")
    return gettext("Leads held are those of the day as of which this is known, whatever the period.")
