"""Hindsight's answers about the past for `bench/as_of.py`, by the functions that its pages and commands call."""

import pickle
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

#: Columns of the state that the peer's historical rows are filled with.
COPIED = (
    "status", "version", "unsubscribed", "dnc", "do_not_email", "do_not_text", "do_not_call", "created_at",
    "inquiry_source", "inquired_at", "first_contact_due_at", "first_contact_at", "sla_breached", "stage_entered_at",
    "provenance", "provenance_reason", "provenance_at", "times_qualified", "temperature", "last_contact_at",
    "last_reply_at", "attempts", "document_missing", "last_occurred_at", "last_recorded_at",
)  # fmt: skip
LONG, LONG_FACTS = "LONG-1", 1000
CARDS = 25


def states(at: str) -> dict[str, list[Any]]:
    """Stage and holder of every lead at an instant: by id, the leads whose moves were undone left out of the answer."""
    from leads.models import Lead
    from lifecycle.history import Clock
    from lifecycle.history.everyone import agents_and_statuses

    found = agents_and_statuses(datetime.fromisoformat(at), Clock.HAPPENED, Lead.objects.all())
    return {"leads": [len(found)], "sample": [found.get(n) for n in range(1, 2001)]}


def board(at: str) -> dict[str, Any]:
    """The counts of all columns and their first cards, as the page has them."""
    from django.http import QueryDict

    from leads.board.past import PastPicture
    from leads.models import User
    from lifecycle.history import Clock
    from lifecycle.states import State

    broker = User.objects.get(username="broker")
    shown = dict.fromkeys(State, CARDS)
    columns = PastPicture(broker, QueryDict(), datetime.fromisoformat(at), Clock.HAPPENED, shown).columns(State)
    return {str(view.state): view.total for view in columns}


def one(lead: int, at: str) -> list[Any]:
    """One lead at an instant, by both clocks, as its page has it; out: stage and holder as it was."""
    from lifecycle.history import Clock
    from lifecycle.history.one_lead import read_past

    state = read_past(lead, datetime.fromisoformat(at)).states[Clock.HAPPENED]
    return [state.status, state.agent]


def stand(lead: int, at: str) -> list[Any]:
    """Stage and holder of one lead at an instant, as `lead_states --at` asks for many."""
    from leads.models import Lead
    from lifecycle.history import Clock
    from lifecycle.history.everyone import agents_and_statuses

    return list(agents_and_statuses(datetime.fromisoformat(at), Clock.HAPPENED, Lead.objects.filter(pk=lead))[lead])


def add_long_lead() -> None:
    """One lead with a thousand facts, most of them calls, the rest moves to and fro; by the product's own bulk path."""
    from django.db.models import Max

    from leads.models import Lead, User
    from lifecycle.models import LeadEvent
    from lifecycle.service.importing import Someone, Stream, import_streams

    if Lead.objects.filter(external_key=LONG).exists():
        return
    agent = User.objects.filter(role="agent", is_active=True).order_by("pk")[0]
    people = {agent.display_name: Someone(agent.pk, agent.uuid, agent.display_name)}
    end = LeadEvent.objects.aggregate(end=Max("recorded_at"))["end"]
    lead = Lead(name="Dana Whitfield", external_source="bench", external_key=LONG)
    facts = list(_long_story(agent.display_name, end - timedelta(days=700)))
    done = import_streams([Stream(lead, facts)], lambda names: people, now=end, batch=uuid.uuid4())
    assert not done.refused, done.refused


