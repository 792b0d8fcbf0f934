"""`backfill_log`: leads that stand in the database without events get their honest beginning."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.management.commands import backfill_log
from leads.models import Lead, User
from lifecycle import guards, service
from lifecycle.errors import Refused
from lifecycle.events import Source
from lifecycle.history import Clock
from lifecycle.history.everyone import standing
from lifecycle.models import LeadEvent
from lifecycle.service.importing import begin_streams
from lifecycle.states import State
from lifecycle.verify import Verdict, verify
from tests.factories import LeadFactory, advance, ana, bruna, otto
from tests.soundness import assert_sound, everything, nothing_written
from tests.test_races import crowd

pytestmark = pytest.mark.django_db

CREATED, ENTERED = (datetime(2024, month, 3, 9, 0, tzinfo=UTC) for month in (2, 5))


@contextmanager
def before_the_guards() -> Iterator[None]:
    """As in a database of the time before the guards, or a dump of an older system."""
    # PostgreSQL alters no table about whose keys it still has to ask.
    connection.check_constraints()
    guards.remove(connection)
    try:
        yield
        connection.check_constraints()
    finally:
        assert guards.install(connection)


def old_leads(*columns: dict[str, Any]) -> list[Lead]:
    """Leads with these columns and no event."""
    with before_the_guards():
        made = [Lead(name=f"Dana {n}", external_key=f"A{n}", **said) for n, said in enumerate(columns, start=1)]
        for lead in made:
            lead.save(force_insert=True)
    return made


def run(**options: Any) -> tuple[int, dict[str, str], str]:
    """Exit code, the summary by its words, and what went to the error stream."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("backfill_log", **{"verbosity": 0, "stdout": out, "stderr": err, **options})
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, dict(line.split(": ", 1) for line in out.getvalue().splitlines() if ": " in line), err.getvalue()


def verdict() -> Verdict:
    *_, last = verify()
    return last


def short(lead: Lead) -> list[tuple[Any, ...]]:
    """Kind, stage or person or flag, when it happened, whether that is about right only."""
    return [
        (e.kind, e.to_status or (e.to_agent and e.to_agent.display_name) or e.flag, e.occurred_at, e.backfilled)
        for e in lead.events.order_by("version").select_related("to_agent")
    ]


# --- what a lead gets -----------------------------------------------------------------------------------------------


def test_what_the_columns_say_is_what_is_known_and_no_more() -> None:
    (lead,) = old_leads(
        {
            "status": "COMMITTED",
            "agent": ana(),
            "dnc": True,
            "do_not_text": True,
            "created_at": CREATED,
            "stage_entered_at": ENTERED,
            "inquiry_source": "portal",
        }
    )
    assert verdict().problems
    began = timezone.now()
    assert run() == (0, {"leads": "1", "events": "5", "refused": "0"}, "")
    assert short(lead) == [
        ("lead_created", "NEW", CREATED, False),
        ("agent_assigned", "Ana Alvarez", CREATED, True),
        ("flag_set", "dnc", CREATED, True),
        ("flag_set", "do_not_text", CREATED, True),
        ("history_imported", "COMMITTED", ENTERED, True),
    ]
    events = list(lead.events.order_by("version"))
    assert all(began <= e.recorded_at <= timezone.now() for e in events)
    assert {(e.source, e.actor, e.batch) for e in events} == {("import", None, events[0].batch)}
    assert [e.reason for e in events] == ["", "not_recorded", "import", "import", ""]
    lead = Lead.objects.get()
    assert (lead.status, lead.agent, lead.dnc, lead.do_not_text, lead.unsubscribed) == (
        "COMMITTED",
        ana(),
        True,
        True,
        False,
    )
    assert (lead.created_at, lead.stage_entered_at, lead.inquiry_source) == (CREATED, ENTERED, "portal")
    assert_sound(lead)


@pytest.mark.parametrize("status", [s.value for s in State])
def test_a_lead_of_any_stage_stands_where_it_stood(status: str) -> None:
    (lead,) = old_leads({"status": status, "created_at": CREATED})
    assert run()[0] == 0
    assert short(lead)[0] == ("lead_created", "NEW", CREATED, False)
    assert len(short(lead)) == (1 if status == State.NEW else 2)
    assert Lead.objects.get().status == status
    assert_sound(lead)
    assert verdict().exit_code == 0


