"""The timeline reads like a story, in constant time, whatever is in the log."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from leads import moments
from leads.lead_page import desk_for, read_page
from leads.lead_page.called import called, open_sentences, opening
from leads.lead_page.rows import Row, rows
from leads.models import Lead, User
from lifecycle import service, timeline
from lifecycle.events import Kind, Source
from lifecycle.models import EventNote, LeadEvent, ReasonCode
from lifecycle.reasons import SEED
from lifecycle.states import State
from lifecycle.timeline.because import clause
from lifecycle.timeline.entries import entry
from lifecycle.visits import Visit, read_visits, visits
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.pseudo import Catalog, spoken

pytestmark = pytest.mark.django_db
EVENTS = Path(settings.BASE_DIR) / "templates" / "events"


def story(lead: Lead, viewer: User, query: str = "") -> str:
    """What a viewer reads on the page of a lead: the timeline's text without tags, blanks run together."""
    client = Client()
    client.force_login(viewer)
    answer = client.get(f"{reverse('lead', args=[lead.pk])}{query}")
    assert answer.status_code == 200
    html = answer.content.decode()
    return words_of(html[html.index('id="story"') :])


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html.replace("</p>", " </p>"))).strip()


def facts(answer: Any) -> list[int]:
    """The versions of the facts on a page, in the order shown."""
    return [int(v) for v in re.findall(r'<li class="fact[^"]*" id="v(\d+)"', answer.content.decode())]


def dana(agent: User | None = None, **said: Any) -> Lead:
    return LeadFactory.create(name="Dana Ortiz", agent=agent or ana(), **said)


# --- sentences ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_sentence_of_its_own(kind: Kind) -> None:
    assert (EVENTS / f"{kind.value}.html").is_file()
    get_template(f"events/{kind.value}.html")


def said(row: Row) -> str:
    """The sentence of a fact as it is read, called Dana."""
    return words_of(get_template(row.template).render({"row": row, "e": row.entry, "called": "Dana"}))


def bare_fact(lead: Lead, kind: Kind, by_scribe: bool = False, **data: Any) -> LeadEvent:
    """A fact of this kind that carries nothing but its states and this data."""
    return LeadEvent(
        lead=lead,
        kind=kind.value,
        version=9,
        source="page",
        occurred_at=timezone.now(),
        recorded_at=timezone.now(),
        to_status="QUALIFIED" if kind.value in timeline.GROUPS["moves"][1] else "",
        actor=None if by_scribe else ana(),
        actor_name="" if by_scribe else "Ana Alvarez",
        data=data,
    )


def bare_sentence(lead: Lead, kind: Kind, by_scribe: bool, **data: Any) -> str:
    bare = bare_fact(lead, kind, by_scribe, **data)
    (row,) = rows(timeline.Page([entry(bare, [], {}, False)], None, None), desk_for(ana()))
    return said(row)


@pytest.mark.parametrize("by_scribe", [False, True])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_sentence_can_be_read_without_any_detail(kind: Kind, by_scribe: bool) -> None:
    """A row of this kind that carries nothing but its states: still a sentence, with no gap in it."""
    sentence = bare_sentence(dana(), kind, by_scribe)
    assert sentence[0].isupper() and sentence.endswith(".")
    assert not re.search(r"\s[.,:;)]|\(\)|None|  |: \.", sentence), sentence


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"channel": "email"}, {"channel": "email", "channel_label": "e-mail"}),
        ({"direction": "inbound"}, {"direction": "in"}),
        ({"outcome": "no_answer"}, {"outcome": "no_answer", "outcome_label": "no answer"}),
        ({"outcome": "sent_by_fax"}, {"outcome": "sent_by_fax", "outcome_label": "sent by fax"}),
        ({"override": True}, {"override": "yes"}),
        ({"inquiry": "open_house"}, {"inquiry": "Open house"}),
        ({"fields": ["email"]}, {"fields": "e-mail"}),
        ({"fields": ["name", "phone", "fax"]}, {"fields": "name, phone and fax"}),
        ({"fields": "name"}, {}),
        ({"minutes": 30}, {"minutes": "30"}),
        ({"closing_date": "2026-03-04"}, {"closing_date": "2026-03-04"}),
        ({"document": 0}, {"document": "0"}),
        ({"duplicate_of": "b"}, {"duplicate_of": "b"}),
        ({"to": "hot"}, {"to": "hot"}),
    ],
)
def test_what_a_fact_carries_is_there_in_words(data: dict[str, Any], told: dict[str, str]) -> None:
    assert entry(bare_fact(dana(), Kind.CONTACT_LOGGED, **data), [], {}, False).said == {"direction": "out", **told}


