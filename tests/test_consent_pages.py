"""The consent ledger on the screen, on paper and as a file: who said what, who may read it, what it answers."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.models import EventNote, LeadEvent
from lifecycle.reasons import SEED
from lifecycle.states import State
from tests.factories import LeadFactory, ada, advance, ana, ben, bruna, newest
from tests.soundness import nothing_written

pytestmark = pytest.mark.django_db

OFFICE = ZoneInfo("America/Los_Angeles")
#: 1 Apr 2026, 9:00 am in the office (PDT).
BEGUN = datetime(2026, 4, 1, 16, tzinfo=UTC)


def dana(**said: Any) -> Lead:
    return LeadFactory.create(
        **{"name": "Dana Ortiz", "email": "dana@example.com", "phone": "(510) 555-0123", "agent": ana(), **said}
    )


def april(day: int, hour: float = 12) -> datetime:
    """A moment in April 2026 by the office's clock."""
    return datetime(2026, 4, day, tzinfo=UTC) + timedelta(hours=hour + 7)


def flag(lead: Lead, name: Flag, when: datetime, *, on: bool = True, by: User | None = None, **said: Any) -> LeadEvent:
    """Sets or clears a flag at a moment, through the service; recorded at once unless `now` says later."""
    act = service.set_flag if on else service.clear_flag
    said = {"reason": "sms_stop" if on else "lead_reconsented", "source": Source.PAGE, "now": when, **said}
    return act(lead_id=lead.pk, flag=name, actor=by, occurred_at=when, **said).events[0]


def foreign(lead: Lead, kind: Kind, when: datetime, **row: Any) -> LeadEvent:
    """A row that nothing writes yet, past the service; the log takes any next version."""
    made = LeadEvent(
        lead=lead,
        version=newest(lead).version + 1,
        kind=kind.value,
        occurred_at=when,
        hash="0" * 64,
        **{"recorded_at": when, "source": Source.PAGE.value, **row},
    )
    made.save(force_insert=True)
    return made


def merge(into: Lead, other: Lead, when: datetime) -> None:
    foreign(into, Kind.LEAD_ABSORBED, when, data={"other": str(other.uuid)})
    foreign(other, Kind.MERGED_INTO, when, data={"other": str(into.uuid)})


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(page: bytes | str) -> str:
    """What a person reads on the page, in one line."""
    text = page.decode() if isinstance(page, bytes) else page
    main = text.partition("<main")[2].partition("</main>")[0].partition(">")[2]
    plain = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))
    return re.sub(r" ([.,:;?”)])", r"\1", plain).strip()


def read(lead: Lead, viewer: User | None = None, status: int = 200, **query: Any) -> str:
    answer = logged_in(viewer or bruna()).get(reverse("lead-consent", args=[lead.pk]), query)
    assert answer.status_code == status
    return words(answer.content)


def found(viewer: User | None = None, status: int = 200, **query: Any) -> str:
    answer = logged_in(viewer or bruna()).get(reverse("consent"), query)
    assert answer.status_code == status
    return words(answer.content)


def letter(lead: Lead, viewer: User | None = None, **query: str) -> str:
    answer = logged_in(viewer or bruna()).get(reverse("lead-consent-letter", args=[lead.pk]), query)
    assert answer.status_code == 200
    return words(answer.content)


def stopped(**said: Any) -> Lead:
    """Dana answered STOP on 3 April, 2:05 pm; Bruna cleared it on the 9th, noon."""
    lead = dana(begun=BEGUN, **said)
    flag(lead, Flag.DO_NOT_TEXT, april(3, 14 + 5 / 60), source=Source.API)
    flag(lead, Flag.DO_NOT_TEXT, april(9), on=False, by=bruna(), note="She wrote: texts are fine again.")
    return lead


# --- the ledger ---------------------------------------------------------------------------------------------


def test_the_ledger_tells_each_fact_with_who_when_by_which_door_why_and_in_whose_words() -> None:
    said = read(stopped())
    was_set = "Do not text set: Replied STOP to a text No text messages. Scribe through the API"
    assert f"{was_set} Recorded Fri 3 Apr 2026, 2:05:00 pm PDT" in said
    cleared = "Do not text cleared: Lead agreed again She wrote: texts are fine again. Bruna Barros on the lead page"
    assert cleared in said
    assert said.index(cleared) < said.index("Do not text set"), "the newest comes first"


