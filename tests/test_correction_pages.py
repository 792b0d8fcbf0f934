"""Undo after every move, "This was a mistake" and "Correct the reason": over HTTP, with and without htmx."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.board.changes import cursor_now, news
from leads.models import Lead, User
from lifecycle import service
from lifecycle.authority import VOID_WINDOW
from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent, ReasonCode
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.soundness import assert_sound, nothing_written
from tests.test_board import as_user, text_of
from tests.test_move_pages import COLLAPSED

pytestmark = pytest.mark.django_db

WHY = "The agreement was another buyer's."


def dana(**said: Any) -> Lead:
    return LeadFactory.create(**{"name": "Dana Ortiz", "agent": ana(), **said})


def fell_back(**said: Any) -> tuple[Lead, LeadEvent]:
    """Dana, whom Ana has just moved back from Committed, and that move."""
    lead = dana(status=State.COMMITTED)
    return lead, advance(lead, State.QUALIFIED, actor=ana(), **{"reason": "cold_feet", **said}).events[0]


def on_page(lead: Lead, query: str = "") -> dict[str, str]:
    """The headers of htmx on the page of this lead."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver/leads/{lead.pk}/{query}"}


def void_url(lead: Lead, fact: LeadEvent) -> str:
    return f"/leads/{lead.pk}/void/{fact.uuid}/"


def correct_url(lead: Lead, fact: LeadEvent) -> str:
    return f"/leads/{lead.pk}/correct/{fact.uuid}/"


def row(html: str, fact: LeadEvent) -> str:
    """The part of a lead's page that shows one fact."""
    found = re.search(rf'<li class="fact[^>]*id="v{fact.version}".*?</li>', html, re.S)
    assert found, f"The page does not show version {fact.version}."
    return found[0]