def test_what_a_newer_release_carries_is_not_taken_for_ours() -> None:
    newer = bare_fact(dana(), Kind.CONTACT_LOGGED, channel="call")
    newer.kind = "showing_scheduled"
    assert entry(newer, [], {}, False).said == {}


# --- in any language ----------------------------------------------------------------------------------------


#: What stays of a message in that language: its blanks and its markup.
BLANKS = re.compile(r"(%\(\w+\)\w+|%\w+|%%|<[^>]*>)|[^\W\d_]")


class Dots(Catalog):
    """A language that writes a dot for every letter: whatever can still be read was never translated."""

    def _said(self, message: str) -> str:
        return BLANKS.sub(lambda found: found[1] or "•", super()._said(message).strip("⟦⟧"))


@pytest.fixture
def in_dots() -> Iterator[None]:
    with spoken(Dots()):
        yield


def kept_back(text: str) -> list[str]:
    """The words that can still be read; people's names are nobody's to translate."""
    return re.findall(r"[^\W\d_]+", re.sub("Ana Alvarez|Ben Brooks|Bruna Barros|Dana|Scribe", "", text))


@pytest.mark.usefixtures("in_dots")
def test_every_sentence_is_said_in_the_language_of_the_reader() -> None:
    lead = dana()
    sentences = {
        (kind, by_scribe): bare_sentence(lead, kind, by_scribe) for kind in Kind for by_scribe in (True, False)
    }
    assert {about: text for about, text in sentences.items() if kept_back(text)} == {}


@pytest.mark.usefixtures("in_dots")
def test_every_part_of_a_story_is_said_in_the_language_of_the_reader() -> None:
    lead = dana(status=State.IN_CONTRACT, begun=timezone.now() - timedelta(days=90))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    advance(lead, State.QUALIFIED, actor=ana(), reason="appraisal_low", note="30k under.")
    service.correct_reason(**common, target=newest(lead).uuid, reason="cold_feet", note="They said so.")
    advance(lead, State.COMMITTED, actor=ana())
    undone(lead)
    service.assign_lead(**common, to_agent=ben(), reason="schedule_conflict")
    service.change_contact(**common, fields={"address": "1 Main St", "phone": "510 555 0199"})
    page = read_page(Lead.objects.get(pk=lead.pk), desk_for(bruna()), QueryDict("from=2026-99-99"))
    sentences = [said(row) for row in page.timeline.rows]
    facts_and_path = [f"{f.label}{f.more}" for f in page.facts] + [f"{s.sign}{s.more}" for s in page.steps]
    around = [page.why, page.timeline.beginning, page.timeline.address.notice, *(c.label for c in page.timeline.chips)]
    marks = [f"{row.time} {row.door} {row.voided} {row.correction}" for row in page.timeline.rows]
    told = [*sentences, *facts_and_path, *around, *marks]
    assert [text for text in told if kept_back(re.sub(r"\b(UTC|L-\d+)\b", "", text))] == []


def test_a_nameless_lead_begins_its_sentences_with_a_capital_wherever_a_language_puts_it() -> None:
    assert open_sentences("this lead came. Ana called this lead. this lead") == (
        "This lead came. Ana called this lead. This lead"
    )
    assert open_sentences("Dana came in.\n this lead\n") == "Dana came in.\n This lead\n"
    assert (opening("this lead"), opening("dana")) == ("This lead", "dana")


@pytest.mark.usefixtures("in_dots")
def test_a_nameless_lead_is_nameless_in_any_language() -> None:
    assert called("x" * 200) == "•••• ••••"


# --- who did what -------------------------------------------------------------------------------------------


def test_handing_over_reads_like_a_story() -> None:
    lead = dana()
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="schedule_conflict", actor=ana(), source=Source.PAGE)
    assert "Ana Alvarez handed Dana to Ben Brooks because of a schedule conflict." in story(lead, bruna())