def test_every_flag_has_its_place_and_every_channel_its_deciding_fact() -> None:
    lead = dana(begun=BEGUN)
    assert read(lead).count("Nothing was ever recorded against it.") == 4
    assert "No flag was ever set" in read(lead)
    for n, name in enumerate(Flag, start=2):
        flag(lead, name, april(n), by=ana(), reason="lead_request_phone")
    said = read(lead)
    assert all(f"{name.label} set: Lead asked by phone" in said for name in Flag)
    assert "Marketing e-mail Closed “Unsubscribed” was set on 2 Apr 2026, 12:00 pm PDT by Ana Alvarez" in said
    assert "Text Closed “Do not text” was set on 5 Apr 2026" in said
    assert "Call Closed “Do not call” was set on 6 Apr 2026" in said


def test_do_not_contact_leaves_people_a_way_with_a_reason_and_automation_none() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DNC, april(2), by=ana(), reason="lead_request_phone")
    said = read(lead)
    assert "Marketing e-mail Closed “Do not contact”" in said
    for channel in ("E-mail", "Text", "Call"):
        assert f"{channel} Only by hand, with a reason “Do not contact” was set on 2 Apr 2026" in said


def test_what_was_recorded_late_says_how_much_later() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DO_NOT_CALL, april(3), by=ana(), reason="lead_request_phone", now=april(5, 13))
    assert "recorded 2 days later Recorded Sun 5 Apr 2026, 1:00:00 pm PDT" in read(lead)


def test_an_imported_flag_says_about_when_and_from_which_import() -> None:
    lead = dana(begun=BEGUN)
    row = foreign(
        lead,
        Kind.FLAG_SET,
        april(2),
        recorded_at=april(20),
        flag="dnc",
        reason="import",
        source="import",
        backfilled=True,
    )
    EventNote(event=row, source_words="OptOut=Y", salt="s").save(force_insert=True)
    said = read(lead)
    assert "about 2 Apr 2026, 12:00 pm PDT" in said and "from the import of 20 Apr" in said
    assert "In the words of the old system: OptOut=Y" in said and "days later" not in said


def test_erased_words_are_said_to_be_erased() -> None:
    lead = dana(begun=BEGUN)
    foreign(lead, Kind.FLAG_SET, april(2), flag="dnc", reason="legal", note_digest="d" * 64)
    assert "The words of this fact were erased." in read(lead)
    assert "have been erased" in letter(lead)
    rows = list(csv.DictReader(io.StringIO(export(lead).content.decode())))
    assert rows[0]["words"] == "erased"


def test_people_are_called_as_they_were_then_and_as_they_are_now() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DO_NOT_CALL, april(3), by=ana(), reason="lead_request_phone")
    User.objects.filter(pk=ana().pk).update(display_name="Ana Brooks")
    assert "Ana Alvarez (now Ana Brooks)" in read(lead)


def test_a_lead_reassigned_archived_and_renamed_keeps_its_ledger() -> None:
    lead = stopped()
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=bruna(), source=Source.PAGE)
    advance(lead, State.ARCHIVED, actor=ben(), reason="renting_instead")
    service.change_contact(lead_id=lead.pk, fields={"name": "Dana Reyes"}, actor=ben(), source=Source.PAGE)
    said = read(lead, ben())
    assert "May we contact Dana Reyes?" in said and "Replied STOP to a text" in said
    assert "The name has been this one since" in said and "when Ben Brooks changed it." in said
    client = logged_in(ana())
    for name in ("lead-consent", "lead-consent-letter", "lead-consent-csv"):
        assert client.get(reverse(name, args=[lead.pk])).status_code == 404


def test_a_lead_that_is_nobodys_business_is_not_there() -> None:
    client = logged_in(bruna())
    for pk in (0, 2**63, 10**19):
        assert client.get(f"/leads/{pk}/consent/").status_code == 404
        assert client.get(f"/leads/{pk}/consent/letter/").status_code == 404
        assert client.get(f"/leads/{pk}/consent/ledger.csv").status_code == 404


def test_reading_writes_nothing() -> None:
    lead = stopped()
    with nothing_written():
        read(lead, on="2026-04-03", channel="text")
        letter(lead)
        export(lead)
        found(q="dana@example.com", on="2026-04-03")