def page(user: User, lead: Lead) -> str:
    answer = as_user(user).get(f"/leads/{lead.pk}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def offered(html: str) -> dict[str, str]:
    """What the Undo button of the newest message would send."""
    toast = html[html.rindex("data-undo") - 900 :]
    return dict(re.findall(r'type="hidden" name="(target|uuid)" value="([^"]*)"', toast))


# ---- undo after every move


def told_after(client: Client, lead: Lead, path: str, **values: Any) -> str:
    """The page that a plain form leads to."""
    answer = client.post(f"/leads/{lead.pk}/{path}/", values)
    assert answer.status_code == 302, answer.content.decode()
    return str(client.get(answer.headers["Location"].partition("#")[0]).content.decode())


def test_without_javascript_the_message_of_a_move_has_a_button_too() -> None:
    lead, client = dana(status=State.COMMITTED), as_user(ana())

    html = told_after(client, lead, "move", to="IN_CONTRACT", version=lead.version, next=f"/leads/{lead.pk}/")

    assert 'aria-label="Undo: Dana Ortiz moved to In contract"' in html and 'data-fades="30"' in html
    assert "hx-sync" not in html, "There is no board on this page to wait for."
    done = client.post(f"/leads/{lead.pk}/undo/", offered(html))
    assert done.status_code == 302
    after = page(ana(), lead)
    lead.refresh_from_db()
    assert lead.status == State.COMMITTED and "data-undo" not in after


def test_the_same_message_on_the_board_waits_for_the_board() -> None:
    lead, client = dana(status=State.COMMITTED), as_user(ana())
    html = told_after(client, lead, "move", to="IN_CONTRACT", version=lead.version)
    assert 'hx-sync="#board:queue all"' in html and "data-undo" in html


@pytest.mark.parametrize("path", ["call", "contact"])
def test_a_logged_contact_that_made_scribe_move_offers_to_undo_that_move(path: str) -> None:
    lead, client = dana(), as_user(ana())
    said = {"channel": "call", "direction": "outbound", "outcome": "no_answer"}

    html = told_after(client, lead, path, next=f"/leads/{lead.pk}/", **said)

    assert offered(html)["target"] == str(newest(lead, Kind.CONTACT_ATTEMPTED).uuid)
    again = told_after(client, lead, path, next=f"/leads/{lead.pk}/", **said)
    assert "data-undo" not in again, "The second call moves nothing."


def test_on_the_lead_page_a_logged_contact_offers_undo_in_place_and_the_page_shows_the_truth() -> None:
    lead = dana()
    said = {"channel": "call", "direction": "outbound", "outcome": "spoke", "uuid": str(uuid4())}
    logged = as_user(ana()).post(f"/leads/{lead.pk}/contact/", said, headers=on_page(lead)).content.decode()

    undone = as_user(ana()).post(f"/leads/{lead.pk}/undo/", offered(logged), headers=on_page(lead))

    html = undone.content.decode()
    assert undone.status_code == 200 and "<html" not in html
    for part in ("lead-head", "lead-path", "lead-moves", "lead-facts", "timeline", "lead-bar", "say"):
        assert html.count(f'hx-target="#{part}"') == 1, part
    assert '<span class="stage stage-new"' in html
    assert len(re.findall(r"Undone: Dana Ortiz is back in New. The call of \d+ \w+ stays in the history.", html)) == 2
    assert newest(lead, Kind.MOVE_VOIDED).source == Source.PAGE
    assert_sound(lead)


def test_an_undone_text_is_called_a_text_and_the_page_does_not_contradict_itself() -> None:
    lead = dana()
    text: dict[str, Any] = {"channel": "text", "direction": "outbound", "outcome": "sent"}
    service.log_contact(lead_id=lead.pk, actor=ana(), source=Source.PAGE, **text)
    move = newest(lead, Kind.CONTACT_ATTEMPTED)
    asked = as_user(ana()).get(f"/leads/{lead.pk}/void/{move.uuid}/").content.decode()
    assert re.search(r"The text of \d+ \w+ stays in the history.", asked)
    said = {"reason": "mis_drag", "uuid": str(uuid4())}
    assert as_user(ana()).post(f"/leads/{lead.pk}/void/{move.uuid}/", said).status_code == 302
    for address in ("", "packet/"):
        html = as_user(ana()).get(f"/leads/{lead.pk}/{address}").content.decode()
        words = r"Back in New: the move was undone. The text of \d+ \w+ still counts as first contact."
        assert re.search(words, html) and "nobody has reached out yet" not in html


def test_a_refused_undo_on_the_lead_page_draws_the_truth_and_says_who_stands_in_the_way() -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    advance(lead, State.IN_CONTRACT, actor=bruna())
    with nothing_written():
        answer = as_user(ana()).post(
            f"/leads/{lead.pk}/undo/", {"target": str(moved.uuid), "uuid": str(uuid4())}, headers=on_page(lead)
        )
    html = answer.content.decode()
    assert answer.status_code == 409 and '<span class="stage stage-in_contract"' in html
    assert "Bruna Barros moved Dana Ortiz to In contract at" in html and "toast-bad" in html


def test_a_damaged_message_offers_nothing() -> None:
    from leads.pages.told import offer_in

    class Message:
        extra_tags = '["1", "no-uuid", "no-uuid", "x"]'

    assert offer_in(Message()) is None and offer_in(object()) is None
    Message.extra_tags = "success"
    assert offer_in(Message()) is None


# ---- what the story offers, and to whom


def test_the_newest_standing_move_is_offered_as_a_mistake_to_its_author_with_the_time_that_is_left() -> None:
    lead = dana(status=State.QUALIFIED)
    older = newest(lead)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    service.add_note(lead_id=lead.pk, note="The lender called.", actor=bruna(), source=Source.PAGE)
    html = page(ana(), lead)
    assert void_url(lead, moved) in row(html, moved) and "until " in row(html, moved)
    assert void_url(lead, older) not in html
    assert "until " not in row(page(bruna(), lead), moved), "A broker may any time."


def test_what_ana_may_not_undo_is_not_offered_to_her() -> None:
    old = timezone.now() - VOID_WINDOW - timedelta(hours=2)
    lead = dana(status=State.QUALIFIED, begun=old - timedelta(days=1))
    moved = advance(lead, State.COMMITTED, actor=ana(), now=old).events[0]
    assert "/void/" not in page(ana(), lead) and void_url(lead, moved) in page(bruna(), lead)
    theirs = dana(status=State.QUALIFIED)
    advance(theirs, State.COMMITTED, actor=bruna())
    assert "/void/" not in page(ana(), theirs)


def test_how_a_lead_began_is_no_mistake() -> None:
    assert "/void/" not in page(bruna(), dana())


def test_a_reason_is_offered_for_correction_while_its_fact_stands() -> None:
    lead, fell = fell_back()
    assert correct_url(lead, fell) in page(ana(), lead)
    service.void_move(lead_id=lead.pk, target=fell.uuid, reason="mis_drag", actor=ana(), source=Source.PAGE)
    assert correct_url(lead, fell) not in page(bruna(), lead)


def test_an_undone_move_warns_of_nothing_any_more() -> None:
    lead = dana(status=State.QUALIFIED)
    moved = service.move_lead(lead_id=lead.pk, to=State.COMMITTED, actor=ana(), source=Source.PAGE).events[0]
    warning = '<span class="chip chip-warn">No document'
    assert warning in row(page(ana(), lead), moved)
    service.void_move(lead_id=lead.pk, target=moved.uuid, reason="mis_drag", actor=ana(), source=Source.PAGE)
    assert warning not in row(page(ana(), lead), moved) and "No document" in row(page(ana(), lead), moved)


def test_no_reason_to_correct_is_offered_where_nobody_gave_one() -> None:
    """The lead was routed as it came in; by its address the correction stays possible."""
    lead = dana()
    born = lead.events.get(kind=Kind.AGENT_ASSIGNED)
    assert correct_url(lead, born) not in page(ana(), lead)
    assert as_user(ana()).get(correct_url(lead, born)).status_code == 200
    for who, reason in ((bruna(), "territory"), (ana(), "initial_routing")):
        service.assign_lead(lead_id=lead.pk, to_agent=who, reason=reason, actor=bruna(), source=Source.PAGE)
        assert correct_url(lead, newest(lead)) in page(bruna(), lead)


def test_on_paper_nothing_is_offered() -> None:
    lead, _ = fell_back()
    html = as_user(ana()).get(f"/leads/{lead.pk}/?print=1").content.decode()
    assert "/void/" not in html and "/correct/" not in html


def test_the_page_costs_as_many_queries_as_before_however_much_was_corrected() -> None:
    def queries(lead: Lead) -> int:
        client = as_user(ana())
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(f"/leads/{lead.pk}/").status_code == 200
        return len(seen)

    plain, (corrected, fell) = dana(status=State.QUALIFIED), fell_back()
    for reason in ("outbid", "cold_feet", "life_event"):
        correct(ana(), corrected, fell, reason=reason, saw=None)
    assert newest(corrected).kind == Kind.REASON_CORRECTED
    advance(corrected, State.COMMITTED, actor=ana())
    assert queries(plain) == queries(corrected)


def test_the_forms_cost_the_same_whatever_the_story() -> None:
    def queries(lead: Lead, url: str) -> int:
        client = as_user(bruna())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url, headers=on_page(lead)).status_code == 200
        return len(seen)

    short, long = fell_back(), fell_back()
    for n in range(6):
        service.add_note(lead_id=long[0].pk, note=f"Note {n}", actor=ana(), source=Source.PAGE)
        correct(ana(), *long, reason=("outbid", "cold_feet")[n % 2])
    assert newest(long[0]).kind == Kind.REASON_CORRECTED
    for url in (void_url, correct_url):
        assert queries(short[0], url(*short)) == queries(long[0], url(*long)) <= 14


