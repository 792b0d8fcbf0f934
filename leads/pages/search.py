"""Search over the leads that the viewer may see today."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.models import ReasonCode
from lifecycle.reasons import Reason
from lifecycle.states import NewerStage, State

from .. import moments
from ..board.filters import LONGEST_SEARCH
from ..contact import e164
from ..models import Lead
from ..search import find_leads
from ..sign import Sign
from ..times_here import in_short
from ..ways import sign_of, times_here


@dataclass(frozen=True, slots=True)
class Hit:
    """One lead that was found, and when somebody last reached it; ``exact`` is the moment with its zone.

    ``way`` is how a lead in Qualified came there, as on its card, ``again`` which time that was.
    """

    lead: Lead
    state: State | NewerStage
    way: Sign | None
    again: str
    contact: str
    exact: str


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The leads that match ``q``, best first; without any, the way to a new lead that knows what was typed."""
    asked = request.GET.get("q", "")
    text = asked[:LONGEST_SEARCH].strip()
    found = find_leads(request.user, text)  # type: ignore[arg-type]
    now, reasons = timezone.now(), ReasonCode.book() if found.leads else {}
    context = {
        "text": text,
        "hits": [_hit(lead, now, reasons) for lead in found.leads],
        "more": found.more,
        "cut_to": LONGEST_SEARCH if len(asked) > LONGEST_SEARCH else 0,
        "new_url": _new_url(text),
    }
    return render(request, "leads/search.html", context)


def _hit(lead: Lead, now: datetime, reasons: dict[str, Reason]) -> Hit:
    last, zone = lead.last_contact_at, timezone.get_current_timezone()
    return Hit(
        lead=lead,
        state=lead.state,
        way=sign_of(lead, now, zone, reasons) if lead.status == State.QUALIFIED else None,
        again=in_short(times_here(lead)),
        contact=moments.ago(last, now) if last else gettext("none yet"),
        exact=moments.exact(last, zone) if last else "",
    )


def _new_url(text: str) -> str:
    """The form for a new lead, with what was searched for in the field where it belongs."""
    if "@" in text:
        known = {"email": text}
    elif e164(text):
        known = {"phone": text}
    else:
        known = {"name": text} if any(c.isalpha() for c in text) else {}
    return f"{reverse('lead-new')}{'?' if known else ''}{urlencode(known)}"
