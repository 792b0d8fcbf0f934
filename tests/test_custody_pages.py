"""The pages about custody: who may see which, what stands there, and what it costs."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leads.custody.asked import read_asked
from leads.models import Lead, User
from leads.packet.coming import what_next
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest, otto

pytestmark = pytest.mark.django_db


def dana(**said: Any) -> Lead:
    begun = timezone.now() - timedelta(days=40)
    return LeadFactory.create(**{"name": "Dana Ortiz", "agent": ana(), "begun": begun, **said})


def hand(lead: Lead, to: User | None, *, reason: str = "workload_balance", days: float = 0, **said: Any) -> Any:
    """Bruna hands the lead over, so many days ago."""
    return service.assign_lead(
        **{
            "lead_id": lead.pk,
            "actor": bruna(),
            "source": Source.PAGE,
            "to_agent": to,
            "reason": reason,
            "now": timezone.now() - timedelta(days=days),
            **said,
        }
    )


def get(viewer: User, url: str, status: int = 200) -> str:
    client = Client()
    client.force_login(viewer)
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def words(html: str) -> str:
    """The page as it reads."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def lead_custody(lead: Lead) -> str:
    return reverse("lead-custody", args=[lead.pk])


def book(person: User, query: str = "") -> str:
    return f"{reverse('agent-custody', args=[person.pk])}{query}"


def cost(viewer: User, url: str) -> int:
    client = Client()
    client.force_login(viewer)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# --- the chain of one lead ----------------------------------------------------------------------------------


def test_the_chain_stands_on_the_lead_page_and_on_a_page_of_its_own() -> None:
    lead = dana()
    hand(lead, ben(), reason="language_match", days=10, note="She prefers Spanish.")
    page = words(get(bruna(), reverse("lead", args=[lead.pk])))
    assert "Who held it Everything Ben Brooks Holds it now" in page
    chain = words(get(bruna(), lead_custody(lead)))
    assert "Ben Brooks now" in chain and "still 10 days Bruna Barros Better match by language She prefers" in chain
    assert "30 days Ana Alvarez The lead came in" in chain
    assert "Held by 2 people in 40 days." in chain
    assert "Times are in America/Los_Angeles" in chain


def test_every_row_links_to_its_fact() -> None:
    lead = dana()
    hand(lead, ben(), days=10)
    fact = newest(lead)
    link = f"{reverse('lead', args=[lead.pk])}?cursor={fact.version + 1}#v{fact.version}"
    assert f'href="{link}"' in get(bruna(), lead_custody(lead))
    assert f'id="v{fact.version}"' in get(bruna(), link)


def test_a_lead_that_nobody_held_says_since_when_it_lies_in_the_pool() -> None:
    lead = dana(agent=None)
    assert "Nobody has held this lead yet: it has been in the pool since" in get(ana(), reverse("lead", args=[lead.pk]))
    assert "It has been in the pool since" in words(get(ana(), lead_custody(lead)))


def test_a_long_chain_folds() -> None:
    lead = dana()
    for n in range(8):
        hand(lead, ben() if n % 2 == 0 else ana(), days=20 - n)
    assert "6 earlier" in words(get(bruna(), reverse("lead", args=[lead.pk])))
    assert words(get(bruna(), lead_custody(lead))).count("Bruna Barros Workload balance") == 8


def test_performance_is_read_by_brokers_alone_and_so_are_its_words() -> None:
    lead = dana()
    hand(lead, ben(), reason="performance", note="Ana let it lie for weeks.", days=2)
    assert "Performance Ana let it lie" in words(get(bruna(), lead_custody(lead)))
    for url in (lead_custody(lead), book(ben())):
        page = get(ben(), url)
        assert "another reason" in page and "erformance" not in page and "let it lie" not in page


def test_a_reason_corrected_away_from_performance_still_hides_what_it_was() -> None:
    lead = dana()
    target = hand(lead, ben(), reason="performance", note="Ana let it lie for weeks.").events[0].uuid
    service.correct_reason(
        lead_id=lead.pk, actor=bruna(), source=Source.PAGE, target=target, reason="territory", note="Moved to Oakland."
    )
    assert "<del>Performance</del> <ins>Territory</ins>" in get(bruna(), lead_custody(lead))
    page = get(ben(), lead_custody(lead))
    assert "<del>another reason</del> <ins>Territory</ins>" in page and "let it lie" not in page


