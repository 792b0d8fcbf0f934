"""Input that nobody should send: a sentence comes back and nothing is written, or it is kept exactly as it came."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from leads.models import Lead
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source
from lifecycle.models import EventNote
from lifecycle.service import Result
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, newest
from tests.soundness import assert_sound, nothing_written

pytestmark = pytest.mark.django_db

BAD = {
    "10 kB": "x" * 10_240,
    "NUL": "a\x00b",
    "half a character": "a\ud83d",
    "the other half": "\udfff b",
    "just NUL": "\x00",
}
#: Text that is no word of ours, where only certain words will do.
UNKNOWN = {
    **BAD,
    "another word": "billboard",
    "a word in capitals": "NOTE",
    "quotes": "'; DROP TABLE--",
    "RTL": "\u202e",
}

Act = Callable[[str], Result]


def in_state(state: State, act: Callable[..., Result], **said: Any) -> Callable[[], Callable[..., Result]]:
    """An action on a fresh lead of Ana's in this state, complete but for the text under test."""

    def prepare() -> Callable[..., Result]:
        lead = LeadFactory.create(status=state, agent=ana())
        return partial(act, lead_id=lead.pk, actor=ana(), source=Source.PAGE, **said)

    return prepare


def creation() -> Callable[..., Result]:
    def create(**said: Any) -> Result:
        usual = {"name": "Dana", "email": "dana@example.com", "phone": "", "inquiry": "phone", "note": ""}
        said = {**usual, **said}
        note, inquiry = said.pop("note"), said.pop("inquiry")
        return service.create_lead(lead=Lead(**said), inquiry=inquiry, note=note, actor=ana(), source=Source.FORM)

    return create


def contact_data() -> Callable[..., Result]:
    act = in_state(State.NEW, service.change_contact)()
    return lambda **said: act(fields=said)


def undoing(act: Callable[..., Result]) -> Callable[[], Callable[..., Result]]:
    def prepare() -> Callable[..., Result]:
        lead = LeadFactory.create(status=State.ARCHIVED, agent=ana())
        return partial(act, lead_id=lead.pk, actor=ana(), source=Source.PAGE, target=newest(lead).uuid)

    return prepare


call = {"channel": "call", "outcome": "spoke", "direction": "outbound"}
flag = {"flag": "do_not_call", "reason": "legal"}
collapse = {"to": State.QUALIFIED, "reason": "outbid", "note": "The seller took another offer."}

#: Free text of every action: what is refused is only what no database keeps.
FREE: dict[str, tuple[Callable[[], Callable[..., Result]], str]] = {
    "the name of a new lead": (creation, "name"),
    "the e-mail of a new lead": (creation, "email"),
    "the phone of a new lead": (creation, "phone"),
    "the headline of a new lead": (creation, "headline"),
    "the address of a new lead": (creation, "address"),
    "the note of a new lead": (creation, "note"),
    "a changed name": (contact_data, "name"),
    "a changed e-mail": (contact_data, "email"),
    "a changed phone": (contact_data, "phone"),
    "a changed headline": (contact_data, "headline"),
    "a changed address": (contact_data, "address"),
    "the note of a contact": (in_state(State.CONTACTING, service.log_contact, **call), "note"),
    "the reason of a contact": (in_state(State.CONTACTING, service.log_contact, **call), "override_reason"),
    "the note of a move": (in_state(State.COMMITTED, service.move_lead, **collapse), "note"),
    "the document of a move": (in_state(State.QUALIFIED, service.move_lead, to=State.COMMITTED), "document"),
    "the note of an assignment": (
        in_state(State.NEW, service.assign_lead, to_agent=None, reason="returned_to_pool"),
        "note",
    ),
    "the note of a flag": (in_state(State.NEW, service.set_flag, **flag), "note"),
    "a note": (in_state(State.NEW, service.add_note), "note"),
    "the document of a note": (in_state(State.NEW, service.add_note, note=""), "document"),
    "the note of a void": (undoing(partial(service.void_move, reason="mis_drag")), "note"),
    "the note of a correction": (undoing(partial(service.correct_reason, reason="deceased")), "note"),
}
#: Text where only words of ours will do.
CHOICES: dict[str, tuple[Callable[[], Callable[..., Result]], str]] = {
    "the source of an inquiry": (creation, "inquiry"),
    "a state": (in_state(State.NEW, service.move_lead, reason="renting_instead"), "to"),
    "a kind": (in_state(State.QUALIFIED, service.move_lead, to="ARCHIVED", reason="not_interested"), "kind"),
    "the reason of a move": (
        in_state(State.COMMITTED, service.move_lead, to="QUALIFIED", note="So it went."),
        "reason",
    ),
    "a reason where none belongs": (in_state(State.COMMITTED, service.move_lead, to="IN_CONTRACT"), "reason"),
    "the reason of an assignment": (in_state(State.NEW, service.assign_lead, to_agent=None), "reason"),
    "the reason of a flag": (in_state(State.NEW, service.set_flag, flag="dnc"), "reason"),
    "a flag": (in_state(State.NEW, service.set_flag, reason="legal"), "flag"),
    "a flag to clear": (in_state(State.NEW, service.clear_flag, reason="set_in_error"), "flag"),
    "a channel": (in_state(State.NEW, service.log_contact, outcome="spoke"), "channel"),
    "an outcome": (in_state(State.NEW, service.log_contact, channel="call"), "outcome"),
    "a direction": (in_state(State.NEW, service.log_contact, channel="call", outcome="spoke"), "direction"),
    "the reason of a void": (undoing(service.void_move), "reason"),
    "the reason of a correction": (undoing(partial(service.correct_reason, note="Wrong box.")), "reason"),
    "a name of a contact fact": (in_state(State.NEW, service.change_contact), "fields"),
    "a door": (in_state(State.NEW, service.add_note, note="Hello."), "source"),
}