# --- was it allowed? ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        ("2026-03-30T12:00", "Did not exist yet This lead did not exist yet; it came in on 1 Apr 2026, 9:00 am PDT."),
        (
            "2026-04-02T12:00",
            "Yes Yes: nothing stood against it then; only later “Do not text” was set on 3 Apr 2026, 2:05 pm PDT"
            " by Scribe (replied STOP to a text).",
        ),
        (
            "2026-04-05T12:00",
            "No No: “Do not text” was set on 3 Apr 2026, 2:05 pm PDT by Scribe (replied STOP to a text)"
            " and not cleared until 9 Apr 2026, 12:00 pm PDT.",
        ),
        (
            "2026-04-10T12:00-07:00",
            "Yes Yes: “Do not text” was cleared on 9 Apr 2026, 12:00 pm PDT by Bruna Barros (lead agreed again),"
            " and nothing stood against it then.",
        ),
    ],
)
def test_an_instant_is_answered_with_the_fact_that_decides_it(on: str, answer: str) -> None:
    said = read(stopped(), on=on, channel="text", how="automated")
    assert "Was an automated text allowed? " in said
    assert answer in said
    assert "As it was and as we knew it then, the answer is the same." in said


def test_date_and_time_of_the_form_are_one_instant_and_the_link_keeps_its_offset() -> None:
    lead = stopped()
    answer = logged_in(bruna()).get(
        reverse("lead-consent", args=[lead.pk]), {"on": "2026-04-05", "time": "12:30", "channel": "text", "how": "hand"}
    )
    link = re.search(r'href="(\?on=[^"#]+)#answer"', answer.content.decode())
    assert link and "on=2026-04-05T12%3A30-07%3A00" in link[1]
    far = User.objects.get(pk=bruna().pk)
    far.time_zone = "Asia/Tokyo"
    far.save()
    again = words(logged_in(far).get(f"{reverse('lead-consent', args=[lead.pk])}{html.unescape(link[1])}").content)
    assert "6 Apr 2026, 4:30 am JST" in again and "No: “Do not text”" in again


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        ("2026-04-02", "Allowed all day All day Yes: nothing stood against it then"),
        ("2026-04-03", "Allowed until 2:05 pm PDT Until 2:05 pm PDT Yes: "),
        ("2026-04-03", "From 2:05 pm PDT No: “Do not text” was set on 3 Apr 2026, 2:05 pm PDT"),
        ("2026-04-05", "Not at all that day All day No: “Do not text”"),
        ("2026-04-09", "Allowed from 12:00 pm PDT Until 12:00 pm PDT No: "),
        ("2026-04-01", "Allowed from 9:00 am PDT Until 9:00 am PDT This lead did not exist yet"),
        ("2026-03-01", "Did not exist yet All day"),
    ],
)
def test_a_date_alone_is_answered_for_the_whole_day(on: str, answer: str) -> None:
    assert answer in read(stopped(), on=on, channel="text", how="hand")


def test_the_link_to_a_day_means_the_same_day_for_everybody() -> None:
    lead = stopped()
    page = logged_in(bruna()).get(reverse("lead-consent", args=[lead.pk]), {"on": "2026-04-03", "channel": "text"})
    link = re.search(r'href="(\?on=[^"#]+)#answer"', page.content.decode())
    assert link and "zone=America%2FLos_Angeles" in link[1]
    far = User.objects.get(pk=bruna().pk)
    far.time_zone = "Asia/Tokyo"
    far.save()
    again = words(logged_in(far).get(f"{reverse('lead-consent', args=[lead.pk])}{html.unescape(link[1])}").content)
    assert "Allowed until 2:05 pm PDT" in again


def test_today_is_answered_so_far() -> None:
    lead = dana(begun=timezone.now() - timedelta(days=3))
    today = timezone.localdate(timezone=OFFICE).isoformat()
    assert "Allowed all day All day so far Yes:" in read(lead, on=today, channel="call")


def test_do_not_contact_is_a_yes_by_hand_with_a_reason_and_a_no_for_automation() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DNC, april(2), by=ana(), reason="lead_request_phone")
    hand = read(lead, on="2026-04-05T09:00", channel="call", how="hand")
    assert "Yes, by hand with a recorded reason: “Do not contact” was set on 2 Apr 2026" in hand
    assert "No: “Do not contact”" in read(lead, on="2026-04-05T09:00", channel="call", how="automated")


def unsubscribed() -> Lead:
    """Dana unsubscribed on 2 April at noon."""
    lead = dana(begun=BEGUN)
    flag(lead, Flag.UNSUBSCRIBED, april(2), reason="unsubscribe_link", source=Source.FORM)
    return lead