def test_a_colleagues_lead_has_no_chain_and_no_packet() -> None:
    lead = dana()
    for name in ("lead-custody", "lead-packet"):
        get(ben(), reverse(name, args=[lead.pk]), 404)
        get(bruna(), reverse(name, args=[10**19]), 404)


def test_a_renamed_agent_and_one_who_left() -> None:
    lead = dana()
    hand(lead, ben(), actor=ana(), days=1)
    User.objects.filter(username="ana").update(display_name="Ana Ortega", is_active=False)
    page = words(get(bruna(), lead_custody(lead)))
    assert "Ana Ortega has left the office" in page, "A holder is named as today."
    assert "Ana Alvarez Workload balance" in page, "Who did it is named as then."


def test_a_long_chain_costs_no_more() -> None:
    lead, other = dana(), dana()
    hand(other, ben(), days=30)
    for n in range(12):
        hand(lead, ben() if n % 2 == 0 else ana(), days=20 - n, note="Once more.")
    for name in ("lead", "lead-custody", "lead-packet"):
        costs = {cost(bruna(), reverse(name, args=[each.pk])) for each in (lead, other)}
        assert len(costs) == 1, (name, costs)


def test_times_are_told_to_the_minute_and_kept_to_the_second() -> None:
    lead = dana(begun=datetime(2026, 3, 2, 17, 50, 7, tzinfo=UTC))
    hand(lead, ben(), now=datetime(2026, 3, 3, 21, 4, 59, tzinfo=UTC))
    page = get(bruna(), lead_custody(lead))
    assert 'title="Mon 2 Mar 2026, 9:50:07 am PST">Mon 2 Mar 2026, 9:50 am PST</time>' in page
    assert 'title="Tue 3 Mar 2026, 1:04:59 pm PST">Tue 3 Mar 2026, 1:04 pm PST</time>' in page
    pooled = dana(agent=None, begun=datetime(2026, 3, 2, 17, 50, 7, tzinfo=UTC))
    assert "in the pool since Mon 2 Mar 2026, 9:50 am PST." in words(get(bruna(), lead_custody(pooled)))
    assert not re.search(r":\d\d:\d\d", words(get(bruna(), reverse("lead-packet", args=[lead.pk]))))


def test_paper_says_whose_it_is_who_printed_it_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = dana()
    for url in (lead_custody(lead), book(ana()), book(ana(), "?print=1")):
        page = get(bruna(), url)
        told = re.search(r'<p class="only-print">Our office · Printed by Bruna Barros, (.+?)</p>', page)
        assert told and re.fullmatch(r"\w+ \d+ \w+ \d{4}, \d+:\d\d [ap]m P[SD]T", told[1])
    for url in (lead_custody(lead), book(ana()), book(ana(), "?print=1"), reverse("lead-packet", args=[lead.pk])):
        page = get(bruna(), url)
        assert page.count("data-print hidden") == 1 and "print-page" in page, url
    dana()
    monkeypatch.setattr("leads.custody.agent.PAGE_SIZE", 1)
    page = get(bruna(), book(ana()))
    assert "All on one page, to print" in page and "data-print" not in page, "A page of many is no list to print."


# --- the people ---------------------------------------------------------------------------------------------


def test_a_broker_sees_who_holds_how_many_and_an_agent_the_own_page() -> None:
    lead = dana()
    dana()
    hand(lead, ben())
    User.objects.filter(pk=ben().pk).update(is_active=False)
    page = words(get(bruna(), reverse("custody")))
    assert "Ana Alvarez 1 2" in page and "Have left the office Name Holds now Ever held Ben Brooks 1 1" in page
    client = Client()
    client.force_login(ana())
    assert client.get(reverse("custody"))["Location"] == book(ana())


def test_nobody_but_a_broker_sees_what_a_colleague_held() -> None:
    ada = ben()
    get(ana(), book(ada), 404)
    get(ana(), book(ana()))
    get(bruna(), book(ada))
    for pk in (0, 2**31, 2**63, 10**30):
        get(bruna(), f"/custody/{pk}/", 404)
        get(ana(), f"/custody/{pk}/", 404)


