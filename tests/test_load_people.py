"""The people of the load test read our pages by patterns: a page that they cannot read would be a load of nothing."""

import pytest
from django.test import Client

from bench.crowd import screen
from leads.models import Lead
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.factories import LeadFactory, ana
from tests.test_board import as_user
from tests.test_move_pages import BOARD

pytestmark = pytest.mark.django_db


def page(client: Client, path: str, **more: str) -> str:
    return client.get(path, more, headers=BOARD if path != "/" else None).content.decode()


def test_they_see_anas_cards_where_those_may_go_and_where_news_are_asked_for() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", agent=ana(), status=State.COMMITTED)
    board = screen.Board()

    board.look(page(as_user(ana()), "/"))

    assert board.any_card() == ("COMMITTED", screen.Card(str(lead.pk), str(lead.version), "Dana Ortiz"))
    assert set(board.legal["COMMITTED"]) == {"QUALIFIED", "IN_CONTRACT"}
    assert board.live.startswith("/board/changes?") and set(board.cursor) == {"since", "tail", "drawn", "ticked"}
    assert "COMMITTED:1" in board.shown and not board.more


@pytest.mark.parametrize(
    ("status", "to", "kind"),
    [
        (State.NEW, State.CONTACTING, Kind.CONTACT_ATTEMPTED),
        (State.NEW, State.TRASHED, Kind.BOGUS_CONTACT_DETECTED),
        (State.CONTACTING, State.QUALIFIED, Kind.MOTIVATION_CONFIRMED),
        (State.QUALIFIED, State.COMMITTED, Kind.BUYER_AGREEMENT_SIGNED),
        (State.QUALIFIED, State.ARCHIVED, Kind.ARCHIVED_MANUALLY),
        (State.COMMITTED, State.QUALIFIED, Kind.DEAL_COLLAPSED),
        (State.IN_CONTRACT, State.CLOSED, Kind.CLOSING_COMPLETED),
    ],
)
def test_they_answer_what_a_move_asks(status: State, to: State, kind: Kind) -> None:
    lead = LeadFactory.create(name="Dana Ortiz", agent=ana(), status=status)
    path, client = f"/leads/{lead.pk}/move/", as_user(ana())

    form = screen.form(page(client, path, to=to.value), path)
    assert form is not None
    answer = client.post(path, {**form, "from": status.value}, headers=BOARD)

    moved = Lead.objects.get(pk=lead.pk).events.get(kind=kind, to_status=to.value)
    written = {str(moved.uuid), str(moved.caused_by.uuid) if moved.caused_by else ""}
    assert answer.status_code == 200 and form["uuid"] in written
    board = screen.Board()
    board.look(answer.content.decode())
    assert status.value in board.cards and board.live


def test_they_log_a_call_from_the_sheet_and_a_note_on_the_page() -> None:
    lead, client = LeadFactory.create(name="Dana Ortiz", agent=ana()), as_user(ana())

    call = screen.form(page(client, f"/leads/{lead.pk}/move/"), f"/leads/{lead.pk}/call/")
    note = screen.form(page(client, f"/leads/{lead.pk}/"), f"/leads/{lead.pk}/note/")
    assert call is not None and note is not None
    client.post(f"/leads/{lead.pk}/call/", {**call, "outcome": "spoke"}, headers=BOARD)
    client.post(f"/leads/{lead.pk}/note/", note)

    assert set(lead.events.filter(uuid__in=[call["uuid"], note["uuid"]]).values_list("kind", flat=True)) == {
        Kind.CONTACT_LOGGED.value,
        Kind.NOTE_ADDED.value,
    }


def test_they_find_the_rest_of_a_column_the_rest_of_a_story_and_what_was_searched_for() -> None:
    leads = [LeadFactory.create(name=f"Dana {n}", agent=ana()) for n in range(27)]
    for _ in range(52):
        service.add_note(lead_id=leads[0].pk, note="Called.", actor=ana(), source=Source.PAGE)
    client, board = as_user(ana()), screen.Board()

    board.look(page(client, "/"))
    board.grow("NEW", page(client, board.more["NEW"]))
    story = screen.later(page(client, f"/leads/{leads[0].pk}/"))

    assert len(board.cards["NEW"]) == 27 and "NEW" not in board.more
    assert story and screen.later(page(client, f"/leads/{leads[0].pk}/{story}")) == ""
    assert str(leads[3].pk) in screen.hits(page(client, "/search/", q="Dana"))