@pytest.mark.parametrize("how", ["hand", "automated"])
def test_marketing_e_mail_is_closed_to_whoever_unsubscribed_however_it_is_sent(how: str) -> None:
    said = read(unsubscribed(), on="2026-04-05", channel="marketing", how=how)
    assert "Was marketing e-mail allowed? " in said
    assert "Not at all that day All day No: “Unsubscribed” was set on 2 Apr 2026, 12:00 pm PDT" in said


@pytest.mark.parametrize(
    ("how", "asked", "answer"),
    [
        ("hand", "Was a personal e-mail allowed?", "Yes, a personal e-mail, but no marketing: “Unsubscribed”"),
        (
            "automated",
            "Was an automated e-mail allowed?",
            "Yes, but only what is no marketing, such as a receipt: “Unsubscribed”",
        ),
    ],
)
def test_other_e_mail_to_whoever_unsubscribed_is_a_yes_with_care(how: str, asked: str, answer: str) -> None:
    lead = unsubscribed()
    address = reverse("lead-consent", args=[lead.pk])
    for on, chip in (
        ("2026-04-05", "Allowed all day, but no marketing"),
        ("2026-04-05T09:00", "Yes, but no marketing"),
    ):
        page = logged_in(bruna()).get(address, {"on": on, "channel": "email", "how": how}).content.decode()
        told = page.partition('id="answer"')[2].partition("</section>")[0]
        assert '<div class="consent-told is-warn">' in told and f'<span class="chip chip-warn">{chip}</span>' in told
        said = words(page)
        assert asked in said and f"{answer} was set on 2 Apr 2026, 12:00 pm PDT by Scribe (unsubscribe link)" in said
        assert "and not cleared since." in said and "ever recorded" not in words(f"<main>{told}</main>")


def test_the_day_of_an_unsubscribe_is_no_plain_yes_for_e_mail() -> None:
    said = read(unsubscribed(), on="2026-04-02", channel="email", how="hand")
    assert "Yes, but no marketing Until 12:00 pm PDT Yes: nothing stood against it then; only later" in said
    assert "From 12:00 pm PDT Yes, a personal e-mail, but no marketing: “Unsubscribed”" in said
    assert "Yes, but no marketing" in found(q="dana@example.com", on="2026-04-02", channel="email", how="hand")


def test_e_mail_is_open_to_whoever_unsubscribed_but_not_green() -> None:
    page = logged_in(bruna()).get(reverse("lead-consent", args=[unsubscribed().pk])).content.decode()
    assert "E-mail Open, no marketing “Unsubscribed” was set on 2 Apr 2026" in words(page)
    assert 'chip chip-warn">Open, no marketing' in page


def test_when_both_clocks_say_no_for_different_reasons_both_are_told() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DO_NOT_CALL, april(3), by=ana(), reason="lead_request_phone", now=april(5))
    flag(lead, Flag.DNC, april(5, 13), by=ana(), reason="lead_request_phone")
    said = read(lead, on="2026-04-05T14:00", channel="call", how="automated")
    assert "No: “Do not call”" in said and "The two differ" not in said
    other = dana(begun=BEGUN)
    flag(other, Flag.DNC, april(2), by=ana(), reason="lead_request_phone")
    service.clear_flag(
        lead_id=other.pk,
        flag=Flag.DNC,
        reason="set_in_error",
        actor=bruna(),
        source=Source.PAGE,
        occurred_at=april(3),
        now=april(6),
    )
    flag(other, Flag.DO_NOT_CALL, april(3, 13), by=ana(), reason="lead_request_phone", now=april(6, 13))
    said = read(other, on="2026-04-05T14:00", channel="call", how="automated")
    assert "As it was No No: “Do not call”" in said and "As we knew it then No No: “Do not contact”" in said


def test_when_the_two_clocks_differ_both_are_told() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DO_NOT_CALL, april(3), by=ana(), reason="lead_request_phone", now=april(5))
    said = read(lead, on="2026-04-04T12:00", channel="call", how="hand")
    assert "As it was No No: “Do not call” was set on 3 Apr 2026, 12:00 pm PDT by Ana Alvarez" in said
    known = "As we knew it then Yes Yes: nothing against it was recorded by then; only later “Do not call” was recorded"
    assert f"{known} on 5 Apr 2026, 12:00 pm PDT" in said
    assert "The two differ" in said


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"on": "2031-01-01"}, "is still to come"),
        ({"on": "2031-01-01T10:00"}, "is still to come"),
        ({"on": "0001-01-01"}, "too long ago"),
        ({"on": "yesterday"}, "is not a date"),
        ({"on": "yesterday at noon"}, "not a date and time"),
        ({"time": "12:00"}, "not a date and time"),
        ({"on": "2026-04-03", "time": "noon"}, "not a date and time"),
        ({"on": "2026-03-08T02:30"}, "did not exist: the clocks went forward"),
        ({"on": "9" * 300}, "not a date and time"),
    ],
)
def test_a_time_that_cannot_be_answered_for_is_refused_with_an_example(query: dict[str, Any], sentence: str) -> None:
    said = read(dana(begun=BEGUN), status=422, **query)
    assert sentence in said
    assert sentence in found(status=422, q="dana@example.com", **query)


