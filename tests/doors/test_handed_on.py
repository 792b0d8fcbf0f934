"""A lead is handed on while Ana's form about it is under way: she is told that, and not how it goes on with it."""

from typing import Any
from uuid import uuid4

import pytest

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.doors.door import Door, body, session_of
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest

pytestmark = pytest.mark.django_db

WHERE = ["http://testserver/", "http://testserver/leads/{}/", ""]
#: Parts of a lead's address, and the first call of the service that each of them makes.
ACTIONS = [("undo/", "void_move"), ("move/", "check_version"), ("call/", "log_contact")]


def meanwhile(monkeypatch: pytest.MonkeyPatch, name: str, lead: Lead) -> None:
    """Before the service comes to it, the lead goes to Ben, and Ben moves it."""
    act = getattr(service, name)

    def late(**said: Any) -> Any:
        common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE.value}
        service.assign_lead(**common, to_agent=ben(), reason="client_request")
        monkeypatch.setattr(service, name, act)
        advance(lead, State.COMMITTED, actor=ben())
        Lead.objects.filter(pk=lead.pk).update(headline="Wants the lighthouse")
        return act(**said)

    monkeypatch.setattr(service, name, late)


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize(
    ("part", "name"), [("undo/", "void_move"), ("move/", "check_version"), ("call/", "log_contact")]
)
def test_what_becomes_of_it_is_not_told(monkeypatch: pytest.MonkeyPatch, part: str, name: str, where: str) -> None:
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED, name="Dana Whitfield", headline="Wants a garden")
    move = {"to": "ARCHIVED", "reason": "renting_instead", "submitted": "1", "version": lead.version}
    form = {**move, "uuid": uuid4(), "target": newest(lead, Kind.MOTIVATION_CONFIRMED).uuid, "outcome": "no_answer"}
    meanwhile(monkeypatch, name, lead)
    headers: dict[str, Any] = {"HX_Current_URL": where.format(lead.pk)} if where else {}
    answer = Door(session_of(ana())).ask("POST", f"/leads/{lead.pk}/{part}", form, htmx=bool(where), **headers)
    said = body(answer).decode()
    led_away = answer.get("HX-Redirect") == "/"
    assert (led_away or answer.status_code in (403, 404, 409)) and lead.events.filter(
        kind=Kind.AGENT_ASSIGNED.value
    ).count() == 2
    assert "stays in Committed" not in said and "lighthouse" not in said