def test_the_office_costs_the_same_however_many_leads_there_are() -> None:
    dana()
    before = cost(bruna(), reverse("custody"))
    for _ in range(4):
        hand(dana(), ben())
    assert cost(bruna(), reverse("custody")) == before


# --- what one person ever held ------------------------------------------------------------------------------


def test_every_stay_is_a_row_with_from_whom_to_whom_and_today() -> None:
    lead = dana(status=State.QUALIFIED, begun=timezone.now() - timedelta(days=40))
    hand(lead, ben(), days=30, reason="pto_or_leave")
    hand(lead, ana(), days=20, reason="client_request")
    page = words(get(bruna(), book(ana())))
    assert "1 lead held now, 0 held before." in page
    assert re.search(r"now 20 days Ben Brooks Client asked for it by Bruna Barros holds it now Qualified", page)
    assert re.search(r"10 days The lead came in Ben Brooks Time off or leave Qualified here again", page)


def test_an_agent_does_not_see_what_is_with_a_colleague_today() -> None:
    kept, given, pooled = dana(name="Kit Kept"), dana(name="Gil Given"), dana(name="Pam Pooled")
    hand(given, ben(), days=5)
    hand(pooled, None, days=5, reason="returned_to_pool")
    page = get(ana(), book(ana()))
    assert kept.name in page and pooled.name in page
    assert given.name not in page and given.key not in page and "Ben Brooks" not in page
    assert "1 lead held now, 2 held before. 1 of those held before is with a colleague now and not listed." in words(
        page
    )
    assert given.name in get(bruna(), book(ana()))


def test_holds_now_and_held_before() -> None:
    here, there = dana(name="Hana Here"), dana(name="Theo There")
    hand(there, ben(), days=5)
    now, before = get(bruna(), book(ana(), "?show=now")), get(bruna(), book(ana(), "?show=before"))
    assert here.name in now and there.name not in now
    assert here.name not in before and there.name in before
    assert here.name in get(bruna(), book(ana(), "?show=nonsense"))


@pytest.mark.parametrize(
    "since, until, fits",
    [
        ("2026-05-20", "2026-05-31", False),
        ("2026-05-20", "2026-06-01", True),
        ("2026-06-05", "2026-06-05", True),
        ("2026-06-11", "2026-06-30", True),
        ("2026-06-12", "2026-06-30", False),
        ("", "2026-06-30", True),
        ("2026-06-05", "", True),
    ],
)
def test_a_period_finds_the_stays_that_touch_it(since: str, until: str, fits: bool) -> None:
    lead = dana(name="Petra Period", begun=datetime(2026, 6, 1, 19, tzinfo=UTC))
    hand(lead, ben(), now=datetime(2026, 6, 11, 19, tzinfo=UTC))
    assert (lead.name in get(bruna(), book(ana(), f"?from={since}&to={until}"))) == fits


@pytest.mark.parametrize(
    "query", ["from=abc", "to=2026-13-01", "from=0001-01-01", "from=2026-W10-1", "from=2026-03-02&to=2026-03-01"]
)
def test_a_date_that_cannot_be_is_refused_with_a_sentence(query: str) -> None:
    dana(name="Rita Refused")
    page = get(bruna(), book(ana(), f"?{query}"), 400)
    assert 'role="alert"' in page and "Rita Refused" not in page
    get(bruna(), book(ana(), f"?{query}&format=csv"), 400)


def test_a_day_ends_at_the_viewers_midnight() -> None:
    asked = read_asked(QueryDict("from=2026-11-01&to=2026-11-01"), ZoneInfo("America/Los_Angeles"))
    assert asked.period.since == datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert asked.period.until == datetime(2026, 11, 2, 8, tzinfo=UTC), "The day of the clock change has 25 hours."


def test_pages_go_on_where_the_last_one_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.custody.agent.PAGE_SIZE", 2)
    begun = timezone.now() - timedelta(days=3)
    leads = [dana(name=f"Nora Number {n}", begun=begun) for n in range(5)]  # All in one moment.
    seen: list[str] = []
    url, pages = book(ana()), 0
    while url:
        page = get(bruna(), url)
        seen += re.findall(r"Nora Number \d", page)
        more = re.search(r'href="(\?[^"]*after=\d+[^"]*)"', page)
        url, pages = book(ana(), more[1].replace("&amp;", "&")) if more else "", pages + 1
    assert sorted(seen) == [lead.name for lead in leads] and pages == 3
    assert re.findall(r"Nora Number \d", get(bruna(), book(ana(), "?print=1"))) == seen
    for nonsense in ("x", "0", "9" * 30, "-1"):
        get(bruna(), book(ana(), f"?after={nonsense}"))


