"""No word of the rules is forgotten by the translators: each goes through them, and none that they change is stored.

Spoken in `tests.pseudo`, where a translated word stands between ⟦ and ⟧.
"""

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone, translation

from crm import errors
from leads.models import Lead, Role
from leads.models.user import Density
from lifecycle import service
from lifecycle.authority import authorise, authorise_import
from lifecycle.decide import decide
from lifecycle.errors import Refused
from lifecycle.events import Channel, Direction, Inquiry, Kind, Outcome, Source, Words
from lifecycle.explain import why_not
from lifecycle.flags import Flag
from lifecycle.fold import LeadState
from lifecycle.intents import (
    AddNote,
    Assign,
    ChangeFlag,
    CorrectReason,
    Create,
    DeclareBreach,
    Erase,
    Intent,
    LogContact,
    Move,
    Person,
    Rules,
    TimeOut,
    VoidMove,
)
from lifecycle.models import EventNote, LeadEvent, ReasonCode
from lifecycle.reasons import DUPLICATE_OF, PERFORMANCE, SEED, Group
from lifecycle.speech import speak_with
from lifecycle.states import Provenance, State
from lifecycle.storable import check_storable
from lifecycle.transitions import for_person
from tests.catalogued import Catalogued
from tests.factories import LeadFactory, advance, ana, bruna, newest
from tests.pseudo import Catalog, forgotten, spoken
from tests.story import ANA, BEN, BOOK, BRUNA, MONDAY, NOTE, OTTO, SCRIBE, Story, at, contact, move

ROOT = Path(__file__).resolve().parent.parent
WORDS: tuple[Any, ...] = (
    State,
    Provenance,
    Flag,
    Kind,
    Source,
    Channel,
    Direction,
    Outcome,
    Inquiry,
    Group,
    Role,
    Density,
)
ILLEGAL = [(a, b) for a in State for b in State if a != b and not for_person(a, b)]


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    """Everything is said in the language of `tests.pseudo`."""
    with spoken() as catalog:
        yield catalog


# --- labels and explanations --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_every_label_goes_through_the_translator(words: Any, catalog: Catalog) -> None:
    assert [word for word in words if not word.label or forgotten(word.label)] == []
    assert catalog.asked - marked() == set()


@pytest.mark.parametrize("words", [State, Flag], ids=lambda words: words.__name__)
def test_every_meaning_goes_through_the_translator(words: Any, catalog: Catalog) -> None:
    assert [word for word in words if not word.meaning or forgotten(word.meaning)] == []
    assert catalog.asked - marked() == set()


def test_why_a_move_is_not_possible_is_said_in_the_readers_language(catalog: Catalog) -> None:
    said = {(a, b): why_not(a, b) for a, b in ILLEGAL}
    assert {pair: sentence for pair, sentence in said.items() if forgotten(sentence) or "%(" in sentence} == {}
    assert catalog.asked - marked() == set()
    assert said[State.NEW, State.IN_CONTRACT] == (
        "⟦From ⟦New⟧ a lead can go to ⟦⟦Contacting⟧, ⟦⟦Archived⟧ or ⟦Trashed⟧⟧⟧.⟧"
    )


def test_in_english_a_list_reads_as_a_list() -> None:
    assert why_not("NEW", "IN_CONTRACT") == "From New a lead can go to Contacting, Archived or Trashed."
    assert why_not("COMMITTED", "CONTACTING") == "From Committed a lead can go to Qualified or In contract."
    assert why_not("ARCHIVED", "COMMITTED") == "From Archived a lead can go to Contacting."


def test_a_reader_of_spanish_gets_every_label_and_explanation() -> None:
    with translation.override("es"):
        assert all(word.label for words in WORDS for word in words)
        assert all("%(" not in why_not(a, b) for a, b in ILLEGAL)


@pytest.mark.django_db
def test_a_reason_is_translated_until_the_office_changes_its_label() -> None:
    class Spanish(Catalog):
        def gettext(self, message: str) -> str:
            return {"Outbid": "Superada por otra oferta", "Cold feet": "Se echó atrás", "Name": "Nombre"}[message]

    ReasonCode.objects.filter(code="cold_feet").update(label="Got cold feet")
    ReasonCode.objects.filter(code="territory").update(label="Name")
    ReasonCode.objects.exclude(code__in=["outbid", "cold_feet", "territory"]).update(label="Another")
    speak_with(Spanish())
    try:
        book = ReasonCode.book()
        assert book["outbid"].label == "Superada por otra oferta"
        assert book["cold_feet"].label == "Got cold feet"
        assert book["territory"].label == "Name", "a word of ours, but the office's own here"
    finally:
        speak_with(Catalogued())