# ---- this was a mistake


def test_the_form_says_which_move_what_it_goes_back_to_and_how_long_ana_still_may() -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    whole = as_user(ana()).get(void_url(lead, moved))
    dialog = as_user(ana()).get(void_url(lead, moved), headers=on_page(lead))
    for answer in (whole, dialog):
        said = text_of(answer.content.decode())
        assert answer.status_code == 200 and "Ana Alvarez" in said and "Committed" in said
        assert "In Qualified since" in said and "motivation confirmed" in said
        assert "You may undo this yourself until" in said
        for words in ("Dropped on the wrong column", "Wrong lead", "Too early", "Entered twice", "Other"):
            assert words in said
    assert "<html" in whole.content.decode() and 'hx-target="#dialog"' in dialog.content.decode()
    assert "You may undo this yourself" not in as_user(bruna()).get(void_url(lead, moved)).content.decode()


def test_a_mistake_is_undone_with_its_reason_and_everything_is_as_before() -> None:
    lead = dana(status=State.QUALIFIED)
    columns = ("status", "stage_entered_at", "provenance", "first_contact_at", "first_contact_due_at")
    before = [getattr(lead, name) for name in (*columns, "document_missing")]
    moved = advance(lead, State.COMMITTED, actor=ana(), document="").events[0]
    lead.refresh_from_db()
    assert lead.document_missing
    form = {"reason": "other", "note": WHY, "uuid": str(uuid4())}

    first, second = (as_user(ana()).post(void_url(lead, moved), form, headers=on_page(lead)) for _ in range(2))

    lead.refresh_from_db()
    assert [getattr(lead, name) for name in (*columns, "document_missing")] == before
    assert first.status_code == second.status_code == 200
    assert first.content.decode().count("Undone: Dana Ortiz is back in Qualified.") == 2
    (void,) = lead.events.filter(kind=Kind.MOVE_VOIDED)
    assert (void.reason, void.words.note, void.target, void.actor) == ("other", WHY, moved, ana())
    assert_sound(lead)