def test_a_name_is_told_exactly_as_it_is_written(client: Client) -> None:
    lead = LeadFactory.create(name="100% <i>Dana</i> %(who)s", agent=ana())
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="schedule_conflict", actor=ana(), source=Source.PAGE)
    client.force_login(bruna())
    html = client.get(reverse("lead", args=[lead.pk])).content.decode()
    told = "handed 100% &lt;i&gt;Dana&lt;/i&gt; %(who)s to Ben Brooks because of a schedule conflict."
    assert told in html and "<i>Dana" not in html


def test_a_broker_who_hands_over_is_not_taken_for_the_agent() -> None:
    lead = dana()
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="pto_or_leave", actor=bruna(), source=Source.PAGE)
    assert "Bruna Barros handed Dana from Ana Alvarez to Ben Brooks because of time off." in story(lead, bruna())


def test_the_pool_reads_as_a_place() -> None:
    lead = dana()
    service.assign_lead(lead_id=lead.pk, to_agent=None, reason="returned_to_pool", actor=ana(), source=Source.PAGE)
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=ben(), source=Source.PAGE)
    said = story(lead, bruna())
    assert "Ana Alvarez returned Dana to the pool." in said
    assert "Ben Brooks took Dana from the pool because of the territory." in said


def test_every_reason_of_an_assignment_has_a_clause() -> None:
    for reason in SEED:
        if Kind.AGENT_ASSIGNED.value in reason.kinds:
            assert "“" not in clause(reason.code, reason.label), reason.code


def test_a_relabelled_reason_is_quoted_as_the_office_calls_it() -> None:
    lead = dana()
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=ana(), source=Source.PAGE)
    ReasonCode.objects.filter(code="territory").update(label="East Bay team")
    assert "to Ben Brooks because of “East Bay team”." in story(lead, bruna())


def test_a_collapse_says_why_and_how() -> None:
    lead = dana(status=State.COMMITTED)
    advance(lead, State.QUALIFIED, actor=ana(), reason="outbid", note="Lost to an all-cash offer.")
    said = story(lead, ana())
    assert "The deal collapsed: outbid. Ana Alvarez moved Dana back to Qualified." in said
    assert "Lost to an all-cash offer." in said


def test_the_first_call_and_the_move_that_scribe_made_of_it() -> None:
    lead = dana()
    advance(lead, State.CONTACTING, actor=ana(), outcome="voicemail")
    said = story(lead, ana())
    assert "Ana Alvarez called Dana and left a voicemail." in said
    assert "With the first outreach Dana moved to Contacting." in said
    assert "Scribe" in said


def test_a_contact_says_who_reached_whom_and_how_it_went() -> None:
    lead = dana()

    def told(channel: str, outcome: str, direction: str = "outbound") -> str:
        return bare_sentence(lead, Kind.CONTACT_LOGGED, False, channel=channel, direction=direction, outcome=outcome)

    assert told("call", "spoke") == "Ana Alvarez called Dana and they spoke."
    assert told("call", "no_answer") == "Ana Alvarez called Dana: no answer."
    assert told("call", "spoke", "inbound") == "Dana called and they spoke."
    assert told("email", "bounced") == "Ana Alvarez e-mailed Dana, but it bounced."
    assert told("text", "sent") == "Ana Alvarez texted Dana."
    assert told("text", "replied") == "Ana Alvarez texted Dana and got a reply."
    assert told("in_person", "met") == "Ana Alvarez met with Dana."
    assert told("in_person", "met", "inbound") == "Dana came by and they met."
    assert told("in_person", "no_answer") == "Ana Alvarez went to see Dana: no answer."
    assert told("pigeon", "got_lost") == "Ana Alvarez contacted Dana: got lost."


def test_a_reply_is_told_as_theirs() -> None:
    lead = dana()
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    service.log_contact(**common, channel="email", direction="inbound", outcome="replied")
    assert "Dana sent an e-mail in reply." in story(lead, ana())


def test_what_sentences_call_a_lead() -> None:
    assert called("Dana Ortiz") == "Dana"
    assert called("Anne-Marie O'Neill-Park") == "Anne-Marie"
    assert called("Tom & Ines Park") == "Tom & Ines Park"
    assert called("173688") == "173688"
    assert called("Application 173688") == "Application 173688"
    assert called("x" * 200) == "this lead"
    assert called("\u202e evil") == "this lead"


