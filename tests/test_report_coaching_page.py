"""The page about one agent: whose it is, the stories that it tells, why deals fell, and what each number leads to."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.models import Lead, User
from lifecycle import service
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, UserFactory, ada, advance, ana, ben, bruna, newest, otto

pytestmark = pytest.mark.django_db

#: A Thursday in the middle of a quarter.
NOW = datetime(2026, 11, 12, 20, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def page_of(person: User) -> str:
    return f"/reports/agents/{person.pk}/"


def answer(viewer: User, url: str, now: datetime = NOW) -> Any:
    client = Client()
    with patch("django.utils.timezone.now", return_value=now):
        client.force_login(viewer)
        return client.get(url)


def shown(viewer: User, url: str, status: int = 200, now: datetime = NOW) -> str:
    found = answer(viewer, url, now)
    assert found.status_code == status, found.content.decode()[:800]
    return str(found.content.decode())


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#x27;", "'").strip()


def text_of(html: str) -> str:
    return plain(html.partition('<main id="main"')[2].partition("</main>")[0])


def stories_of(html: str) -> list[str]:
    return [plain(part) for part in re.findall(r'<li class="coach-deal .*?</li>', html, re.S)]


def section(html: str, name: str) -> str:
    return plain("<b" + html.partition(f'aria-labelledby="coach-{name}"')[2].partition("</section>")[0])


def fall(lead: Lead, at: datetime, reason: str = "financing_affordability", note: str = "The bank said no.") -> None:
    advance(lead, State.QUALIFIED, actor=bruna(), now=at, reason=reason, note=note)


def signed(agent: User | None, days_ago: float, name: str = "Dana Ortiz", to: State = State.COMMITTED) -> Lead:
    """A lead that came to this stage so many days ago, a few hours after the inquiry."""
    return LeadFactory.create(status=to, agent=agent, name=name, begun=NOW - days_ago * DAY)


def hand(lead: Lead, to: User | None, at: datetime, reason: str = "workload_balance") -> None:
    service.assign_lead(lead_id=lead.pk, to_agent=to, reason=reason, actor=bruna(), source="page", now=at)


# --- stories ------------------------------------------------------------------------------------------------


def test_a_deal_that_somebody_else_had_signed_says_so_and_what_came_after() -> None:
    lead = signed(ben(), 30.5, "Priya Nair", State.IN_CONTRACT)
    hand(lead, ana(), NOW - 20 * DAY)
    fall(lead, NOW - 10 * DAY, "appraisal_low", "Came in 20,000 below the price.")
    for to, ago in ((State.COMMITTED, 6), (State.IN_CONTRACT, 5)):
        advance(lead, to, actor=ana(), now=NOW - ago * DAY)
    hand(lead, ben(), NOW - 2 * DAY)
    [story] = stories_of(shown(bruna(), page_of(ana())))
    assert story == (
        "Priya Nair Fell back from contract 2 Nov Appraisal came in low · In contract for 20 days."
        " Ben Brooks held the lead when the agreement was signed. Under contract again on 7 Nov."
        " Now: In contract since 7 Nov, with Ben Brooks. Came in 20,000 below the price."
    )
    assert "No deal fell back" in shown(bruna(), page_of(ben()))


def test_a_quick_return_a_corrected_reason_and_a_lead_back_in_the_pool() -> None:
    OfficeSettings.objects.update_or_create(pk=1, defaults={"quick_return_minutes": 60})
    quick = signed(ana(), 10, "Quinn Reed")
    fall(quick, NOW - 3 * DAY, "outbid", "They took the other offer.")
    advance(quick, State.COMMITTED, actor=ana(), now=NOW - 3 * DAY + 14 * MINUTE)
    lead = signed(ana(), 20, "Sam Vance")
    fall(lead, NOW - 5 * DAY, "cold_feet")
    told: dict[str, Any] = {"target": newest(lead).uuid, "reason": "life_event", "note": "A baby is coming."}
    service.correct_reason(lead_id=lead.pk, actor=bruna(), source="page", now=NOW - 4 * DAY, **told)
    hand(lead, None, NOW - DAY, "returned_to_pool")
    first, second = stories_of(shown(bruna(), page_of(ana())))
    assert "Outbid · Committed for 6 days. A quick return: back there 14 min later. Now: Committed since" in first
    assert "Cold feet Life event · Committed for" in second and "Now: Qualified since 7 Nov, in the pool." in second


def test_a_deal_nobody_held_at_the_signing_and_a_move_that_was_undone() -> None:
    lead = signed(None, 9)
    hand(lead, ana(), NOW - 8 * DAY)
    fall(lead, NOW - 7 * DAY)
    undone = signed(ana(), 9, "Uma Dunn")
    fall(undone, NOW - 6 * DAY)
    target = newest(undone).uuid
    service.void_move(
        lead_id=undone.pk, target=target, reason="mis_drag", actor=bruna(), source="page", now=NOW - 5 * DAY
    )
    html = shown(bruna(), page_of(ana()))
    [story] = stories_of(html)
    assert "Nobody held the lead when the agreement was signed." in story
    # As it was known on the day before, that move stood. It reads so for ever.
    known = page_of(ana()) + "?known_at=2026-11-06T20:30:00Z"
    then = shown(bruna(), known)
    assert len(stories_of(then)) == 2 and "As we knew it on" in then
    assert stories_of(shown(bruna(), known, now=NOW + 40 * DAY)) == stories_of(then)


def test_thirty_are_told_and_the_others_lead_to_the_facts() -> None:
    lead = signed(ana(), 60)
    for n in range(32):
        fall(lead, NOW - (32 - n) * DAY + MINUTE)
        advance(lead, State.COMMITTED, actor=ana(), now=NOW - (32 - n) * DAY + 2 * MINUTE)
    html = shown(bruna(), page_of(ana()))
    assert len(stories_of(html)) == 30 and "32 deals fell back" in html
    [url] = re.findall(r'<p class="report-many"><a href="([^"]+)">2 older ones</a>', html)
    facts = shown(bruna(), url.replace("&amp;", "&"))
    assert "32 facts, newest first." in facts


# --- whose page ---------------------------------------------------------------------------------------------


def test_an_agent_has_the_own_page_alone_without_team_file_and_other_people() -> None:
    fall(signed(ana(), 9), NOW - DAY)
    fall(signed(ben(), 9), NOW - DAY, "cold_feet")
    html = shown(ana(), page_of(ana()))
    assert "Financing is behind" not in html and "One deal is no pattern." in html
    main = html.partition('<main id="main"')[2]
    assert "The team" not in main and "Ben" not in main and "Download CSV" not in main and 'rel="next"' not in main
    for person in (ben(), bruna()):
        shown(ana(), page_of(person), 404)
        shown(ana(), page_of(person) + "facts/?what=closed", 404)
    shown(ana(), page_of(ana()) + "?format=csv", 403)
    shown(ana(), f"{page_of(ana())}?agent={ben().pk}", 404)


def test_a_deal_that_is_with_a_colleague_now_is_counted_and_not_named() -> None:
    lead = signed(ana(), 9, "Priya Nair")
    fall(lead, NOW - 3 * DAY)
    hand(lead, ben(), NOW - DAY)
    html = shown(ana(), page_of(ana()))
    assert "1 deal fell back" in html and "1 more is with a colleague now." in html and "Priya" not in html
    assert "Priya Nair" in shown(bruna(), page_of(ana()))
    assert "Priya" not in shown(ana(), page_of(ana()) + "facts/?what=gave")


def test_broker_and_admin_go_from_one_person_to_the_next_and_whoever_left_comes_last() -> None:
    UserFactory.create(username="otto", display_name="Otto Oduya")
    LeadFactory.create(agent=otto(), begun=NOW - 9 * DAY)
    User.objects.filter(pk=otto().pk).update(is_active=False)
    ana(), ben()
    html = shown(ada(), page_of(ben()) + "?from=2026-10-05")
    assert re.findall(r'<a href="/reports/agents/(\d+)/\?from=2026-10-05" rel="(\w+)">', html) == [
        (str(ana().pk), "prev"),
        (str(otto().pk), "next"),
    ]
    assert "Has left the office." in shown(bruna(), page_of(otto()))
    last = shown(bruna(), page_of(otto()))
    assert 'rel="next"' not in last and 'rel="prev"' in last


def test_a_person_without_anything_has_a_calm_page_and_a_new_name_is_used() -> None:
    fresh = UserFactory.create(username="zed", display_name="Zed Zimmer")
    User.objects.filter(pk=fresh.pk).update(display_name="Zoë Zimmer")
    for query in ("", "?all=1", "?from=2030-01-01", "?known_at=2026-11-01T00:00:00Z", "?through=1900-01-01"):
        text = text_of(shown(bruna(), page_of(fresh) + query))
        assert "Zoë Zimmer" in text and "No lead held yet." in text and "No deal fell back" in text
        assert "No lead that is being worked on." in text and "No lead changed hands in this period." in text
    assert "0 leads closed" in text_of(shown(fresh, page_of(fresh)))


@pytest.mark.parametrize(
    "query",
    ["from=xyz", "from=2026-02-30", "agent=10%5E30", "from=%7F", "from=2026-01-01&from=2026-01-02", "known_at=soon"],
)
def test_what_means_nothing_is_refused_with_a_sentence(query: str) -> None:
    assert 'role="alert"' in shown(bruna(), f"{page_of(ana())}?{query}", 422)
    assert 'role="alert"' in shown(bruna(), f"{page_of(ana())}facts/?what=closed&{query}", 422)


def test_nobody_and_no_number_have_no_page() -> None:
    shown(bruna(), "/reports/agents/999999/", 404)
    shown(bruna(), f"/reports/agents/{10**30}/", 404)
    shown(bruna(), page_of(ana()) + "?from=%00", 400)
    for cell in ("", "?what=everything", "?what=%7F", "?what=got&reason=%7F"):
        shown(bruna(), page_of(ana()) + f"facts/{cell}", 422)


# --- why they fell ------------------------------------------------------------------------------------------


def falls(agent: User, *reasons: str) -> None:
    for n, reason in enumerate(reasons):
        fall(signed(agent, 20 + n), NOW - (n + 1) * DAY, reason)


def test_the_mix_is_said_in_words_beside_the_team_s_with_a_question_to_ask() -> None:
    falls(ana(), "financing_affordability", "financing_preapproval_lost", "job_or_income_change", "cold_feet")
    falls(ben(), "financing_affordability", "cold_feet", "outbid", "cold_feet", "outbid", "outbid")
    why = section(shown(bruna(), page_of(ana())), "why")
    assert "Financing is behind 3 of 4; in the team behind 1 of 6 (17%)." in why
    assert "To ask, perhaps: Was the pre-approval checked before the offer?" in why
    assert "Financing 3 1 17% Client's choice 1 2 33% The other side 0 3 50%" in why
    own = section(shown(ana(), page_of(ana())), "why")
    assert "Financing is behind 3 of 4." in own and "Financing 3 Client's choice 1" in own
    # Below five there is no share, and no drawing that shows shares.
    assert 'data-chart="{&quot;kind&quot;: &quot;bars&quot;' in (html := shown(bruna(), page_of(ana())))
    assert "share of the deals" not in html
    assert "share of the deals" in shown(bruna(), page_of(ben())) or "Financing is behind" in html


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        (("cold_feet",), "One deal is no pattern."),
        (("cold_feet", "outbid"), "No group of reasons stands out."),
        (("cold_feet", "cold_feet", "outbid", "outbid"), "No group of reasons stands out."),
        (("cold_feet", "life_event"), "Client's choice is behind 2 of 2; in the team nothing fell back."),
    ],
)
def test_one_deal_or_two_causes_alike_are_no_pattern(reasons: tuple[str, ...], sentence: str) -> None:
    falls(ana(), *reasons)
    why = section(shown(bruna(), page_of(ana())), "why")
    assert sentence in why
    assert ("To ask" in why) == ("behind" in sentence)


# --- numbers and what is behind them ------------------------------------------------------------------------


def test_every_number_leads_to_as_many_facts() -> None:
    falls(ana(), "cold_feet", "outbid", "outbid")
    LeadFactory.create(status=State.CLOSED, agent=ana(), begun=NOW - 9 * DAY)
    LeadFactory.create(status=State.CLOSED, agent=ben(), begun=NOW - 9 * DAY)
    back = LeadFactory.create(status=State.ARCHIVED, agent=ana(), begun=NOW - 9 * DAY)
    for n, to in enumerate((State.CONTACTING, State.QUALIFIED)):
        advance(back, to, actor=ana(), now=NOW - (2 - n) * DAY)
    hand(LeadFactory.create(agent=ben(), begun=NOW - 9 * DAY), ana(), NOW - DAY)
    hand(back, ben(), NOW - MINUTE, "language_match")
    html = shown(bruna(), page_of(ana()))
    said = text_of(html)
    assert "1 lead closed" in said and "1 lead won back from the archive" in said and "4 agreements signed" in said
    links = re.findall(r'<a (?:class="figure" )?href="([^"]+facts/[^"]+)">(?:<b>.*?</svg>)?(\d+)<', html)
    assert len(links) > 12
    for url, number in links:
        facts = text_of(shown(bruna(), url.replace("&amp;", "&")))
        assert f"{number} fact" in facts, (url, facts)
        assert "Everybody" not in facts and "Ana Alvarez" in facts


def test_this_quarter_stands_beside_the_last_one() -> None:
    for n in range(6):
        signed(ana(), 60 + n)
    falls(ana(), "outbid")
    late = signed(ana(), 70)
    fall(late, NOW - 55 * DAY)
    figures = section(shown(bruna(), page_of(ana())), "figures")
    assert "What Q4 2026, so far Q3 2026 The team" in figures
    assert "Agreements signed 1 7 0 Fell back before contract 1 1 of 1 1 14% of 7 0" in figures
    other = section(shown(bruna(), page_of(ana()) + "?from=2026-11-02&through=2026-11-08"), "figures")
    assert "What This period Period before The team" in other
    assert "Period before" not in shown(bruna(), page_of(ana()) + "?from=2026-11-02")


def test_hand_overs_are_told_by_reason_and_performance_is_the_broker_s_alone() -> None:
    lead = LeadFactory.create(agent=ana(), begun=NOW - 9 * DAY)
    hand(lead, ben(), NOW - 3 * DAY, "performance")
    hand(LeadFactory.create(agent=ben(), begun=NOW - 9 * DAY), ana(), NOW - DAY, "language_match")
    hands = section(shown(bruna(), page_of(ana())), "hands")
    assert "Initial routing 1 0" in hands and "Better match by language 1 0" in hands and "Performance 0 1" in hands
    own = shown(ana(), page_of(ana()))
    assert "Other 0 1" in section(own, "hands") and "erformance" not in own.partition('<main id="main"')[2]
    assert "Nothing here" in shown(ana(), page_of(ana()) + "facts/?what=gave&reason=performance")
    assert "1 more is with a colleague now." in shown(ana(), page_of(ana()) + "facts/?what=gave&reason=other")


def test_the_work_of_now_leads_to_the_board_and_says_what_waits() -> None:
    LeadFactory.create(agent=ana(), begun=NOW - 40 * DAY)
    LeadFactory.create(agent=ana(), begun=NOW - 2 * DAY)
    LeadFactory.create(status=State.CLOSED, agent=ana(), begun=NOW - 2 * DAY)
    html = shown(bruna(), page_of(ana()))
    load = section(html, "load")
    assert "New 2" in load and "40 d" in load and "2 in New wait past their first-contact time." in load
    assert "1 of them came in the last 4 weeks." in load and "1 more is closed, archived or trashed." in load
    assert f'href="/?agent={ana().pk}#column-NEW"' in html
    assert 'href="/?mine=true#column-NEW"' in shown(ana(), page_of(ana()))
    past = shown(bruna(), page_of(ana()) + "?known_at=2026-10-30T20:00:00Z")
    assert "Held on that day" in past and "1 in New waits past its first-contact time." in section(past, "load")
    url = re.findall(r'href="(/\?agent=[^"]+#column-NEW)"', past)[0]
    assert "clock=known" in url and "as_of=2026-10-30" in url


def test_a_broker_takes_the_deals_along_as_a_file() -> None:
    lead = signed(ben(), 20, "=Dana Ortiz")
    hand(lead, ana(), NOW - 9 * DAY)
    fall(lead, NOW - 8 * DAY, "outbid", "They took the other offer.")
    found = answer(bruna(), page_of(ana()) + "?format=csv")
    assert found["Content-Type"].startswith("text/csv")
    [row] = list(csv.DictReader(io.StringIO(found.content.decode("utf-8-sig"))))
    expected = {
        "reason": "outbid",
        "group": "counterparty",
        "kind": "deal_collapsed",
        "held_when_signed": "Ben Brooks",
        "held_when_fell": "Ana Alvarez",
        "quick_return": "no",
        "recovered": "no",
        "stage_now": "QUALIFIED",
        "agent_now": "Ana Alvarez",
        "note": "They took the other offer.",
        "fell_back_at": "2026-11-04T20:00:00Z",
    }
    assert {name: row[name] for name in expected} == expected
    assert not row["name"].startswith("=")


@pytest.mark.parametrize("query", ["", "?known_at=2026-11-12T19:00:00Z"])
def test_it_takes_as_many_questions_for_three_leads_as_for_thirty(query: str) -> None:
    def questions(viewer: User) -> int:
        client = Client()
        client.force_login(viewer)
        with patch("django.utils.timezone.now", return_value=NOW), CaptureQueriesContext(connection) as caught:
            assert client.get(page_of(ana()) + query).status_code == 200
        return len(caught)

    def grow(times: int) -> None:
        for n in range(times):
            falls(ana(), "outbid")
            falls(ben(), "cold_feet")
            LeadFactory.create(agent=ana(), begun=NOW - (n + 1) * DAY)
            hand(LeadFactory.create(agent=ben(), begun=NOW - 9 * DAY), ana(), NOW - 2 * DAY)
            hand(signed(ben(), 9), ana(), NOW - 2 * DAY)

    grow(1)
    few = [questions(viewer) for viewer in (bruna(), ana())]
    grow(9)
    assert [questions(viewer) for viewer in (bruna(), ana())] == few
