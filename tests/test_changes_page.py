"""The page of changes: what a meeting reads, who may read it, and which windows can be asked for."""

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.changes.asked import read_asked
from leads.changes.presets import last_meeting, presets
from leads.changes.tally import Count
from leads.changes.window import read_edge
from leads.models import Lead, User
from leads.pages import changes as page
from lifecycle import service
from lifecycle.events import Source
from lifecycle.history import Clock, Group
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest

PACIFIC = ZoneInfo("America/Los_Angeles")
#: A Wednesday, 10:00 in the office.
NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shown(viewer: User, query: dict[str, Any] | None = None, *, status: int = 200) -> str:
    client = Client()
    client.force_login(viewer)
    answer = client.get(f"/changes/?{urlencode(query or {}, doseq=True)}")
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def counted(html: str) -> dict[str, int]:
    """The number over each group that has any."""
    found = re.findall(r'<a href="#(\w+)"[^>]*><b>([\d\u202f]+)</b>', html)
    return {group: int(n) for group, n in found}


def section(html: str, group: Group) -> str:
    """The part of the page with the lines of one group."""
    return html.partition(f'id="{group.value}"')[2].partition("</section>")[0]


def do(lead: Lead, act: Any, actor: User, **said: Any) -> None:
    act(lead_id=lead.pk, actor=actor, source=Source.PAGE, **said)


def dana(name: str = "Dana Ortiz", **said: Any) -> Lead:
    """A lead that came where she stands before yesterday."""
    usual = {"name": name, "agent": ana(), "status": State.QUALIFIED, "begun": timezone.now() - timedelta(days=3)}
    return LeadFactory.create(**{**usual, **said})


def yesterday() -> str:
    return (timezone.now() - timedelta(days=1)).isoformat()


def a_busy_week() -> datetime:
    """Something of everything, some of it undone; out: when it began."""
    since = timezone.now() - timedelta(hours=12)
    leads = [dana(f"Dana {n}", status=s) for n, s in enumerate((State.COMMITTED, State.COMMITTED, State.QUALIFIED))]
    advance(leads[0], State.QUALIFIED, now=since + HOUR)
    advance(leads[0], State.COMMITTED, now=since + 2 * HOUR)
    advance(leads[0], State.IN_CONTRACT, now=since + 3 * HOUR)
    advance(leads[1], State.QUALIFIED, now=since + HOUR)
    advance(leads[1], State.COMMITTED, now=since + 2 * HOUR)
    advance(leads[2], State.COMMITTED, now=since + HOUR)
    do(leads[2], service.void_move, bruna(), target=newest(leads[2]).uuid, reason="mis_drag", now=since + 2 * HOUR)
    do(leads[2], service.assign_lead, bruna(), to_agent=ben(), reason="territory", now=since + 3 * HOUR)
    do(leads[2], service.set_flag, bruna(), flag="dnc", reason="legal", now=since + 4 * HOUR)
    do(leads[2], service.set_flag, bruna(), flag="do_not_call", reason="legal", now=since + 4 * HOUR)
    advance(dana("Anna", status=State.ARCHIVED), State.CONTACTING, now=since + HOUR)
    advance(dana("Boris", status=State.CONTACTING), State.TRASHED, now=since + HOUR)
    advance(dana("Carla", status=State.IN_CONTRACT), State.CLOSED, now=since + HOUR)
    advance(dana("Dora", status=State.NEW), State.ARCHIVED, now=since + HOUR)
    LeadFactory.create(name="Emil", begun=since + HOUR, status=State.QUALIFIED, agent=ben())
    return since