# --- who may read what --------------------------------------------------------------------------------------


def test_performance_is_read_by_brokers_only() -> None:
    lead = dana(agent=ben())
    given: dict[str, Any] = {"reason": "performance", "note": "Two missed callbacks this week."}
    service.assign_lead(lead_id=lead.pk, to_agent=ana(), **given, actor=bruna(), source=Source.PAGE)
    assert "because of performance" in story(lead, bruna()) and given["note"] in story(lead, bruna())
    said = story(lead, ana())
    assert "handed Dana from Ben Brooks to Ana Alvarez for another reason." in said
    assert "performance" not in said.lower() and given["note"] not in said


def test_a_reason_corrected_to_performance_stays_hidden_too() -> None:
    lead = dana(agent=ben())
    given = service.assign_lead(lead_id=lead.pk, to_agent=ana(), reason="territory", actor=bruna(), source=Source.PAGE)
    service.correct_reason(
        lead_id=lead.pk,
        target=given.events[0].uuid,
        reason="performance",
        note="Said so in the review.",
        actor=bruna(),
        source=Source.PAGE,
    )
    assert "performance" not in story(lead, ana()).lower()
    assert "Performance" in story(lead, bruna())
    # The words beside it would tell.
    assert "Said so in the review." not in story(lead, ana())
    assert "Said so in the review." in story(lead, bruna())


# --- corrections --------------------------------------------------------------------------------------------


def undone(lead: Lead) -> tuple[LeadEvent, LeadEvent]:
    move = newest(lead)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    return move, service.void_move(**common, target=move.uuid, reason="mis_drag").events[0]


def test_a_voided_move_is_struck_through_and_linked_both_ways(client: Client) -> None:
    lead = dana(status=State.COMMITTED)
    move, void = undone(lead)
    client.force_login(ana())
    html = client.get(reverse("lead", args=[lead.pk])).content.decode()
    row = html[html.index(f'id="v{move.version}"') :]
    assert "is-voided" in html[html.index(f'id="v{move.version}"') - 60 : html.index(f'id="v{move.version}"')]
    assert "<s>" in row[: row.index("</li>")] and f'href="#v{void.version}"' in row[: row.index("</li>")]
    other = html[html.index(f'id="v{void.version}"') :]
    assert f'href="#v{move.version}"' in other[: other.index("</li>")]
    assert "undid the move to Committed: dropped on the wrong column." in story(lead, ana())


def test_a_corrected_reason_stands_beside_the_old_one(client: Client) -> None:
    lead = dana(status=State.COMMITTED)
    fell = advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet", note="They walked.").events[0]
    service.correct_reason(
        lead_id=lead.pk, target=fell.uuid, reason="outbid", note="It was a bid.", actor=bruna(), source=Source.PAGE
    )
    client.force_login(ana())
    html = client.get(reverse("lead", args=[lead.pk])).content.decode()
    assert "<del>Cold feet</del> <ins>Outbid</ins>" in html
    assert "Bruna Barros corrected the reason of the move to Qualified to “Outbid”." in story(lead, ana())


def test_a_void_on_another_page_is_still_reached(client: Client) -> None:
    lead = dana(status=State.COMMITTED)
    move, _ = undone(lead)
    for n in range(timeline.PAGE_SIZE):
        service.add_note(lead_id=lead.pk, note=f"Note {n}", actor=ana(), source=Source.PAGE)
    client.force_login(ana())
    later = client.get(reverse("lead", args=[lead.pk]), {"cursor": move.version + 1})
    assert facts(later)[0] == move.version


# --- times --------------------------------------------------------------------------------------------------


def test_a_call_logged_late_says_so_and_when_it_was() -> None:
    now = timezone.now()
    lead = dana(begun=now - timedelta(days=3))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    service.log_contact(**common, channel="call", outcome="spoke", occurred_at=now - timedelta(days=2))
    said = story(lead, ana())
    assert "Logged late" in said and "2 d ago" in said


@pytest.mark.parametrize("minutes, late", [(0, False), (9, False), (11, True)])
def test_a_call_logged_soon_after_is_not_late(minutes: int, late: bool) -> None:
    now = timezone.now()
    lead = dana(begun=now - timedelta(days=1))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    service.log_contact(**common, channel="call", outcome="spoke", occurred_at=now - timedelta(minutes=minutes))
    assert ("Logged late" in story(lead, ana())) is late