def test_the_labels_that_a_fresh_office_starts_with_are_marked_for_the_translators(catalog: Catalog) -> None:
    """A label out of the database is no literal, so only its mark in the table shows it to them."""
    assert {r.label for r in SEED} - marked() == set()


# --- refusals -----------------------------------------------------------------------------------------------

MOMENTS = (MONDAY.replace(tzinfo=None), datetime(1850, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
PEOPLE = (ANA, BEN, BRUNA, OTTO, SCRIBE)


def wishes(lead: Story) -> Iterator[Intent]:
    """All that somebody might want of this lead, most of it refused for something."""
    early = lead.facts[0].occurred_at - timedelta(days=1)
    for target in (*State, "WON"):
        yield from (Move(to=target), move(lead.state.status, target), Move(to=target, reason="outbid"))
        yield from (move(lead.state.status, target, occurred_at=moment) for moment in (*MOMENTS, early))
        yield move(lead.state.status, target, words=Words())
        yield move(lead.state.status, target, kind="closing_completed")
        yield move(lead.state.status, target, kind="timed_out_no_response")
        yield move(lead.state.status, target, reason=DUPLICATE_OF)
        yield move(lead.state.status, target, reason="other", words=Words(note="Brief."))
        yield move(lead.state.status, target, closing_date=(lead.now + timedelta(days=9)).date())
    yield from (contact(**{part: "pigeon"}) for part in ("channel", "direction", "outcome"))
    yield from (contact(occurred_at=moment) for moment in (*MOMENTS, early))
    yield from (Assign(to_agent=n, reason=r) for n in (None, 1, 2) for r in ("", "territory", PERFORMANCE, "outbid"))
    yield Assign(to_agent=OTTO.id, reason="territory", gone=OTTO.name)
    yield from (ChangeFlag(flag=f, on=on, reason="") for f in ("dnc", "shy") for on in (True, False))
    yield from (Create(inquiry="phone"), AddNote(), DeclareBreach(), TimeOut(kind="timed_out_no_response"))
    yield TimeOut(kind="timed_out_no_progress")
    yield from (Erase(reason=r, fields=("name",)) for r in ("", "outbid", "erasure_requested"))
    yield Erase(reason="erasure_requested", reference="Dana Ortiz")
    yield Erase(reason="erasure_requested", held=True)
    for fact in lead.facts:
        yield lead.void(fact)
        yield lead.void(fact, reason="")
        yield from (lead.correct(fact, reason) for reason in ("outbid", "", DUPLICATE_OF, PERFORMANCE))
        yield from (lead.correct(fact, reason, Words()) for reason in ("renting_instead", "territory"))
        yield replace(lead.correct(fact, "other"), saw="outbid")


def stories() -> Iterator[Story]:
    yield from (at(status) for status in State)
    yield at(State.QUALIFIED, agent=None)
    yield at(State.NEW).flagged("dnc")
    yield at(State.ARCHIVED).wait(hours=2)
    yield at(State.CONTACTING).moved(State.ARCHIVED).assigned(BEN)
    yield at(State.CONTACTING).moved(State.ARCHIVED).voided()
    forgotten_one = at(State.QUALIFIED)
    forgotten_one.do(Erase(reason="erasure_requested", fields=("name",)), BRUNA)
    yield forgotten_one
    yield at(State.CONTACTING, agent=BEN).assigned(ANA, reason=PERFORMANCE)


def answers(lead: Story) -> Iterator[Callable[[], object]]:
    """Every wish of everybody, as `authority` and `decide` would answer it."""
    state = lead.state
    book = {**BOOK, "not_interested": replace(BOOK["not_interested"], label="⟦Not interested⟧", retired=True)}
    rules = Rules(lead.now, book)
    for wish, who in itertools.product(wishes(lead), PEOPLE):
        yield lambda wish=wish, who=who: judged(who, state, wish, rules)  # type: ignore[misc]
    yield from (lambda who=who: authorise_import(who) for who in PEOPLE)
    elsewhere = replace(state, rules_version=99)
    yield lambda: judged(ANA, elsewhere, AddNote(words=NOTE), rules)
    yield lambda: judged(BRUNA, LeadState(), AddNote(words=NOTE), rules)
    yield lambda: why_not("LIMBO", State.NEW)
    yield lambda: judged(ANA, LeadState(), Create(inquiry="billboard"), rules)
    yield lambda: judged(ANA, LeadState(), Create(inquiry="phone", agent=BEN.id), rules)
    yield lambda: judged(BRUNA, LeadState(), Create(inquiry="phone", agent=OTTO.id, gone=OTTO.name), rules)
    yield from (lambda text=text: check_storable(text, "note", 9) for text in ("x" * 10, "\x00", "\ud800"))


def judged(who: Person | None, state: LeadState, wish: Intent, rules: Rules) -> None:
    authorise(who, state, wish)
    if who is not None or not isinstance(wish, VoidMove | CorrectReason | LogContact):
        decide(state, wish, who, rules)


def refusals() -> Iterator[Refused]:
    for lead in stories():
        for answer in answers(lead):
            try:
                answer()
            except Refused as refused:
                yield refused


@pytest.fixture(scope="module")
def refused() -> tuple[list[Refused], set[str]]:
    """Every refusal of a walk through all that people try, and what the translator was asked for on the way."""
    with spoken() as catalog:
        return list(refusals()), catalog.asked


def test_every_refusal_is_said_in_the_readers_language(refused: tuple[list[Refused], set[str]]) -> None:
    said = {f"{type(r).__name__}: {r.sentence}" for r in refused[0]}
    assert {s for s in said if forgotten(s.partition(": ")[2]) or "%(" in s or not s.partition(": ")[2]} == set()


def test_the_walk_has_heard_every_sentence_that_the_rules_know(refused: tuple[list[Refused], set[str]]) -> None:
    known = {m for path in modules("decide", "authority.py", "storable.py", "explain.py") for m in messages(path)}
    assert known - refused[1] == set()


def test_every_sentence_that_the_walk_has_heard_is_marked_for_the_translators(
    refused: tuple[list[Refused], set[str]],
) -> None:
    assert refused[1] - marked() == set()


@cache
def marked() -> set[str]:
    """What the translators find in the code of the rules and of the people."""
    return {m for path in (*modules("."), ROOT / "leads/models/user.py") for m in messages(path)}


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """The calls of these functions in a piece of code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def modules(*parts: str) -> Iterator[Path]:
    """The modules at these places of `lifecycle`, those in folders included."""
    for part in parts:
        place = ROOT / "lifecycle" / part
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def messages(path: Path) -> Iterator[str]:
    """What a module asks its translator for; of a plural, both forms."""
    for call in calls(ast.parse(path.read_text()), {"gettext", "gettext_noop", "_", "ngettext", "pgettext"}):
        name = ast.unparse(call.func)
        for message in call.args[name == "pgettext" : 2 if name in ("ngettext", "pgettext") else 1]:
            if isinstance(message, ast.Constant):
                yield str(message.value)


def test_no_refusal_is_made_of_bare_english() -> None:
    """Also where no test comes by: what a `Refused` is made of is never a literal."""
    kinds = {c.__name__ for c in subclasses(Refused)} | {"Refused"}
    bare = [
        (path.name, call.lineno, ast.unparse(call))
        for path in (*modules("decide", "authority.py", "storable.py", "service"), ROOT / "leads/models/lead.py")
        for call in calls(ast.parse(path.read_text()), kinds)
        if call.args and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert bare == []


#: They speak to whoever runs Hindsight, on a terminal: commands, checks, imports, proofs.
ON_TERMINALS = {"imported.py", "importing", "verify.py", "proof", "proving.py", "guards", "migrations"}


def test_no_sentence_of_the_rules_lies_about_unmarked() -> None:
    """In a table too, a sentence is either marked or never shown."""
    lying = [
        (path.name, node.lineno, node.value)
        for path in modules(".")
        if not ON_TERMINALS & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and is_sentence(node.value) and node.value not in marked() | docstrings(path)
    ]
    assert lying == []


def is_sentence(value: object) -> bool:
    if not isinstance(value, str) or re.match(r"[A-Z]{2,}\b", value):
        # What begins with a word in capitals is SQL.
        return False
    return bool(re.fullmatch(r"(?s)(?:[A-Z“]|%\().* .*\.", value))


def docstrings(path: Path) -> set[str]:
    """The texts of a module that explain it, and are no words of the product."""
    tree = ast.parse(path.read_text())
    return {str(n.value.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    """Every kind of this kind, theirs too."""
    for child in kind.__subclasses__():
        yield from (child, *subclasses(child))


# --- what is stored, and what Django shows ------------------------------------------------------------------


@pytest.mark.django_db
def test_what_the_log_keeps_does_not_depend_on_who_clicked(catalog: Catalog) -> None:
    """Bruna works in another language; every row reads as if she worked in English."""
    lead = LeadFactory.create(status=State.IN_CONTRACT, agent=ana())
    advance(lead, State.QUALIFIED, actor=bruna())
    (voided,) = advance(lead, State.ARCHIVED, actor=bruna()).events
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.void_move(**common, target=voided.uuid, reason="mis_drag")
    service.set_flag(**common, flag=Flag.DNC, reason="lead_request_phone")
    service.log_contact(**common, channel="call", outcome="spoke", override_reason="They called me.", note="All well.")
    service.change_contact(**common, fields={"headline": "A garden"})
    service.assign_lead(**common, to_agent=None, reason="returned_to_pool")
    service.correct_reason(**common, target=newest(lead).uuid, reason="territory", note="It is the territory.")
    for model in (LeadEvent, EventNote, Lead, ReasonCode):
        assert [row for row in model._default_manager.values() if "⟦" in repr(row)] == []


def test_columns_and_choices_are_named_in_the_readers_language_and_not_once_for_all() -> None:
    models = [m for app in ("leads", "lifecycle") for m in apps.get_app_config(app).get_models() if m is not EventNote]
    # The tables of the board's tally are nobody's to see.
    models = [m for m in models if m._meta.default_permissions]
    fields = [f for m in models for f in m._meta.fields if f.name not in ("id", "uuid")]
    with spoken():
        assert [f for f in fields if forgotten(str(f.verbose_name))] == []
        assert [f for f in fields if forgotten(str(f.help_text))] == []
        assert [m for m in models if forgotten(f"{m._meta.verbose_name}{m._meta.verbose_name_plural}")] == []
        own = [f for f in fields if f.choices and f.name != "language"]
        assert [f for f in own if any(forgotten(str(words)) for _, words in f.flatchoices)] == []
    assert dict(LeadEvent._meta.get_field("kind").flatchoices)["deal_collapsed"] == "Deal collapsed"


def test_every_error_page_speaks_the_readers_language_and_names_it(catalog: Catalog) -> None:
    problems = [p for p in vars(errors).values() if isinstance(p, errors.Problem)]
    assert len(problems) >= 8
    for problem in problems:
        words = problem.words
        assert words["language"] == "qps"
        assert not forgotten(words["title"] + words["sentence"] + words["next_step"]), problem.code
        assert words["sentence"].strip("⟦⟧").split(".")[0] in errors.page(problem).content.decode().replace(
            "&#x27;", "'"
        )


# --- second in line -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_whoever_came_second_is_told_in_their_language_with_every_blank_filled(catalog: Catalog) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    seen = lead.version
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    acts: list[Callable[[], Any]] = [
        lambda: service.add_note(**common, note="I was quicker."),
        lambda: service.set_flag(**common, flag="dnc", reason="legal"),
        lambda: advance(lead, State.COMMITTED, actor=bruna(), now=timezone.now()),
    ]
    said = set()
    for act in acts:
        act()
        with pytest.raises(Refused) as caught:
            service.add_note(lead_id=lead.pk, actor=ana(), source=Source.PAGE, expected_version=seen, note="Hello.")
        said.add(caught.value.sentence)
    with pytest.raises(Refused) as blocked:
        service.set_flag(**common, flag="do_not_call", reason="legal", occurred_at=lead.created_at)
    assert len(said) == 3
    assert {message for message in catalog.asked if "%(" in message} - marked() == set()
    for sentence in (*said, blocked.value.sentence):
        assert not forgotten(sentence) and "%" not in sentence, sentence