def test_a_lead_without_any_date_enters_at_the_commands_instant() -> None:
    (lead,) = old_leads({"status": "QUALIFIED", "agent": ana()})
    began = timezone.now()
    run()
    (moment,) = {at for _, _, at, _ in short(lead)}
    assert began <= moment <= timezone.now()
    assert all(about for *_, about in short(lead))
    assert Lead.objects.get().provenance == "imported"


def test_a_lead_that_only_has_contact_facts_is_a_new_one() -> None:
    lead = Lead.objects.create(name="Dana", phone="510 555 0123")
    assert run()[1]["events"] == "1"
    assert [fact[:2] for fact in short(lead)] == [("lead_created", "NEW")]
    assert (Lead.objects.get().status, Lead.objects.get().inquiry_source) == ("NEW", "import")


def test_a_lead_of_somebody_who_left_stays_with_them() -> None:
    (lead,) = old_leads({"status": "QUALIFIED", "agent": otto(), "created_at": CREATED})
    run()
    assert Lead.objects.get().agent == otto() and User.objects.count() == 1
    assert_sound(lead)


def test_a_stage_that_was_entered_before_the_lead_came_in_was_entered_then() -> None:
    (lead,) = old_leads({"status": "QUALIFIED", "created_at": ENTERED, "stage_entered_at": CREATED})
    run()
    assert {at for _, _, at, _ in short(lead)} == {ENTERED}
    assert Lead.objects.get().stage_entered_at == ENTERED


def test_afterwards_the_log_is_sound_and_a_rebuild_changes_nothing() -> None:
    broken = {"attempts": 9, "provenance": "fresh", "last_contact_at": ENTERED, "sla_breached": True}
    leads = old_leads(
        {"status": "QUALIFIED", "agent": ana(), "created_at": CREATED, **broken},
        {"status": "TRASHED", "unsubscribed": True},
        {},
    )
    LeadFactory.create(status=State.IN_CONTRACT, agent=ana())
    assert run()[0] == 0
    assert verdict().exit_code == 0 and verdict().leads == 4
    out = io.StringIO()
    with nothing_written():
        call_command("rebuild_cache", verbosity=0, stdout=out)
    assert "changed: 0" in out.getvalue()
    for lead in leads:
        assert_sound(lead)


def test_people_go_on_with_such_a_lead_and_the_past_board_has_it() -> None:
    (lead,) = old_leads({"status": "QUALIFIED", "agent": ana(), "created_at": CREATED, "stage_entered_at": ENTERED})
    with pytest.raises(Refused):
        advance(lead, State.COMMITTED, actor=ana())
    run()
    advance(lead, State.COMMITTED, actor=ana())
    board = standing(ENTERED + timedelta(days=1), Clock.HAPPENED, Lead.objects.all())
    assert list(board.values_list("status", flat=True)) == ["QUALIFIED"]
    assert list(standing(ENTERED, Clock.KNOWN, Lead.objects.all()).values_list("pk")) == []
    assert verdict().exit_code == 0


# --- again, in pieces, and not at all -------------------------------------------------------------------------------


def test_run_again_it_finds_nothing_to_do_and_leaves_others_alone() -> None:
    LeadFactory.create(status=State.COMMITTED, agent=ana())
    old_leads({"status": "QUALIFIED", "created_at": CREATED})
    assert run()[1]["leads"] == "1"
    with nothing_written():
        assert run() == (0, {"leads": "0", "events": "0", "refused": "0"}, "")


def test_a_dry_run_says_what_would_be_and_keeps_nothing() -> None:
    old_leads({"status": "QUALIFIED", "created_at": CREATED, "agent": ana()}, {"status": "HOT"})
    with nothing_written():
        code, summary, err = run(dry_run=True)
    assert (code, summary["leads"], summary["events"], summary["refused"]) == (1, "1", "3", "1")
    assert "A2: “HOT” is not one of our stages." in err
    assert run()[1] == summary


