"""A lead of which an old system knew a status alone: every page says what is known, since about when, and no more."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leads import moments
from leads.models import Lead
from lifecycle import service
from lifecycle.models import OfficeSettings
from tests.backfilled import CREATED, MODIFIED, old_lead, row, taken_back, taken_up
from tests.factories import ana, ben, bruna

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OFFICE = ZoneInfo("America/Los_Angeles")
SINCE = "about 13 Oct 2011"


def came(days: int = 3) -> datetime:
    """When the import ran: so many days ago."""
    return timezone.now() - days * DAY


def dana(status: str = "CLOSED", **said: Any) -> Lead:
    """Dana Ortiz, whom an old system had since October 2011."""
    return old_lead(status, **{"now": came(), "agent": ana().display_name, **said})


def day(moment: datetime) -> str:
    return moments.day(moment, OFFICE, timezone.now())


def shown(name: str, lead: Lead, viewer: Any = None, **query: Any) -> str:
    """The words of a page about a lead."""
    client = Client()
    client.force_login(viewer or bruna())
    answer = client.get(reverse(name, args=[lead.pk]), query)
    assert answer.status_code == 200
    main = answer.content.decode().partition("<main")[2]
    bare = re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", main, flags=re.S))
    return re.sub(r" ([.,;:])", r"\1", re.sub(r"\s+", " ", html.unescape(bare)))


# --- the story ----------------------------------------------------------------------------------------------


def test_the_story_says_what_the_old_system_had_and_that_nobody_knows_how_it_came_about() -> None:
    said = shown("lead", dana(status_words="Agreement Signed", flags=("unsubscribed",), note="Likes the garden."))
    assert f"In the old system Dana stood in Closed, since {SINCE}; how the lead came there is not known." in said
    assert "The old system called it Agreement Signed" in said
    assert f"In the old system Dana was with Ana Alvarez, since {SINCE}." in said
    assert f"In the old system Dana had the flag unsubscribed, since {SINCE}; who set it is not known." in said
    assert "The old system kept a note. Likes the garden." in said
    assert "Dana came into the old system." in said
    for invented in ("began in New", "moved", "Scribe gave", "Scribe set", "nobody has reached out"):
        assert invented not in said


def test_a_date_for_each_stage_is_a_fact_for_each_and_a_step_for_each_of_the_path() -> None:
    reached = (("QUALIFIED", CREATED + 3 * DAY), ("COMMITTED", CREATED + 9 * DAY), ("CLOSED", CREATED + 40 * DAY))
    said = shown("lead", dana(reached=reached))
    for stage, since in (("Qualified", "4 Oct"), ("Committed", "10 Oct"), ("Closed", "10 Nov")):
        assert f"stood in {stage}, since about {since} 2011" in said
    assert "New length not recorded Qualified length not recorded Committed length not recorded Closed about" in said


def test_rows_that_are_a_guess_look_it_and_say_it() -> None:
    lead = dana()
    client = Client()
    client.force_login(bruna())
    for query in ({}, {"print": "1"}):
        page = client.get(reverse("lead", args=[lead.pk]), query).content.decode()
        assert len(re.findall(r'<li class="fact[^"]* is-about"', page)) == 2
        assert page.count(">about 2:15 am</time>") == 4
        assert 'title="About Thu 13 Oct 2011, 2:15:00 am PDT: worked out afterwards"' in page


def test_what_has_no_date_at_all_was_so_then_or_earlier() -> None:
    lead = dana("QUALIFIED", created_at=None, modified_at=None, flags=("dnc",))
    said, since = shown("lead", lead), f"{day(came())} or earlier"
    assert f"In the old system Dana stood in Qualified, since {since};" in said
    assert f"had the flag do not contact, since {since};" in said
    assert f"Dana has been in the old system since {since}." in said
    assert f"With Ana Alvarez since {since}" in said and f"Came in {since}" in said
    assert f"Why here? In Qualified since {since}: so it stood in the old system" in said
    assert "Qualified since when not recorded" in said
    assert f"Not recorded before {day(came())}, when this lead was imported from “Old CRM”." in said


def test_an_import_that_is_taken_back_and_comes_again_is_told_as_that_and_not_as_a_mistake() -> None:
    lead = dana("QUALIFIED")
    taken_back([lead], now=came(2))
    said = shown("lead", lead)
    assert "Bruna Barros took back the import that brought Dana, and the lead went to Trashed." in said
    assert f"Why here? Trashed since {day(came(2))}: the import that brought it was taken back." in said
    taken_up([lead], [row("QUALIFIED", agent=ana().display_name)], now=came(1), actor=bruna())
    said = shown("lead", lead)
    assert "Bruna Barros imported Dana again: back in Qualified, where the lead stood before." in said
    assert "Brought again by a later import" in said
    assert "Undone by" not in said and "undid" not in said and "does not count" not in said
    assert f"Why here? In Qualified since {SINCE}" in said


# --- the head of the page -----------------------------------------------------------------------------------


def test_the_page_says_since_when_it_is_recorded_and_since_when_it_is_known() -> None:
    said = shown("lead", dana())
    assert (
        f"Not recorded before 1 Oct 2011; known from {day(came())}, when it was imported from “Old CRM”. "
        "What that system did not keep is not here, even if much happened."
    ) in said
    assert f"With Ana Alvarez since {SINCE}" in said
    assert f"Why here? Closed since {SINCE}: so it stood in the old system, and how it came there is not known." in said


def test_a_stay_whose_end_nobody_recorded_has_no_length() -> None:
    lead = dana("QUALIFIED")
    client = Client()
    client.force_login(bruna())
    path = client.get(reverse("lead", args=[lead.pk])).content.decode().partition('id="lead-path"')[2]
    first, last = re.findall(r'<li class="step([^"]*)".*?title="([^"]*)".*?step-length">([^<]*)<', path, re.S)
    assert first == (" is-unknown", "Sat 1 Oct 2011, 1:30:00 am PDT until an unrecorded time", "length not recorded")
    assert last[2].startswith("about ") and last[2].endswith(" y so far")


def test_a_new_lead_of_an_old_system_has_no_clock_and_nobody_is_said_not_to_have_called() -> None:
    said = shown("lead", dana("NEW"))
    assert "Why here? New since 1 Oct 2011: so it came over from another system." in said
    assert not re.search(r"First contact|\blate\b|reached out", said.partition(" Move ")[0])
    assert " First contact " not in said.rpartition(" Facts ")[2]


def test_an_import_hands_nobody_a_lead() -> None:
    assert "handed" not in shown("lead", dana("QUALIFIED"), ana())


# --- who held it --------------------------------------------------------------------------------------------


def test_who_held_it_before_is_not_recorded_and_was_not_the_pool() -> None:
    said = shown("lead-custody", dana())
    assert f"Held by 1 person since {SINCE}; who held it before is not recorded." in said
    assert "Ana Alvarez now about Thu 13 Oct 2011, 2:15 am PDT still about" in said
    assert "not recorded As the old system had it" in said
    assert "Not recorded Sat 1 Oct 2011, 1:30 am PDT about Thu 13 Oct 2011" in said
    assert "The old system did not say who had it" in said and "Pool" not in said


def test_in_our_pool_a_lead_lies_since_it_came_over() -> None:
    lead = dana(agent="")
    assert f"it has been in the pool since {day(came())}." in shown("lead", lead)
    assert f"In the pool since {day(came())}: nobody's yet" in shown("lead", lead)
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=bruna(), source="page")
    said = shown("lead-custody", lead)
    assert "3 days of it in the pool" in said and "Ben Brooks" in said


def test_the_book_of_an_agent_says_what_came_from_an_old_system() -> None:
    dana()
    client = Client()
    client.force_login(bruna())
    page = client.get(reverse("agent-custody", args=[ana().pk])).content.decode()
    assert "As the old system had it" in page and SINCE in page


# --- consent ------------------------------------------------------------------------------------------------


def test_of_a_flag_from_an_import_nobody_knows_who_set_it_and_only_about_when() -> None:
    lead = dana(flags=("unsubscribed",))
    said = shown("lead-consent", lead)
    assert "was set on about 13 Oct 2011, 2:15 am PDT in an old system, by whom is not known" in said
    assert f"not known who from the import of {day(came())}" in said and "Scribe" not in said
    letter = shown("lead-consent-letter", lead)
    assert "We send you no marketing e-mail, since about 13 Oct 2011." in letter
    assert "On or about 13 Oct 2011, 2:15 am PDT we stopped" in letter


def test_a_flag_without_a_date_was_set_then_or_earlier() -> None:
    lead = dana(created_at=None, modified_at=None, flags=("dnc",))
    assert "or earlier in an old system, by whom is not known" in shown("lead-consent", lead)
    letter = shown("lead-consent-letter", lead)
    assert "or earlier." in letter and "On or before" in letter


# --- on paper -----------------------------------------------------------------------------------------------


def test_the_packet_says_the_same_and_names_the_day_of_our_rule() -> None:
    said = shown("lead-packet", dana("QUALIFIED", flags=("dnc",), note="Likes the garden."))
    assert f"With Ana Alvarez since {SINCE}, as the old system had it" in said
    assert f"Do not contact since {SINCE}: came with an import" in said
    assert f"In this stage since {SINCE}" in said and "New length not recorded" in said
    assert f"Likes the garden. from the old system, {SINCE}" in said
    days = OfficeSettings.load().no_progress_days
    assert f"Will be archived unless it moves on or they answer {day(came() + days * DAY)}" in said


# --- as it was, as we knew it -------------------------------------------------------------------------------


def test_before_the_import_nobody_knew_and_it_was_so_all_the_same() -> None:
    lead = dana()
    then = {"t": "2011-10-20T12:00"}
    was, known = (shown("lead-at", lead, **then, **more) for more in ({}, {"clock": "known"}))
    assert "Closed for about 7 d by then" in was and "since about 13 Oct: so it stood in the old system" in was
    assert "As we knew it then: the lead did not exist yet" in was
    assert "We did not know of this lead yet" in known and "As it was: Closed, with Ana Alvarez" in known
    assert was.count("An import told of it only on") == known.count("An import told of it only on") == 1


def test_who_had_it_before_that_was_not_nobody() -> None:
    said = shown("lead-at", dana(), t="2011-10-05T12:00")
    assert "not recorded: the old system did not say who had it" in said and "in the pool" not in said


def test_where_it_stood_between_two_dates_nobody_knows() -> None:
    lead, untold = dana(), "When it left this stage the old system did not say: it may have stood elsewhere by then."
    assert untold in shown("lead-at", lead, t="2011-10-05T12:00")
    assert untold not in shown("lead-at", lead, t="2011-10-20T12:00")
    assert untold not in shown("lead-at", lead, t="2011-10-05T12:00", clock="known")


def test_while_it_was_taken_back_we_knew_it_in_the_trash() -> None:
    lead = dana("QUALIFIED")
    taken_back([lead], now=came(2))
    taken_up([lead], [row("QUALIFIED", agent=ana().display_name)], now=came(1))
    then = {"t": (came(1) - timedelta(hours=6)).astimezone(UTC).isoformat()}
    was, known = (shown("lead-at", lead, **then, **more) for more in ({}, {"clock": "known"}))
    assert "Qualified for about" in was and "As we knew it then: Trashed" in was
    assert "Trashed for" in known and "A later import brought it again on" in known


def test_the_instant_of_the_import_and_a_second_before() -> None:
    lead = dana("QUALIFIED")
    at = lead.last_recorded_at
    assert at is not None and lead.stage_entered_at == MODIFIED
    known = [shown("lead-at", lead, t=(at + timedelta(seconds=s)).isoformat(), clock="known") for s in (-1, 1)]
    assert "We did not know of this lead yet" in known[0] and "Qualified for about" in known[1]
