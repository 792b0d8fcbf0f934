"""The people of the office, and leads that came where they are through the one door.

Ana and Ben are agents, Bruna is the broker, Ada the admin, Otto left the office. Asking twice gives the same person.
"""

from datetime import datetime, timedelta
from typing import Any

import factory
from django.utils import timezone

from leads.models import Lead, Role, User
from lifecycle import service
from lifecycle.events import Channel, Inquiry, Kind, Outcome, Source
from lifecycle.service import Result
from lifecycle.states import State
from tests.story import WAY

#: What a move to each state needs besides the target, when nothing else is said.
NEEDS: dict[State, dict[str, Any]] = {
    State.NEW: {"contact": {"phone": "+1 415 555 0177"}},
    State.QUALIFIED: {"note": "Toured twice and wants to make an offer."},
    State.COMMITTED: {"document": "agreement-2026-014.pdf"},
    State.ARCHIVED: {"reason": "renting_instead"},
    State.TRASHED: {"reason": "invalid_phone"},
}

#: What a move back needs, by kind.
COLLAPSE: dict[str, Any] = {"reason": "financing_affordability", "note": "The bank lowered the offer."}
VOIDED_CONTRACT: dict[str, Any] = {"reason": "appraisal_low", "note": "Came in 20,000 below the price."}
RE_ENGAGED: dict[str, Any] = {"reason": "replied"}


# --- people -------------------------------------------------------------------------------------------------


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        django_get_or_create = ("username",)

    username = factory.Sequence(lambda n: f"agent{n}")
    display_name = factory.LazyAttribute(lambda o: o.username.capitalize())
    email = factory.LazyAttribute(lambda o: f"{o.username}@office.example")
    role = Role.AGENT.value


def ana() -> User:
    """An agent."""
    return UserFactory.create(username="ana", display_name="Ana Alvarez")


def ben() -> User:
    """Another agent."""
    return UserFactory.create(username="ben", display_name="Ben Brooks")


def bruna() -> User:
    """The broker."""
    return UserFactory.create(username="bruna", display_name="Bruna Barros", role=Role.BROKER.value)


def ada() -> User:
    """The admin."""
    return UserFactory.create(username="ada", display_name="Ada Adeyemi", role=Role.ADMIN.value)


def otto() -> User:
    """An agent who left: his account is deactivated."""
    return UserFactory.create(username="otto", display_name="Otto Oduya", is_active=False)


# --- leads --------------------------------------------------------------------------------------------------


class LeadFactory(factory.django.DjangoModelFactory[Lead]):
    """`create(status=…, agent=…)` walks a lead through the service to that state, the last step a day ago.

    `agent` (None: the pool) holds it from its first moment and does the moves; for a pool lead Bruna does.
    `begun` is when the inquiry came; every step follows an hour after the one before. `build()` is an unsaved lead.
    """

    class Meta:
        model = Lead

    name = factory.Sequence(lambda n: f"Dana Whitfield {n}")
    email = factory.Sequence(lambda n: f"dana{n}@example.com")
    phone = factory.Sequence(lambda n: f"+1 510 555 {n % 10000:04d}")

    @classmethod
    def _create(cls, model_class: type[Lead], *args: Any, **kwargs: Any) -> Lead:
        status = State(kwargs.pop("status", State.NEW))
        agent = kwargs.pop("agent", None)
        inquiry = kwargs.pop("inquiry", Inquiry.WEBSITE)
        begun = kwargs.pop("begun", None) or timezone.now() - timedelta(days=1, hours=len(WAY[status]))
        lead = model_class(*args, **kwargs)
        actor = agent or bruna()
        service.create_lead(lead=lead, inquiry=inquiry, agent=agent, actor=actor, source=Source.PAGE, now=begun)
        for n, step in enumerate(WAY[status], start=1):
            advance(lead, step, actor=actor, now=begun + timedelta(hours=n))
        lead.refresh_from_db()
        return lead


def advance(lead: Lead, to: State, *, actor: User | None = None, now: datetime | None = None, **said: Any) -> Result:
    """One step through the service, with what it needs filled in; `said` replaces any of it."""
    by = actor or bruna()
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": by, "source": Source.PAGE, "now": now}
    lead.refresh_from_db()
    if lead.status == State.NEW and to == State.CONTACTING:
        call = {"channel": Channel.CALL, "outcome": Outcome.NO_ANSWER, **said}
        result = service.log_contact(**common, **call)
    else:
        result = service.move_lead(**common, to=to, **{**needs(lead.status, to, now), **said})
    lead.refresh_from_db()
    return result


def needs(from_status: str, to: str, now: datetime | None = None) -> dict[str, Any]:
    """What a person has to say for this move, as keyword arguments of `move_lead`."""
    match from_status, to:
        case State.COMMITTED, State.QUALIFIED:
            return COLLAPSE
        case State.IN_CONTRACT, State.QUALIFIED:
            return VOIDED_CONTRACT
        case State.ARCHIVED, State.CONTACTING:
            return RE_ENGAGED
        case State.IN_CONTRACT, State.CLOSED:
            return {"closing_date": (now or timezone.now()).date()}
    return NEEDS.get(State(to), {})


def newest(lead: Lead, kind: Kind | None = None) -> Any:
    """The newest fact of a lead, or its newest of this kind."""
    events = lead.events.order_by("-version")
    return (events.filter(kind=kind.value) if kind else events)[0]