def test_an_hour_that_occurred_twice_is_asked() -> None:
    lead = dana(begun=datetime(2025, 10, 1, tzinfo=UTC))
    page = logged_in(bruna()).get(
        reverse("lead-consent", args=[lead.pk]), {"on": "2025-11-02", "time": "01:30", "channel": "call"}
    )
    assert page.status_code == 422
    shown = page.content.decode()
    assert shown.count("came twice that night") == 1 and "field-error" not in shown and "aria-invalid" not in shown
    assert '<div class="consent-clocks" id="consent-time_error" role="alert">' in shown, (
        "asked under the time, in amber"
    )
    links = re.findall(r'href="(\?on=2025-11-02T01[^"#]+)#answer"', shown)
    assert len(links) == 2
    for link, zone in zip(links, ("PDT", "PST"), strict=True):
        answer = logged_in(bruna()).get(f"{reverse('lead-consent', args=[lead.pk])}{html.unescape(link)}")
        assert f"2 Nov 2025, 1:30 am {zone}" in words(answer.content)


@pytest.mark.parametrize("query", [{"on": "2026-03-08", "time": "02:30"}, {"on": "2026-03-08T02:30"}])
def test_an_hour_that_did_not_exist_is_nobodys_mistake(query: dict[str, str]) -> None:
    page = logged_in(bruna()).get(reverse("consent"), {"q": "dana@example.com", "channel": "call", **query})
    shown = page.content.decode()
    assert page.status_code == 422 and shown.count("did not exist: the clocks went forward") == 1
    assert "consent-clocks" in shown and "field-error" not in shown and "aria-invalid" not in shown
    assert 'name="on" value="2026-03-08"' in shown and 'name="time" value="02:30"' in shown


@pytest.mark.parametrize("query", ["channel=fax&how=owl&on=2026-04-02", "zone=Mars&on=2026-04-02", "on=&on=2026-04-02"])
def test_words_that_mean_nothing_are_left_out(query: str) -> None:
    lead = dana(begun=BEGUN)
    assert logged_in(bruna()).get(f"{reverse('lead-consent', args=[lead.pk])}?{query}").status_code == 200


# --- merged leads -------------------------------------------------------------------------------------------


def test_the_ledger_of_the_surviving_lead_holds_the_facts_of_the_absorbed_one() -> None:
    lead = dana(begun=BEGUN)
    other = dana(begun=BEGUN, name="D. Ortiz", agent=ben())
    flag(other, Flag.DO_NOT_TEXT, april(3), source=Source.API)
    merge(lead, other, april(6))
    said = read(lead, on="2026-04-04T12:00", channel="text")
    assert "Another lead was merged into this one." in said
    assert "Do not text set: Replied STOP to a text" in said and "on the merged lead D. Ortiz" in said
    assert "Text Closed “Do not text” was set on 3 Apr 2026" in said
    assert "As it was No" in said and "As we knew it then Yes" in said
    assert "on the merged lead another lead" in read(lead, ana()), "Ana does not see Ben's lead by name"
    gone = read(other)
    assert "This lead was merged into another one on 6 Apr" in gone and "Dana Ortiz" in gone
    assert "in another record of yours" in letter(lead)


def test_a_merge_that_was_undone_gives_each_its_own_ledger_back() -> None:
    lead, other = dana(begun=BEGUN), dana(begun=BEGUN, name="D. Ortiz")
    flag(other, Flag.DO_NOT_TEXT, april(3), source=Source.API)
    merge(lead, other, april(6))
    foreign(lead, Kind.MERGE_UNDONE, april(8), data={"other": str(other.uuid)})
    foreign(other, Kind.MERGE_UNDONE, april(8), data={"other": str(lead.uuid)})
    assert "No flag was ever set" in read(lead)
    assert "was merged into" not in read(other)
    assert "As we knew it then No" in read(lead, on="2026-04-07T12:00", channel="text")