# --- what stands on it --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("clock", list(Clock))
def test_the_numbers_of_the_page_are_those_of_the_command(clock: Clock) -> None:
    since = a_busy_week().isoformat()
    html = shown(bruna(), {"from": since, "clock": clock.value})
    out = io.StringIO()
    call_command("board_diff", f"--from={since}", clock=clock.value, stdout=out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    groups = [re.sub(r"^flag_\w+:.*", "flags_changed", row["change"]) for row in rows]
    leads = Counter(group for group, _ in {(g, row["lead_key"]) for g, row in zip(groups, rows, strict=True)})
    assert counted(html) == dict(leads)
    assert len(leads) == (11 if clock is Clock.KNOWN else 10)
    facts = sum(group != "there_and_back" for group in groups)
    assert f"{len({row['lead_key'] for row in rows})} leads changed by {facts} facts" in text_of(html)
    assert f"{Counter(groups)['advanced']} changes in all" in text_of(section(html, Group.ADVANCED))


@pytest.mark.django_db
def test_each_line_says_the_way_the_reason_and_leads_to_its_fact() -> None:
    lead = dana(status=State.COMMITTED)
    advance(lead, State.QUALIFIED, now=timezone.now() - HOUR, reason="outbid", note="Twelve offers on that one.")
    fell = section(shown(bruna(), {"from": yesterday()}), Group.FELL_BACK)
    words = text_of(fell)
    assert "Dana Ortiz" in words and "Twelve offers on that one." in words
    assert "The deal collapsed: outbid. Bruna Barros moved Dana back to Qualified ." in words
    assert re.search(r"Committed\s+Qualified", words)
    version = newest(lead).version
    assert f'href="/leads/{lead.pk}/?cursor={version + 1}#v{version}"' in fell


@pytest.mark.django_db
def test_there_and_back_is_shown_and_the_collapse_stays_a_collapse() -> None:
    lead = dana(status=State.COMMITTED)
    advance(lead, State.QUALIFIED, now=timezone.now() - 2 * HOUR)
    advance(lead, State.COMMITTED, now=timezone.now() - HOUR)
    html = shown(bruna(), {"from": yesterday()})
    assert counted(html) == {"advanced": 1, "fell_back": 1, "there_and_back": 1}
    assert "1 lead changed by 2 facts" in text_of(html)
    assert 'href="#there_and_back"' in section(html, Group.FELL_BACK)
    alone = shown(bruna(), {"from": yesterday(), "group": "fell_back"})
    assert re.search(r'chip-accent" href="\?from=[^"]*group=there_and_back"', section(alone, Group.FELL_BACK))
    both = text_of(section(html, Group.THERE_AND_BACK))
    assert re.search(r"Committed\s+Qualified\s+Committed", both) and "The deal collapsed" in both


@pytest.mark.django_db
def test_several_stages_forward_are_one_line() -> None:
    LeadFactory.create(name="Emil Berg", agent=ana(), status=State.COMMITTED, begun=timezone.now() - 5 * HOUR)
    advanced = section(shown(bruna(), {"from": yesterday()}), Group.ADVANCED)
    assert advanced.count("changes-line") == 2, "One list, one line."
    assert re.search(r"New\s+Contacting\s+Qualified\s+Committed", text_of(advanced))


@pytest.mark.django_db
def test_an_undone_move_stands_there_only_as_we_knew_it() -> None:
    lead = dana()
    advance(lead, State.COMMITTED, now=timezone.now() - 2 * HOUR)
    do(lead, service.void_move, bruna(), target=newest(lead).uuid, reason="mis_drag", now=timezone.now() - HOUR)
    was = shown(bruna(), {"from": yesterday()})
    assert "A quiet stretch: nothing changed on the board" in was and "As it was." in was
    known = shown(bruna(), {"from": yesterday(), "clock": "known"})
    assert counted(known) == {"advanced": 1, "undone": 1, "there_and_back": 1}
    assert "As we knew it then." in known and "Undone by" in known and "<s>" in known


@pytest.mark.django_db
def test_a_corrected_reason_is_corrected_or_as_it_was_known_then() -> None:
    lead = dana(status=State.COMMITTED)
    advance(lead, State.QUALIFIED, now=timezone.now() - 3 * HOUR, reason="outbid")
    until = (timezone.now() - 2 * HOUR).isoformat()
    fact = newest(lead).uuid
    do(lead, service.correct_reason, bruna(), target=fact, reason="cold_feet", note="She told me.", now=timezone.now())
    was = text_of(section(shown(bruna(), {"from": yesterday(), "to": until}), Group.FELL_BACK))
    assert "Cold feet" in was
    then = shown(bruna(), {"from": yesterday(), "to": until, "clock": "known"})
    assert "Cold feet" not in then and "cold feet" not in then and "outbid" in then


@pytest.mark.django_db
def test_names_are_shown_as_they_are_and_nothing_of_them_is_run() -> None:
    for name in ("<script>alert(1)</script>", "ليلى حداد", "x" * 200):
        advance(dana(name), State.COMMITTED, now=timezone.now() - HOUR)
    html = shown(bruna(), {"from": yesterday()})
    assert "<script>alert" not in html and "&lt;script&gt;" in html and "ليلى" in html and "x" * 200 in html


# --- who may see it -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_agent_sees_own_leads_and_the_pool_as_they_are_held_today() -> None:
    now = timezone.now()
    canary = dana("Canary Colleague", agent=ben(), headline="A canary's house")
    advance(canary, State.COMMITTED, now=now - HOUR)
    gone = dana("Gone Away", agent=ana())
    do(gone, service.assign_lead, bruna(), to_agent=ben(), reason="territory", now=now - HOUR)
    came = dana("Came Over", agent=ben())
    do(came, service.assign_lead, bruna(), to_agent=ana(), reason="performance", now=now - HOUR)
    dana("Pool Side", agent=None, begun=now - 5 * HOUR)
    html = shown(ana(), {"from": yesterday()})
    for hidden in ("Canary", "canary", "Gone Away"):
        assert hidden not in html
    assert "Came Over" in html and "Pool Side" in html
    assert "as they are held today" in html
    assert counted(html) == {"new": 1, "advanced": 1, "reassigned": 1}
    assert "performance" not in html.lower()
    everything = shown(bruna(), {"from": yesterday()})
    assert "Canary Colleague" in everything and "because of performance" in everything
    assert "as they are held today" not in everything


@pytest.mark.django_db
def test_nobody_reads_it_without_a_login_and_nobody_posts(client: Client) -> None:
    assert client.get("/changes/").status_code == 302
    client.force_login(bruna())
    assert client.post("/changes/").status_code == 405


@pytest.mark.django_db
def test_a_filter_by_agent_finds_who_held_the_lead_then_or_holds_it_now() -> None:
    now = timezone.now()
    handed = dana("Handed Over", agent=ana())
    do(handed, service.assign_lead, bruna(), to_agent=ben(), reason="territory", now=now - HOUR)
    moved = dana("Moved Later", agent=ana())
    advance(moved, State.COMMITTED, now=now - 5 * HOUR)
    do(moved, service.assign_lead, bruna(), to_agent=None, reason="returned_to_pool", now=now - HOUR)
    LeadFactory.create(name="Fresh One", agent=ben(), begun=now - 5 * HOUR)
    window = {"from": yesterday(), "to": (now - 2 * HOUR).isoformat()}
    assert "Handed Over" not in shown(bruna(), {**window, "agent": ben().pk}), (
        "Nothing changed about it in this window."
    )
    assert "Moved Later" in shown(bruna(), {**window, "agent": ana().pk})
    assert "Moved Later" in shown(bruna(), {**window, "agent": "pool"}), "The pool holds it now."
    assert "Fresh One" not in shown(bruna(), {**window, "agent": "pool"}), "It came in with Ben."
    for person, names in ((ana(), {"Handed Over", "Moved Later"}), (ben(), {"Handed Over", "Fresh One"})):
        html = shown(bruna(), {"from": yesterday(), "agent": person.pk})
        assert {n for n in ("Handed Over", "Moved Later", "Fresh One") if n in html} == names
    assert "Handed Over" not in shown(ana(), {"from": yesterday(), "agent": ben().pk})


# --- much of it ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_long_group_shows_its_newest_and_the_rest_on_pages_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "FEW", 2)
    monkeypatch.setattr(page, "MANY", 3)
    for n in range(7):
        advance(dana(f"Lead {n}."), State.COMMITTED, now=timezone.now() - HOUR * (1 + n // 2))
    html = shown(bruna(), {"from": yesterday()})
    assert counted(html) == {"advanced": 7} and html.count('class="changes-lead"') == 2
    address = re.search(r'href="(\?[^"]*)">Show all 7', html)
    found: list[str] = []
    while address:
        query = QueryDict(address[1].replace("&amp;", "&")[1:])
        html = shown(bruna(), query.dict())
        names = re.findall(r'class="changes-lead"[^>]*>Lead (\d)', html)
        assert names and len(names) <= 3 and counted(html) == {"advanced": 7}
        found += names
        address = re.search(r'class="button" href="(\?[^"]*)">Older', html)
    assert sorted(found) == list("0123456"), "Each once, none lost."


def test_big_numbers_can_be_read() -> None:
    assert (Count(26985, 166655).leads_text, Count(26985, 166655).changes_text) == ("26\u202f985", "166\u202f655")


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow() -> None:
    client = Client()
    client.force_login(bruna())

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/changes/", {"from": yesterday()}).status_code == 200
        return len(captured)

    a_busy_week()
    few = queries()
    a_busy_week()
    assert queries() == few <= 16


# --- which windows ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query, sentence",
    [
        ({"from": "2025-11-20T09:00", "to": "2025-11-19T09:00"}, "The window ends before it begins."),
        ({"from": "yesterday"}, "That is not a date and time."),
        ({"from": "2026-02-31"}, "“2026-02-31” is no day that we can look back at."),
        ({"to": "2999-01-01"}, "“2999-01-01” is no day that we can look back at."),
        ({"from": "0001-01-01"}, "is no day that we can look back at."),
        ({"from": "2999-01-01T00:00"}, "is still to come"),
        ({"from": "1776-07-04T12:00"}, "The year 1776 is before 1900."),
        ({"from": "2025-03-09T02:30"}, "did not exist: the clocks went forward."),
        ({"from": "'; drop table"}, "That is not a date and time."),
    ],
)
def test_a_window_that_cannot_be_told_is_refused_with_a_sentence(query: dict[str, str], sentence: str) -> None:
    html = shown(bruna(), query, status=422)
    assert sentence in html and 'role="alert"' in html and "changes-counts" not in html


@pytest.mark.django_db
def test_an_hour_that_occurs_twice_is_asked() -> None:
    html = shown(bruna(), {"from": "2025-11-02T01:30", "to": "2025-11-03T09:00"}, status=422)
    assert "came twice" in html
    links = [link.replace("&amp;", "&") for link in re.findall(r'<li><a href="(\?[^"]+)">the ', html)]
    assert len(links) == 2
    for link, zone in zip(links, ("PDT", "PST"), strict=True):
        assert f"1:30 am {zone}" in shown(bruna(), QueryDict(link[1:]).dict())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        {"agent": "9" * 19},
        {"agent": "Ben"},
        {"group": "everything"},
        {"after": "1-2-3", "group": "new"},
        {"after": f"{'9' * 18}-{'9' * 18}", "group": "new"},
        {"after": f"{'9' * 30}-1", "group": "new"},
        {"clock": "cuckoo"},
        {"from": ["2025-11-01", "2025-11-02"]},
        {"to": ""},
    ],
)
def test_what_means_nothing_is_left_out(query: dict[str, Any]) -> None:
    LeadFactory.create()
    assert "What changed" in shown(bruna(), query)