def test_broken_off_in_the_middle_it_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_log, "AT_ONCE", 2)
    old_leads(*[{"status": "QUALIFIED", "created_at": CREATED}] * 5)
    calls = []

    def killed(*args: Any, **said: Any) -> Any:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return begin_streams(*args, **said)

    monkeypatch.setattr(backfill_log, "begin_streams", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert Lead.objects.filter(version=2).count() == 2
    assert run()[1] == {"leads": "3", "events": "6", "refused": "0"}
    assert verdict().exit_code == 0


def test_the_same_lead_gets_the_same_facts_from_the_same_source_only() -> None:
    (lead,) = old_leads({"status": "QUALIFIED", "created_at": CREATED})

    def names(source: str) -> list[Any]:
        with transaction.atomic():
            run(source=source)
            seen = list(lead.events.order_by("version").values_list("uuid", flat=True))
            transaction.set_rollback(True)
        return seen

    assert names("old system") == names("old system") != names("another system")


def test_what_cannot_be_is_refused_with_a_sentence_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_log, "AT_ONCE", 1)
    lost = LeadFactory.create(agent=ana())
    with before_the_guards():
        Lead.objects.filter(pk=lost.pk).update(version=0)
    *_, good = old_leads(
        {"status": "Qualified"},
        {"status": "QUALIFIED", "created_at": timezone.now() + timedelta(days=9)},
        {"status": "QUALIFIED", "created_at": CREATED},
    )
    before = everything()
    code, summary, err = run()
    assert (code, summary) == (1, {"leads": "1", "events": "2", "refused": "3"})
    assert err.splitlines() == [
        f"L-{lost.pk}: Its columns and its events disagree. Ask verify_log what is wrong.",
        "A1: “Qualified” is not one of our stages.",
        "A2: occurred_at lies in the future.",
    ]
    assert_sound(good)
    after = everything()
    assert [row for row in before["Lead"] if row not in after["Lead"]] == [
        row for row in before["Lead"] if row[0] == good.pk
    ]


def test_the_summary_and_the_exit_code_are_for_people_and_scripts() -> None:
    with pytest.raises(CommandError, match="1 to 60 characters") as refused:
        run(source="x" * 61)
    assert refused.value.returncode == 2
    assert run()[1] == {"leads": "0", "events": "0", "refused": "0"}


def test_questions_do_not_grow_with_the_leads() -> None:
    old_leads(*[{"status": "QUALIFIED", "created_at": CREATED, "agent": ana()}] * 40)
    with CaptureQueriesContext(connection) as asked:
        run()
    assert len(asked) < 25


@pytest.mark.django_db(transaction=True)
def test_two_who_run_it_at_once_begin_each_lead_once() -> None:
    leads = old_leads(*[{"status": "QUALIFIED", "created_at": CREATED}] * 12)
    ids = [lead.pk for lead in leads]
    batch = LeadFactory.build().uuid
    with crowd(3) as three:
        answers = three.all_at_once(lambda n: begin_streams(ids, source="old", now=timezone.now(), batch=batch))
    assert sorted((a.leads, a.known) for a in answers) == [(0, 12), (0, 12), (12, 0)]
    assert LeadEvent.objects.count() == 24
    assert verdict().exit_code == 0


@pytest.mark.django_db(transaction=True)
def test_a_colleague_who_edits_such_a_lead_meanwhile_is_not_undone() -> None:
    (lead,) = old_leads({"status": "QUALIFIED", "created_at": CREATED})
    broker = bruna()

    def act(n: int) -> Any:
        if n:
            return begin_streams([lead.pk], source="old", now=timezone.now(), batch=lead.uuid)
        return service.change_contact(
            lead_id=lead.pk, fields={"name": "Dana Ortiz"}, actor=broker, source=Source.PAGE.value
        )

    with crowd(2) as two:
        edited, begun = two.all_at_once(act)
    assert begun.leads + begun.known == 1
    assert isinstance(edited, Refused) or Lead.objects.get().name == "Dana Ortiz"
    assert_sound(lead)