def test_without_htmx_the_way_goes_back_to_the_row() -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    client = as_user(ana())
    done = client.post(void_url(lead, moved), {"reason": "too_early"})
    assert done.status_code == 302 and done.headers["Location"] == f"/leads/{lead.pk}/#v{moved.version}"
    assert "Undone: Dana Ortiz is back in Qualified." in client.get(f"/leads/{lead.pk}/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose a reason"),
        ({"reason": "outbid"}, "This reason does not belong here."),
        ({"reason": "other", "note": "Oops."}, "needs a note of at least 20 characters"),
        ({"reason": "mis_drag", "note": "x\x00y"}, ""),
        ({"reason": "mis_drag", "note": "x" * 20_000}, ""),
        ({"reason": "mis_drag", "uuid": "damaged"}, "This form is damaged."),
    ],
    ids=["none", "foreign", "short other", "NUL", "long", "damaged"],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_form_that_will_not_do_says_why_and_writes_nothing(typed: dict[str, str], sentence: str, htmx: bool) -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    with nothing_written():
        answer = as_user(ana()).post(void_url(lead, moved), typed, headers=on_page(lead) if htmx else {})
    html = answer.content.decode()
    assert answer.status_code == 422 and sentence in html
    assert ("<html" in html) is not htmx and 'role="alert"' in html
    if typed.get("note") == "Oops.":
        assert "Oops." in html and re.search(r'value="other" checked', html)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_move_in_between_is_named_with_who_when_and_where_to(htmx: bool) -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    advance(lead, State.IN_CONTRACT, actor=bruna())
    said = r"Bruna Barros moved Dana Ortiz to In contract at \d+ \w+ \d{4}, \d+:\d\d [ap]m \w+\. Only the newest move"
    headers = on_page(lead) if htmx else {}
    with nothing_written():
        asked = as_user(ana()).get(void_url(lead, moved), headers=headers)
        sent = as_user(ana()).post(void_url(lead, moved), {"reason": "other", "note": WHY}, headers=headers)
        bare = as_user(ana()).post(void_url(lead, moved), {"reason": "mis_drag"}, headers=headers)
    for answer in (asked, sent, bare):
        assert answer.status_code == 409 and re.search(said, answer.content.decode())
        assert ('hx-target="#lead-head"' in answer.content.decode()) is htmx, "The page behind it shows the truth."
    assert WHY.replace("'", "&#x27;") in sent.content.decode(), "What was typed is not lost."