def test_times_are_told_in_the_viewers_zone() -> None:
    begun = datetime(2026, 1, 10, 4, 30, tzinfo=UTC)
    lead = dana(begun=begun)
    User.objects.filter(pk=ana().pk).update(time_zone="Asia/Kathmandu")
    assert "Sat 10 Jan" in story(lead, ana()) and "10:15 am" in story(lead, ana())
    User.objects.filter(pk=ana().pk).update(time_zone="America/Los_Angeles")
    assert "Fri 9 Jan" in story(lead, ana()) and "8:30 pm" in story(lead, ana())


def test_days_never_go_backward_down_the_page() -> None:
    """Calls that were logged late stand under the day of their recording, or two days would take turns."""
    now = timezone.now()
    lead = dana(begun=now - timedelta(days=9))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    for days, back in ((6, 0), (4, 4), (2, 5), (1, 0)):
        when = now - timedelta(days=days)
        happened = when - timedelta(days=back)
        service.log_contact(**common, channel="call", outcome="no_answer", now=when, occurred_at=happened)
    desk = desk_for(ana())
    page = read_page(Lead.objects.get(pk=lead.pk), desk, QueryDict())
    heads = [r.day_head for r in page.timeline.rows if r.day_head]
    days_of_recording = {
        moments.day_head(e.recorded_at, desk.zone, desk.now): 1 for e in lead.events.order_by("-version")
    }
    assert heads == list(days_of_recording) and len(heads) == 5


# --- filters and pages --------------------------------------------------------------------------------------


@pytest.fixture
def busy_lead() -> Lead:
    lead = dana(status=State.QUALIFIED)
    common: dict[str, Any] = {"lead_id": lead.pk, "source": Source.PAGE}
    service.add_note(**common, note="Wants a garden.", actor=ana())
    service.set_flag(**common, flag="do_not_text", reason="lead_request_phone", actor=bruna())
    service.change_contact(**common, fields={"address": "1 Main St"}, actor=ana())
    return lead


@pytest.mark.parametrize(
    "query, kinds",
    [
        ("?show=notes", {"note_added"}),
        ("?show=flags", {"flag_set"}),
        ("?show=contacts", {"contact_logged"}),
        ("?show=assignments", {"agent_assigned"}),
        ("?show=system", {"contact_details_changed"}),
        ("?show=notes&show=flags", {"note_added", "flag_set"}),
        ("?show=moves", {"lead_created", "contact_attempted", "motivation_confirmed"}),
    ],
)
def test_facts_are_filtered_by_kind(busy_lead: Lead, client: Client, query: str, kinds: set[str]) -> None:
    client.force_login(ana())
    html = client.get(f"{reverse('lead', args=[busy_lead.pk])}{query}").content.decode()
    assert set(re.findall(r'data-kind="(\w+)"', html)) == kinds


def test_every_kind_is_in_at_most_one_group() -> None:
    every = [kind for _, kinds in timeline.GROUPS.values() for kind in kinds]
    assert len(every) == len(set(every)) and set(every) <= {k.value for k in Kind}


def test_facts_are_filtered_by_who_did_them(busy_lead: Lead, client: Client) -> None:
    client.force_login(ana())
    url = reverse("lead", args=[busy_lead.pk])
    by_bruna = client.get(url, {"who": bruna().pk}).content.decode()
    assert set(re.findall(r'data-kind="(\w+)"', by_bruna)) == {"flag_set"}
    by_scribe = client.get(url, {"who": "scribe"}).content.decode()
    assert set(re.findall(r'data-kind="(\w+)"', by_scribe)) == {"contact_attempted"}


def test_facts_are_filtered_by_day(client: Client) -> None:
    lead = dana(begun=datetime(2026, 1, 10, 18, tzinfo=UTC))
    service.add_note(lead_id=lead.pk, note="Later.", actor=ana(), source=Source.PAGE)
    client.force_login(ana())
    url = reverse("lead", args=[lead.pk])
    only = client.get(url, {"from": "2026-01-10", "to": "2026-01-10"}).content.decode()
    assert set(re.findall(r'data-kind="(\w+)"', only)) == {"lead_created", "agent_assigned"}
    assert facts(client.get(url, {"to": "2026-01-09"})) == []


