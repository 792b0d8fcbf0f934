"""`import_history`: another system's history comes in as real facts, a lead whole or not at all."""

import contextlib
import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from leads.history import reader
from leads.models import Lead, User
from lifecycle.models import EventNote, LeadEvent, OfficeSettings
from lifecycle.reports.scope import Scope
from tests import factories
from tests.plain_stays import says_what_pandas_says

pytestmark = pytest.mark.django_db(transaction=True)

COLUMNS = (*reader.COLUMNS, "synthetic")
Write = Callable[..., Path]


def row(key: str, seq: int, kind: str, at: str = "", **cells: str) -> dict[str, str]:
    """One row, a minute after the one before unless a time is given."""
    return {"lead_key": key, "seq": str(seq), "kind": kind, "occurred_at": at or f"2024-03-01T10:{seq:02}:00Z", **cells}


def created(key: str, **cells: str) -> dict[str, str]:
    return row(key, 1, "lead_created", to_state="NEW", **cells)


def moved(key: str, seq: int, from_state: str, to_state: str, **cells: str) -> dict[str, str]:
    return row(key, seq, "state_changed", from_state=from_state, to_state=to_state, **cells)


@pytest.fixture
def history(tmp_path: Path) -> Write:
    """Writes rows to a file of the old system's export and gives its path."""

    def write(*rows: dict[str, str], name: str = "old.csv") -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        data = text.getvalue().encode("utf-8", "surrogateescape")
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