def test_many_rows_cost_no_more() -> None:
    hand(dana(), ben())
    before = cost(bruna(), book(ana()))
    for _ in range(4):
        hand(dana(), ben())
    assert cost(bruna(), book(ana())) == before


def test_who_never_held_anything() -> None:
    assert "Has not held a lead yet" in get(bruna(), book(otto()))
    assert "You have not held a lead yet" in get(ben(), book(ben()))
    hand(dana(agent=ben()), ana())
    assert "Whatever you held is with colleagues now." in get(ben(), book(ben()))


# --- the file -----------------------------------------------------------------------------------------------


def test_a_broker_downloads_the_list_and_an_agent_does_not() -> None:
    lead = dana(name='=HYPERLINK("http://evil")', begun=datetime(2026, 3, 2, 9, tzinfo=UTC))
    hand(lead, ben(), reason="performance", now=datetime(2026, 3, 3, 21, tzinfo=UTC))
    header, row = csv.reader(io.StringIO(get(bruna(), book(ana(), "?format=csv"))))
    assert dict(zip(header, row, strict=True)) == {
        "lead_key": lead.key,
        "name": '\'=HYPERLINK("http://evil")',
        "from": "2026-03-02T09:00:00Z",
        "to": "2026-03-03T21:00:00Z",
        "days": "1.5",
        "from_agent": "",
        "to_agent": "Ben Brooks",
        "actor": "Ana Alvarez",
        "reason": "Initial routing",
        "reason_at_the_end": "Performance",
        "status_today": "NEW",
        "agent_today": "Ben Brooks",
    }
    get(ana(), book(ana(), "?format=csv"), 403)
    assert "format=csv" not in get(ana(), book(ana()))


# --- for who has just got it --------------------------------------------------------------------------------


def lead_page(viewer: User, lead: Lead) -> str:
    return words(get(viewer, reverse("lead", args=[lead.pk])))


def test_the_new_holder_is_told_until_doing_something() -> None:
    lead = dana()
    hand(lead, ben(), reason="schedule_conflict", note="Call her before noon.")
    told = "Handed to you by Bruna Barros on"
    page = lead_page(ben(), lead)
    assert told in page and "because of a schedule conflict. Call her before noon. Read the story so far" in page
    assert told not in lead_page(bruna(), lead)
    service.add_note(lead_id=lead.pk, actor=bruna(), source=Source.PAGE, note="Ben knows.")
    assert told in lead_page(ben(), lead), "Somebody else's note does not count."
    service.add_note(lead_id=lead.pk, actor=ben(), source=Source.PAGE, note="Read it.")
    assert told not in lead_page(ben(), lead)


def test_a_hidden_reason_stays_hidden_in_the_notice() -> None:
    lead = dana()
    hand(lead, ben(), reason="performance", note="Ana let it lie.")
    notice = lead_page(ben(), lead).partition("Why here?")[0]
    assert "Handed to you by Bruna Barros" in notice and "for another reason." in notice
    assert "let it lie" not in notice


def test_no_notice_for_a_lead_that_came_in_with_its_holder_or_was_taken() -> None:
    born = dana(agent=None)
    assert "Handed to you" not in lead_page(ana(), dana())
    hand(born, ana(), actor=ana())
    assert "Handed to you" not in lead_page(ana(), born)
    hand(born, None, reason="returned_to_pool", actor=ana())
    assert "Handed to you" not in lead_page(ana(), born)


# --- the packet ---------------------------------------------------------------------------------------------


def packet(viewer: User, lead: Lead) -> str:
    return words(get(viewer, reverse("lead-packet", args=[lead.pk])))


