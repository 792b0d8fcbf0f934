"""The consent ledger: of one lead, to print for the client, as a file, and found by e-mail or phone."""

from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.events import Kind
from lifecycle.history.consent import How, Reach
from lifecycle.history.ledger import Ledger, read_ledgers
from lifecycle.states import NewerStage, State
from lifecycle.timeline.entries import Entry, entry

from ..access import get_visible_lead_or_404
from ..consent.asked import Question, read_question
from ..consent.finding import LONGEST, find_by_address
from ..consent.letter import read_letter
from ..consent.page import Channel, channels_now, contact_since, read_consent
from ..consent.replies import Reply, reply
from ..lead_page import Desk, desk_for
from ..models import Lead, User, What
from ..spreadsheet import as_csv
from ..traces import count, gives_files, shows_many

COLUMNS = ("happened", "recorded", "flag", "set_or_cleared", "by", "source", "reason", "words")


@dataclass(frozen=True, slots=True)
class Hit:
    """One lead with this address: what is open now, and the answer to the question when there was one.

    ``contact``: since when the address is this one, where it was another before.
    """

    lead: Lead
    state: State | NewerStage
    channels: list[Channel]
    reply: Reply | None
    contact: list[str]


@never_cache
@require_safe
def lead_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger of one lead, with the answer about another day when the query string asks for one."""
    lead, ledger, desk = _lead(request, pk)
    question = read_question(request.GET, desk.zone, desk.now)
    answered = reply(question, [ledger.stream], desk.reasons, desk.now) if question.is_answered else None
    context = {
        **_form(question),
        "lead": lead,
        "page": read_consent(lead, ledger, desk),
        "reply": answered,
        "may_export": desk.viewer.is_broker,
    }
    return render(request, "consent/lead.html", context, status=422 if question.refusal else 200)


@never_cache
@require_safe
@shows_many(What.LETTER)
def consent_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """A page for the client: why was I unsubscribed? With ``words=0`` without what was noted beside a fact."""
    lead, ledger, desk = _lead(request, pk)
    with_words = request.GET.get("words") != "0"
    letter = read_letter(lead, ledger, desk, with_words=with_words)
    return render(request, "consent/letter.html", {"lead": lead, "letter": letter, "with_words": with_words})


@never_cache
@require_safe
@gives_files(What.LEDGER)
def consent_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger as CSV, oldest first, times in the office's zone with their offset; for brokers."""
    lead, ledger, desk = _lead(request, pk)
    if not desk.viewer.is_broker:
        raise PermissionDenied
    rows = [_cells(entry(fact, [], desk.reasons, True), desk.office.zone) for fact in ledger.facts]
    answer = HttpResponse(as_csv(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="consent-{lead.pk}.csv"'
    count(answer, len(rows))
    return answer


@never_cache
@require_safe
def consent(request: HttpRequest) -> HttpResponse:
    """Who may be contacted: the leads with this e-mail or phone, and the answer for all of them together."""
    viewer = cast(User, request.user)
    desk = desk_for(viewer)
    text = request.GET.get("q", "")[:LONGEST].strip()
    question = read_question(request.GET, desk.zone, desk.now)
    found = find_by_address(viewer, text)
    ledgers = read_ledgers([lead.pk for lead in found.leads]) if found.leads else {}
    hits = [_hit(lead, ledgers[lead.pk], question, desk, text) for lead in found.leads]
    union = None
    if question.is_answered and len(hits) > 1:
        union = reply(question, [ledgers[hit.lead.pk].stream for hit in hits], desk.reasons, desk.now)
    context = {**_form(question), "text": text, "found": found, "hits": hits, "union": union}
    refused = bool(question.refusal or found.refusal)
    return render(request, "consent/search.html", context, status=422 if refused else 200)


def _lead(request: HttpRequest, pk: int) -> tuple[Lead, Ledger, Desk]:
    viewer = cast(User, request.user)
    lead = get_visible_lead_or_404(viewer, pk)
    return lead, read_ledgers([lead.pk])[lead.pk], desk_for(viewer)


def _form(question: Question) -> dict[str, Any]:
    return {"question": question, "reaches": list(Reach), "ways": list(How)}


def _hit(lead: Lead, ledger: Ledger, question: Question, desk: Desk, text: str) -> Hit:
    answered = reply(question, [ledger.stream], desk.reasons, desk.now) if question.is_answered else None
    since = contact_since(lead, ledger, desk, "email" if "@" in text else "phone")
    return Hit(lead, lead.state, channels_now(ledger, desk), answered, since)


def _cells(said: Entry, zone: ZoneInfo) -> list[str]:
    fact = said.event
    words = " ".join(w for w in (said.note, said.source_words) if w) or ("erased" if said.erased else "")
    return [
        fact.occurred_at.astimezone(zone).isoformat(),
        fact.recorded_at.astimezone(zone).isoformat(),
        fact.flag,
        "set" if fact.kind == Kind.FLAG_SET else "cleared",
        said.actor,
        fact.source,
        fact.reason,
        words,
    ]