def test_who_undid_it_already_is_named() -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    service.void_move(lead_id=lead.pk, target=moved.uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE)
    answer = as_user(ana()).post(void_url(lead, moved), {"reason": "mis_drag"})
    assert answer.status_code == 409
    assert re.search(r"Bruna Barros undid this move already, at .*\.", answer.content.decode())
    hers = as_user(bruna()).post(void_url(lead, moved), {"reason": "mis_drag"})
    assert re.search(r"You undid this move already, at .*\.", hers.content.decode())


def test_a_void_is_not_voided_and_the_move_is_made_again() -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    service.void_move(lead_id=lead.pk, target=moved.uuid, reason="mis_drag", actor=ana(), source=Source.PAGE)
    with nothing_written():
        for user in (ana(), bruna()):
            answer = as_user(user).get(void_url(lead, newest(lead)))
            assert answer.status_code == 409 and "Make the move again." in answer.content.decode()
    again = advance(lead, State.COMMITTED, actor=ana()).events[0]
    assert void_url(lead, again) in page(ana(), lead)


@pytest.mark.parametrize("by", [ana, bruna])
def test_consent_is_never_undone_by_page_nor_by_undo_nor_by_the_service(by: Any) -> None:
    lead = dana(status=State.QUALIFIED)
    flag: dict[str, Any] = {"lead_id": lead.pk, "flag": Flag.DNC, "actor": bruna(), "source": Source.PAGE}
    service.set_flag(**flag, reason="lead_request_phone")
    service.clear_flag(**flag, reason="set_in_error")
    with nothing_written():
        for kind in (Kind.FLAG_SET, Kind.FLAG_CLEARED):
            fact = newest(lead, kind)
            for answer in (
                as_user(by()).get(void_url(lead, fact)),
                as_user(by()).post(void_url(lead, fact), {"reason": "mis_drag"}),
                as_user(by()).post(f"/leads/{lead.pk}/undo/", {"target": str(fact.uuid)}),
                as_user(by()).post(f"/leads/{lead.pk}/undo/", {"target": str(fact.uuid)}, headers=on_page(lead)),
            ):
                assert answer.status_code == 409 and "is never undone." in answer.content.decode()


def test_a_note_an_assignment_and_the_beginning_are_refused_with_a_sentence() -> None:
    lead = dana(status=State.QUALIFIED)
    service.add_note(lead_id=lead.pk, note="Hello.", actor=ana(), source=Source.PAGE)
    for fact in (newest(lead), newest(lead, Kind.AGENT_ASSIGNED), newest(lead, Kind.LEAD_CREATED)):
        answer = as_user(bruna()).get(void_url(lead, fact))
        assert answer.status_code == 409 and 'role="alert"' in answer.content.decode()


def test_late_ana_is_told_to_ask_her_broker() -> None:
    old = timezone.now() - VOID_WINDOW - timedelta(hours=2)
    lead = dana(status=State.QUALIFIED, begun=old - timedelta(days=1))
    moved = advance(lead, State.COMMITTED, actor=ana(), now=old).events[0]
    with nothing_written():
        for answer in (
            as_user(ana()).get(void_url(lead, moved)),
            as_user(ana()).post(void_url(lead, moved), {"reason": "mis_drag"}),
        ):
            assert answer.status_code == 403 and "Ask your broker to undo it." in answer.content.decode()
    assert as_user(bruna()).post(void_url(lead, moved), {"reason": "mis_drag"}).status_code == 302