def test_the_packet_tells_the_story_so_far() -> None:
    lead = dana(status=State.COMMITTED, headline="3-bed in Alameda")
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet", note="Wants to wait for the spring.")
    service.log_contact(**common, channel="call", outcome="spoke", note="Promised her the disclosures by Friday.")
    hand(lead, ben(), reason="pto_or_leave", note="She expects a call on Monday.")
    said = packet(ben(), lead)
    for piece in (
        "Dana Ortiz Qualified 3-bed in Alameda",
        "Handed to Ben Brooks by Bruna Barros on",
        "because of time off",
        "She expects a call on Monday.",
        "Back in Qualified since",
        "deal collapsed: cold feet",
        "Promised her the disclosures by Friday. Ana Alvarez",
        "Wants to wait for the spring.",
        "Ana Alvarez called Dana and they spoke.",
        "Last answer",
        "Will be archived unless it moves on or they answer",
        "To move to Committed : attach the signed agreement. To move to Archived : give a reason.",
        "Drawn up",
    ):
        assert piece in said, piece


def test_closed_channels_are_marked_and_are_no_links() -> None:
    lead = dana(email="dana@example.com", phone="+1 510 555 0123")
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    url = reverse("lead-packet", args=[lead.pk])
    page = get(ana(), url)
    assert "tel:" in page and "mailto:" in page and "Mind this" in page, "The first contact is late."
    service.set_flag(**common, flag="do_not_call", reason="lead_request_phone")
    service.set_flag(**common, flag="do_not_email", reason="lead_request_email")
    page = get(ana(), url)
    assert "tel:" not in page and "mailto:" not in page and "<s>dana@example.com</s>" in page
    assert re.search(r"Do not call since .{3,20}: lead asked by phone", words(page))


def test_the_packet_keeps_what_is_not_for_the_viewer() -> None:
    lead = dana()
    target = hand(lead, ben(), reason="performance", note="Ana let it lie.").events[0].uuid
    service.correct_reason(
        lead_id=lead.pk, actor=bruna(), source=Source.PAGE, target=target, reason="territory", note="Not the real one."
    )
    said = packet(ben(), lead)
    assert "erformance" not in said and "let it lie" not in said and "Not the real one" not in said
    assert "Ana let it lie." not in packet(ben(), lead)


def test_words_of_a_move_that_was_undone_are_left_out_and_long_ones_are_cut() -> None:
    lead = dana(status=State.CONTACTING)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    advance(lead, State.QUALIFIED, actor=ana(), note="Wrong lead altogether.")
    service.void_move(**common, target=newest(lead, Kind.MOTIVATION_CONFIRMED).uuid, reason="wrong_lead")
    service.add_note(**common, note="Long. " * 500)
    said = packet(ana(), lead)
    assert "Wrong lead altogether" not in said and said.count("Long.") < 60 and "read on" in said


def test_a_lead_of_the_pool_that_nobody_touched_has_a_packet_too() -> None:
    lead = dana(agent=None, email="", phone="+1 510 555 0123")
    said = packet(ana(), lead)
    for piece in (
        "nobody's yet",
        "Nobody has written a note yet.",
        "No contact with this lead is on record.",
        "Nobody has held this lead yet",
        "To move to Contacting : log a call",
    ):
        assert piece in said, piece


@pytest.mark.parametrize("status", list(State))
def test_every_stage_has_its_packet(status: State) -> None:
    lead = dana(status=status)
    said = packet(ana(), lead)
    assert f"Dana Ortiz {status.label}" in said
    assert ("A closed lead stays closed." in said) == (status == State.CLOSED)
    assert ("Closing date" in said) == (status == State.CLOSED)
    assert "column" not in said and "card" not in said and status.meaning not in said, "Words of the office."


def test_every_move_that_a_person_may_make_says_what_to_do() -> None:
    for status in State:
        for each in what_next(Lead(status=status)):
            assert each.todo.endswith(".") and each.stage in [state.label for state in State]
    assert [(n.stage, n.todo, n.back) for n in what_next(Lead(status=State.COMMITTED))] == [
        ("In contract", "nothing else is needed.", False),
        ("Qualified", "give a reason and note what happened.", True),
    ]


def test_reading_writes_nothing() -> None:
    lead = dana()
    hand(lead, ben())
    with CaptureQueriesContext(connection) as queries:
        for url in (lead_custody(lead), book(ben()), reverse("custody"), reverse("lead-packet", args=[lead.pk])):
            get(bruna(), url)
    tables = ("leads_lead", "lifecycle_")
    assert not [
        q["sql"]
        for q in queries
        if q["sql"].startswith(("INSERT", "UPDATE", "DELETE")) and any(t in q["sql"] for t in tables)
    ]