def assert_refused(act: Callable[[], object], field: str | None = None) -> None:
    with nothing_written(), pytest.raises(Refused) as caught:
        act()
    sentence = caught.value.sentence
    assert sentence.endswith((".", "dana@example.com")) and len(sentence) < 300
    sentence.encode(), caught.value.field.encode()
    assert field is None or caught.value.field == field


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("where", FREE)
def test_text_that_no_database_keeps_gets_a_sentence(where: str, bad: str) -> None:
    prepare, argument = FREE[where]
    act = prepare()
    assert_refused(lambda: act(**{argument: bad}), argument)


@pytest.mark.parametrize("bad", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("where", CHOICES)
def test_a_word_that_is_none_of_ours_gets_a_sentence(where: str, bad: str) -> None:
    prepare, argument = CHOICES[where]
    act = prepare()
    assert_refused(lambda: act(**{argument: {bad: "x"} if argument == "fields" else bad}))


@pytest.mark.parametrize("closing", [date(1899, 12, 31), date.min, date.max])
def test_a_closing_date_that_cannot_be_gets_a_sentence(closing: date) -> None:
    act = in_state(State.IN_CONTRACT, service.move_lead, to=State.CLOSED)()
    assert_refused(lambda: act(closing_date=closing))


@pytest.mark.parametrize("note", ["x" * 5000, "🏡" * 5000, " \n x \t ", "\u202eabc", "\ufeffBOM", "a\x01b"])
def test_odd_but_storable_text_is_kept_exactly(note: str) -> None:
    act = in_state(State.NEW, service.add_note)()
    (event,) = act(note=note).events
    assert EventNote.objects.get(event=event).note == note


@pytest.mark.parametrize("limit", [("name", 200), ("headline", 200), ("address", 300)])
def test_the_longest_contact_facts_fit(limit: tuple[str, int]) -> None:
    name, length = limit
    contact_data()(**{name: "é" * length})
    assert getattr(Lead.objects.get(), name) == "é" * length


# --- the big list of naughty strings ------------------------------------------------------------------------


@pytest.fixture
def naughty(test_data: Path) -> list[str]:
    strings: list[str] = json.loads((test_data / "strings" / "blns.json").read_text())
    assert len(strings) > 500
    return strings


def kept_or_refused(naughty: list[str], act: Callable[[str], Any], kept: Callable[[Any], str]) -> Iterator[str]:
    """Says each string; yields those that were kept, every one of them exactly."""
    for said in naughty:
        try:
            result = act(said)
        except Refused as refused:
            assert refused.sentence
            continue
        assert kept(result) == said
        yield said


def test_naughty_strings_as_names_are_kept_exactly_or_refused(naughty: list[str]) -> None:
    create = creation()
    act = lambda said: create(name=said)  # noqa: E731
    kept = set(kept_or_refused(naughty, act, lambda result: Lead.objects.get(pk=result.lead_id).name))
    for said in set(naughty) - kept:
        assert not said.strip() or len(said) > 200 or "\x00" in said or not said.isprintable()
    assert len(kept) > 450


def test_naughty_strings_as_notes_are_kept_exactly_or_refused(naughty: list[str]) -> None:
    lead = LeadFactory.create(agent=ana())
    note = partial(service.add_note, lead_id=lead.pk, actor=ana(), source=Source.PAGE)
    act = lambda said: note(note=said)  # noqa: E731
    words = lambda result: EventNote.objects.get(event=result.events[0]).note  # noqa: E731
    kept = set(kept_or_refused(naughty, act, words))
    assert all(not said.strip() for said in set(naughty) - kept)
    assert_sound(lead)


def test_naughty_strings_as_contact_data_never_break_anything(naughty: list[str]) -> None:
    lead = LeadFactory.create(agent=ana())
    change = partial(service.change_contact, lead_id=lead.pk, actor=ana(), source=Source.PAGE)
    for field in ("email", "phone", "address"):
        for said in naughty:
            try:
                change(fields={"name": "Dana", "email": "dana@example.com", field: said})
            except Refused:
                continue
            assert getattr(Lead.objects.get(pk=lead.pk), field).strip() == said.strip()
    assert_sound(lead)


def test_a_name_of_ben_with_everything_in_it_stands_in_the_log_as_it_was() -> None:
    person = ben()
    person.display_name = "Bén “B” 𝔅rooks <script>\u202e"
    person.save()
    lead = LeadFactory.create(agent=person)
    assert newest(lead).actor_name == person.display_name
    assert_sound(lead)