def test_merges_in_a_chain_and_in_a_ring_are_read_once() -> None:
    one, two, three = (dana(begun=BEGUN, name=f"Dana {n}") for n in range(3))
    flag(three, Flag.DO_NOT_CALL, april(2), by=ana(), reason="lead_request_phone")
    merge(two, three, april(4))
    merge(one, two, april(5))
    assert read(one).count("Do not call set") == 1
    merge(three, one, april(6))
    assert read(one).count("Do not call set") == 1


@pytest.mark.parametrize("data", [{"other": "nobody"}, {"other": 7}, {}, [], "text", {"other": "\\x00"}])
def test_a_merge_that_names_nobody_breaks_nothing(data: Any) -> None:
    lead = dana(begun=BEGUN)
    for kind in (Kind.LEAD_ABSORBED, Kind.MERGED_INTO, Kind.MERGE_UNDONE):
        foreign(lead, kind, april(2), data=data)
        assert "No flag was ever set" in read(lead)


# --- search -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["dana@example.com", " DANA@Example.com ", "5105550123", "+1 (510) 555-0123", "tel:+1-510-555-0123"]
)
def test_a_lead_is_found_by_its_address_in_any_notation(typed: str) -> None:
    stopped()
    said = found(q=typed)
    assert "1 lead with" in said and "Dana Ortiz" in said and "“Do not text” was cleared" in said


def test_every_number_is_found_however_it_is_written(test_data: Path) -> None:
    rows = list(csv.DictReader((test_data / "strings" / "phones.csv").read_text("utf-8").splitlines()))
    numbers = [row for row in rows if row["valid"] == "1"][::100]
    client = logged_in(bruna())
    for row in numbers:
        LeadFactory.create(name=f"Lead of {row['e164']}", phone=row["e164"])
        for way in ("international", "rfc3966", *(["national"] if row["region"] == "US" else [])):
            answer = client.get(reverse("consent"), {"q": row[way]})
            assert f"Lead of {row['e164']}" in words(answer.content), row


def test_the_new_address_finds_the_lead_and_the_old_one_says_why_it_does_not() -> None:
    lead = stopped()
    service.change_contact(lead_id=lead.pk, fields={"email": "dana.reyes@example.com"}, actor=ana(), source=Source.PAGE)
    new = found(q="dana.reyes@example.com")
    assert "Dana Ortiz" in new and "The e-mail has been this one since" in new
    assert "has been this one since" not in found(q="5105550123")
    assert "The e-mail has been this one since" in read(lead) and "What stood there before is not kept." in read(lead)
    old = found(q="dana@example.com")
    assert "No lead that you may see has this e-mail or phone today" in old and "Old addresses are not kept" in old


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("555", "too short or too long for a phone number"),
        ("9" * 40, "too short or too long for a phone number"),
        ("dana@", "is not a whole e-mail address"),
        ("@", "is not a whole e-mail address"),
        ("Dana Ortiz", "A name is found by the search in the header"),
        ("%_'\"<b>", "A name is found by the search in the header"),
        ("‏123", "too short"),
    ],
)
def test_a_piece_of_an_address_finds_nobody_and_says_what_to_type(typed: str, sentence: str) -> None:
    dana()
    said = found(status=422, q=typed)
    assert sentence in said and "1 lead with" not in said


def test_an_empty_search_says_what_it_is_for() -> None:
    assert "Whole e-mail address or phone number, however you write it Were we" in found()
    assert "Whose consent do you need to know?" in found()
    assert "Whose consent do you need to know?" in found(q="   ")


def test_an_agent_finds_own_leads_and_the_pool_and_learns_nothing_of_others() -> None:
    lead = stopped()
    answer = logged_in(ben()).get(reverse("consent"), {"q": "dana@example.com"})
    nobody = logged_in(ben()).get(reverse("consent"), {"q": "nobody@example.com"})
    assert words(answer.content) == words(nobody.content)
    LeadFactory.create(name="Pool Dana", email="dana@example.com", phone="", begun=BEGUN)
    said = found(ben(), q="dana@example.com", on="2026-04-05T12:00", channel="text")
    assert "1 lead with" in said and "Pool Dana" in said and lead.name not in said and "No:" not in said
    assert "Only leads that you may see are counted" in said


