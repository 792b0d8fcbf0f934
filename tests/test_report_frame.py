"""What stands around every report: what can be asked, by whom, which refusal reads how, and the facts of a number."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.lead_page.desk import Desk, desk_for
from leads.models import Lead, User
from leads.reports.asked import Asked, read_asked
from leads.reports.windows import Default, everything, in_words, last_12_months, last_quarter, this_quarter, this_year
from lifecycle import service
from lifecycle.events import Source
from lifecycle.history.truth import Reading
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.reports.scope import Credit, Whose
from lifecycle.states import State
from tests.factories import LeadFactory, UserFactory, advance, ana, ben, bruna, newest, otto

PACIFIC = ZoneInfo("America/Los_Angeles")
#: In the office it is still 31 December 2026, 22:00.
NOW = datetime(2027, 1, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.report_probe")]


def a_desk(viewer: User, now: datetime = NOW) -> Desk:
    with patch("django.utils.timezone.now", return_value=now):
        return desk_for(viewer)


def asked_by(viewer: User, query: str = "", default: Default = last_12_months, **more: Any) -> Asked:
    return read_asked(QueryDict(query.removeprefix("?")), a_desk(viewer), default, **more)


def shown(viewer: User, path: str, query: dict[str, Any] | None = None, *, status: int = 200) -> str:
    client = Client()
    client.force_login(viewer)
    answer = client.get(f"{path}?{urlencode(query or {}, doseq=True)}")
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def text_of(html: str) -> str:
    main = html.partition('<main id="main"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def rows_of(html: str) -> list[str]:
    return [text_of(f'<main id="main">{row}</main>') for row in re.findall(r"(?s)<tr role=\"row\">.*?</tr>", html)[1:]]


# --- which window -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("default", "first", "last"),
    [
        (this_quarter, date(2026, 10, 1), date(2026, 12, 31)),
        (last_quarter, date(2026, 7, 1), date(2026, 9, 30)),
        (last_12_months, date(2026, 1, 1), date(2026, 12, 31)),
        (this_year, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_default_window_is_of_whole_days_of_the_office(default: Default, first: date, last: date) -> None:
    asked = asked_by(bruna(), default=default)
    assert asked.days == (first, last) and asked.refusals == []
    assert asked.scope.since == datetime(first.year, first.month, first.day, tzinfo=PACIFIC)
    day_after = last + timedelta(days=1)
    assert asked.scope.until == datetime(day_after.year, day_after.month, day_after.day, tzinfo=PACIFIC)
    assert asked.query() == "?", "A default is no part of the address."


def test_everything_has_no_edge_and_can_be_asked_for_where_the_default_is_another() -> None:
    for asked in (asked_by(bruna(), default=everything), asked_by(bruna(), "all=1", this_quarter)):
        assert (asked.scope.since, asked.scope.until, asked.days) == (None, None, (None, None))


def test_a_default_window_moves_with_the_instant_as_of_which_is_asked() -> None:
    asked = asked_by(bruna(), "known_at=2025-07-01T00:30", this_quarter)
    assert asked.days == (date(2025, 7, 1), date(2025, 9, 30))
    assert asked.scope.known_at == asked.scope.end == datetime(2025, 7, 1, 7, 30, tzinfo=UTC)
    late = asked_by(bruna(), "known_at=2025-07-01T06:30%2B00:00", this_quarter)
    assert late.days == (date(2025, 4, 1), date(2025, 6, 30)), "In the office it was still June."


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (datetime(2028, 2, 29, 20, tzinfo=UTC), date(2027, 3, 1)),
        (datetime(2026, 2, 28, 20, tzinfo=UTC), date(2025, 3, 1)),
        (datetime(2025, 2, 28, 20, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2026, 11, 3, 20, tzinfo=UTC), date(2025, 11, 4)),
    ],
)
def test_twelve_months_are_a_year_of_days(today: datetime, first: date) -> None:
    assert last_12_months(today, PACIFIC) == (first, today.date())


def test_days_are_inside_at_both_ends_and_one_of_23_hours_too() -> None:
    scope = asked_by(bruna(), "from=2026-03-08&through=2026-03-08").scope
    assert scope.since and scope.until and scope.until - scope.since == timedelta(hours=23)
    assert asked_by(bruna(), "from=2026-11-01&through=2026-11-01").scope.until == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_a_window_may_be_open_at_one_end() -> None:
    since, until = asked_by(bruna(), "from=2026-03-08"), asked_by(bruna(), "through=2026-03-08")
    assert since.days == (date(2026, 3, 8), None) and since.scope.until is None
    assert until.days == (None, date(2026, 3, 8)) and until.scope.since is None
    assert in_words(*since.days) == "From 8 Mar 2026 on" and in_words(*until.days) == "Through 8 Mar 2026"


def test_the_ends_of_the_calendar_can_be_asked_for() -> None:
    asked = asked_by(bruna(), "from=1900-01-01&through=2200-12-31")
    assert asked.refusals == [] and asked.scope.since and asked.scope.until


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=xyz", "“xyz” is not a date between 1900 and 2200."),
        ("from=2026-13-01", "is not a date between 1900 and 2200."),
        ("from=20260101", "is not a date between 1900 and 2200."),
        ("from=2026-W01-1", "is not a date between 1900 and 2200."),
        ("through=1899-12-31", "is not a date between 1900 and 2200."),
        ("through=2201-01-01", "is not a date between 1900 and 2200."),
        ("from=2026-02-02&through=2026-02-01", "The period ends before it begins."),
        ("all=1&from=2026-02-02", "The address asks for everything and for some days at once."),
        ("known_at=tomorrow", "That is not a date and time."),
        ("known_at=2027-01-02T10:00", "is still to come"),
        ("known_at=1850-01-02T10:00", "before 1900"),
        ("agent=1" + "0" * 30, "Nobody in this office has the number “10000000000000000000”."),
        ("agent=-1", "Nobody in this office has the number “-1”."),
        ("agent=scribe", "Nobody in this office has the number"),
        ("by=luck", "“luck” is no possible value of “by”."),
        ("voided=yes", "“yes” is no possible value of “voided”."),
        ("inferred=2", "is no possible value of “inferred”."),
        ("all=x", "is no possible value of “all”."),
        ("format=exe", "is no possible value of “format”."),
        ("from=2026-02-02&from=2026-02-01", "“from” stands more than once in the address."),
        ("agent=pool&agent=", "“agent” stands more than once in the address."),
        ("reason=a&reason=b", "“reason” stands more than once in the address."),
        ("reason=" + "x" * 5000, "What the address says after “reason” cannot be read."),
        ("known_at=%00", "What the address says after “known_at” cannot be read."),
        ("from=2026-01-01%00", "What the address says after “from” cannot be read."),
        ("agent=%00%ff", "What the address says after “agent” cannot be read."),
    ],
)
def test_what_means_nothing_is_refused_with_a_sentence(query: str, sentence: str) -> None:
    asked = asked_by(bruna(), query, extras=("reason",))
    assert len(asked.refusals) == 1 and sentence in asked.refusals[0], asked.refusals
    assert asked.status == 422
    client = Client()
    client.force_login(bruna())
    answer = client.get(f"/probe/?{query}")
    # A NUL never comes as far as a page.
    assert answer.status_code == (400 if "%00" in query else 422)
    assert "Every move counts once." not in answer.content.decode()


@pytest.mark.parametrize("path", ["/probe/", "/probe/facts/", "/probe/leads/", "/reports/agents/"])
@pytest.mark.parametrize(
    "value", ["1" + "0" * 30, "\0", "x" * 5000, "<script>alert(1)</script>", "é\u202e", "٣", "-", "%"]
)
def test_hostile_values_give_an_answer_that_is_no_fault(path: str, value: str) -> None:
    client = Client()
    client.force_login(bruna())
    for name in ("from", "through", "known_at", "agent", "by", "all", "voided", "format", "reason", "kind", "after"):
        for texts in (value, [value, value]):
            answer = client.get(f"{path}?{urlencode({name: texts}, doseq=True)}")
            assert answer.status_code in (200, 400, 422), (name, value)
            assert b"<script>alert" not in answer.content


def test_an_hour_that_came_twice_is_asked_with_two_links_that_keep_the_rest() -> None:
    asked = asked_by(bruna(), "known_at=2026-11-01T01:30&agent=pool")
    assert len(asked.refusals) == 1 and "came twice that night" in asked.refusals[0]
    (first, words), (second, _) = asked.choices
    assert "the first, 1 Nov 2026, 1:30 am PDT" in words
    moments = [asked_by(bruna(), query).scope.known_at for query in (first, second)]
    assert moments == [datetime(2026, 11, 1, 8, 30, tzinfo=UTC), datetime(2026, 11, 1, 9, 30, tzinfo=UTC)]
    assert "agent=pool" in first


# --- who may ask --------------------------------------------------------------------------------------------


def test_an_agent_has_own_figures_and_those_of_nobody_else() -> None:
    one = ana()
    for query in ("", f"agent={one.pk}", "agent="):
        asked = asked_by(one, query)
        assert asked.scope.whose == one.pk and asked.agents == [] and asked.refusals == []
    for other in (
        str(ben().pk),
        "pool",
        "1" + "0" * 30,
        "\0",
        f"{one.pk}&agent={ben().pk}",
        f"{ben().pk}&agent={one.pk}",
    ):
        with pytest.raises(Http404):
            asked_by(one, f"agent={other}")
    with pytest.raises(Http404):
        asked_by(one, agent=ben().pk)
    assert asked_by(one, agent=one.pk).scope.whose == one.pk
    shown(one, "/probe/", {"agent": ben().pk}, status=404)
    page = shown(one, "/probe/")
    assert "Here are your own figures." in page and 'name="agent"' not in page
    assert "Ben Brooks" not in page


def test_files_are_for_brokers() -> None:
    with pytest.raises(PermissionDenied):
        asked_by(ana(), "format=csv")
    shown(ana(), "/probe/", {"format": "csv"}, status=403)
    shown(ana(), "/probe/", {"format": " csv "}, status=403)
    assert "format=csv" not in shown(ana(), "/probe/")
    assert "format=csv" in shown(bruna(), "/probe/")
    client = Client()
    client.force_login(bruna())
    answer = client.get("/probe/?format=csv")
    assert answer.content == b"name,n\r\n'=1+1,3\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="probe.csv"'
    assert asked_by(bruna(), "format=csv").as_file and not asked_by(bruna()).as_file


def test_a_broker_chooses_among_everybody_who_is_or_was_here_and_the_pool() -> None:
    left, here = otto(), ana()
    asked = asked_by(bruna(), f"agent={left.pk}")
    assert asked.scope.whose == left.pk
    assert dict(asked.agents)[str(left.pk)] == "Otto Oduya (left)" and str(here.pk) in dict(asked.agents)
    assert asked_by(bruna(), "agent=pool").scope.whose is Whose.POOL
    assert asked_by(bruna()).scope.whose is Whose.EVERYBODY
    assert asked_by(bruna(), "agent=pool", agent=here.pk).scope.whose == here.pk, (
        "The page of one person is about them."
    )


# --- the address goes round ---------------------------------------------------------------------------------


def test_a_link_asks_the_same_question_again() -> None:
    query = urlencode(
        {
            "from": "2026-01-01",
            "through": "2026-06-30",
            "known_at": "2026-11-01T01:30:15-08:00",
            "agent": otto().pk,
            "by": "shared",
            "voided": 1,
            "inferred": 1,
            "reason": "lost & found=1",
        }
    )
    asked = asked_by(bruna(), query, extras=("reason",))
    assert asked.refusals == [] and dict(parse_qsl(asked.query()[1:])) == dict(parse_qsl(query))
    again = asked_by(bruna(), asked.query(), extras=("reason",))
    assert (again.scope, again.extra, again.days) == (asked.scope, asked.extra, asked.days)
    assert asked.scope.reading is Reading.RECORDED and asked.scope.credit is Credit.SHARED and asked.scope.inferred
    less = asked_by(bruna(), asked.query(by="", voided="", **{"from": "2026-02-01"}), extras=("reason",))
    assert less.scope.credit is Credit.HOLDER and less.scope.reading is Reading.CORRECTED
    assert less.days == (date(2026, 2, 1), date(2026, 6, 30)) and less.scope.inferred
    elsewhere = dict(parse_qsl(asked.elsewhere[1:]))
    assert set(elsewhere) == {"from", "through", "known_at", "agent"}


def test_a_preset_replaces_the_window_and_nothing_else() -> None:
    page = shown(bruna(), "/probe/", {"from": "2020-01-01", "by": "actor", "known_at": "2025-08-20T12:00"})
    presets = page.partition("report-presets")[2].partition("</ul>")[0].replace("&amp;", "&")
    found = {words: dict(parse_qsl(query)) for query, words in re.findall(r'href="\?([^"]*)"[^>]*>([^<]+)<', presets)}
    assert list(found) == ["This quarter", "Last quarter", "Last 12 months", "This year", "Everything"]
    assert all(asks["by"] == "actor" and asks["known_at"].startswith("2025-08-20T12:00") for asks in found.values())
    assert (found["Last quarter"]["from"], found["Last quarter"]["through"]) == ("2025-04-01", "2025-06-30")
    assert found["Everything"]["all"] == "1" and "from" not in found["Everything"]
    assert 'aria-current="true"' in shown(bruna(), "/probe/", found["Last quarter"]).partition("report-presets")[2]


def test_the_filters_that_hold_are_chips_that_can_be_removed() -> None:
    page = shown(
        bruna(), "/probe/", {"agent": otto().pk, "by": "shared", "voided": 1, "inferred": 1, "reason": "outbid"}
    )
    chips = page.partition('<ul class="chips"')[2].partition("</ul>")[0].replace("&amp;", "&")
    found = {
        words: dict(parse_qsl(query))
        for query, words in re.findall(r'href="\?([^"]*)"[^>]*><span dir="auto">([^<]+)', chips)
    }
    assert {words: sorted(query) for words, query in found.items()} == {
        "Otto Oduya (left)": ["by", "inferred", "reason", "voided"],
        "Shared by the days that each held it": ["agent", "inferred", "reason", "voided"],
        "Undone moves counted too": ["agent", "by", "inferred", "reason"],
        "Stays of unknown length counted too": ["agent", "by", "reason", "voided"],
        "outbid": ["agent", "by", "inferred", "voided"],
    }
    assert '<ul class="chips"' not in shown(bruna(), "/probe/")


def test_the_page_says_window_zone_past_and_what_is_counted() -> None:
    query = {"from": "2025-01-01", "through": "2025-12-31", "known_at": "2025-11-03T14:00"}
    words = text_of(shown(bruna(), "/probe/", query))
    assert "From 1 Jan 2025 through 31 Dec 2025, so far · Everybody · Days and quarters in Los Angeles time" in words
    assert "As we knew it on Mon 3 Nov 2025, 2:00 pm PST . These figures never change again." in words
    assert "What is counted Every move counts once." in words
    now = shown(bruna(), "/probe/", query).partition("report-known")[2]
    assert 'href="?from=2025-01-01&amp;through=2025-12-31"' in now
    assert "never change again" not in shown(bruna(), "/probe/")


def test_the_past_is_by_the_clock_of_the_office_whatever_the_viewer_lives_by() -> None:
    broker = bruna()
    broker.time_zone = "Asia/Kolkata"
    broker.save()
    OfficeSettings.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Amsterdam"})
    words = text_of(shown(broker, "/probe/", {"known_at": "2025-11-03T14:00"}))
    assert "Mon 3 Nov 2025, 2:00 pm CET" in words and "Days and quarters in Amsterdam time" in words


# --- the pages that there are -------------------------------------------------------------------------------


def test_brokers_find_everybody_and_agents_their_own_page() -> None:
    LeadFactory.create(agent=ana())
    left = UserFactory.create(username="lou", display_name="Lou Lind")
    LeadFactory.create(agent=left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    client = Client()
    client.force_login(bruna())
    assert client.get("/reports/").status_code == 200
    page = shown(bruna(), "/reports/agents/", {"from": "2026-01-01", "by": "shared"})
    assert f'href="/reports/agents/{ana().pk}/?from=2026-01-01"' in page
    assert re.search(r"Ana Alvarez\s+1\s+Lou Lind\s+has left the office\s+1", text_of(page))
    assert re.search(r'href="/reports/" data-reports aria-current="page"', page)
    client.force_login(ana())
    assert client.get("/reports/agents/")["Location"] == f"/reports/agents/{ana().pk}/"
    assert 'href="/reports/"' in shown(ana(), "/me/")
    assert Client().get("/reports/agents/")["Location"].startswith("/accounts/login/")


def test_an_empty_office_has_its_pages() -> None:
    assert "Nobody works here as an agent yet" in shown(bruna(), "/reports/agents/")
    assert "Nothing here" in shown(bruna(), "/probe/facts/") and "Nothing here" in shown(bruna(), "/probe/leads/")


# --- the facts behind a number ------------------------------------------------------------------------------


def a_collapse(lead: Lead, **said: Any) -> Any:
    advance(lead, State.QUALIFIED, now=timezone.now() - HOUR, **said)
    return newest(lead)


def dana(name: str = "Dana Ortiz", **said: Any) -> Lead:
    begun = timezone.now() - timedelta(days=3)
    return LeadFactory.create(**{"name": name, "agent": ana(), "status": State.COMMITTED, "begun": begun, **said})


def test_a_fact_is_told_as_in_the_story_with_the_way_to_it() -> None:
    fact = a_collapse(dana(), reason="outbid", note="Twelve offers on that one.")
    html = shown(bruna(), "/probe/facts/", {"kind": "deal_collapsed"})
    (row,) = rows_of(html)
    assert f'href="/leads/{fact.lead_id}/?cursor={fact.version + 1}#v{fact.version}"' in html
    for words in (
        "Dana Ortiz",
        "The deal collapsed: outbid.",
        "Bruna Barros moved Dana back to Qualified",
        "Twelve offers on that one.",
    ):
        assert words in row
    assert re.search(rf"Outbid\s+version {fact.version}\s+Ana Alvarez\s+Bruna Barros", row)
    assert "1 fact, newest first." in text_of(html)
    assert 'href="/probe/"' in html.partition("report-back")[2]


def test_what_was_corrected_or_undone_says_so_as_far_as_it_was_known() -> None:
    fact = a_collapse(dana(), reason="outbid")
    known = timezone.now().isoformat()
    said: dict[str, Any] = {"lead_id": fact.lead_id, "actor": bruna(), "source": Source.PAGE}
    service.correct_reason(**said, target=fact.uuid, reason="other", note="It was something else.")
    html = shown(bruna(), "/probe/facts/", {"kind": "deal_collapsed"})
    assert "<del>Outbid</del>" in html and "<ins>Other</ins>" in html
    assert "<del>" not in shown(bruna(), "/probe/facts/", {"kind": "deal_collapsed", "known_at": known})
    service.void_move(**said, target=fact.uuid, reason="mis_drag")
    html = shown(bruna(), "/probe/facts/", {"kind": "deal_collapsed"})
    assert "<s>" in html and "Undone by Bruna Barros" in text_of(html)


def test_an_agent_sees_the_facts_of_the_own_leads_and_how_many_are_with_colleagues() -> None:
    a_collapse(dana())
    for name in ("Emil Berg", "Frida Holm"):
        a_collapse(dana(name, agent=ben()))
    mine = text_of(shown(ana(), "/probe/facts/", {"kind": "deal_collapsed"}))
    assert "Dana Ortiz" in mine and "Emil Berg" not in mine and "Ben Brooks" not in mine
    assert "1 fact, newest first. 2 more are with colleagues now." in mine
    everybody = text_of(shown(bruna(), "/probe/facts/", {"kind": "deal_collapsed"}))
    assert "3 facts, newest first." in everybody and "colleague" not in everybody
    leads = text_of(shown(ana(), "/probe/leads/"))
    assert "Dana Ortiz" in leads and "Emil Berg" not in leads and "2 more are with colleagues now." in leads


def test_why_somebody_lost_a_lead_is_for_brokers() -> None:
    lead = dana(agent=ben())
    said: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.assign_lead(**said, to_agent=ana(), reason="performance", note="Three clients complained about him.")
    told = text_of(shown(bruna(), "/probe/facts/", {"kind": "agent_assigned"}))
    assert "Performance" in told and "Three clients complained about him." in told
    hidden = text_of(shown(ana(), "/probe/facts/", {"kind": "agent_assigned"}))
    assert "Another reason" in hidden or "another reason" in hidden
    assert "erformance" not in hidden and "complained" not in hidden


def test_facts_come_page_by_page_each_once_newest_first() -> None:
    begun = timezone.now() - timedelta(days=2)
    for n in range(21):
        LeadFactory.create(name=f"Lead {n}", agent=ana(), status=State.CONTACTING, begun=begun)
    everything_there_is = LeadEvent.objects.count()
    seen: list[str] = []
    query: dict[str, Any] = {}
    for _ in range(9):
        html = shown(bruna(), "/probe/facts/", query)
        seen += re.findall(r'scope="row"><a href="([^"]+)"', html)
        more = re.search(r'href="\?([^"]*)">Older ones', html)
        if more is None:
            break
        query = dict(parse_qsl(more[1].replace("&amp;", "&")))
        assert f"{everything_there_is} facts" in html
    assert len(seen) == len(set(seen)) == everything_there_is > 50
    order = LeadEvent.objects.order_by("-occurred_at", "-pk").values_list("lead_id", "version")
    assert seen == [f"/leads/{lead}/?cursor={version + 1}#v{version}" for lead, version in order]
    for path in ("/probe/facts/", "/probe/leads/"):
        assert "goes on after a line that cannot be" in shown(bruna(), path, {"after": "1-2-3"}, status=422)
        assert "Nothing older" in shown(bruna(), path, {"after": "-2208988800000000-1"})


def test_the_queries_do_not_grow_with_the_facts() -> None:
    client = Client()

    def cost(viewer: User, path: str) -> int:
        client.force_login(viewer)
        client.get(path)
        with CaptureQueriesContext(connection) as made:
            assert client.get(path).status_code == 200
        return len(made)

    paths = ("/probe/", "/probe/facts/", "/probe/leads/", "/reports/agents/")
    a_collapse(dana())
    few = [cost(bruna(), path) for path in paths] + [cost(ana(), path) for path in paths[:3]]
    for n in range(9):
        a_collapse(dana(f"Lead {n}", agent=ana() if n % 2 else ben()))
    many = [cost(bruna(), path) for path in paths] + [cost(ana(), path) for path in paths[:3]]
    assert few == many
    assert max(few) <= 14, few