def test_a_date_that_is_none_is_named_and_left_out(busy_lead: Lead, client: Client) -> None:
    client.force_login(ana())
    for bad in ("yesterday", "2026-02-30", "0001-01-01", "9999-12-31"):
        answer = client.get(reverse("lead", args=[busy_lead.pk]), {"from": bad})
        assert answer.status_code == 200 and "is not a date" in answer.content.decode()
        assert len(facts(answer)) == busy_lead.events.count()


def test_system_facts_can_be_hidden(busy_lead: Lead) -> None:
    assert "changed the contact data: address." in story(busy_lead, ana())
    assert "changed the contact data" not in story(busy_lead, ana(), "?system=0")


@pytest.mark.parametrize("order", ["", "oldest"])
def test_show_more_goes_through_all_facts_once(client: Client, order: str) -> None:
    lead = dana()
    for n in range(120):
        service.add_note(lead_id=lead.pk, note=f"Note {n}", actor=ana(), source=Source.PAGE)
    client.force_login(ana())
    address, seen, heads = reverse("lead", args=[lead.pk]) + f"?order={order}", [], 0
    while address:
        answer = client.get(address)
        assert len(facts(answer)) <= timeline.PAGE_SIZE
        seen += facts(answer)
        heads += answer.content.decode().count('class="day"')
        more = re.search(r'href="(\?[^"]*cursor=\d+)#timeline" hx-get', answer.content.decode())
        address = reverse("lead", args=[lead.pk]) + more[1].replace("&amp;", "&") if more else ""
    everything = list(range(1, 123))
    assert seen == (everything if order else everything[::-1])
    assert heads <= 3  # a page that goes on within a day does not announce it again


def test_htmx_gets_the_next_rows_alone(client: Client) -> None:
    lead = dana()
    for n in range(60):
        service.add_note(lead_id=lead.pk, note=f"Note {n}", actor=ana(), source=Source.PAGE)
    client.force_login(ana())
    answer = client.get(reverse("lead", args=[lead.pk]), {"cursor": 13}, headers={"HX-Request": "true"})
    assert facts(answer) == list(range(12, 0, -1))
    assert "<html" not in answer.content.decode()