def test_of_several_leads_with_one_address_the_strictest_decides_and_each_is_named() -> None:
    stopped()
    LeadFactory.create(name="Luis Ortiz", email="luis@example.com", phone="510 555 0123", agent=ben(), begun=BEGUN)
    said = found(q="510-555-0123", on="2026-04-05T12:00", channel="text", how="hand")
    assert "2 leads with" in said and "It is forbidden as soon as one of them forbids it." in said
    union, dana_part, luis_part = re.split(r"Was a personal text allowed\?", said)[1:]
    assert "No: “Do not text”" in union and "No: “Do not text”" in dana_part
    assert "Yes: nothing was ever recorded" in luis_part
    assert said.index("Dana Ortiz") < said.index("Luis Ortiz")


# --- the letter ---------------------------------------------------------------------------------------------


def test_the_letter_tells_a_client_in_plain_words_what_happened() -> None:
    lead = dana(begun=BEGUN)
    service.add_note(lead_id=lead.pk, note="Difficult person.", actor=ana(), source=Source.PAGE, now=april(2))
    flag(lead, Flag.UNSUBSCRIBED, april(3), reason="unsubscribe_link", source=Source.FORM)
    flag(lead, Flag.DO_NOT_CALL, april(4), by=ana(), reason="lead_request_phone", note="Works nights.", now=april(6))
    said = letter(lead, ana())
    assert "Why were you unsubscribed?" in said and "Our office" in said and "For Dana Ortiz" in said
    assert "We send you no marketing e-mail, since 3 Apr 2026." in said
    first = "On 3 Apr 2026, 12:00 pm PDT we stopped sending you marketing e-mail, because the unsubscribe link"
    second = "On 4 Apr 2026, 12:00 pm PDT we stopped calling you, because you asked us to by phone."
    assert said.index(first) < said.index(second)
    assert "Recorded by our system, from a form on our website." in said
    assert "Recorded by Ana Alvarez, at our office, on 6 Apr 2026, 12:00 pm PDT." in said
    assert "Works nights." in said and "Works nights." not in letter(lead, ana(), words="0")
    head = newest(lead)
    for internal in ("Difficult", "Scribe", head.hash, str(head.uuid), "flag", "version"):
        assert internal not in said


@pytest.mark.parametrize(
    ("noted", "told"),
    [
        ("“The report can stop now.”", "The report can stop now."),
        ('"The report can stop now."', "The report can stop now."),
        ("« Assez. »", " Assez. "),
        ("“Stop,” she said. “Now.”", "“Stop,” she said. “Now.”"),
        ("She said “stop”", "She said “stop”"),
        ('"', "&quot;"),
        ("“”", "“”"),
    ],
)
def test_quoted_words_are_quoted_once_in_the_letter(noted: str, told: str) -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DNC, april(2), by=ana(), reason="lead_request_phone", note=noted)
    page = logged_in(bruna()).get(reverse("lead-consent-letter", args=[lead.pk])).content.decode()
    assert f'<q dir="auto">{told}</q>' in page


def test_the_letter_says_so_when_there_is_nothing_to_say() -> None:
    said = letter(dana())
    assert "May we contact you?" in said and "You have never been unsubscribed" in said


def test_the_letter_is_in_the_offices_time_whoever_prints_it() -> None:
    lead = stopped()
    far = ana()
    far.time_zone = "Asia/Tokyo"
    far.save()
    assert "On 3 Apr 2026, 2:05 pm PDT we stopped sending you text messages" in letter(lead, far)


@pytest.mark.parametrize("name", list(Flag))
def test_every_flag_and_every_seeded_reason_has_words_for_the_client(name: Flag) -> None:
    lead = dana(begun=BEGUN)
    reasons = [r.code for r in SEED if Kind.FLAG_SET.value in r.kinds]
    for n, code in enumerate(reasons):
        flag(lead, name, april(2, n), by=bruna(), reason=code)
        flag(lead, name, april(2, n + 0.5), on=False, by=bruna(), reason="set_in_error")
    said = letter(lead)
    assert said.count("because") == 2 * len(reasons) and "for this reason" not in said


# --- the file -----------------------------------------------------------------------------------------------


def export(lead: Lead, viewer: User | None = None) -> Any:
    return logged_in(viewer or bruna()).get(reverse("lead-consent-csv", args=[lead.pk]))


def test_the_file_holds_every_fact_oldest_first() -> None:
    answer = export(stopped())
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert list(rows[0]) == ["happened", "recorded", "flag", "set_or_cleared", "by", "source", "reason", "words"]
    assert list(rows[0].values()) == [
        "2026-04-03T14:05:00-07:00",
        "2026-04-03T14:05:00-07:00",
        "do_not_text",
        "set",
        "Scribe",
        "api",
        "sms_stop",
        "",
    ]
    assert rows[1]["set_or_cleared"] == "cleared" and rows[1]["words"] == "She wrote: texts are fine again."


