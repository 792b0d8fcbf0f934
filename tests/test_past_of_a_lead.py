"""A lead at an instant: its state by both clocks, the facts on either side, and what the page says and refuses."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.asked_time import link_form
from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Channel, Kind, Outcome, Source
from lifecycle.fold import CACHED, GUARDED
from lifecycle.history import Clock, state_at
from lifecycle.history.fill_in import fill_in
from lifecycle.history.one_lead import read_past
from lifecycle.history.telling import COUNTED
from lifecycle.models import LeadEvent, ReasonCode
from lifecycle.states import State
from lifecycle.timeline.because import label
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.past_stories import MONDAY, Office
from tests.soundness import nothing_written
from tests.test_board import as_user, text_of

pytestmark = pytest.mark.django_db

TOLD = tuple(name for name in (*GUARDED, *CACHED) if name not in COUNTED)


# ---- the reads


@pytest.mark.parametrize("seed", [11, 12])
def test_what_is_read_is_the_fold_of_the_whole_story(seed: int) -> None:
    """On stories made up by chance, with undone, corrected and late facts, at instants on and between them."""
    office = Office(seed)
    office.live(150)
    for _ in range(25):
        fact = office.chance.choice(list(LeadEvent.objects.order_by("pk")))
        moment = fact.occurred_at + timedelta(microseconds=office.chance.choice([-1, 0, 1, 10**10]))
        for clock in Clock:
            leads = list(Lead.objects.order_by("pk"))
            fill_in(leads, moment, clock)
            for lead in leads:
                stream = list(LeadEvent.objects.filter(lead=lead).order_by("version"))
                was = state_at(stream, moment, clock)
                read = read_past(lead.pk, moment).states[clock]
                for name in TOLD:
                    cached = lead.agent_id if name == "agent" else getattr(lead, name)
                    assert cached == getattr(was, name), (name, lead.pk, moment, clock)
                    assert getattr(read, name) == cached, (name, lead.pk, moment, clock)
                assert bool(read.version) == bool(was.version)


def test_reading_the_past_of_leads_that_have_no_story_changes_nothing() -> None:
    fill_in([], MONDAY, Clock.KNOWN)
    assert read_past(10**15, MONDAY).states[Clock.HAPPENED].version == 0


# ---- the page


def at_page(lead: Lead, moment: datetime | str, user: User | None = None, *, known: bool = False, **more: Any) -> str:
    text = moment if isinstance(moment, str) else link_form(moment, UTC)
    query = {"t": text, **({"clock": "known"} if known else {})}
    answer = as_user(user or bruna()).get(f"/leads/{lead.pk}/at/", query, **more)
    assert answer.status_code == 200, answer.status_code
    return text_of(str(answer.content.decode().split("<main")[1]))


def committed(**said: Any) -> Lead:
    """Dana went to Ana on Monday at 9 in the office and was committed at noon."""
    return LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana(), begun=MONDAY, **said)


def test_the_page_says_how_she_stood_and_what_came_before_and_after() -> None:
    lead = committed()
    service.set_flag(
        lead_id=lead.pk, flag="unsubscribed", reason="lead_request_email", actor=ana(), source=Source.PAGE,
        now=MONDAY + timedelta(days=1),
    )  # fmt: skip
    with nothing_written():
        said = at_page(lead, MONDAY + timedelta(hours=2, minutes=30))
    assert "State at Mon 2 Mar 2026, 11:30 am PST" in said
    assert "Qualified for 30 min by then" in said and "In Qualified since 2 Mar: motivation confirmed." in said
    assert "Ana Alvarez, since 2 Mar" in said and "Flags none" in said
    assert "1 h before" in said and "Both readings of the past agree here." in said
    before, after = said.split("Just before and after")[1].split("Mon 2 Mar 2026, 11:30 am PST")[:2]
    assert "moved Dana to Qualified" in before and "30 min before" in before
    assert "moved Dana to Committed" in after and "30 min later" in after
    later = at_page(lead, MONDAY + timedelta(days=2))
    assert "Unsubscribed" in later and "Nothing has been recorded since." in later


def test_the_instant_of_a_fact_is_already_after_it() -> None:
    lead = committed()
    moved = newest(lead).occurred_at
    assert "at this very moment" in at_page(lead, moved)
    assert "Committed for 0 s" in at_page(lead, moved) and "Qualified for 59 min" in at_page(
        lead, moved - timedelta(microseconds=1)
    )


def test_before_her_inquiry_she_did_not_exist_yet() -> None:
    lead = committed()
    said = at_page(lead, MONDAY - timedelta(days=1))
    assert "This lead did not exist yet" in said and "Nothing is recorded before this moment." in said
    assert "Dana came in" in said or "added Dana" in said
    assert "We did not know of this lead yet" in at_page(lead, MONDAY - timedelta(days=1), known=True)


def test_a_move_that_was_undone_later_is_told_by_the_other_clock() -> None:
    lead = committed()
    move = newest(lead, Kind.BUYER_AGREEMENT_SIGNED)
    service.void_move(
        lead_id=lead.pk, target=move.uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE,
        now=MONDAY + timedelta(days=3),
    )  # fmt: skip
    between = MONDAY + timedelta(days=1)
    was, known = at_page(lead, between), at_page(lead, between, known=True)
    undone = "The move to Committed was undone on Thu 5 Mar 2026, 9:00:00 am PST."
    assert "Qualified for" in was and f"As we knew it then : Committed . {undone}" in was
    assert "Committed for" in known and f"As it was : Qualified . {undone}" in known
    assert "Undone by Bruna Barros, 5 Mar ; it does not count." in was


def test_what_was_written_down_late_is_told_by_the_other_clock() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    signed, told = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE, "now": told}
    service.move_lead(**common, to=State.COMMITTED, document="a.pdf", occurred_at=signed)
    service.assign_lead(**common, to_agent=ben(), reason="workload_balance", occurred_at=signed + timedelta(hours=1))
    was = at_page(lead, MONDAY + timedelta(days=2))
    assert "Committed for 1 d" in was and "Ben Brooks" in was
    assert "As we knew it then : Qualified, with Ana Alvarez ." in was
    assert "The move to Committed was written down only on" in was
    assert "That it changed hands was written down only on" in was
    born = MONDAY - timedelta(days=5)
    late = LeadFactory.build(name="Late Lena")
    service.create_lead(
        lead=late, inquiry="phone", agent=None, actor=bruna(), source=Source.PAGE, now=MONDAY, occurred_at=born
    )
    assert "As it was : New, in the pool ." in at_page(late, MONDAY - timedelta(days=1), known=True)
    assert "As we knew it then : the lead did not exist yet ." in at_page(late, MONDAY - timedelta(days=1))


def test_a_corrected_reason_is_told_by_the_other_clock() -> None:
    for status in (State.COMMITTED, State.CONTACTING):
        lead = LeadFactory.create(name="Dana Ortiz", status=status, agent=ana(), begun=MONDAY)
        to = State.QUALIFIED if status == State.COMMITTED else State.ARCHIVED
        advance(lead, to, actor=ana(), now=MONDAY + timedelta(days=1))
        better = "cold_feet" if to == State.QUALIFIED else "not_interested"
        service.correct_reason(
            lead_id=lead.pk, target=newest(lead).uuid, reason=better, note="She told Ana.", actor=bruna(),
            source=Source.PAGE, now=MONDAY + timedelta(days=3),
        )  # fmt: skip
        was = at_page(lead, MONDAY + timedelta(days=2))
        assert "As we knew it then : the reason was “" in was and "A reason was corrected on" in was, to


def test_flags_that_only_one_clock_knows_are_named() -> None:
    lead = committed()
    service.set_flag(
        lead_id=lead.pk, flag="dnc", reason="lead_request_phone", actor=bruna(), source=Source.PAGE,
        now=MONDAY + timedelta(days=4), occurred_at=MONDAY + timedelta(days=1),
    )  # fmt: skip
    was = at_page(lead, MONDAY + timedelta(days=2))
    assert "As we knew it then : “Do not contact” not set . A flag was written down only on" in was


def test_a_call_that_was_logged_late_is_told_by_the_other_clock_with_its_cause() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    called, told = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    service.log_contact(
        lead_id=lead.pk, channel=Channel.CALL, outcome=Outcome.NO_ANSWER, actor=ana(), source=Source.PAGE,
        occurred_at=called, now=told,
    )  # fmt: skip
    between = MONDAY + timedelta(days=2)
    was, known = at_page(lead, between), at_page(lead, between, known=True)
    late = "A call was logged late, on Thu 5 Mar 2026, 9:00:00 am PST."
    assert f"As we knew it then : last contact on Mon 2 Mar 2026, 10:00 am PST . {late}" in was
    assert f"As it was : last contact on Tue 3 Mar 2026, 9:00 am PST . {late}" in known
    assert "Both readings of the past agree here." in at_page(lead, told)


def test_a_first_contact_that_was_logged_late_is_told_by_the_other_clock() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.CONTACTING, agent=ana(), begun=MONDAY)
    service.log_contact(
        lead_id=lead.pk, channel=Channel.EMAIL, outcome=Outcome.SENT, actor=ana(), source=Source.PAGE,
        occurred_at=MONDAY + timedelta(minutes=1), now=MONDAY + timedelta(days=3),
    )  # fmt: skip
    was = at_page(lead, MONDAY + timedelta(days=2))
    assert "As we knew it then : first contact " in was and "A contact was logged late, on Thu 5 Mar" in was


@pytest.mark.parametrize("seed", [21])
def test_the_readings_are_said_to_agree_only_where_every_line_is_the_same(seed: int) -> None:
    """On stories made up by chance, at moments soon after their facts."""
    office = Office(seed)
    office.live(120)
    agreed = []
    told = LeadEvent.objects.filter(occurred_at__lt=timezone.now() - timedelta(days=1)).order_by("pk")
    for fact in office.chance.sample(list(told), 40):
        lead, moment = Lead.objects.get(pk=fact.lead_id), fact.occurred_at + timedelta(minutes=1)
        was, known = (at_page(lead, moment, known=known).split("left out.")[-1] for known in (False, True))
        was = was.split("do not count.", 1)[-1]
        agree = "Both readings of the past agree here."
        assert (agree in was) == (agree in known)
        agreed.append(agree in was)
        if agree in was:
            assert was.split(agree)[0] == known.split(agree)[0], (lead.pk, moment)
    assert set(agreed) == {True, False}


def test_a_fact_that_was_written_down_late_says_so_on_either_side_of_the_moment() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    called, told = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    service.log_contact(
        lead_id=lead.pk, channel=Channel.CALL, outcome=Outcome.NO_ANSWER, actor=ana(), source=Source.PAGE,
        occurred_at=called, now=told,
    )  # fmt: skip
    happened = "happened Tue 3 Mar 2026, 9:00:00 am PST"
    assert f"Written down 21 h later {happened}" in at_page(lead, told - timedelta(hours=21), known=True)
    assert f"Written down 2 h before {happened}" in at_page(lead, told + timedelta(hours=2), known=True)
    was = at_page(lead, called - timedelta(hours=2))
    assert "2 h later Tue 3 Mar" in was and "Written down" not in was


def test_as_we_knew_it_a_fact_that_was_undone_later_still_stands() -> None:
    lead = committed()
    move, undone = newest(lead, Kind.BUYER_AGREEMENT_SIGNED), MONDAY + timedelta(days=3)
    service.void_move(
        lead_id=lead.pk, target=move.uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE, now=undone
    )
    struck = "Undone by Bruna Barros, 5 Mar ; it does not count."
    for moment in (move.recorded_at - timedelta(minutes=1), undone - timedelta(days=1)):
        known = at_page(lead, moment, known=True)
        assert "Undone later by Bruna Barros, 5 Mar" in known and struck not in known
        assert struck in at_page(lead, moment)
    html = as_user(bruna()).get(f"/leads/{lead.pk}/at/", {"t": "2026-03-04T09:00", "clock": "known"}).content.decode()
    assert "is-voided" not in html and "<s>" not in html


def test_as_we_knew_it_a_reason_is_the_one_that_was_known() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.CONTACTING, agent=ana(), begun=MONDAY)
    advance(lead, State.ARCHIVED, actor=ana(), now=MONDAY + timedelta(days=1))
    first = label(newest(lead).reason, newest(lead).kind, ReasonCode.book(), True)
    service.correct_reason(
        lead_id=lead.pk, target=newest(lead).uuid, reason="not_interested", note="She told Ana.", actor=bruna(),
        source=Source.PAGE, now=MONDAY + timedelta(days=3),
    )  # fmt: skip
    known = at_page(lead, MONDAY + timedelta(days=2), known=True).split("Just before and after")[1]
    assert "Reason corrected later by Bruna Barros, 5 Mar" in known and "Reason corrected by" not in known
    assert first.lower() in known.lower().split("1 d before")[0]
    assert "not interested" not in known.lower().split("1 d before")[0]


def test_a_foreign_lead_is_a_404_also_when_it_was_ones_own_then() -> None:
    lead = committed()
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="pto_or_leave", actor=bruna(), source=Source.PAGE)
    for pk in (lead.pk, 10**19, 999_999):
        assert as_user(ana()).get(f"/leads/{pk}/at/?t=2026-03-02T10:00").status_code == 404
    assert as_user(ben()).get(f"/leads/{lead.pk}/at/?t=2026-03-02T10:00").status_code == 200


def test_why_she_changed_hands_stays_between_brokers() -> None:
    lead = committed()
    handed = MONDAY + timedelta(days=1)
    service.assign_lead(
        lead_id=lead.pk, to_agent=ben(), reason="performance", note="Missed three calls.", actor=bruna(),
        source=Source.PAGE, now=handed,
    )  # fmt: skip
    assert "performance" in at_page(lead, handed).lower()
    said = at_page(lead, handed, ben())
    assert "performance" not in said.lower() and "another reason" in said


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("last tuesday", "Type it like"),
        ("2126-01-01T00:00", "is still to come"),
        ("2026-03-08T02:30", "did not exist"),
        ("1066-10-14T09:00", "Check the year"),
    ],
)
def test_what_names_no_moment_is_refused_and_stays_in_the_field(asked: str, sentence: str) -> None:
    lead = committed()
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_user(bruna()).get(f"/leads/{lead.pk}/at/", {"t": asked, "clock": "known"}, headers=headers)
        html = answer.content.decode()
        assert answer.status_code == 422 and sentence in html
        assert f'value="{asked}"' in html and 'value="known" checked' in html and "state-at-title" not in html


def test_an_hour_that_came_twice_is_asked() -> None:
    lead = LeadFactory.create(begun=datetime(2025, 10, 1, tzinfo=UTC), agent=ana())
    client = as_user(ana())
    html = client.get(f"/leads/{lead.pk}/at/", {"t": "2025-11-02T01:30", "clock": "known"}).content.decode()
    links = [a.replace("&amp;", "&") for a in re.findall(r'href="([^"]+)"(?: autofocus)?>the ', html)]
    assert len(links) == 2 and all("clock=known" in link for link in links)
    both = [text_of(client.get(link).content.decode()) for link in links]
    assert "1:30 am PDT" in both[0] and "1:30 am PST" in both[1]


def test_without_a_moment_the_page_asks_for_one() -> None:
    lead = committed()
    for query in ("", "?t=", "?t=+"):
        answer = as_user(bruna()).get(f"/leads/{lead.pk}/at/{query}")
        assert answer.status_code == 200 and b'name="t"' in answer.content and b"state-at-title" not in answer.content


def test_a_link_to_the_answer_means_the_same_to_everybody() -> None:
    lead = committed()
    paris = bruna()
    paris.time_zone = "Europe/Paris"
    paris.save()
    html = as_user(paris).get(f"/leads/{lead.pk}/at/?t=2026-03-02T19:30").content.decode()
    link = re.search(r'href="http://testserver(/leads/\d+/at/\?t=2026-03-02T19%3A30%2B01%3A00)"', html)
    assert link
    assert "10:30 am PST" in as_user(ana()).get(link[1]).content.decode()


def test_in_place_the_answer_comes_in_parts_with_a_sentence_for_the_ear() -> None:
    lead = committed()
    answer = as_user(bruna()).get(f"/leads/{lead.pk}/at/?t=2026-03-02T10:30", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in html
    targets = re.findall(r'<hx-partial hx-target="([^"]+)"', html)
    assert targets == ["#at-form", "#lead-at", "#say"] and "Mon 2 Mar 2026, 10:30 am PST: Contacting." in html


def test_every_row_of_the_timeline_leads_to_the_state_at_its_moment() -> None:
    lead = committed()
    html = as_user(bruna()).get(f"/leads/{lead.pk}/").content.decode()
    links = re.findall(rf'href="(/leads/{lead.pk}/at/\?t=[^"]+)">State at this moment', html)
    assert len(links) == lead.events.count()
    assert "Committed for 0 s" in text_of(as_user(bruna()).get(links[0]).content.decode())
    assert 'id="at-form"' in html and 'id="lead-at"' in html


def test_the_number_of_queries_does_not_grow_with_the_story() -> None:
    lead = committed()
    counted = []
    for _ in range(2):
        for n in range(12):
            service.log_contact(
                lead_id=lead.pk, channel=Channel.CALL, outcome=Outcome.NO_ANSWER, actor=ana(), source=Source.PAGE,
                now=MONDAY + timedelta(days=1, hours=n),
            )  # fmt: skip
        client = as_user(bruna())
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/leads/{lead.pk}/at/?t=2026-03-04T10:00")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 16


def test_a_name_that_is_no_name_and_one_that_runs_the_other_way() -> None:
    for name in ("\u202eevil\u202c <b>", "לאה כהן", "x" * 200):
        lead = LeadFactory.create(name=name, agent=ana(), begun=MONDAY)
        answer = as_user(ana()).get(f"/leads/{lead.pk}/at/?t=2026-03-02T10:30&t=2026-03-03T10:30&clock=known&clock=x")
        assert answer.status_code == 200 and "<b>" not in answer.content.decode().split("<h1>")[1].split("</h1>")[0]


def test_a_way_back_to_the_beginning_that_was_undone_leaves_the_first_contact_as_it_was_known() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.TRASHED, agent=ana(), begun=MONDAY)
    back = MONDAY + timedelta(days=2)
    advance(lead, State.NEW, actor=bruna(), now=back)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    # An old call, found in a notebook: made before the clock ran anew, written down while it did.
    called = MONDAY + timedelta(hours=4)
    service.log_contact(
        **common, channel=Channel.CALL, outcome=Outcome.NO_ANSWER, occurred_at=called, now=back + timedelta(hours=1)
    )
    move = next(e for e in lead.events.order_by("-version") if e.to_status == State.NEW)
    for undone in lead.events.filter(version__gt=move.version).exclude(to_status="").order_by("-version"):
        service.void_move(**common, target=undone.uuid, reason="mis_drag", now=back + timedelta(hours=2))
    service.void_move(**common, target=move.uuid, reason="mis_drag", now=back + timedelta(hours=3))
    stream = list(lead.events.order_by("version"))
    for clock in Clock:
        read = read_past(lead.pk, back + timedelta(hours=4)).states[clock]
        was = state_at(stream, back + timedelta(hours=4), clock)
        assert [getattr(read, n) for n in TOLD if n != "attempts"] == [getattr(was, n) for n in TOLD if n != "attempts"]