def test_the_page_costs_the_same_however_long_the_story_is(client: Client) -> None:
    short, long = dana(status=State.QUALIFIED), dana(status=State.QUALIFIED)
    for n in range(70):
        service.add_note(lead_id=long.pk, note=f"Note {n}", actor=ana(), source=Source.PAGE)
    client.force_login(ana())
    counts = []
    for lead in (short, long):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("lead", args=[lead.pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_a_cursor_that_means_nothing_is_left_out(busy_lead: Lead, client: Client) -> None:
    client.force_login(ana())
    for bad in ("-1", "x", "9" * 30, "²"):
        assert client.get(reverse("lead", args=[busy_lead.pk]), {"cursor": bad}).status_code == 200


# --- what is not ours ---------------------------------------------------------------------------------------


def foreign(lead: Lead, **row: Any) -> LeadEvent:
    """A row as an import or newer software would have left it, past the service; the log takes any next version."""
    head = newest(lead)
    made = LeadEvent(
        lead=lead,
        version=head.version + 1,
        occurred_at=head.recorded_at,
        recorded_at=head.recorded_at,
        hash="0" * 64,
        **{"source": Source.IMPORT.value, **row},
    )
    made.save(force_insert=True)
    return made


@pytest.mark.parametrize("data", [{"fields": 3}, ["a list"], "text", 7, {"duplicate_of": "x", "closing_date": "soon"}])
def test_a_kind_of_a_newer_release_gets_a_neutral_sentence(data: Any) -> None:
    lead = dana()
    foreign(lead, kind="showing_scheduled", source="sms_gateway", data=data)
    said = story(lead, ana())
    assert "cannot read yet (showing_scheduled)" in said


def test_an_imported_row_shows_the_words_of_its_source_and_that_its_time_is_a_guess() -> None:
    lead = dana()
    row = foreign(lead, kind=Kind.HISTORY_IMPORTED.value, from_status="NEW", to_status="CLOSED", backfilled=True)
    EventNote(event=row, source_words="W_Completeren aanvraag", salt="s").save(force_insert=True)
    said = story(lead, ana())
    assert "In the old system Dana went from New to Closed." in said
    assert "W_Completeren aanvraag" in said and "about " in said and "imported" in said


def test_a_quiet_lead_says_why_it_is_quiet() -> None:
    lead = dana(begun=timezone.now() - timedelta(days=40))
    said = story(lead, ana())
    assert "Quiet for" in said or "Quiet for" in story_page(lead)
    assert "Nothing recorded before" in said


def story_page(lead: Lead) -> str:
    client = Client()
    client.force_login(ana())
    return words_of(client.get(reverse("lead", args=[lead.pk])).content.decode())


def test_a_lead_of_today_is_not_called_quiet() -> None:
    assert "Quiet for" not in story_page(dana())


# --- the path -----------------------------------------------------------------------------------------------


def test_the_path_leaves_voided_moves_out_and_gives_their_time_back() -> None:
    lead = dana(status=State.QUALIFIED)
    before = read_visits(lead.pk)
    advance(lead, State.COMMITTED, actor=ana())
    undone(lead)
    after = read_visits(lead.pk)
    assert [v.state for v in after] == ["NEW", "CONTACTING", "QUALIFIED"]
    assert after[-1].since == before[-1].since and after[-1].until is None


def test_each_visit_ends_where_the_next_begins() -> None:
    lead = dana(status=State.CLOSED)
    path = read_visits(lead.pk)
    assert [v.state for v in path] == ["NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT", "CLOSED"]
    assert [v.until for v in path[:-1]] == [v.since for v in path[1:]]


def test_a_demotion_is_told_by_its_kind_and_carries_the_corrected_reason() -> None:
    lead = dana(status=State.COMMITTED)
    fell = advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet", note="They walked.").events[0]
    service.correct_reason(
        lead_id=lead.pk, target=fell.uuid, reason="outbid", note="It was a bid.", actor=bruna(), source=Source.PAGE
    )
    assert [(v.state, v.is_demotion) for v in read_visits(lead.pk)][-2:] == [("COMMITTED", False), ("QUALIFIED", True)]
    assert read_visits(lead.pk)[-1].reason == "outbid"


def test_a_visit_is_told_whole() -> None:
    lead = dana(status=State.CLOSED)
    *_, before, closed = LeadEvent.objects.filter(lead=lead).exclude(to_status="").order_by("version")
    contract, last = read_visits(lead.pk)[-2:]
    assert contract == Visit(
        state="IN_CONTRACT", since=before.occurred_at, until=closed.occurred_at, kind="contract_executed", reason="",
        event_id=before.pk, version=before.version, actor="Ana Alvarez", imported=False, about=False,
        recorded_at=before.recorded_at, author_id=ana().pk,
    )  # fmt: skip
    assert (last.state, last.until, last.closing_date) == ("CLOSED", None, closed.data["closing_date"])
    first_try = read_visits(lead.pk)[1]
    assert (first_try.actor, first_try.author_id) == ("Scribe", ana().pk), "Her call made Scribe move it."


@pytest.mark.parametrize("source", [Source.IMPORT.value, "page"])
def test_a_visit_of_which_only_the_end_is_known_is_not_measured(source: str) -> None:
    lead = dana()
    foreign(lead, kind=Kind.HISTORY_IMPORTED.value, to_status="QUALIFIED", backfilled=True, source=source)
    new, qualified = read_visits(lead.pk)
    assert (new.into_unknown, new.from_unknown, new.imported) == (True, False, False)
    assert (qualified.into_unknown, qualified.from_unknown, qualified.about) == (False, True, True)
    assert (qualified.imported, qualified.undated) == (source == "import", source == "import")


def test_no_moves_are_no_visits() -> None:
    assert visits([]) == []


def test_a_lead_claimed_from_the_pool_later_is_not_said_to_have_gone_there_at_once() -> None:
    lead = LeadFactory.create(name="Rory", agent=None, status=State.QUALIFIED)
    service.assign_lead(lead_id=lead.pk, to_agent=ana(), reason="initial_routing", actor=ana(), source="page")
    assert "Ana Alvarez took Rory from the pool." in story(lead, ana())
    born = LeadFactory.create(name="Dana", agent=ana())
    assert "Dana went to Ana Alvarez when the lead came in." in story(born, ana())