def edge(text: str, *, ends: bool) -> Any:
    return read_edge(QueryDict(urlencode({"t": text})), "t", PACIFIC, NOW, ends=ends)


def test_a_date_alone_takes_the_whole_day_in() -> None:
    tick = timedelta(microseconds=1)
    begins, ends = edge("2026-11-16", ends=False), edge("2026-11-22", ends=True)
    assert begins.moment + tick == datetime(2026, 11, 16, tzinfo=PACIFIC)
    assert ends.moment + tick == datetime(2026, 11, 23, tzinfo=PACIFIC)
    assert (begins.text, ends.text) == ("2026-11-16", "2026-11-22")
    assert begins.words == "start of Mon 16 Nov 2026, PST" and ends.words == "end of Sun 22 Nov 2026, PST"
    assert edge("2026-11-25", ends=True).moment == NOW, "Today is not over."
    assert edge("2026-11-25", ends=False).moment < NOW
    # A day on which the clocks go back has 25 hours.
    long_day = edge("2026-11-01", ends=True).moment - edge("2026-11-01", ends=False).moment
    assert long_day == timedelta(hours=25)


def test_an_instant_keeps_its_offset_in_every_link() -> None:
    asked = edge("2026-11-16T09:00", ends=False)
    assert (asked.text, asked.words) == ("2026-11-16T09:00-08:00", "Mon 16 Nov 2026, 9:00 am PST")
    assert asked.typed == "2026-11-16T09:00"