def test_a_foreign_lead_and_a_foreign_fact_are_404() -> None:
    lead, other = dana(status=State.COMMITTED, agent=ben()), dana(status=State.COMMITTED)
    foreign, client = newest(lead), as_user(ana())
    for name in ("void", "correct"):
        for pk in (lead.pk, other.pk, 10**19, 987654):
            url = f"/leads/{pk}/{name}/{foreign.uuid}/"
            assert client.get(url).status_code == client.post(url, {"reason": "other"}).status_code == 404
        assert client.get(f"/leads/{other.pk}/{name}/no-uuid/").status_code == 404
    kept = client.post(f"/leads/{lead.pk}/void/{foreign.uuid}/", {"reason": "other", "note": "My words."})
    assert kept.status_code == 404 and "My words." in kept.content.decode() and "Dana" not in kept.content.decode()


# ---- correct the reason


def correct(user: User, lead: Lead, fact: LeadEvent, **typed: Any) -> Any:
    standing = fact.corrections.filter(kind=Kind.REASON_CORRECTED).order_by("-version").first() or fact
    values = {"note": "It was in the file.", "saw": standing.reason, "uuid": str(uuid4()), **typed}
    values = {name: value for name, value in values.items() if value is not None}
    return as_user(user).post(correct_url(lead, fact), values, headers=on_page(lead))


def test_the_form_shows_what_stands_and_the_reasons_of_that_kind() -> None:
    lead, fell = fell_back()
    for headers in ({}, on_page(lead)):
        html = as_user(ana()).get(correct_url(lead, fell), headers=headers).content.decode()
        said = text_of(html)
        assert "What stands now Cold feet Ana Alvarez" in re.sub(r"\s+", " ", said)
        values = set(re.findall(r'name="reason" value="(\w+)"', html))
        assert "outbid" in values and "cold_feet" not in values and "appraisal_low" not in values


def test_both_reasons_stay_linked_and_the_card_has_the_new_one() -> None:
    lead, fell = fell_back()
    answer = correct(ana(), lead, fell, reason="outbid")
    assert answer.status_code == 200 and answer.content.decode().count("The reason is “Outbid” now.") == 2
    lead.refresh_from_db()
    fix, html = newest(lead), page(ana(), lead)
    assert (fix.kind, fix.reason, fix.target, fix.words.note) == (
        Kind.REASON_CORRECTED, "outbid", fell, "It was in the file.",
    )  # fmt: skip
    assert lead.provenance_reason == "outbid"
    assert "<del>Cold feet</del> <ins>Outbid</ins>" in row(html, fell) and f'href="#v{fix.version}"' in row(html, fell)
    assert f'href="#v{fell.version}"' in row(html, fix)
    assert_sound(lead)


def test_corrected_twice_and_back_to_the_first_every_step_can_be_read() -> None:
    lead, fell = fell_back()
    for reason in ("outbid", "life_event", "cold_feet"):
        assert correct(ana(), lead, fell, reason=reason).status_code == 200
    lead.refresh_from_db()
    assert lead.provenance_reason == "cold_feet"
    html = page(ana(), lead)
    struck = "<del>Cold feet</del> <del>Outbid</del> <del>Life event</del> <ins>Cold feet</ins>"
    assert struck in row(html, fell)
    first, second, third = lead.events.filter(kind=Kind.REASON_CORRECTED).order_by("version")
    for older, newer in ((first, second), (second, third)):
        assert "<s>" in row(html, older) and f'href="#v{newer.version}"' in row(html, older)
        assert "Corrected again by" in row(html, older)
    assert "<s>" not in row(html, third)


def test_a_corrected_reason_of_an_undone_move_is_struck_through_as_well() -> None:
    lead, fell = fell_back()
    correct(ana(), lead, fell, reason="outbid")
    fix = newest(lead)
    service.void_move(lead_id=lead.pk, target=fell.uuid, reason="mis_drag", actor=ana(), source=Source.PAGE)
    assert "<s>" in row(page(ana(), lead), fix) and "its reason does not count" in row(page(ana(), lead), fix)


