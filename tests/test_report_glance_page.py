"""The office at a glance: what the page says, where it leads, and who may read what."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.lead_page.desk import desk_for
from leads.models import Lead, User
from leads.reports.glance import overdue, read_glance
from lifecycle import service
from lifecycle.events import Source
from lifecycle.models import OfficeSettings
from lifecycle.reports.scope import Scope, Whose
from lifecycle.states import State
from tests.browser.hands import plain
from tests.factories import RE_ENGAGED, LeadFactory, advance, ana, ben, bruna, otto
from tests.past_stories import Office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def answer(user: User, path: str = "/reports/") -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


def page(user: User, query: str = "") -> str:
    found = answer(user, f"/reports/{query}")
    assert found.status_code == 200
    return plain(unescape(found.content.decode()))


def first_sentences(html: str) -> list[str]:
    """What to look at first, as it is read."""
    return re.findall(r'<span dir="auto">([^<]+)</span>', figures_of(html).partition("</section>")[0])


def figures_of(html: str) -> str:
    """The part of the page that holds the figures; nothing of it for an office without leads."""
    return html.partition("first-head")[2].partition("report-says")[0]


def of_otto(status: State) -> Lead:
    """A lead that Otto held when he left."""
    person = otto()
    User.objects.filter(pk=person.pk).update(is_active=True)
    lead = LeadFactory.create(status=status, agent=otto())
    User.objects.filter(pk=person.pk).update(is_active=False)
    return lead


def late(agent: User | None, leads: int = 1) -> None:
    """Leads that came in an hour ago and nobody has called."""
    for _ in range(leads):
        LeadFactory.create(agent=agent, begun=timezone.now() - timedelta(hours=1))


def fallen(agent: User, deals: int, ago: timedelta = DAY) -> None:
    for _ in range(deals):
        lead = LeadFactory.create(status=State.COMMITTED, agent=agent, begun=timezone.now() - ago - DAY)
        advance(lead, State.QUALIFIED, actor=agent, now=timezone.now() - ago)


# --- what is said -----------------------------------------------------------------------------------------------


def test_the_broker_reads_who_lets_leads_wait_and_ana_reads_it_of_her_own() -> None:
    late(ana(), 3)
    late(ben())
    said = "4 leads in New are past their 5 minutes, 3 of them with Ana Alvarez."
    assert first_sentences(page(bruna())) == [said]
    assert first_sentences(page(ana())) == ["3 of your leads in New are past their 5 minutes."]
    assert first_sentences(page(bruna(), f"?agent={ben().pk}")) == ["1 lead in New is past its 5 minutes."]


def test_leads_of_otto_who_has_left_come_up_and_lead_to_his_board() -> None:
    of_otto(State.QUALIFIED)
    html = page(bruna())
    assert first_sentences(html) == ["1 open lead is still with Otto Oduya, who has left."]
    assert f'href="/?agent={otto().pk}"' in html
    # Whether he had left by then nobody knows.
    assert first_sentences(page(bruna(), f"?known_at={timezone.now():%Y-%m-%dT%H:%M:%SZ}")) == []


def test_what_fell_back_this_week_names_the_group_of_reasons() -> None:
    fallen(ana(), 3)
    said = "3 deals fell back in the last 7 days, all for reasons of the group “Financing”."
    assert first_sentences(page(bruna())) == [said]
    own = "3 of your deals fell back in the last 7 days, all for reasons of the group “Financing”."
    assert first_sentences(page(ana())) == [own]
    assert first_sentences(page(ben())) == []


def test_a_stage_that_does_not_move_leads_to_its_stale_leads() -> None:
    for _ in range(3):
        LeadFactory.create(status=State.QUALIFIED, agent=ben(), begun=timezone.now() - 40 * DAY)
    html = page(bruna())
    said = "3 leads in Qualified have not moved for 30 days or more, all of them with Ben Brooks."
    assert first_sentences(html) == [said] and 'href="/?stale=true#column-QUALIFIED"' in html


def test_when_all_is_well_one_calm_sentence_says_so() -> None:
    LeadFactory.create(status=State.QUALIFIED, agent=ana())
    html = page(bruna())
    assert first_sentences(html) == [] and "Nothing waits: first contacts are made" in html


def test_an_office_without_leads_gets_a_page() -> None:
    assert "No leads here yet" in page(bruna())
    assert "No leads here yet" in page(ana())
    assert answer(bruna(), "/reports/?format=csv").status_code == 200


# --- figures ----------------------------------------------------------------------------------------------------


def test_half_a_quarter_is_held_against_the_same_days_of_the_last() -> None:
    zone = OfficeSettings.load().zone
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana(), begun=datetime(2026, 1, 5, 12, tzinfo=zone))
    moments = [(1, 10, State.QUALIFIED), (1, 15, State.COMMITTED), (1, 25, State.QUALIFIED), (4, 2, State.COMMITTED)]
    for month, day, to in [*moments, (4, 12, State.QUALIFIED)]:
        advance(lead, to, now=datetime(2026, month, day, 12, tzinfo=zone))
    scope = Scope(zone=zone, now=datetime(2026, 4, 20, 12, tzinfo=zone))
    this, same, last, week = (fell.count for fell in read_glance(scope, desk_for(bruna())).fell)
    assert (this, same, last, week) == (1, 1, 2, 0)


@pytest.mark.parametrize("seed", range(2))
def test_who_waits_for_a_first_contact_is_known_then_as_it_was_said_then(seed: int) -> None:
    office = Office(seed, plain=True)
    office.live(30)
    then = Scope(zone=OfficeSettings.load().zone, now=office.now)
    waiting = {lead.pk for lead in overdue(then)}
    late_ones = Lead.objects.filter(status="NEW", first_contact_at=None, first_contact_due_at__lt=office.now)
    assert waiting == set(late_ones.values_list("pk", flat=True))
    known = Scope(zone=then.zone, now=office.now + 90 * DAY, known_at=office.now)
    office.live(20)
    assert {lead.pk for lead in overdue(known)} == waiting


def test_as_known_then_the_page_is_the_same_for_ever() -> None:
    late(ana())
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ben())
    known = f"?known_at={timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}"
    before = figures_of(page(bruna(), known))
    advance(lead, State.COMMITTED)
    advance(lead, State.QUALIFIED)
    assert figures_of(page(bruna(), known)) == before != figures_of(page(bruna()))
    assert "clock=known" in before and 'href="/#' not in before and 'href="/?stale' not in before


def test_the_number_of_queries_does_not_grow_with_the_office() -> None:
    desk = desk_for(bruna())

    def queries() -> list[int]:
        counts = []
        scope = Scope(zone=desk.office.zone, now=timezone.now())
        known = Scope(zone=desk.office.zone, now=timezone.now(), known_at=timezone.now())
        for asked in (scope, known, Scope(zone=scope.zone, now=scope.now, whose=Whose.POOL)):
            with CaptureQueriesContext(connection) as heard:
                read_glance(asked, desk)
            counts.append(len(heard))
        return counts

    late(ana(), 1)
    fallen(ana(), 1)
    LeadFactory.create(status=State.ARCHIVED, agent=ben())
    LeadFactory.create()
    few = queries()
    late(ben(), 4)
    fallen(ben(), 4)
    for status in State:
        of_otto(status)
        LeadFactory.create(status=status)
    assert queries() == few == [8, 8, 7]


# --- where numbers lead, files, and who may ---------------------------------------------------------------------------


def test_every_link_of_the_figures_leads_somewhere() -> None:
    late(ana(), 2)
    fallen(ben(), 3)
    again = LeadFactory.create(status=State.ARCHIVED, agent=ana())
    advance(again, State.CONTACTING, **RE_ENGAGED)
    advance(again, State.QUALIFIED)
    for user, query in ((bruna(), ""), (ana(), f"?known_at={timezone.now():%Y-%m-%dT%H:%M:%SZ}")):
        client = Client()
        client.force_login(user)
        html = unescape(client.get(f"/reports/{query}").content.decode())
        links = {link.partition("#")[0] for link in re.findall(r'<a[^>]* href="([^"#]+)', figures_of(html))}
        # One of a sort will do: there is a board for each week and each way.
        sorts = {(*re.findall(r"^[^?]+|(?<=[?&])[^=]+", link),): link for link in sorted(links)}
        assert len(sorts) >= 3
        for link in sorts.values():
            assert client.get(link).status_code == 200, link


def test_the_leads_behind_a_number_are_listed_and_colleagues_ones_counted() -> None:
    mine, theirs = (LeadFactory.create(status=State.ARCHIVED, agent=ana(), name=n) for n in ("Dana Ortiz", "Lou Kern"))
    for lead in (mine, theirs):
        advance(lead, State.CONTACTING, actor=ana(), **RE_ENGAGED)
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "reason": "territory"}
    service.assign_lead(lead_id=theirs.pk, to_agent=ben(), **common)
    html = plain(answer(ana(), "/reports/leads/?of=leads").content.decode())
    assert "Dana Ortiz" in html and "Lou Kern" not in html and "1 more is with a colleague now." in html
    assert "Lou Kern" in answer(bruna(), "/reports/leads/?of=leads").content.decode()
    assert "Nothing here" in answer(bruna(), "/reports/leads/?of=closed").content.decode()


def test_the_shape_and_the_weeks_come_as_files() -> None:
    LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=timezone.now() - 40 * DAY)
    shape = answer(bruna(), "/reports/?format=csv").content.decode().lstrip("\ufeff").splitlines()
    assert shape[0] == "stage,leads,median_hours,oldest_hours,stale,stale_share" and len(shape) == 9
    assert re.fullmatch(r"QUALIFIED,1,95\d(\.\d+)?,95\d(\.\d+)?,1,1\.0000", shape[3])
    weeks = answer(bruna(), "/reports/?format=csv&table=trend").content.decode().lstrip("\ufeff").splitlines()
    assert len(weeks) == 14 and weeks[-1].startswith("now,") and weeks[-1].endswith(",1,0,0,0,0,1")


def test_an_agent_gets_no_file_and_nobody_elses_figures() -> None:
    LeadFactory.create(status=State.QUALIFIED, agent=ben())
    assert answer(ana(), "/reports/?format=csv").status_code == 403
    assert answer(ana(), f"/reports/?agent={ben().pk}").status_code == 404
    assert answer(ana(), f"/reports/leads/?of=leads&agent={ben().pk}").status_code == 404
    html = page(ana())
    assert "Ben" not in html and "No leads here yet" in html


@pytest.mark.parametrize(
    "query",
    ["?table=everything", "?known_at=yesterday", "?agent=1" + "0" * 30, "?table=%00", "?agent=1&agent=2", "?from=x"],
)
def test_what_means_nothing_is_refused_in_a_sentence(query: str) -> None:
    late(ana())
    for path in ("/reports/", "/reports/leads/"):
        found = answer(bruna(), path + query.replace("table", "table" if path == "/reports/" else "of"))
        assert found.status_code in (400, 422) and "</h1>" in found.content.decode()
        assert found.status_code == 400 or 'id="refused"' in found.content.decode()


def test_somebody_renamed_is_called_by_the_name_of_today() -> None:
    late(ana())
    User.objects.filter(pk=ana().pk).update(display_name="Ana Ribeiro")
    assert first_sentences(page(bruna())) == ["1 lead in New is past its 5 minutes, with Ana Ribeiro."]