def test_a_spreadsheet_finds_no_formula_in_the_file() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DNC, april(2), by=ana(), reason="lead_request_phone", note='=HYPERLINK("http://x")')
    rows = list(csv.DictReader(io.StringIO(export(lead).content.decode())))
    assert rows[0]["words"] == '\'=HYPERLINK("http://x")'


def test_a_carriage_return_in_a_note_begins_no_row_of_its_own() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DNC, april(2), by=ana(), reason="lead_request_phone", note="She said:\r=1+1")
    rows = list(csv.DictReader(io.StringIO(export(lead).content.decode(), newline="")))
    assert [row["words"] for row in rows] == ["She said:\r=1+1"]


def test_exports_are_for_brokers() -> None:
    lead = stopped()
    assert export(lead, ana()).status_code == 403
    assert export(lead, ada()).status_code == 200
    assert "As CSV" not in read(lead, ana()) and "As CSV" in read(lead)


# --- ways there, and what it costs --------------------------------------------------------------------------


def test_the_lead_page_and_the_menu_lead_to_the_ledger() -> None:
    lead = dana(begun=BEGUN)
    flag(lead, Flag.DNC, april(2), by=ana(), reason="lead_request_phone")
    page = logged_in(ana()).get(reverse("lead", args=[lead.pk])).content.decode()
    ledger = reverse("lead-consent", args=[lead.pk])
    assert f'<a class="chip chip-bad" href="{ledger}"' in page
    assert f'<li><a href="{ledger}">' in page and "May we contact?" in page
    assert f'href="{reverse("consent")}"' in page and "Who may be contacted" in page


def test_whoever_is_not_logged_in_is_sent_to_the_login() -> None:
    lead = dana()
    for name, args in (("lead-consent", [lead.pk]), ("consent", []), ("lead-consent-letter", [lead.pk])):
        assert Client().get(reverse(name, args=args)).status_code == 302


def test_pages_refuse_what_would_write() -> None:
    lead = dana()
    assert logged_in(bruna()).post(reverse("lead-consent", args=[lead.pk])).status_code == 405


def queries(client: Client, address: str, **query: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, query).status_code == 200
    return len(seen)


def test_the_pages_cost_the_same_however_long_the_ledger_and_however_many_the_leads() -> None:
    lead, client = dana(begun=BEGUN), logged_in(bruna())
    flag(lead, Flag.DO_NOT_TEXT, april(2), source=Source.API)
    addresses = [reverse(n, args=[lead.pk]) for n in ("lead-consent", "lead-consent-letter", "lead-consent-csv")]
    asked = {"q": "dana@example.com", "on": "2026-04-05", "channel": "text"}
    before = [queries(client, a, on="2026-04-05") for a in addresses] + [queries(client, reverse("consent"), **asked)]
    for n in range(6):
        flag(lead, Flag.DO_NOT_CALL, april(3 + n), on=n % 2 == 0, by=bruna(), note="Said so.")
        more = dana(begun=BEGUN, name=f"Dana {n}", agent=ben())
        flag(more, Flag.DNC, april(4), by=bruna())
    after = [queries(client, a, on="2026-04-05") for a in addresses] + [queries(client, reverse("consent"), **asked)]
    assert before == after
    # One of them is the trace that the letter and the file leave.
    assert max(after) <= 9


def test_two_absorbed_leads_cost_as_much_as_one() -> None:
    lead, client = dana(begun=BEGUN), logged_in(bruna())
    address = reverse("lead-consent", args=[lead.pk])
    counts = []
    for n in range(3):
        other = dana(begun=BEGUN, name=f"Dana {n}")
        flag(other, Flag.DNC, april(3), by=bruna())
        merge(lead, other, april(4 + n))
        counts.append(queries(client, address))
    assert len(set(counts)) == 1


def test_names_and_notes_from_anywhere_are_shown_as_they_are() -> None:
    lead = dana(begun=BEGUN, name="<b>ד״ר רות</b> & " + "w" * 150)
    flag(lead, Flag.DNC, april(2), by=ana(), reason="lead_request_phone", note="<script>x</script>\nשלום")
    for name in ("lead-consent", "lead-consent-letter"):
        page = logged_in(bruna()).get(reverse(name, args=[lead.pk])).content.decode()
        assert "<script>x" not in page and "&lt;script&gt;x" in page and "<b>ד״ר" not in page