@pytest.mark.parametrize(
    ("start", "to", "first", "better"),
    [
        (State.IN_CONTRACT, State.QUALIFIED, "appraisal_low", "financing_denied"),
        (State.QUALIFIED, State.ARCHIVED, "renting_instead", "bought_elsewhere"),
        (State.CONTACTING, State.TRASHED, "invalid_phone", "fake_identity"),
    ],
)
def test_every_kind_with_a_reason_can_be_corrected(start: State, to: State, first: str, better: str) -> None:
    lead = dana(status=start)
    fact = advance(lead, to, actor=ana(), reason=first).events[0]
    assert correct(ana(), lead, fact, reason=better).status_code == 200
    assert newest(lead).reason == better


def test_an_assignment_is_corrected_too() -> None:
    lead = dana(status=State.QUALIFIED, agent=ben())
    given = service.assign_lead(lead_id=lead.pk, to_agent=ana(), reason="territory", actor=bruna(), source=Source.PAGE)
    html = text_of(as_user(ana()).get(correct_url(lead, given.events[0])).content.decode())
    assert "Ben Brooks" in html and "Ana Alvarez" in html and "Performance" not in html
    assert correct(ana(), lead, given.events[0], reason="language_match").status_code == 200


def test_performance_is_the_brokers_and_never_named_to_others() -> None:
    lead = dana(status=State.QUALIFIED, agent=ben())
    given = service.assign_lead(
        lead_id=lead.pk, to_agent=ana(), reason="performance", actor=bruna(), source=Source.PAGE
    ).events[0]
    assert correct_url(lead, given) not in page(ana(), lead) and correct_url(lead, given) in page(bruna(), lead)
    with nothing_written():
        for answer in (as_user(ana()).get(correct_url(lead, given)), correct(ana(), lead, given, reason="territory")):
            assert answer.status_code == 403 and "performance" not in answer.content.decode().lower()
    assert correct(bruna(), lead, given, reason="territory").status_code == 200
    form = as_user(ana()).get(correct_url(lead, given)).content.decode()
    assert "another reason" in form and "performance" not in form.lower()
    with nothing_written():
        assert correct(ana(), lead, given, reason="performance").status_code == 403


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose a reason"),
        ({"reason": "appraisal_low"}, "This reason does not belong here."),
        ({"reason": "outbid", "note": " "}, "Write in a sentence why the reason is corrected."),
        ({"reason": "other", "note": "Short."}, "needs a note of at least 20 characters"),
        ({"reason": "outbid", "uuid": "damaged"}, "This form is damaged."),
        ({"reason": "\x00"}, ""),
    ],
    ids=["none", "foreign", "no note", "short other", "damaged", "NUL"],
)
def test_a_correction_that_will_not_do_says_why(typed: dict[str, str], sentence: str) -> None:
    lead, fell = fell_back()
    with nothing_written():
        answer = correct(ana(), lead, fell, **typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_a_retired_reason_is_neither_offered_nor_taken() -> None:
    lead, fell = fell_back()
    ReasonCode.objects.filter(code="outbid").update(retired=True)
    assert 'value="outbid"' not in as_user(ana()).get(correct_url(lead, fell)).content.decode()
    assert correct(ana(), lead, fell, reason="outbid").status_code == 422


def test_the_reason_that_stands_already_writes_nothing() -> None:
    lead, fell = fell_back()
    with nothing_written():
        answer = correct(ana(), lead, fell, reason="cold_feet")
    assert answer.status_code == 200 and "“Cold feet” stands already." in answer.content.decode()


def test_a_colleague_who_corrected_the_same_reason_is_named_and_the_words_stay() -> None:
    lead, fell = fell_back()
    correct(bruna(), lead, fell, reason="life_event")
    with nothing_written():
        answer = correct(ana(), lead, fell, reason="outbid", saw="cold_feet")
    html = answer.content.decode()
    assert answer.status_code == 409 and "Bruna Barros corrected this reason at" in html
    assert "It was in the file." in html and 'name="saw" value="life_event"' in html
    assert re.search(r'value="outbid" checked', html)
    assert correct(ana(), lead, fell, reason="outbid", saw="life_event").status_code == 200


def test_sent_twice_is_one_correction() -> None:
    lead, fell = fell_back()
    key = str(uuid4())
    answers = [correct(ana(), lead, fell, reason="outbid", saw="cold_feet", uuid=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert lead.events.filter(kind=Kind.REASON_CORRECTED).count() == 1


def test_the_reason_of_an_undone_move_needs_no_correction() -> None:
    lead, fell = fell_back()
    service.void_move(lead_id=lead.pk, target=fell.uuid, reason="mis_drag", actor=ana(), source=Source.PAGE)
    with nothing_written():
        for answer in (as_user(bruna()).get(correct_url(lead, fell)), correct(bruna(), lead, fell, reason="outbid")):
            assert answer.status_code == 409 and "it counts for nothing" in answer.content.decode()


def test_what_has_no_reason_to_correct_is_refused() -> None:
    lead = dana(status=State.COMMITTED)
    answer = as_user(bruna()).get(correct_url(lead, newest(lead)))
    assert answer.status_code == 422 and "cannot be corrected" in answer.content.decode()


def test_a_duplicate_may_become_one_again_because_it_named_the_other_lead() -> None:
    other, lead = dana(name="Dana"), dana(status=State.CONTACTING)
    trashed = service.move_lead(
        lead_id=lead.pk, to="TRASHED", reason="duplicate_of", duplicate_of=other, actor=ana(), source=Source.PAGE
    ).events[0]
    assert correct(ana(), lead, trashed, reason="fake_identity").status_code == 200
    assert 'value="duplicate_of"' in as_user(ana()).get(correct_url(lead, trashed)).content.decode()
    assert correct(ana(), lead, trashed, reason="duplicate_of").status_code == 200
    plain = dana(status=State.CONTACTING)
    fact = advance(plain, State.TRASHED, actor=ana()).events[0]
    assert 'value="duplicate_of"' not in as_user(ana()).get(correct_url(plain, fact)).content.decode()


# ---- colleagues hear of it


def test_the_board_tells_colleagues_of_an_undo_and_of_a_correction() -> None:
    lead, fell = fell_back()
    cursor = cursor_now()
    correct(ana(), lead, fell, reason="outbid")
    heard = news(cursor, bruna(), Lead.objects.all())
    assert heard and heard.sentence == "Ana Alvarez corrected a reason of Dana Ortiz."
    assert State.QUALIFIED in heard.states, "Its card explains itself by the reason."
    as_user(ana()).post(void_url(lead, fell), {"reason": "mis_drag"})
    heard = news(heard.cursor, bruna(), Lead.objects.all())
    assert heard and heard.sentence == "Ana Alvarez undid a move: Dana Ortiz is back in Committed."
    assert {State.QUALIFIED, State.COMMITTED} <= heard.states


def test_the_drags_own_reason_cannot_be_retired() -> None:
    from lifecycle.reasons import INDISPENSABLE, MIS_DRAG

    assert MIS_DRAG in INDISPENSABLE


COLLAPSE_FORM = {**COLLAPSED, "submitted": "1"}


def test_a_move_back_from_the_page_of_the_sheet_offers_undo_on_the_next_page() -> None:
    lead, client = dana(status=State.COMMITTED), as_user(ana())
    html = told_after(
        client, lead, "move", to="QUALIFIED", version=lead.version, next=f"/leads/{lead.pk}/", **COLLAPSE_FORM
    )
    assert offered(html)["target"] == str(newest(lead, Kind.DEAL_COLLAPSED).uuid)
