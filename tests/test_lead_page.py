"""The page of a lead: who it is, why it is here, what may be done; times and words of the small parts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leads import local_time, moments
from leads.lead_page import desk_for, read_page, rows, why
from leads.lead_page.page import LeadPage
from leads.models import Lead, User
from leads.search import find_leads
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest

PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)


def page_of(lead: Lead, viewer: User | None = None) -> LeadPage:
    """The page as a viewer (Ana) of a Californian office gets it."""
    with timezone.override(PACIFIC):
        return read_page(Lead.objects.select_related("agent").get(pk=lead.pk), desk_for(viewer or ana()), QueryDict())


def shown(lead: Lead, viewer: User, query: str = "") -> str:
    client = Client()
    client.force_login(viewer)
    answer = client.get(f"{reverse('lead', args=[lead.pk])}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def dana(**said: Any) -> Lead:
    return LeadFactory.create(**{"name": "Dana Ortiz", "agent": ana(), **said})


# --- who may see it -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_colleagues_lead_is_not_there(client: Client) -> None:
    lead = dana()
    client.force_login(ben())
    assert client.get(reverse("lead", args=[lead.pk])).status_code == 404
    client.force_login(bruna())
    assert client.get(reverse("lead", args=[lead.pk])).status_code == 200


@pytest.mark.django_db
def test_a_lead_of_the_pool_is_everybodys(client: Client) -> None:
    lead = LeadFactory.create()
    client.force_login(ben())
    assert client.get(reverse("lead", args=[lead.pk])).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
def test_a_lead_that_does_not_exist_is_not_there(client: Client, pk: int) -> None:
    client.force_login(bruna())
    assert client.get(f"/leads/{pk}/").status_code == 404


@pytest.mark.django_db
def test_reading_writes_nothing(client: Client) -> None:
    lead = dana(status=State.COMMITTED)
    before = Lead.objects.values().get(pk=lead.pk), LeadEvent.objects.count()
    client.force_login(ana())
    client.get(reverse("lead", args=[lead.pk]))
    assert (Lead.objects.values().get(pk=lead.pk), LeadEvent.objects.count()) == before


# --- why here -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_why_here_after_a_voided_contract() -> None:
    lead = dana(status=State.IN_CONTRACT)
    advance(lead, State.QUALIFIED, actor=ana(), reason="appraisal_low", note="30k under.")
    page = page_of(lead)
    day = moments.day(lead.stage_entered_at or NOW, PACIFIC, timezone.now())
    assert page.why == (
        f"Back in Qualified since {day}: the contract was voided, appraisal came in low. Second time here."
    )
    assert page.why_look == "is-back"


@pytest.mark.django_db
def test_the_four_ways_into_qualified_are_told_apart() -> None:
    fresh, collapsed, voided, again = (
        dana(status=State.QUALIFIED),
        dana(status=State.COMMITTED),
        dana(status=State.IN_CONTRACT),
        dana(status=State.ARCHIVED),
    )
    advance(collapsed, State.QUALIFIED, actor=ana())
    advance(voided, State.QUALIFIED, actor=ana())
    advance(again, State.CONTACTING, actor=ana())
    advance(again, State.QUALIFIED, actor=ana())
    whys = [page_of(lead).why for lead in (fresh, collapsed, voided, again)]
    for sentence, words in zip(
        whys,
        ("In Qualified since", "the deal collapsed", "the contract was voided", "re-engaged on"),
        strict=True,
    ):
        assert words in sentence
    assert whys[0].endswith("motivation confirmed.") and len(set(whys)) == 4


@pytest.mark.django_db
def test_why_here_uses_the_corrected_reason() -> None:
    lead = dana(status=State.COMMITTED)
    fell = advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet", note="They walked.").events[0]
    service.correct_reason(
        lead_id=lead.pk, target=fell.uuid, reason="outbid", note="It was a bid.", actor=bruna(), source=Source.PAGE
    )
    assert "outbid" in page_of(lead).why and "cold feet" not in page_of(lead).why


@pytest.mark.django_db
def test_why_here_of_leads_that_are_set_aside() -> None:
    assert "Archived since" in page_of(dana(status=State.ARCHIVED)).why
    assert "renting instead" in page_of(dana(status=State.ARCHIVED)).why
    assert "phone number does not exist" in page_of(dana(status=State.TRASHED)).why
    assert "keys are exchanged" in page_of(dana(status=State.CLOSED)).why


@pytest.mark.django_db
def test_why_here_says_no_word_twice() -> None:
    assert page_of(dana(status=State.IN_CONTRACT)).why.startswith("In contract since")
    assert page_of(dana(status=State.NEW)).why.startswith("New since")
    archived = dana(status=State.QUALIFIED)
    advance(archived, State.ARCHIVED, actor=ana(), reason="other", note="They moved to the other coast.")
    assert page_of(archived).why.endswith(": other reason.")


@pytest.mark.django_db
def test_why_here_counts_the_visits() -> None:
    lead = dana(status=State.QUALIFIED)
    counted = []
    for _ in range(6):
        advance(lead, State.COMMITTED, actor=ana())
        advance(lead, State.QUALIFIED, actor=ana())
        counted.append(page_of(lead).why.rpartition(". ")[2])
    assert counted[:2] + counted[3:] == [
        "Second time here.",
        "Third time here.",
        "Fifth time here.",
        "6 times here so far.",
        "7 times here so far.",
    ]


@pytest.mark.django_db
def test_a_voided_move_leaves_the_sentence_as_it_was() -> None:
    lead = dana(status=State.QUALIFIED)
    before = page_of(lead).why
    advance(lead, State.COMMITTED, actor=ana())
    service.void_move(lead_id=lead.pk, target=newest(lead).uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE)
    assert page_of(lead).why == before


# --- the first-contact clock --------------------------------------------------------------------------------


def clock_of(*, asked: int, called: int | None = None) -> str:
    """The banner of a lead whose inquiry came `asked` seconds ago and that was called `called` seconds after it."""
    now = timezone.now()
    begun = now - timedelta(seconds=asked)
    lead = dana(begun=begun)
    if called is not None:
        advance(lead, State.CONTACTING, actor=ana(), now=begun + timedelta(seconds=called))
    clock = page_of(lead).first_contact
    assert clock is not None and clock.loud
    return f"{clock.look}: {clock.words}"


@pytest.mark.django_db
def test_the_clock_runs_is_met_or_is_missed() -> None:
    assert re.fullmatch(r"good: First contact due by \d+:\d\d [ap]m: (3m|2m) \d\ds left", clock_of(asked=120))
    assert re.fullmatch(r"bad: First contact is (5m) \d\ds late", clock_of(asked=600))
    assert clock_of(asked=600, called=107) == "good: First contact met at 1m 47s"
    assert clock_of(asked=2000, called=300 + 726) == "bad: First contact came 12m 06s late"


# --- what is offered ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_moves_lead_to_the_legal_stages_only() -> None:
    targets = page_of(dana(status=State.COMMITTED)).targets
    assert [(t.state.value, t.back) for t in targets] == [("QUALIFIED", True), ("IN_CONTRACT", False)]
    assert page_of(dana(status=State.CLOSED)).targets == []


@pytest.mark.django_db
def test_an_agent_may_take_a_pool_lead_for_themselves_only() -> None:
    html = shown(LeadFactory.create(), ana())
    select = html[html.index('id="assign-to_agent"') :].split("</select>")[0]
    assert re.findall(r'value="(\w+)"', select) == [str(ana().pk)]
    assert "Take this lead" in html


@pytest.mark.django_db
def test_an_agent_may_hand_an_own_lead_to_anybody_but_is_not_offered_performance() -> None:
    lead, other = dana(), ben()
    html = shown(lead, ana())
    assert f'value="{other.pk}"' in html and 'value="pool"' in html
    assert 'value="performance"' not in html
    assert 'value="performance"' in shown(lead, bruna())


@pytest.mark.django_db
def test_a_flag_is_set_or_cleared_whichever_it_is_not() -> None:
    lead = dana()
    assert re.search(r'id="action-clearflag"[^>]* hidden', shown(lead, ana()))
    service.set_flag(lead_id=lead.pk, flag="dnc", reason="lead_request_phone", actor=ana(), source=Source.PAGE)
    html = shown(lead, ana())
    assert not re.search(r'id="action-clearflag"[^>]* hidden', html)
    assert "Do not contact" in html and "contact-override_reason" in html


@pytest.mark.django_db
def test_a_missing_document_is_said_until_it_is_there() -> None:
    lead = dana(status=State.QUALIFIED)
    advance(lead, State.COMMITTED, actor=ana(), document="")
    assert "No document" in shown(lead, ana()).split('id="lead-path"')[0]
    service.add_note(lead_id=lead.pk, note="", document="a.pdf", actor=ana(), source=Source.PAGE)
    assert "No document" not in shown(lead, ana()).split('id="lead-path"')[0]


@pytest.mark.django_db
def test_a_name_is_shown_escaped_exactly() -> None:
    name = "<script>alert(1)</script> & “Dana” مرحبا 🏡 {{ x }}"
    html = shown(dana(name=name), ana())
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt; &amp; “Dana” مرحبا 🏡 {{ x }}</bdi>" in html
    assert "<script>alert" not in html


@pytest.mark.django_db
def test_agent_and_since_when() -> None:
    lead = dana(begun=timezone.now() - timedelta(days=30))
    assert page_of(lead).agent == "Ana Alvarez"
    service.assign_lead(lead_id=lead.pk, to_agent=None, reason="returned_to_pool", actor=ana(), source=Source.PAGE)
    page = page_of(lead)
    assert page.agent == "" and page.agent_since == moments.day(timezone.now(), PACIFIC, timezone.now())
    assert "In the pool since" in shown(lead, ana())


# --- search -------------------------------------------------------------------------------------------------


@pytest.fixture
def sam(db: None) -> Lead:
    return LeadFactory.create(name="Sam Whitfield", email="Sam.W@Example.com", phone="(510) 555-0123", agent=ana())


@pytest.mark.parametrize(
    "text",
    ["sam", "whitfield sam", "SAM.W@example.COM", "+1 510-555-0123", "5105550123", "510.555.0123", "555 0123", " sam "],
)
def test_a_lead_is_found_in_any_notation(sam: Lead, text: str) -> None:
    assert find_leads(ana(), text).leads == [sam]


def test_a_lead_is_found_by_its_key(sam: Lead) -> None:
    assert find_leads(ana(), f"l-{sam.pk}").leads == [sam]


def test_a_colleagues_lead_is_not_found(sam: Lead) -> None:
    assert find_leads(ben(), "sam").leads == []
    assert find_leads(bruna(), "sam").leads == [sam]


def test_an_exact_match_comes_first(sam: Lead) -> None:
    LeadFactory.create(name="Aaron sam.w@example.com", agent=ana())
    assert find_leads(ana(), "sam.w@example.com").leads[0] == sam


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "_", "\\", "'; DROP TABLE leads_lead; --", "x" * 5000, "\u202e", "🏡"]
)
def test_a_strange_search_finds_nothing_and_says_so(sam: Lead, client: Client, text: str) -> None:
    client.force_login(ana())
    answer = client.get(reverse("search"), {"q": text})
    assert answer.status_code == 200 and "Sam Whitfield" not in answer.content.decode()


def test_a_search_has_room_for_fifty(sam: Lead) -> None:
    for _ in range(51):
        LeadFactory.create(name="Sam", agent=ana())
    found = find_leads(ana(), "sam")
    assert len(found.leads) == 50 and found.more


# --- moments ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seconds, words",
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86399, "23 h"), (86400, "1 d"),
     (89 * 86400, "89 d"), (90 * 86400, "2 mo"), (400 * 86400, "13 mo"), (800 * 86400, "2 y"), (-5, "0 s")],
)  # fmt: skip
def test_a_span_is_one_unit_and_never_rounded_up(seconds: float, words: str) -> None:
    assert moments.span(seconds) == words


def test_ago_and_in() -> None:
    assert moments.ago(NOW - timedelta(days=2, hours=5), NOW) == "2 d ago"
    assert moments.ago(NOW - timedelta(seconds=3), NOW) == "just now"
    assert moments.ago(NOW + timedelta(minutes=4, seconds=5), NOW) == "in 4 min"


@pytest.mark.parametrize(
    "seconds, words", [(47, "47s"), (107, "1m 47s"), (726, "12m 06s"), (7500, "2h 05m"), (273600, "3d 4h")]
)
def test_a_clock_shows_seconds_while_they_matter(seconds: float, words: str) -> None:
    assert moments.clock(seconds) == words


def test_exact_names_the_zone_of_that_moment() -> None:
    assert moments.exact(datetime(2026, 7, 1, 21, 5, 9, tzinfo=UTC), PACIFIC) == "Wed 1 Jul 2026, 2:05:09 pm PDT"
    assert moments.exact(datetime(2026, 11, 17, 20, tzinfo=UTC), PACIFIC) == "Tue 17 Nov 2026, 12:00:00 pm PST"
    assert moments.exact(NOW, ZoneInfo("Asia/Tashkent")).endswith("UTC+05")


def test_days_name_their_year_only_when_it_is_another() -> None:
    assert moments.day(datetime(2026, 5, 12, 18, tzinfo=UTC), PACIFIC, NOW) == "12 May"
    assert moments.day(datetime(2025, 5, 12, 18, tzinfo=UTC), PACIFIC, NOW) == "12 May 2025"
    assert moments.day_head(NOW - timedelta(days=1), PACIFIC, NOW) == "Yesterday, Sun 22 Nov"


# --- typed local times --------------------------------------------------------------------------------------


def typed(text: str, fold: int | None = None) -> datetime:
    return local_time.parse(text, PACIFIC, now=NOW, fold=fold)


def test_a_local_time_is_read_in_its_zone() -> None:
    assert typed("2026-11-17T14:05") == datetime(2026, 11, 17, 22, 5, tzinfo=UTC)
    assert typed(" 2026-07-01 14:05:30 ") == datetime(2026, 7, 1, 21, 5, 30, tzinfo=UTC)
    assert typed("2026-11-17T14:05+00:00") == datetime(2026, 11, 17, 14, 5, tzinfo=UTC)


def test_the_missing_hour_of_spring_is_refused_with_an_example() -> None:
    with pytest.raises(local_time.Nonexistent, match=r"did not exist.*2026-03-08 03:30"):
        typed("2026-03-08T02:30")


def test_the_hour_that_occurs_twice_is_asked() -> None:
    with pytest.raises(local_time.Ambiguous) as asked:
        typed("2026-11-01T01:30")
    assert [fold for fold, _ in asked.value.details["choices"]] == [0, 1]
    assert typed("2026-11-01T01:30", fold=0) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert typed("2026-11-01T01:30", fold=1) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-11-17",
        "17/11/2026 14:05",
        "2026-13-01T10:00",
        "2026-11-17T25:00",
        "²026-11-17T10:00",
        "2" * 9000,
        "-",
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(local_time.Unreadable, match="Type it like 2026-11-23"):
        typed(text)


@pytest.mark.parametrize(
    "text", ["2026-11-23T10:01", "9999-12-31T23:59", "1899-12-31T23:59", "0001-01-01T00:00", "2027-01-01T00:00"]
)
def test_the_future_and_the_time_before_1900_are_refused(text: str) -> None:
    with pytest.raises(local_time.OutOfRange):
        typed(text)


def test_kinds_that_the_page_speaks_of_exist() -> None:
    assert set(rows._ICONS) <= set(Kind) and set(why._BROUGHT) <= set(Kind)


@pytest.mark.django_db
def test_a_closed_lead_names_its_closing_date() -> None:
    lead = dana(status=State.IN_CONTRACT, begun=timezone.now() - timedelta(days=9))
    advance(lead, State.CLOSED, actor=ana(), closing_date=timezone.localdate())
    facts = {fact.label: fact.words for fact in page_of(lead).facts}
    assert facts["Closing date"] == moments.calendar_day(timezone.localdate(), timezone.localdate())


@pytest.mark.django_db
def test_an_address_cannot_smuggle_headers_into_a_letter() -> None:
    lead = dana(email="dana+tour@example.com")
    links = {fact.label: fact.link for fact in page_of(lead).contact}
    assert links["E-mail"] == "mailto:dana%2Btour@example.com"


@pytest.mark.django_db
def test_a_lead_with_a_name_that_nobody_can_say_still_begins_its_sentences_with_a_capital() -> None:
    lead = LeadFactory.create(name="x" * 60, agent=ana())
    html = shown(lead, ana())
    assert "This lead went to" in html and ">this lead" not in html


@pytest.mark.django_db
def test_a_long_note_shows_its_beginning_and_unfolds_and_paper_shows_all() -> None:
    lead = LeadFactory.create(agent=ana())
    service.add_note(lead_id=lead.pk, note="Short.", actor=ana(), source=Source.PAGE)
    service.add_note(lead_id=lead.pk, note="word " * 900, actor=ana(), source=Source.PAGE)
    html = shown(lead, ana())
    assert html.count('<details class="long-note">') == 1 and html.count("Show all</span>") == 1
    assert '<details class="long-note" open>' in shown(lead, ana(), "?print=1")


@pytest.mark.django_db
def test_every_sign_on_a_rich_lead_explains_itself() -> None:
    lead = dana(status=State.QUALIFIED, begun=timezone.now() - timedelta(days=40))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    moved = advance(lead, State.COMMITTED, actor=ana(), document="")
    service.void_move(**common, target=moved.events[0].uuid, reason="mis_drag")
    advance(lead, State.COMMITTED, actor=ana(), document="")
    fell = advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet", note="Walked away.")
    service.correct_reason(
        **{**common, "actor": bruna()}, target=fell.events[0].uuid, reason="outbid", note="See the offer."
    )
    advance(lead, State.COMMITTED, actor=ana(), document="")
    for flag in ("dnc", "unsubscribed"):
        service.set_flag(**common, flag=flag, reason="lead_request_phone")
    early = timezone.now() - timedelta(days=3)
    service.log_contact(**common, channel="text", direction="inbound", outcome="replied", occurred_at=early)
    html = re.sub(r'<p class="fact-words">.*?</p>', "", shown(lead, ana()), flags=re.S)
    signs = re.findall(r'<\w+ class="((?:chip|stage|fact-correction|fact-time)\b[^"]*)"([^>]*)>', html)
    assert {"chip chip-bad", "chip chip-warn", "stage stage-committed", "fact-correction"} <= {
        kind for kind, _ in signs
    }
    assert [
        kind for kind, rest in signs if kind != "chips lead-flags" and not re.search(r'title="[^"]{5,}"', rest)
    ] == []
    assert html.count('<summary title="') == html.count('class="fact-time"') == lead.events.count()
    assert all("title=" in step for step in re.findall(r'<li class="step[^>]*><a [^>]*>', html))


@pytest.mark.django_db
def test_a_new_lead_tells_when_its_first_contact_is_due() -> None:
    chip = re.search(r'<p class="chip chip-good" title="(Due by [^"]+)"', shown(dana(begun=timezone.now()), ana()))
    assert chip and re.search(r"P[DS]T", chip[1])


@pytest.mark.django_db
def test_system_facts_are_switched_off_and_on(client: Client) -> None:
    lead = dana()
    html = shown(lead, ana())
    switch = re.search(r'role="switch" aria-checked="true" href="([^"#]+)#timeline"', html)
    assert switch and switch[1] == "?system=0"
    html = shown(lead, ana(), f"{switch[1]}&who={ana().pk}")
    assert 'role="switch" aria-checked="false"' in html
    # Whoever then asks by date keeps them off.
    assert '<input type="hidden" name="system" value="0">' in html


@pytest.mark.django_db
def test_a_search_shows_stage_agent_and_last_contact(client: Client) -> None:
    lead = dana()
    service.log_contact(
        lead_id=lead.pk, channel="call", outcome="spoke", actor=ana(), source=Source.PAGE,
        occurred_at=timezone.now() - timedelta(hours=3, minutes=5),
    )  # fmt: skip
    LeadFactory.create(name="Dana Whitfield")
    client.force_login(ana())
    text = re.sub(r"<[^>]+>|\s+", " ", client.get(reverse("search"), {"q": "dana"}).content.decode())
    text = re.sub(r"\s+", " ", text)
    assert "2 leads for “ dana ”" in text
    assert "Contacting Ana Alvarez Last contact: 3 h ago" in text
    assert "New Pool Last contact: none yet" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text, field", [("Mo Farah", "name"), ("mo@example.com", "email"), ("(510) 555-0177", "phone"), ("¿?", "")]
)
def test_a_search_that_finds_nobody_leads_to_a_form_that_knows_what_was_typed(
    client: Client, text: str, field: str
) -> None:
    client.force_login(ana())
    html = client.get(reverse("search"), {"q": text}).content.decode()
    link = re.search(r'class="button button-primary" href="([^"]+)"', html)
    assert link
    form = client.get(link[1]).content.decode()
    filled = {n for n in ("name", "email", "phone") if re.search(rf'name="{n}" value=', form)}
    assert filled == ({field} if field else set())
    assert not field or f'value="{text}"' in form


@pytest.mark.django_db
def test_a_search_that_is_too_long_says_that_it_was_cut(client: Client) -> None:
    client.force_login(ana())
    html = client.get(reverse("search"), {"q": "x" * 900}).content.decode()
    assert "only its first 200 characters are searched for" in html and "x" * 201 not in html


@pytest.mark.django_db
def test_logging_in_is_no_news(client: Client) -> None:
    person = ana()
    person.set_password("correct horse battery")
    person.save()
    answer = client.post(
        reverse("account_login"), {"login": person.username, "password": "correct horse battery"}, follow=True
    )
    html = answer.content.decode()
    assert 'id="board"' in html and "toast-good" not in html and "signed in" not in html