@pytest.mark.django_db
def test_without_a_window_it_is_the_one_since_the_last_meeting() -> None:
    asked = read_asked(QueryDict(""), bruna(), PACIFIC, PACIFIC, NOW)
    assert asked.since.text == "2026-11-23T09:00-08:00" and asked.until.moment is None
    earlier = read_asked(QueryDict("to=2026-11-20T12:00"), bruna(), PACIFIC, PACIFIC, NOW)
    assert earlier.since.text == "2026-11-16T09:00-08:00", "The last meeting before the window's end."


def test_on_a_monday_the_last_meeting_was_a_week_ago() -> None:
    monday = datetime(2026, 11, 23, 9, 30, tzinfo=PACIFIC)
    assert last_meeting(monday, PACIFIC) == datetime(2026, 11, 16, 9, tzinfo=PACIFIC)
    assert last_meeting(monday + timedelta(days=1), PACIFIC) == datetime(2026, 11, 23, 9, tzinfo=PACIFIC)
    # Over the change of the clocks it stays nine o'clock.
    assert last_meeting(datetime(2026, 11, 2, 12, tzinfo=PACIFIC), PACIFIC).hour == 9


def test_the_usual_windows_go_by_the_viewers_calendar() -> None:
    assert {p.label: (p.since, p.until) for p in presets(NOW, PACIFIC, PACIFIC)} == {
        "Since yesterday": ("2026-11-24", ""),
        "Since last Monday, 9:00": ("2026-11-23T09:00-08:00", ""),
        "Last week": ("2026-11-16", "2026-11-22"),
        "This month": ("2026-11-01", ""),
        "Last month": ("2026-10-01", "2026-10-31"),
        "This quarter": ("2026-10-01", ""),
    }
    by_label = {p.label: p.since for p in presets(NOW, ZoneInfo("America/New_York"), PACIFIC)}
    assert by_label["Since last Monday, 9:00"] == "2026-11-23T12:00-05:00", "The meeting is held in the office."
    new_year = datetime(2027, 1, 1, 9, tzinfo=PACIFIC)
    turned = {p.label: (p.since, p.until) for p in presets(new_year, PACIFIC, PACIFIC)}
    assert turned["Last month"] == ("2026-12-01", "2026-12-31")
    assert turned["This quarter"] == ("2027-01-01", "")


@pytest.mark.django_db
def test_the_window_that_is_shown_is_marked_among_the_usual_ones() -> None:
    html = shown(bruna())
    marked = re.findall(r'aria-current="true">(.*?)</a>', html.partition('aria-label="Usual windows"')[2])
    assert [text_of(m).strip() for m in marked[:1]] == ["Since last Monday, 9:00"]


@pytest.mark.django_db
def test_the_menu_leads_to_it_and_marks_it() -> None:
    html = shown(ana())
    assert re.search(r'<a class="menu-item" href="/changes/" aria-current="page">.*What changed since…', html)