def run(path: Path, **options: Any) -> tuple[int, dict[str, str], str]:
    """Exit code, the summary by its words, and what went to the error stream."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_history", path, source="old", verbosity=0, stdout=out, stderr=err, **options)
    except SystemExit as stop:
        code = int(str(stop.code))
    summary = dict(line.split(": ", 1) for line in out.getvalue().splitlines() if ": " in line)
    return code, summary, err.getvalue()


def kinds(key: str) -> list[str]:
    return list(LeadEvent.objects.filter(lead__external_key=key).order_by("version").values_list("kind", flat=True))


def verify() -> dict[str, Any]:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("verify_log", json=True, stdout=out)
    verdict: dict[str, Any] = json.loads(out.getvalue())
    return verdict


# --- what a row becomes -------------------------------------------------------------------------------------


def test_a_whole_deal_of_the_old_system_stands_on_our_board(history: Write) -> None:
    path = history(
        created("A1"),
        row("A1", 2, "assigned", to_owner="Joe Kim", actor="system"),
        moved("A1", 3, "NEW", "CONTACTING", actor="Joe Kim"),
        row("A1", 4, "activity", actor="Joe Kim", note="called, wants a garden"),
        moved("A1", 5, "CONTACTING", "QUALIFIED", actor="Joe Kim"),
        moved("A1", 6, "QUALIFIED", "COMMITTED", actor="Joe Kim"),
        moved("A1", 7, "COMMITTED", "QUALIFIED", actor="Joe Kim", reason="outbid"),
        name="old.csv.gz",
    )
    assert run(path)[:2] == (0, {"leads": "1", "events": "7", "refused": "0", "already there": "0"})
    lead = Lead.objects.get(external_key="A1")
    assert kinds("A1") == [
        "lead_created",
        "agent_assigned",
        "contact_attempted",
        "note_added",
        "motivation_confirmed",
        "buyer_agreement_signed",
        "deal_collapsed",
    ]
    assert (lead.status, lead.agent.display_name, lead.name) == ("QUALIFIED", "Joe Kim", "A1")  # type: ignore[union-attr]
    assert (lead.provenance, lead.provenance_reason) == ("fell_back_committed", "outbid")
    joe = User.objects.get(display_name="Joe Kim")
    assert not joe.is_active and not joe.has_usable_password()
    assert EventNote.objects.get(event__lead=lead).note == "called, wants a garden"
    assert verify()["ok"]


def test_a_move_that_our_table_forbids_is_kept_as_history_and_can_be_refused(history: Write) -> None:
    path = history(created("A1"), moved("A1", 2, "NEW", "IN_CONTRACT"), created("B1"))
    code, summary, err = run(path, irregular="refuse")
    assert (code, summary["leads"], summary["refused"]) == (1, "1", "1")
    assert "line 3, A1: Our table has no move from NEW to IN_CONTRACT." in err
    assert run(path)[0] == 0
    assert kinds("A1") == ["lead_created", "history_imported"]
    assert verify()["ok"]


def test_a_reason_that_is_not_ours_is_kept_in_the_sources_own_words(history: Write) -> None:
    path = history(
        created("A1"),
        moved("A1", 2, "NEW", "TRASHED", reason="declined"),
        created("B1"),
        moved("B1", 2, "NEW", "ARCHIVED", actor="Joe"),
    )
    run(path)
    trashed = LeadEvent.objects.get(kind="bogus_contact_detected")
    assert (trashed.reason, trashed.words.source_words) == ("not_recorded", "declined")
    assert LeadEvent.objects.get(kind="archived_manually").reason == "not_recorded"


@pytest.mark.parametrize(("actor", "kind"), [("system", "timed_out_no_response"), ("Joe", "archived_manually")])
def test_an_archive_by_the_system_is_the_timeout_and_one_by_a_person_is_by_hand(
    history: Write, actor: str, kind: str
) -> None:
    run(
        history(
            created("A1"), moved("A1", 2, "NEW", "CONTACTING"), moved("A1", 3, "CONTACTING", "ARCHIVED", actor=actor)
        )
    )
    assert kinds("A1")[-1] == kind


def test_a_stream_that_begins_in_the_middle_gets_an_honest_beginning(history: Write) -> None:
    path = history(
        moved("A1", 4, "QUALIFIED", "COMMITTED"),
        moved("B1", 1, "", "QUALIFIED"),
        row("C1", 1, "activity", note="a note and nothing else"),
    )
    assert run(path)[1]["events"] == "5"
    first = LeadEvent.objects.get(lead__external_key="A1", version=1)
    assert (first.kind, first.from_status, first.to_status, first.backfilled) == (
        "history_imported",
        "",
        "QUALIFIED",
        True,
    )
    assert kinds("A1") == ["history_imported", "buyer_agreement_signed"]
    assert kinds("B1") == ["history_imported"]
    assert kinds("C1") == ["history_imported", "note_added"]
    assert Lead.objects.get(external_key="B1").provenance == "imported"
    assert verify()["ok"]


def test_a_synthetic_row_and_a_time_that_occurs_twice_are_marked_as_estimates(history: Write) -> None:
    OfficeSettings.objects.update(time_zone="Europe/Amsterdam")
    path = history(
        created("A1", occurred_at="2024-10-27T02:30:00"),
        moved("A1", 2, "NEW", "CONTACTING", at="2024-10-27T01:45:00Z", synthetic="1"),
    )
    _, summary, _ = run(path)
    assert summary["times that occur twice, the first taken"] == "1"
    first, second = LeadEvent.objects.order_by("version")
    assert first.occurred_at.isoformat() == "2024-10-27T00:30:00+00:00"
    assert first.backfilled and second.backfilled


def test_rows_go_in_by_their_number_whatever_their_place_in_the_file(history: Write) -> None:
    run(history(moved("A1", 2, "NEW", "CONTACTING"), created("B1"), created("A1")))
    assert kinds("A1") == ["lead_created", "contact_attempted"]


# --- again, longer, changed ---------------------------------------------------------------------------------


def test_running_it_again_adds_nothing_and_a_longer_file_adds_its_tail(history: Write) -> None:
    rows = [created("A1"), moved("A1", 2, "NEW", "CONTACTING", actor="Joe")]
    run(history(*rows))
    assert run(history(*rows))[1] == {"leads": "0", "events": "0", "refused": "0", "already there": "1"}
    longer = [*rows, row("A1", 3, "assigned", to_owner="Mia"), moved("A1", 4, "CONTACTING", "QUALIFIED", actor="Mia")]
    assert run(history(*longer))[1] == {"leads": "0", "events": "2", "refused": "0", "already there": "0"}
    assert Lead.objects.get(external_key="A1").status == "QUALIFIED"
    assert verify()["ok"]


@pytest.mark.parametrize(
    "changed",
    [
        moved("A1", 2, "NEW", "TRASHED", actor="Joe"),
        moved("A1", 2, "NEW", "CONTACTING", actor="Mia"),
        moved("A1", 2, "NEW", "CONTACTING", actor="Joe", at="2024-03-01T10:05:00Z"),
        moved("A1", 2, "NEW", "CONTACTING", actor="Joe", note="now with words"),
    ],
)
def test_a_row_that_says_something_else_than_last_time_refuses_its_lead(
    history: Write, changed: dict[str, str]
) -> None:
    run(history(created("A1"), moved("A1", 2, "NEW", "CONTACTING", actor="Joe")))
    code, summary, err = run(history(created("A1"), changed, created("B1")))
    assert (code, summary["refused"], summary["leads"]) == (1, "1", "1")
    assert "line 3, A1: This row was imported before and says something else now." in err
    assert kinds("A1") == ["lead_created", "contact_attempted"]


def test_a_row_slipped_in_between_old_ones_refuses_its_lead(history: Write) -> None:
    run(history(created("A1"), moved("A1", 3, "NEW", "CONTACTING")))
    code, _, err = run(history(created("A1"), row("A1", 2, "activity"), moved("A1", 3, "NEW", "CONTACTING")))
    assert code == 1 and "stands before rows that were imported earlier" in err


def test_a_lead_that_went_on_here_takes_only_what_follows_from_where_it_stands(history: Write) -> None:
    rows = [created("A1"), moved("A1", 2, "NEW", "CONTACTING")]
    run(history(*rows))
    factories.advance(Lead.objects.get(external_key="A1"), factories.State.QUALIFIED)
    code, _, err = run(history(*rows, moved("A1", 3, "CONTACTING", "ARCHIVED")))
    assert code == 1 and "from_state is “CONTACTING”, but the state so far is “QUALIFIED”" in err
    assert run(history(*rows))[1]["already there"] == "1"


def test_a_dry_run_says_what_would_come_and_keeps_nothing(history: Write) -> None:
    path = history(created("A1"), row("A1", 2, "assigned", to_owner="Joe"))
    assert run(path, dry_run=True)[1] == {"leads": "1", "events": "2", "refused": "0", "already there": "0"}
    assert not Lead.objects.exists() and not User.objects.exists() and not LeadEvent.objects.exists()


# --- what is refused ----------------------------------------------------------------------------------------

BAD = [
    (moved("A1", 2, "QUALIFIED", "COMMITTED"), "from_state is “QUALIFIED”, but the state so far is “NEW”"),
    (moved("A1", 2, "NEW", "WON"), "to_state “WON” is not one of our stages"),
    (row("A1", 2, "promoted"), "The kind “promoted” is unknown"),
    (moved("A1", 2, "NEW", "CONTACTING", at="2024-02-29T10:00:00Z"), "occurred_at goes backward"),
    (row("A1", 2, "activity", at="2024-02-29T10:00:00Z"), "before the lead came in"),
    (moved("A1", 2, "NEW", "CONTACTING", at="yesterday"), "That is not a date and time"),
    (moved("A1", 2, "NEW", "CONTACTING", at="2024-03-10T02:30:00"), "did not exist"),
    (moved("A1", 2, "NEW", "CONTACTING", at="1889-03-10T02:30:00Z"), "before 1900"),
    (moved("A1", 2, "NEW", "CONTACTING", at="2999-03-10T02:30:00Z"), "still to come"),
    (row("A1", 2, "activity", note="x" * 5001), "too long"),
    (row("A1", 2, "activity", note="a\x00b"), "NUL"),
    (row("A1", 2, "activity", note="a\udcffb"), "half a character"),
    (row("A1", 2, "activity", synthetic="yes"), "synthetic is “yes”"),
    ({**row("A1", 2, "activity"), "seq": "two"}, "seq is “two”"),
    (row("A1", 1, "activity"), "The number 1 stands on line 2 already"),
    (row("A1", 2, "lead_created", to_state="NEW"), "A lead is created once"),
]


@pytest.mark.parametrize(("bad", "sentence"), BAD, ids=[s for _, s in BAD])
def test_a_row_that_does_not_fit_refuses_its_whole_lead_and_lets_the_others_in(
    history: Write, tmp_path: Path, bad: dict[str, str], sentence: str
) -> None:
    errors = tmp_path / "errors.csv"
    code, summary, err = run(history(created("A1"), bad, created("B1")), errors=errors)
    assert (code, summary["leads"], summary["events"], summary["refused"]) == (1, "1", "1", "1")
    assert sentence in err
    assert list(Lead.objects.values_list("external_key", flat=True)) == ["B1"]
    line, key, told = list(csv.reader(errors.read_text(encoding="utf-8").splitlines()))[1]
    assert key == "A1" and int(line) >= 2 and sentence in told


def test_a_row_with_cells_missing_or_no_key_is_refused_by_line(history: Write, tmp_path: Path) -> None:
    path = history(created("A1"))
    path.write_text(path.read_text() + "A1,2024-03-01T10:05:00Z\n,2024-03-01T10:05:00Z,,activity,,,,,,,2,\n")
    code, summary, err = run(path)
    assert (code, summary["refused"]) == (1, "2")
    assert "This row has 2 cells, the header 12" in err and "lead_key is empty" in err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "The header lacks lead_key"),
        (b"lead_key;kind\r\n", "The header lacks"),
        (b"\x1f\x8b broken", "header lacks"),
    ],
)
def test_a_file_that_is_no_history_is_refused_with_a_sentence(tmp_path: Path, text: bytes, sentence: str) -> None:
    from django.core.management import CommandError

    path = tmp_path / "old.csv"
    path.write_bytes(text)
    with pytest.raises(CommandError, match=sentence) as refusal:
        call_command("import_history", path)
    assert refusal.value.returncode == 2


def test_a_file_that_is_not_there_or_not_packed_is_refused_with_a_sentence(tmp_path: Path) -> None:
    from django.core.management import CommandError

    (tmp_path / "plain.csv.gz").write_bytes(b"lead_key")
    for name in ("absent.csv", "plain.csv.gz"):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("import_history", tmp_path / name)


# --- real histories -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bpic12_small", "bpic12_dev"])
def test_a_real_history_replays_to_exactly_what_an_independent_tool_computed(test_data: Path, name: str) -> None:
    path = test_data / "history" / f"{name}_events.csv.gz"
    oracle = json.loads((test_data / "history" / f"{name}_oracle.json").read_text())
    code, summary, _ = run(path)
    assert (code, summary["leads"], summary["events"]) == (0, str(oracle["leads"]), str(oracle["rows"]))

    assert _states() == _last_of_every_lead(path)
    told = _as_of(path)
    assert len(told) == 3 and any("2011-10-30T02:30" in instant for instant in told), (
        "One lies in an hour that came twice."
    )
    for instant, then in told.items():
        assert _states(at=instant) == then
    assert Counter(s for s, _ in _states().values()) == oracle["final_state"]
    moves = LeadEvent.objects.exclude(from_status="").exclude(to_status="").values_list("from_status", "to_status")
    assert Counter(f"{a}->{b}" for a, b in moves) == oracle["transitions"]
    says_what_pandas_says(Scope(zone=UTC, now=timezone.now()), oracle)

    assert run(path)[1] == {"leads": "0", "events": "0", "refused": "0", "already there": str(oracle["leads"])}
    assert verify()["ok"]
    out = io.StringIO()
    call_command("rebuild_cache", verbosity=0, stdout=out)
    assert out.getvalue().splitlines()[-1] == "changed: 0"


def _states(**options: str) -> dict[str, tuple[str, str]]:
    out = io.StringIO()
    call_command("lead_states", stdout=out, **options)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert [r["lead_key"] for r in rows] == sorted(r["lead_key"] for r in rows)
    return {r["lead_key"]: (r["status"], r["agent"]) for r in rows}


def _as_of(path: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """State and owner of every lead that existed, by instant, as the independent tool has them."""
    with gzip.open(path.with_name(path.name.replace("_events.", "_asof.")), "rt", newline="") as text:
        rows = list(csv.DictReader(text))
    instants = [name.removeprefix("state@") for name in rows[0] if name.startswith("state@")]
    return {t: {r["lead_key"]: (r[f"state@{t}"], r[f"owner@{t}"]) for r in rows if r[f"state@{t}"]} for t in instants}


def _last_of_every_lead(path: Path) -> dict[str, tuple[str, str]]:
    last: dict[str, tuple[str, str]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for r in sorted(csv.DictReader(text), key=lambda r: (r["lead_key"], int(r["seq"]))):
            state, owner = last.get(r["lead_key"], ("", ""))
            if r["kind"] in ("lead_created", "state_changed"):
                state = r["to_state"]
            if r["kind"] in ("assigned", "reassigned"):
                owner = r["to_owner"]
            last[r["lead_key"]] = (state, owner)
    return last
