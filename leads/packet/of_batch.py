"""Which leads of a bulk action are told about on paper: those that one agent got, as far as the viewer may see them."""

from django.db.models import QuerySet
from django.http import Http404

from lifecycle.models import Batch

from ..access import visible_leads
from ..bulk.results import facts_of
from ..models import Lead, User

#: So many packets are put together in one go, each with queries of its own.
AT_ONCE = 50


def taker_or_404(text: str) -> User | None:
    """The agent of a query string, None for all of them; the 404 for a text that names nobody."""
    if not text:
        return None
    known = text.isascii() and text.isdigit() and len(text) < 19
    found = User.objects.filter(pk=int(text)).first() if known else None
    if found is None:
        raise Http404("No such agent.")
    return found


def leads_given(batch: Batch, taker: User | None, viewer: User) -> QuerySet[Lead]:
    """The leads that a batch moved (to this agent), as far as the viewer may see them today, by name."""
    facts = facts_of(batch)
    if taker is not None:
        facts = facts.filter(to_agent=taker)
    moved = [fact.lead_id for fact in facts]
    return visible_leads(viewer).filter(pk__in=moved).select_related("agent").order_by("name", "pk")
