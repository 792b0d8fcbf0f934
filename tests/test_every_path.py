"""Every illegal pair of states is refused on every path into the log, and so is a demotion without a reason."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import IllegalMove, ReasonMissing, Refused
from lifecycle.events import Kind
from lifecycle.models import LeadEvent
from lifecycle.states import State
from lifecycle.transitions import between, for_person
from tests.factories import LeadFactory, ada, bruna, newest

pytestmark = pytest.mark.django_db

ILLEGAL = [(a, b) for a in State for b in State if a != b and not for_person(a, b)]
#: Whatever a move might ask for: no illegal one is refused for the lack of a reason, or let through for having one.
EVERYTHING = {
    "submitted": "1",
    "reason": "outbid",
    "note": "Somebody tries to get round the table of moves.",
    "document": "agreement.pdf",
    "closing_date": "2026-01-05",
    "channel": "call",
    "outcome": "spoke",
    "name": "Dana",
    "email": "new@example.com",
    "phone": "",
}


def logged_in(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def _post(lead: Lead, to: State, *, headers: dict[str, str] | None = None, **typed: str) -> int:
    values = {**EVERYTHING, "to": to.value, "version": str(lead.version), "uuid": str(uuid.uuid4()), **typed}
    return logged_in(bruna()).post(f"/leads/{lead.pk}/move/", values, headers=headers or {}).status_code


def by_form(lead: Lead, to: State) -> bool:
    return _post(lead, to) == 422


def by_drag(lead: Lead, to: State) -> bool:
    board = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
    return _post(lead, to, headers=board, **{"from": lead.status}) == 422


def by_menu(lead: Lead, to: State) -> bool:
    client = logged_in(bruna())
    menu = client.get(f"/leads/{lead.pk}/move/").content.decode()
    form = client.get(f"/leads/{lead.pk}/move/", {"to": to.value})
    return f"?to={to.value}" not in menu and f'value="{to.value}"' not in menu and form.status_code == 422


def by_admin(lead: Lead, to: State) -> bool:
    client = logged_in(ada())
    values = {"name": lead.name, "email": lead.email, "phone": lead.phone, "status": to.value, "version": "99"}
    return client.post(f"/admin/leads/lead/{lead.pk}/change/", values).status_code in (200, 302)


def by_service(lead: Lead, to: State) -> bool:
    with pytest.raises(IllegalMove) as refusal:
        service.move_lead(
            lead_id=lead.pk, to=to.value, reason="outbid", note=EVERYTHING["note"], actor=bruna(), source="api"
        )
    return bool(refusal.value.sentence)


def by_raw_sql(lead: Lead, to: State) -> bool:
    table = Lead._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET status = %s WHERE id = %s", [to.value, lead.pk])
    return True


PATHS: dict[str, Callable[[Lead, State], bool]] = {
    "form": by_form,
    "drag": by_drag,
    "menu": by_menu,
    "admin": by_admin,
    "service": by_service,
    "raw SQL": by_raw_sql,
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("start", State)
def test_bruna_gets_no_lead_past_the_table_of_moves(path: str, start: State) -> None:
    lead = LeadFactory.create(status=start, agent=bruna())
    before = LeadEvent.objects.count()
    for source, target in ILLEGAL:
        if source == start:
            assert PATHS[path](lead, target), f"{path}: {source} to {target}"
    lead.refresh_from_db()
    assert (lead.status, LeadEvent.objects.count()) == (start, before)


@pytest.mark.parametrize("pair", [(a, b) for a, b in ILLEGAL if not between(a, b)], ids=lambda p: f"{p[0]}-{p[1]}")
def test_no_command_lets_an_illegal_pair_in_as_a_move_of_ours(tmp_path: Path, pair: tuple[State, State]) -> None:
    path = tmp_path / "old.csv"
    path.write_text(
        "lead_key,occurred_at,actor,kind,from_state,to_state,reason,note,from_owner,to_owner,seq\n"
        f"A1,2024-03-01T10:01:00Z,Joe,state_changed,,{pair[0]},,,,,1\n"
        f"A1,2024-03-01T10:02:00Z,Joe,state_changed,{pair[0]},{pair[1]},,,,,2\n"
    )
    with pytest.raises(SystemExit):
        call_command(
            "import_history", path, irregular="refuse", verbosity=0, stdout=io.StringIO(), stderr=io.StringIO()
        )
    assert not LeadEvent.objects.exists()
    call_command("import_history", path, verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())
    assert [e.kind for e in LeadEvent.objects.order_by("version")] == ["history_imported"] * 2


# --- a demotion without a reason ----------------------------------------------------------------------------

DEMOTED = [State.COMMITTED, State.IN_CONTRACT]


@pytest.mark.parametrize("start", DEMOTED)
@pytest.mark.parametrize("board", [True, False], ids=["drag", "form"])
@pytest.mark.parametrize("reason", ["", "not_interested", "no_such_reason", "not_recorded"])
def test_no_page_takes_a_demotion_without_a_reason_of_its_own(start: State, board: bool, reason: str) -> None:
    lead = LeadFactory.create(status=start, agent=bruna())
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"} if board else {}
    assert _post(lead, State.QUALIFIED, headers=headers, reason=reason) == 422
    lead.refresh_from_db()
    assert lead.status == start


@pytest.mark.parametrize("start", DEMOTED)
def test_the_service_takes_no_demotion_without_reason_or_note(start: State) -> None:
    lead = LeadFactory.create(status=start, agent=bruna())
    move: dict[str, Any] = {"lead_id": lead.pk, "to": "QUALIFIED", "actor": bruna(), "source": "api"}
    with pytest.raises(ReasonMissing):
        service.move_lead(**move, note="They walked away.")
    with pytest.raises(Refused, match="sentence"):
        service.move_lead(**move, reason="life_event", note="  ")


@pytest.mark.parametrize("kind", [Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED])
def test_the_database_takes_no_demotion_without_a_reason_in_raw_sql(kind: Kind) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=bruna())
    last = newest(lead)
    forged = LeadEvent(
        lead=lead, version=last.version + 1, kind=kind.value, from_status="COMMITTED", to_status="QUALIFIED",
        reason="", agent=lead.agent, source="api", occurred_at=last.recorded_at, recorded_at=last.recorded_at,
        hash="f" * 64,
    )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        LeadEvent.objects.bulk_create([forged])
    assert newest(lead).pk == last.pk