def _long_story(agent: str, begun: datetime) -> Iterator[Any]:
    from lifecycle.events import NO_WORDS, Kind, Words
    from lifecycle.imported import Told

    call: dict[str, object] = {"channel": "call", "direction": "outbound", "outcome": "spoke"}
    moves = {
        10: (Kind.BUYER_AGREEMENT_SIGNED, "QUALIFIED", "COMMITTED", "", NO_WORDS, {"document": 1}),
        15: (Kind.DEAL_COLLAPSED, "COMMITTED", "QUALIFIED", "outbid", Words(note="Outbid by a cash offer."), {}),
    }
    first = {
        1: (Kind.LEAD_CREATED, "", "NEW", "", NO_WORDS, {"inquiry": "website", "sla_minutes": 5}),
        2: (Kind.AGENT_ASSIGNED, "", "", "initial_routing", NO_WORDS, {}),
        3: (Kind.CONTACT_LOGGED, "", "", "", NO_WORDS, call),
        4: (Kind.CONTACT_ATTEMPTED, "NEW", "CONTACTING", "", NO_WORDS, {}),
        5: (Kind.MOTIVATION_CONFIRMED, "CONTACTING", "QUALIFIED", "", Words(note="Ready to see houses."), {}),
    }
    for n in range(1, LONG_FACTS + 1):
        fact: Any = first.get(n) or moves.get(n % 20 or 20, (Kind.CONTACT_LOGGED, "", "", "", NO_WORDS, call))
        kind, before, after, reason, words, data = fact
        yield Told(
            line=n, seq=n, uuid=uuid.uuid4(), kind=kind, occurred_at=begun + timedelta(hours=16 * n),
            actor="" if kind in (Kind.LEAD_CREATED, Kind.CONTACT_ATTEMPTED) else agent, from_status=before,
            to_status=after, owner=agent if kind == Kind.AGENT_ASSIGNED else "", reason=reason, backfilled=False,
            words=words, data=data,
        )  # fmt: skip


def asked() -> dict[str, Any]:
    """What there is to be asked about: instants, a usual lead and the long one, how much there is."""
    from django.db.models import Max

    from leads.models import Lead
    from lifecycle.models import LeadEvent

    voided = LeadEvent.objects.filter(kind__in=["move_voided", "reason_corrected"]).values("lead_id")
    usual = Lead.objects.filter(version__range=(9, 12)).exclude(pk__in=voided).order_by("pk")
    chosen = usual[usual.count() // 2]
    long = Lead.objects.filter(external_key=LONG).first()
    end = LeadEvent.objects.aggregate(end=Max("recorded_at"))["end"]
    assert chosen.created_at and chosen.last_occurred_at
    middle = chosen.created_at + (chosen.last_occurred_at - chosen.created_at) / 2
    return {
        "leads": Lead.objects.count(),
        "facts": LeadEvent.objects.count(),
        "instants": {"a quarter ago": str(end - timedelta(days=92)), "a year ago": str(end - timedelta(days=365))},
        "usual": [chosen.pk, str(middle), chosen.version],
        "long": [long.pk, str(end - timedelta(days=92)), long.version] if long else None,
        "undone": sorted(set(voided.values_list("lead_id", flat=True))),
    }


def rows() -> Iterator[list[tuple[Any, ...]]]:
    """Every lead after every fact: (lead, instant, agent, *COPIED), some thousands at a time, lead by lead.

    Instants rise inside a lead, as they do where rows are saved one after the other.
    """
    from lifecycle.fold import LeadState, apply
    from lifecycle.history.telling import COLUMNS
    from lifecycle.models import LeadEvent

    made: list[tuple[Any, ...]] = []
    lead, state, last = 0, LeadState(), datetime.now(UTC)
    facts = LeadEvent.objects.order_by("lead_id", "version").values_list(*COLUMNS, named=True)
    for fact in facts.iterator(chunk_size=5000):
        if fact.lead_id != lead:
            if len(made) > 5000:
                yield made
                made = []
            lead, state, last = fact.lead_id, LeadState(), fact.occurred_at - timedelta(microseconds=1)
        state = apply(state, fact)
        last = max(fact.occurred_at, last + timedelta(microseconds=1))
        made.append((lead, last, state.agent, *(getattr(state, name) for name in COPIED)))
    yield made


def main() -> None:
    """Writes `rows` to stdout, pickled, for the peer's process to read."""
    import django

    django.setup()
    for some in rows():
        pickle.dump(some, sys.stdout.buffer)
    pickle.dump(None, sys.stdout.buffer)


if __name__ == "__main__":
    main()
