"""The board's counts: those of a plain count whatever happened, however old the tally is, and with no tally at all."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leads.board import counting
from leads.board.picture import Picture
from leads.models import Lead, User
from lifecycle import tally
from lifecycle.events import Source
from lifecycle.models import LeadEvent, Tally, TallyMark, TallyPlace
from lifecycle.service import assign_lead, bulk, tally_rows, tallying
from lifecycle.states import State
from lifecycle.verify import Problem, verify
from tests.factories import RE_ENGAGED, LeadFactory, advance, ana, ben, bruna
from tests.many import many_leads
from tests.past_stories import Office
from tests.tallies import LONG_AGO, at, both
from tests.test_board import as_user

pytestmark = pytest.mark.django_db

EVERYTHING = QueryDict()


def upto() -> int | None:
    return TallyMark.objects.values_list("upto", flat=True).get()


def newest() -> int:
    return LeadEvent.objects.latest("id").pk


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens inside is undone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def shown(user: User, query: str = "") -> dict[str, tuple[int, str, list[tuple[str, str]]]]:
    """Of each column what stands over it: how many leads, how many of them stale, the parts of the bar."""
    picture = Picture(user, QueryDict(query))
    return {c.state: (c.count, c.stale, [(m.label, m.count) for m in c.mix]) for c in picture.columns(list(State))}


# ---- exact


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
@example(seed=3)
def test_the_counts_are_those_of_a_plain_count_whatever_happened(seed: int) -> None:
    with forgotten():
        office = Office(seed)
        people = [ana().pk, ben().pk, bruna().pk]
        tallying.move_on()
        for _ in range(6):
            office.live(8)
            if office.chance.random() < 0.4:
                tallying.move_on()
            for ago in (timedelta(0), timedelta(days=1), timedelta(days=20, minutes=7)):
                for holders in (None, [people[0], 0], [people[1]], [0], []):
                    told, so = both(at(office.now - ago), holders)
                    assert told == so
            assert tally.drifted() == 0


def test_the_mark_is_the_newest_fact_and_nothing_is_left_to_look_up() -> None:
    LeadFactory.create(agent=ana())
    assert tallying.move_on()
    assert upto() == newest()
    assert tally.counted(at(LONG_AGO), most=0) is not None


def test_a_lead_that_came_back_by_another_way_is_counted_there_at_once() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    tallying.move_on()
    for to in (State.QUALIFIED, State.ARCHIVED, State.CONTACTING, State.QUALIFIED):
        advance(lead, to, **(RE_ENGAGED if to == State.CONTACTING else {}))
        told, so = both(at(timezone.now()))
        assert told == so
    assert told.leads == {("QUALIFIED", "re_engaged"): 1}


def test_a_batch_of_hand_overs_is_counted_at_once() -> None:
    leads = many_leads(12, [ana(), None])
    tallying.move_on()
    wishes = [bulk.Wish(lead.pk, lead.version, ben().pk) for lead in leads[:8]]
    batch = bulk.begin(uuid=uuid4(), actor=bruna(), wishes=wishes, reason="workload_balance")
    bulk.carry_on(uuid=batch.uuid, actor=bruna())
    for holders in ([ana().pk], [ben().pk], [0]):
        told, so = both(at(timezone.now()), holders)
        assert told == so
    assert tally.counted(at(LONG_AGO), [ben().pk]).leads == {("QUALIFIED", "imported"): 8}  # type: ignore[union-attr]


def test_a_mark_that_is_too_old_by_many_facts_still_counts_right() -> None:
    """A lead is taken off where the tally has it, so facts that it has already do no harm."""
    LeadFactory.create(status=State.QUALIFIED, agent=ana())
    LeadFactory.create(status=State.CLOSED, agent=ben())
    tallying.move_on()
    TallyMark.objects.update(upto=0)
    told, so = both(at(timezone.now()))
    assert told == so


# ---- without


def test_without_a_tally_the_board_counts_itself() -> None:
    LeadFactory.create(status=State.QUALIFIED, agent=ana())
    assert tally.counted(at(LONG_AGO)) is None
    assert shown(bruna())[State.QUALIFIED][0] == 1


def test_when_too_much_came_since_the_board_counts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    tallying.move_on()
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    facts = LeadEvent.objects.filter(lead=lead).count()
    assert tally.counted(at(LONG_AGO), most=facts) is not None
    assert tally.counted(at(LONG_AGO), most=facts - 1) is None
    monkeypatch.setattr(counting, "counted", lambda *asked: None)
    assert shown(bruna())[State.QUALIFIED][0] == 1


QUERIES = [
    "",
    "mine=true",
    "agent=pool",
    "agent={ben}",
    "mine=true&agent={ben}",
    "stale=true",
    "provenance=fresh",
    "q=Dana",
    "agent={ben}&flag=any",
    "came=month",
    "agent=nonsense",
]


def test_every_board_says_the_same_with_the_tally_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    months_ago = timezone.now() - timedelta(days=100)
    for agent in (ana(), ben(), None):
        for status in (State.NEW, State.QUALIFIED, State.ARCHIVED):
            LeadFactory.create(status=status, agent=agent)
            LeadFactory.create(status=status, agent=agent, begun=months_ago)
    tallying.move_on()
    assign_lead(
        lead_id=Lead.objects.filter(agent=None).latest("pk").pk,
        to_agent=ben(),
        reason="workload_balance",
        actor=bruna(),
        source=Source.PAGE,
    )
    asked = [(user, query.format(ben=ben().pk)) for user in (ana(), ben(), bruna()) for query in QUERIES]
    with_tally = [shown(*one) for one in asked]
    assert with_tally[-len(QUERIES)][State.QUALIFIED][:2] == (6, "3 stale")
    monkeypatch.setattr(counting, "counted", lambda *asked: None)
    assert with_tally == [shown(*one) for one in asked]


def test_the_page_behind_the_drawn_cards_knows_how_many_are_left() -> None:
    many_leads(60, [ana()])
    tallying.move_on()
    column = Picture(bruna(), EVERYTHING).columns([State.QUALIFIED])[0]
    assert (column.count, len(column.cards), column.rest) == (60, 25, 25)


# ---- how much it costs


def statements(act: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        act()
    return [q["sql"] for q in seen.captured_queries]


def test_the_board_asks_as_many_statements_for_many_leads_as_for_few_and_counts_in_one() -> None:
    client = as_user(bruna())
    for state in State:
        LeadFactory.create(status=state, agent=ana())
    tallying.move_on()
    client.get("/")
    few = statements(lambda: client.get("/"))
    for n in range(24):
        LeadFactory.create(status=list(State)[n % 8], agent=ben())
    behind = statements(lambda: client.get("/"))
    tallying.move_on()
    many = statements(lambda: client.get("/"))
    assert len(few) == len(behind) == len(many)
    assert len([sql for sql in many if sql.startswith("WITH since")]) == 1


def test_nothing_is_read_along_the_whole_log_or_all_leads() -> None:
    many_leads(40, [ana(), None], list(State))
    tallying.move_on()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if connection.vendor == "postgresql":
        # So few rows are read at one go whatever indexes there are.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    (sql,) = statements(lambda: tally.counted(at(timezone.now())))
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql.replace("%", "%%"))
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    for table in ("lifecycle_leadevent", "leads_lead", "lifecycle_tallyplace"):
        assert not re.search(rf"(Seq Scan on|SCAN) {table}\b", plan), plan


# ---- moving on, making anew


def test_what_came_since_is_taken_in_by_the_minutes_round() -> None:
    LeadFactory.create(agent=ana())
    call_command("run_due", stdout=io.StringIO())
    assert upto() == newest()
    LeadFactory.create(agent=ana())
    assert upto() != newest()
    call_command("run_due", stdout=io.StringIO())
    assert upto() == newest()
    assert tally.drifted() == 0


def test_it_is_moved_on_a_piece_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallying, "_FACTS", 3)
    tallying.move_on()
    many_leads(10, [ana(), None], list(State))
    TallyMark.objects.update(upto=0)
    pieces = [s for s in statements(lambda: tallying.move_on()) if s.startswith("UPDATE") and "tallymark" in s]
    assert len(pieces) == -(-LeadEvent.objects.count() // 3)
    assert upto() == newest()
    assert tally.drifted() == 0


def test_what_a_fact_does_not_move_is_not_written() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    tallying.move_on()
    advance(lead, State.ARCHIVED)
    advance(lead, State.CONTACTING, **RE_ENGAGED)
    TallyMark.objects.update(upto=0)
    tallying.move_on()
    TallyMark.objects.update(upto=0)
    assert not [s for s in statements(lambda: tallying.move_on()) if s.startswith("INSERT")]


def test_making_it_breaks_off_in_the_middle_and_is_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallying, "_LEADS", 4)
    leads = many_leads(14, [ana(), None], list(State))
    whole, steps = tally_rows.write_places, []

    def torn(after: int, end: int | None) -> None:
        steps.append(after)
        if len(steps) == 3:
            raise ZeroDivisionError("Somebody pulled the plug.")
        whole(after, end)

    monkeypatch.setattr(tally_rows, "write_places", torn)
    with pytest.raises(ZeroDivisionError):
        tallying.move_on()
    assert tally.counted(at(LONG_AGO)) is None
    assert TallyPlace.objects.count() == 8
    # One whose place is written down already goes elsewhere meanwhile, and a new one comes in.
    advance(next(lead for lead in leads if lead.status == State.QUALIFIED), State.ARCHIVED)
    LeadFactory.create(agent=ben())
    assert tallying.move_on()
    told, so = both(at(timezone.now()))
    assert told == so
    assert steps[3:] == sorted(steps[3:]) and steps[3] == steps[2]
    assert tally.drifted() == 0


def test_made_anew_it_begins_from_the_first_lead_even_when_it_was_half_made(monkeypatch: pytest.MonkeyPatch) -> None:
    many_leads(6, [ana(), None], list(State))
    tallying.move_on()
    TallyPlace.objects.all().delete()
    # Somebody was at it, and had come nearly to the end.
    TallyMark.objects.update(upto=None, begun_at=newest(), done_to=Lead.objects.latest("pk").pk)
    assert tallying.make_anew()
    assert tally.drifted() == 0 and TallyPlace.objects.count() == 6


def test_far_behind_it_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    tallying.move_on()
    many_leads(10, [ana(), None], list(State))
    monkeypatch.setattr(tallying, "_FAR", 5)
    made = statements(lambda: tallying.move_on())
    assert any("INSERT INTO lifecycle_tallyplace" in s and "SELECT" in s for s in made)
    assert upto() == newest()
    assert tally.drifted() == 0


def test_a_tally_of_another_log_is_made_anew() -> None:
    LeadFactory.create(agent=ana())
    tallying.move_on()
    TallyMark.objects.update(upto=newest() + 1000)
    tallying.move_on()
    assert upto() == newest()


# ---- is it right?


def problems() -> list[str]:
    """What is wrong; it speaks of the whole log, and of no lead and no version."""
    *_, verdict = verify()
    assert all(p == Problem("", 0, p.what) for p in verdict.problems)
    return [p.what for p in verdict.problems]


def test_verify_log_finds_a_sum_and_a_place_that_are_wrong_and_rebuilding_mends_them() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    LeadFactory.create(status=State.CLOSED, agent=ben())
    assert problems() == []
    tallying.move_on()
    assert problems() == []
    Tally.objects.filter(status="CLOSED").update(leads=2)
    assert problems() == ["the tally of the board differs from the leads in 1 places"]
    call_command("rebuild_cache", verbosity=0, stdout=io.StringIO())
    assert problems() == []
    TallyPlace.objects.filter(lead=lead.pk).update(holder=ben().pk)
    assert problems() == ["the tally of the board differs from the leads in 1 places"]
    call_command("rebuild_cache", verbosity=0, stdout=io.StringIO())
    assert problems() == []


def test_a_column_that_was_mended_without_a_fact_is_counted_anew() -> None:
    LeadFactory.create(status=State.QUALIFIED, agent=ana())
    Lead.objects.update(provenance="re_engaged")
    tallying.move_on()
    call_command("rebuild_cache", verbosity=0, stdout=io.StringIO())
    told, so = both(at(LONG_AGO))
    assert told == so == tally.Counted({("QUALIFIED", "fresh"): 1})


MAPPING = {
    "columns": {"ID": "key", "Name": "name", "Stage": "status"},
    "statuses": {"new": "NEW", "hot": "QUALIFIED", "won": "CLOSED"},
}


def test_after_an_import_and_after_taking_it_back_nothing_is_left_to_look_up(tmp_path: Path) -> None:
    export, mapping = tmp_path / "old.csv", tmp_path / "mapping.json"
    export.write_text("ID,Name,Stage\n1,Dana,hot\n2,Noor,won\n3,Lee,new\n")
    mapping.write_text(json.dumps(MAPPING))
    out = io.StringIO()
    call_command("import_leads", export, mapping=mapping, verbosity=0, stdout=out)
    assert upto() == newest()
    told, so = both(at(timezone.now()))
    assert told == so and sum(told.leads.values()) == 3
    (name,) = re.findall(r"^import: (.*)$", out.getvalue(), re.M)
    call_command("undo_import", name, stdout=io.StringIO(), stderr=io.StringIO())
    assert upto() == newest()
    assert tally.counted(at(LONG_AGO)) == tally.Counted({("TRASHED", ""): 3})


def test_after_another_systems_history_came_in_nothing_is_left_to_look_up(tmp_path: Path) -> None:
    history = tmp_path / "history.csv"
    history.write_text(
        "lead_key,occurred_at,actor,kind,from_state,to_state,reason,note,from_owner,to_owner,seq\n"
        "A-1,2026-01-05T10:00:00Z,system,lead_created,,NEW,,,,,1\n"
        "A-1,2026-01-06T10:00:00Z,system,state_changed,NEW,TRASHED,,,,,2\n"
    )
    call_command("import_history", history, verbosity=0, stdout=io.StringIO())
    assert upto() == newest()
    assert tally.counted(at(LONG_AGO)) == tally.Counted({("TRASHED", ""): 1})
