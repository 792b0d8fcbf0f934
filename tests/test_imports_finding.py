"""Is the lead of a row here already? By its key, by e-mail and phone, by name and address; and twice in one file."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.imports.finding import Found, find
from leads.imports.seen import Seen
from leads.models import Import, ImportedRow, Lead, Outcome
from lifecycle.backfill import Snapshot, backfill
from lifecycle.service.importing import Again, Stream, import_streams, take_up, withdraw
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna
from tests.many import many_leads

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Row:
    """A row of a file, understood."""

    line: int
    key: str = ""
    contact: dict[str, str] = field(default_factory=dict)


def row(line: int, key: str = "", **contact: str) -> Row:
    """A row with these contact facts, as they are typed; the name is Dana unless said."""
    return Row(line, key, Lead.cleaned_contact({"name": "Dana Ortiz", **contact}))


def lead_of(source: str, key: str, batch: Any = None, status: str = "QUALIFIED", **contact: str) -> Lead:
    """A lead that an import brought; nobody holds it."""
    lead = Lead(external_source=source, external_key=key, **Lead.cleaned_contact({"name": "Dana Ortiz", **contact}))
    now = timezone.now()
    told = backfill(source, key, Snapshot(line=2, status=status, created_at=now - timedelta(days=9)), now=now)
    assert import_streams([Stream(lead, told)], lambda names: {}, now=now, batch=batch or uuid4()).refused == []
    lead.refresh_from_db()
    return lead


def one(found: Found) -> tuple[Lead | None, str, int]:
    """The only duplicate there is: the lead, what is the same, how many more."""
    (duplicate,) = found.duplicates.values()
    return duplicate.lead, duplicate.by, duplicate.more


# --- the key in the old system --------------------------------------------------------------------------------------


def test_a_lead_is_known_by_its_key_in_the_same_system_alone() -> None:
    lead = lead_of("zoho", "A1")
    lead_of("hubspot", "A2")
    found = find([row(2, "A1"), row(3, "A2"), row(4, "a1"), row(5)], "zoho")
    assert found.known == {2: lead}
    assert not found.withdrawn and not found.duplicates and not found.refused


def test_a_known_lead_is_nobodys_duplicate_and_needs_no_more_questions() -> None:
    lead = lead_of("zoho", "A1", email="dana@example.com")
    LeadFactory.create(email="dana@example.com")
    found = find([row(2, "A1", email="dana@example.com")], "zoho")
    assert found.known == {2: lead} and found.duplicates == {}


def test_a_withdrawn_lead_is_told_apart_and_is_nobodys_duplicate() -> None:
    batch = uuid4()
    lead = lead_of("zoho", "A1", batch, email="dana@example.com")
    withdraw(lead_ids=[lead.pk], batch=batch, actor=bruna(), now=timezone.now())
    found = find([row(2, "A1", email="dana@example.com"), row(3, "B1", email="dana@example.com")], "zoho")
    assert (found.withdrawn, found.known, found.duplicates) == ({2: lead}, {}, {})


def test_a_withdrawn_lead_that_somebody_entered_by_hand_meanwhile_is_withdrawn_and_a_duplicate() -> None:
    batch = uuid4()
    lead = lead_of("zoho", "A1", batch, email="dana@example.com")
    withdraw(lead_ids=[lead.pk], batch=batch, actor=bruna(), now=timezone.now())
    entered = LeadFactory.create(email="dana@example.com")
    found = find([row(2, "A1", email="dana@example.com")], "zoho")
    assert found.withdrawn == {2: lead} and one(found) == (entered, "email", 0)


def test_a_lead_that_was_taken_up_again_is_known() -> None:
    batch = uuid4()
    lead = lead_of("zoho", "A1", batch)
    withdraw(lead_ids=[lead.pk], batch=batch, actor=bruna(), now=timezone.now())
    again = Again(lead, "zoho", "A1", Snapshot(line=2, status="QUALIFIED"))
    take_up([again], lambda names: {}, batch=uuid4(), actor=bruna(), now=timezone.now())
    assert find([row(2, "A1")], "zoho").known == {2: lead}


def test_a_trashed_lead_is_known_and_not_withdrawn() -> None:
    lead = lead_of("zoho", "A1", status="NEW")
    advance(lead, State.TRASHED)
    assert find([row(2, "A1")], "zoho").known == {2: lead}


# --- the same person ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ({"email": " DANA@Example.com"}, "email"),
        ({"phone": "(510) 555-0123"}, "phone"),
        ({"phone": "+1 510.555.0123", "email": "dana@example.com"}, "both"),
        ({"name": "WHITFIELD, dana", "address": "12 north Main Street, Apt. 4"}, "address"),
    ],
)
def test_the_same_person_written_another_way_is_found(typed: dict[str, str], by: str) -> None:
    lead = LeadFactory.create(
        name="Dana Whitfield", email="dana@example.com", phone="510-555-0123", address="12 N. Main St #4", agent=ana()
    )
    assert one(find([row(2, **typed)], "zoho")) == (lead, by, 0)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Dana Whitfield", "email": "other@example.com"},
        {"name": "Dana Whitfield", "address": "14 Main St"},
        {"name": "Ben Whitfield", "address": "12 Main St"},
        {"name": "Dana Whitfield", "address": "Oakland, CA 94577"},
        {"name": "Dana Whitfield", "phone": "not given"},
    ],
)
def test_a_name_alone_or_an_address_alone_tells_nobody(typed: dict[str, str]) -> None:
    LeadFactory.create(name="Dana Whitfield", address="12 Main St", email="", phone="+1 510 555 0123")
    LeadFactory.create(name="Dana Whitfield", address="Oakland, CA 94577", email="", phone="+1 510 555 0124")
    assert find([row(2, **typed)], "zoho").duplicates == {}


def test_the_best_of_several_is_said_and_how_many_more_fit() -> None:
    same = {"email": "dana@example.com", "phone": "+1 510 555 0123"}
    both = LeadFactory.create(**same, status=State.ARCHIVED)
    old = LeadFactory.create(email=same["email"], phone="")
    new = LeadFactory.create(email="", phone=same["phone"])
    LeadFactory.create(email=same["email"], phone="", status=State.TRASHED)
    assert one(find([row(2, **same)], "zoho")) == (both, "both", 3)
    assert one(find([row(2, email=same["email"])], "zoho")) == (old, "email", 2)
    assert one(find([row(2, phone=same["phone"])], "zoho")) == (new, "phone", 1)


def test_an_email_says_more_than_a_name_and_an_address() -> None:
    mailed = LeadFactory.create(email="dana@example.com", status=State.ARCHIVED)
    LeadFactory.create(name="Dana Ortiz", address="12 Main St")
    assert one(find([row(2, email="dana@example.com", address="12 Main St")], "zoho")) == (mailed, "email", 1)


def test_a_placeholder_that_hundreds_bear_finds_the_newest_on_the_board() -> None:
    leads = many_leads(60, [None], [State.QUALIFIED, State.ARCHIVED])
    Lead.objects.update(email="none@example.com", email_normalised="none@example.com")
    on_board = [lead for lead in leads if lead.status == State.QUALIFIED]
    lead, by, more = one(find([row(2, email="none@example.com")], "zoho"))
    assert (lead, by, more) == (on_board[-1], "email", 19)


def test_the_sentence_says_who_why_where_it_stands_and_with_whom() -> None:
    LeadFactory.create(name="Dana Whitfield", email="dana@example.com", phone="", agent=ana(), status=State.IN_CONTRACT)
    LeadFactory.create(name="Joe Kim", email="", phone="+1 510 555 0123")
    LeadFactory.create(name="Kim Joe", email="", phone="+1 510 555 0123", status=State.ARCHIVED, agent=ben())
    found = find([row(2, email="dana@example.com"), row(3, phone="5105550123")], "zoho")
    assert found.duplicates[2].sentence == "Same e-mail as Dana Whitfield (In contract, with Ana Alvarez)."
    assert found.duplicates[3].sentence == "Same phone as Joe Kim (New, in the pool). 1 more lead fits."


def test_a_lead_without_any_event_stands_nowhere_and_is_no_duplicate() -> None:
    Lead.objects.create(name="Dana", email="dana@example.com")
    assert find([row(2, email="dana@example.com")], "zoho").duplicates == {}


# --- twice in one file ----------------------------------------------------------------------------------------------


def test_the_second_row_with_a_key_is_refused_with_the_line_of_the_first() -> None:
    found = find([row(2, "A1"), row(3), row(4, "A1", email="dana@example.com"), row(5)], "zoho", Seen())
    assert found.refused == {4: "The key “A1” stands on line 2 already."}


def test_the_very_same_row_without_a_key_is_refused_without_showing_a_made_up_key() -> None:
    made_up = "row-0123456789abcdef"
    found = find([row(2, made_up), row(3, made_up)], "zoho", Seen())
    assert found.refused == {3: "The very same row stands on line 2 already."}


def test_it_is_refused_as_well_when_the_first_came_in_chunks_ago_and_is_a_lead_now() -> None:
    seen = Seen()
    find([row(2, "A1", email="dana@example.com")], "zoho", seen)
    lead_of("zoho", "A1", email="dana@example.com")
    found = find([row(402, "A1", email="dana@example.com")], "zoho", seen)
    assert found.refused == {402: "The key “A1” stands on line 2 already."}
    assert not found.known and not found.duplicates


def test_a_run_that_is_carried_on_knows_from_the_database_which_line_a_lead_came_from() -> None:
    made = Import.objects.create(source="zoho", made_at=timezone.now(), line_done=400)
    lead, other = lead_of("zoho", "A1"), lead_of("zoho", "B1")
    ImportedRow.objects.create(of=made, line=7, lead=lead, outcome=Outcome.CREATED.value)
    # A row that was skipped for being like this lead is not the lead's own.
    ImportedRow.objects.create(of=made, line=8, lead=other, outcome=Outcome.SKIPPED.value)
    found = find([row(402, "A1"), row(403, "B1")], "zoho", Seen(made))
    assert found.refused == {402: "The key “A1” stands on line 7 already."}
    assert found.known == {403: other}


def test_a_chunk_that_is_tried_once_more_refuses_nothing() -> None:
    seen, chunk = Seen(), [row(2, "A1", email="dana@example.com"), row(3, "B1", phone="5105550123")]
    find(chunk, "zoho", seen)
    found = find(chunk, "zoho", seen)
    assert not found.refused and not found.duplicates


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "dana@example.com", "phone": "5105550123"}, "Same e-mail and phone as line 2 of this file."),
        ({"email": "Dana@Example.com"}, "Same e-mail as line 2 of this file."),
        ({"phone": "+1 510 555 0123"}, "Same phone as line 2 of this file."),
        ({"name": "ortiz, DANA", "address": "1 main st."}, "Same name and address as line 2 of this file."),
    ],
)
def test_the_same_person_twice_in_a_file_is_a_duplicate(typed: dict[str, str], sentence: str) -> None:
    first = row(2, "A1", email="dana@example.com", phone="(510) 555-0123", address="1 Main Street")
    (duplicate,) = find([first, row(3, "A2", **typed)], "zoho", Seen()).duplicates.values()
    assert (duplicate.lead, duplicate.line, duplicate.sentence) == (None, 2, sentence)


def test_a_lead_that_stands_here_is_named_before_a_line_of_the_file() -> None:
    lead = LeadFactory.create(email="dana@example.com")
    found = find([row(2, email="dana@example.com"), row(3, email="dana@example.com")], "zoho", Seen())
    assert [found.duplicates[line].lead for line in (2, 3)] == [lead, lead]


def test_a_row_that_was_refused_after_all_stands_in_nobodys_way() -> None:
    seen, first = Seen(), row(2, "A1", email="dana@example.com")
    find([first], "zoho", seen)
    seen.forget(first)
    found = find([row(500, "A1", email="dana@example.com")], "zoho", seen)
    assert not found.refused and not found.duplicates


def test_many_rows_are_remembered_each_with_its_line() -> None:
    seen = Seen()
    rows = {n: {"key": f"K{n}", "email": f"d{n}@example.com"} for n in range(2, 5002)}
    for line, facts in rows.items():
        seen.remember(line, facts)
    assert all(seen.line_of_key(9999, facts) == line for line, facts in rows.items())
    assert all(seen.line_of_person(9999, facts) == (line, "email") for line, facts in rows.items())
    assert seen.line_of_key(9999, {"key": "K1"}) == 0


# --- what it costs --------------------------------------------------------------------------------------------------


def test_a_chunk_of_four_hundred_asks_as_often_as_one_of_three() -> None:
    known = many_leads(40, [ana(), None])
    for n in range(20):
        LeadFactory.create(email=f"twin{n}@example.com", address=f"{n} Main St", name="Dana Ortiz")
    lead = known[0]
    batch = lead.events.order_by("-version")[0].batch
    assert batch is not None
    withdraw(lead_ids=[lead.pk], batch=batch, actor=bruna(), now=timezone.now())
    made = Import.objects.create(source="many", made_at=timezone.now(), line_done=1)

    def rows(n: int) -> list[Row]:
        return [
            row(k, known[k].external_key if k < 40 else f"K{k}", email=f"twin{k % 20}@example.com",
                phone=f"+1510555{k:04}", address=f"{k % 20} Main Street")
            for k in range(n)
        ]  # fmt: skip

    counts = []
    for n in (3, 400):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = find([*rows(n), row(9000, email="twin3@example.com")], "many", Seen(made))
        counts.append(len(asked))
    assert len(found.known) == 39 and len(found.withdrawn) == 1 and len(found.duplicates) == 362
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    ("facts", "index"),
    [
        ({"email": "dana@example.com"}, "lead_email"),
        ({"phone": "+15105550123"}, "lead_phone"),
        ({"address": "1 Main St"}, "lead_address"),
    ],
)
def test_no_question_reads_every_lead(facts: dict[str, str], index: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        find([row(2, "A1", **facts)], "zoho")
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN '}{query['sql']}")
            plans.append(str(cursor.fetchall()))
    assert any("lead_external_key" in plan or "lead_key" in plan for plan in plans)
    assert any(index in plan for plan in plans)
    assert not any("Seq Scan on leads_lead" in plan or "SCAN leads_lead" in plan for plan in plans)
