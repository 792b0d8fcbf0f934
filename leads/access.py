"""Which leads a person may see today, and whose pages. Everything that shows a lead starts here."""

from django.db.models import Q, QuerySet
from django.http import Http404

from .models import Lead, User
from .set_aside import set_aside


def visible_leads(user: User) -> QuerySet[Lead]:
    """An agent sees own leads and the pool, a broker or admin all of them; a lead without a first fact is nobody's.

    Nor is one here whose row nobody can read.
    """
    leads = Lead.objects.exclude(status="").filter(seen_by(user))
    return leads.exclude(pk__in=aside) if (aside := set_aside()) else leads


def may_see(user: User, pk: int) -> bool:
    """Whether the lead `pk` is among those that this person sees, also where its row cannot be read."""
    return pk < 2**63 and Lead.objects.filter(seen_by(user), pk=pk).exists()


def set_aside_for(user: User) -> list[tuple[int, str]]:
    """The leads that this person would see if their rows could be read: id and name in search."""
    aside = set_aside()
    mine = Lead.objects.filter(seen_by(user), pk__in=aside).values_list("pk", flat=True) if aside else ()
    return [(pk, key_of(pk)) for pk in sorted(mine)]


def key_of(pk: int) -> str:
    """What a lead is called whose row cannot be read."""
    return f"L-{pk}"


def seen_by(user: User, lead: str = "") -> Q:
    """The same rule as a condition; in: the way from the rows that are asked for to their lead, as ``lead__``."""
    if user.is_broker:
        return Q()
    return Q(**{f"{lead}agent": user}) | Q(**{f"{lead}agent": None})


def get_visible_lead_or_404(user: User, pk: int) -> Lead:
    """The lead `pk` with its agent, or the same 404 for a lead that does not exist and one that is a colleague's."""
    # Beyond the reach of the key's column there is no lead; the database would answer with a fault.
    if pk >= 2**63:
        raise Http404("No such lead.")
    lead = visible_leads(user).select_related("agent").filter(pk=pk).first()
    if lead is None:
        raise Http404("No such lead.")
    return lead


def get_person_or_404(viewer: User, pk: int) -> User:
    """The person whose page it is: an agent has only the own one; for everybody else's the answer is that of a person
    who does not exist."""
    person = User.objects.filter(pk=pk).first() if pk < 2**63 and (viewer.is_broker or pk == viewer.pk) else None
    if person is None:
        raise Http404("No such person.")
    return person


def scope(user: User) -> str:
    """A word for the set of leads that this person sees: equal for everybody who sees the same."""
    return "office" if user.is_broker else f"agent-{user.pk}"
