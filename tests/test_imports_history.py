"""`import_history --mapping`: histories of other systems, one row a change, come in as real facts."""

import codecs
import contextlib
import csv
import gzip
import io
import json
import random
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from leads.history.mapping import HistoryMapping, read_history_mapping
from leads.history.shelf import Shelf
from leads.imports.strict import BadMapping
from leads.models import Lead, User
from lifecycle.imported import ForeignRow
from lifecycle.models import LeadEvent
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = Path(__file__).parents[1] / "docs" / "samples"
HEADER = ("lead", "when", "what", "from", "to", "who")
MAPPING: dict[str, Any] = {
    "columns": {name: name for name in HEADER},
    "what": {"Stage": "status", "Owner": "owner", "Note": "note", "Created": "created", "Price": "ignore"},
    "statuses": {
        "Fresh": "NEW",
        "Called": "CONTACTING",
        "Looking": "QUALIFIED",
        "Second look": "QUALIFIED",
        "Signed": "COMMITTED",
        "Lost": "ARCHIVED",
        "Junk": "TRASHED",
    },
    "dates": {"formats": ["iso"], "zone": "UTC"},
}
Cells = Sequence[str]
Files = Callable[..., tuple[Path, Path]]
Ran = tuple[int, dict[str, str], str]


def stage(lead: str, day: int, to: str, before: str = "", *, who: str = "", hour: int = 9) -> Cells:
    """The stage of a lead on a day of March 2024."""
    return (lead, f"2024-03-{day:02} {hour:02}:00:00", "Stage", before, to, who)


def row(lead: str, day: int, what: str, to: str, *, who: str = "", hour: int = 9) -> Cells:
    return (lead, f"2024-03-{day:02} {hour:02}:00:00", what, "", to, who)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Writes rows and a mapping, and gives the path of either."""

    def write(rows: Iterable[Cells], header: Cells = HEADER, **changes: Any) -> tuple[Path, Path]:
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        path, mapping = tmp_path / "old.csv", tmp_path / "mapping.json"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        mapping.write_text(json.dumps(MAPPING | changes), encoding="utf-8")
        return path, mapping

    return write


def run(paths: tuple[Path, Path], source: str = "old", **options: Any) -> Ran:
    """Exit code, the summary by its words, and what went to the error stream."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    path, mapping = paths
    try:
        call_command(
            "import_history", path, mapping=mapping, source=source, verbosity=0, stdout=out, stderr=err, **options
        )
    except SystemExit as stop:
        code = int(str(stop.code))
    summary = dict(line.strip().rsplit(": ", 1) for line in out.getvalue().splitlines() if ": " in line)
    return code, summary, err.getvalue()


def sample(name: str) -> tuple[Path, Path]:
    return SAMPLES / f"{name}.csv", SAMPLES / f"{name}.json"


def told(key: str) -> list[str]:
    """What the log says of a lead: kind, stages, and ~ for what is only about right."""
    events = LeadEvent.objects.filter(lead__external_key=key).order_by("version")
    return [
        " ".join(filter(None, [e.kind, e.from_status and f"{e.from_status} →", e.to_status, "~" * e.backfilled]))
        for e in events
    ]


def sound() -> bool:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("verify_log", json=True, stdout=out)
    return bool(json.loads(out.getvalue())["ok"])


# --- the samples that come with it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "leads", "events", "refused"),
    [("hubspot_property_history", 4, 22, 0), ("hubspot_stage_history", 3, 11, 0), ("field_history", 3, 13, 1)],
)
def test_a_sample_comes_in_once_and_is_sound(name: str, leads: int, events: int, refused: int) -> None:
    code, summary, _ = run(sample(name))
    assert (code, summary["leads"], summary["events"], summary["refused"]) == (
        int(refused > 0),
        str(leads),
        str(events),
        str(refused),
    )
    again = run(sample(name))[1]
    assert (again["leads"], again["events"], again["already there"]) == ("0", "0", str(leads))
    assert sound()


def test_hubspots_properties_tell_the_deal_of_ana_as_it_was() -> None:
    ana = factories.ana()
    _, summary, _ = run(sample("hubspot_property_history"))
    assert told("9001") == [
        "lead_created NEW",
        "agent_assigned",
        "contact_attempted NEW → CONTACTING",
        "motivation_confirmed CONTACTING → QUALIFIED",
        "buyer_agreement_signed QUALIFIED → COMMITTED",
        "deal_collapsed COMMITTED → QUALIFIED",
        "buyer_agreement_signed QUALIFIED → COMMITTED",
    ]
    lead = Lead.objects.get(external_key="9001")
    assert lead.agent == ana
    fell = LeadEvent.objects.get(kind="deal_collapsed")
    assert (fell.actor, fell.agent, fell.reason, fell.words.source_words) == (ana, ana, "not_recorded", "touring")
    assert fell.occurred_at == datetime(2024, 6, 3, 9, 12, 44, 31000, UTC)
    # What HubSpot knows of the price is no fact of ours, and a deal of which nothing else is known is no lead.
    assert summary["rows that speak of something else"] == "4"
    assert (summary["amount"], summary["dealname"]) == ("2", "2")
    assert not Lead.objects.filter(external_key="9004").exists()


def test_what_a_workflow_did_is_nobodys_and_a_second_tour_is_no_move() -> None:
    run(sample("hubspot_property_history"))
    assert told("9003")[-2:] == ["timed_out_no_response CONTACTING → ARCHIVED", "note_added"]
    assert LeadEvent.objects.get(lead__external_key="9003", kind="note_added").words.note == "no reply in three weeks"
    # It had an owner before a stage was known: nobody knows how it came to be toured.
    assert told("9002")[:3] == ["history_imported NEW ~", "agent_assigned", "history_imported QUALIFIED ~"]
    assert told("9002")[4] == "buyer_agreement_signed QUALIFIED → COMMITTED"


def test_hubspots_stages_are_all_rows_of_one_thing() -> None:
    run(sample("hubspot_stage_history"))
    assert told("8101")[-1] == "contract_voided IN_CONTRACT → QUALIFIED"
    assert told("8102") == ["history_imported QUALIFIED", "buyer_agreement_signed QUALIFIED → COMMITTED"]
    assert Lead.objects.get(external_key="8102").provenance == "imported"


def test_a_field_history_says_where_a_lead_stood_before() -> None:
    _, _, err = run(sample("field_history"))
    assert told("00Q0001")[:3] == ["lead_created NEW", "agent_assigned", "contact_attempted NEW → CONTACTING"]
    assert told("00Q0002") == [
        "history_imported QUALIFIED ~",
        "archived_manually QUALIFIED → ARCHIVED",
        "lead_re_engaged ARCHIVED → CONTACTING",
    ]
    # Two rows of one second stand in the wrong order in the file; the stages that they name say the right one.
    assert told("00Q0003")[1:] == ["contact_attempted NEW → CONTACTING", "motivation_confirmed CONTACTING → QUALIFIED"]
    assert (
        "line 19, 00Q0004: This row says that the lead left COMMITTED, "
        "but by the rows before it, it stood in QUALIFIED." in err
    )


# --- what rows become -----------------------------------------------------------------------------------------


def test_a_lead_that_came_in_further_on_begins_there(files: Files) -> None:
    run(files([stage("A", 1, "Looking"), stage("B", 1, "Fresh"), stage("C", 2, "Lost", "Looking")]))
    assert told("A") == ["history_imported QUALIFIED"]
    assert told("B") == ["lead_created NEW"]
    assert told("C") == ["history_imported QUALIFIED ~", "timed_out_no_progress QUALIFIED → ARCHIVED"]
    assert sound()


def test_its_creation_stands_in_the_stage_that_it_left_first(files: Files) -> None:
    run(
        files(
            [
                row("A", 1, "Created", ""),
                stage("A", 2, "Looking", "Called"),
                *(row("B", 1, "Created", ""), stage("B", 1, "Looking")),
                *(row("C", 1, "Created", ""), stage("C", 2, "Looking")),
                *(row("D", 1, "Created", ""), row("D", 2, "Note", "wants a garden")),
            ]
        )
    )
    assert told("A") == ["history_imported CONTACTING", "motivation_confirmed CONTACTING → QUALIFIED"]
    assert told("B") == ["history_imported QUALIFIED"]
    assert told("C") == ["lead_created NEW", "history_imported NEW → QUALIFIED"]
    assert told("D") == ["lead_created NEW", "note_added"]
    assert sound()


def test_the_same_value_twice_is_no_fact(files: Files) -> None:
    rows = [
        *(stage("A", 1, "Fresh"), stage("A", 2, "Fresh"), stage("A", 3, "Looking"), stage("A", 4, "Second look")),
        *(row("A", 5, "Owner", "Joe"), row("A", 6, "Owner", "Joe"), row("A", 7, "Owner", ""), row("A", 8, "Owner", "")),
        *(row("A", 9, "Note", "called"), row("A", 9, "Note", "called"), row("A", 9, "Note", "")),
        row("B", 1, "Owner", ""),
    ]
    assert run(files(rows))[1]["events"] == "5"
    assert told("A") == [
        "lead_created NEW",
        "history_imported NEW → QUALIFIED",
        "agent_assigned",
        "agent_assigned",
        "note_added",
    ]
    assert Lead.objects.get(external_key="A").agent is None
    assert not Lead.objects.filter(external_key="B").exists()


def test_rows_stand_by_time_and_those_of_one_instant_by_their_place_in_the_file(files: Files) -> None:
    run(
        files(
            [
                *(stage("A", 3, "Signed"), stage("A", 1, "Fresh"), stage("A", 3, "Looking"), stage("A", 2, "Called")),
                # The newest on top, as some systems write it: of one instant the lower row is the older one.
                *(stage("B", 3, "Looking"), stage("B", 3, "Called"), stage("B", 1, "Fresh")),
                # There and back again within a second.
                *(stage("C", 1, "Looking"), stage("C", 2, "Signed"), stage("C", 2, "Looking"), stage("C", 2, "Signed")),
            ]
        )
    )
    assert told("A")[2:] == ["history_imported CONTACTING → COMMITTED", "deal_collapsed COMMITTED → QUALIFIED"]
    assert told("B")[1:] == ["contact_attempted NEW → CONTACTING", "motivation_confirmed CONTACTING → QUALIFIED"]
    assert told("C")[1:] == [
        "buyer_agreement_signed QUALIFIED → COMMITTED",
        "deal_collapsed COMMITTED → QUALIFIED",
        "buyer_agreement_signed QUALIFIED → COMMITTED",
    ]
    assert sound()


def test_a_lead_goes_on_after_it_was_thrown_away(files: Files) -> None:
    run(files([stage("A", 1, "Fresh"), stage("A", 2, "Junk"), stage("A", 3, "Looking"), row("A", 4, "Owner", "Joe")]))
    assert told("A")[1:] == [
        "bogus_contact_detected NEW → TRASHED",
        "history_imported TRASHED → QUALIFIED",
        "agent_assigned",
    ]


@pytest.mark.parametrize(
    ("who", "kind"), [("", "timed_out_no_response"), ("Joe", "archived_manually"), (None, "archived_manually")]
)
def test_only_a_source_that_says_who_can_say_that_it_was_the_system(files: Files, who: str | None, kind: str) -> None:
    rows = [stage("A", 1, "Called"), stage("A", 2, "Lost", who=who or "")]
    columns = {name: name for name in HEADER if name != "who" or who is not None}
    run(files(rows, columns=columns))
    assert told("A")[-1] == f"{kind} CONTACTING → ARCHIVED"


def test_people_are_known_by_the_words_of_the_mapping_and_others_are_made_or_nobody(files: Files) -> None:
    ben = factories.ben()
    rows = [
        stage("A", 1, "Fresh", who="u1"),
        row("A", 2, "Owner", "u1", who="bot"),
        row("B", 1, "Owner", "Zoë"),
    ]
    run(files(rows, people={"u1": "Ben Brooks", "bot": ""}))
    assert Lead.objects.get(external_key="A").agent == ben
    by = LeadEvent.objects.filter(lead__external_key="A").order_by("version")
    assert [e.actor for e in by] == [ben, None]
    zoe = User.objects.get(display_name="Zoë")
    assert not zoe.is_active and Lead.objects.get(external_key="B").agent == zoe
    run(
        files(
            [row("C", 1, "Owner", "u1"), row("C", 2, "Owner", "x9")],
            people={"u1": "Ben Brooks"},
            unknown_people="nobody",
        )
    )
    assert Lead.objects.get(external_key="C").agent is None and not User.objects.filter(display_name="x9").exists()


def test_a_reason_is_ours_or_stays_in_the_words_of_the_old_system(files: Files) -> None:
    header = (*HEADER, "why", "said")
    columns = {name: name for name in HEADER} | {"why": "reason", "said": "note"}
    rows = [
        (*stage("A", 1, "Signed"), "", ""),
        (*stage("A", 2, "Looking"), "outbid", "lost by 5,000"),
        *((*stage("B", 1, "Signed"), "", ""), (*stage("B", 2, "Looking"), "too dear", "")),
    ]
    run(files(rows, header, columns=columns))
    a, b = LeadEvent.objects.filter(kind="deal_collapsed").order_by("lead__external_key")
    assert (a.reason, a.words.note, a.words.source_words) == ("outbid", "lost by 5,000", "Looking")
    assert (b.reason, b.words.source_words) == ("not_recorded", "Looking: too dear")


def test_a_number_of_the_source_is_its_order(files: Files) -> None:
    header = (*HEADER, "no")
    columns = {name: name for name in HEADER} | {"no": "seq"}
    rows = [(*stage("A", 1, "Looking"), "12"), (*stage("A", 1, "Called"), "11"), (*stage("A", 1, "Fresh"), "2")]
    paths = files([*rows, (*stage("B", 1, "Fresh"), "7"), (*stage("B", 1, "Called"), "7")], header, columns=columns)
    _, _, err = run(paths)
    assert told("A")[1:] == ["contact_attempted NEW → CONTACTING", "motivation_confirmed CONTACTING → QUALIFIED"]
    assert "line 6, B: The number 7 stands on line 5 already." in err
    _, _, err = run(files([(*stage("C", 1, "Fresh"), "first")], header, columns=columns))
    assert "The number of the row is “first”" in err


def test_a_day_without_a_time_is_marked_as_an_estimate_and_a_local_time_is_read_in_its_zone(files: Files) -> None:
    rows = [("A", "04/03/2024", "Stage", "", "Fresh", ""), ("A", "27/10/2024 02:30", "Stage", "", "Called", "")]
    dates = {"formats": ["dd/mm/yyyy hh:mm", "dd/mm/yyyy"], "zone": "Europe/Amsterdam"}
    _, summary, _ = run(files(rows, dates=dates))
    assert told("A") == ["lead_created NEW ~", "contact_attempted NEW → CONTACTING ~"]
    first, second = LeadEvent.objects.order_by("version")
    assert first.occurred_at == datetime(2024, 3, 3, 23, tzinfo=UTC)
    assert second.occurred_at == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert summary["times that are a guess (a day without a time, an hour that occurs twice)"] == "2"


def test_whatever_rows_a_file_holds_the_log_is_sound_and_the_second_run_adds_nothing(files: Files) -> None:
    dice = random.Random(20240301)
    rows: list[Cells] = []
    for lead in range(120):
        stood, some = "", []
        for _ in range(dice.randint(1, 9)):
            day, hour = dice.randint(1, 4), dice.randint(8, 10)
            what = dice.choice(["Stage", "Stage", "Stage", "Owner", "Note", "Created", "Price"])
            to = dice.choice(list(MAPPING["statuses"]) if what == "Stage" else ["", "Joe", "Mia"])
            before = stood if what == "Stage" and lead % 2 else ""
            some.append((f"L{lead}", f"2024-03-0{day} {hour:02}:00:00", what, before, to, dice.choice(["", "Joe"])))
            stood = to if what == "Stage" else stood
        rows += sorted(some, key=itemgetter(1), reverse=lead % 3 == 0)
    _, first, _ = run(files(rows))
    assert int(first["leads"]) > 60 and int(first["refused"]) > 10
    _, second, _ = run(files(rows))
    assert (second["leads"], second["events"], second["already there"]) == ("0", "0", first["leads"])
    assert sound()


# --- again, longer, changed -----------------------------------------------------------------------------------


def test_a_longer_file_adds_its_tail_in_whatever_order_it_stands(files: Files) -> None:
    rows = [stage("A", 1, "Fresh"), row("A", 2, "Owner", "Joe"), stage("A", 3, "Called")]
    run(files(rows))
    longer = [stage("A", 5, "Looking"), *reversed(rows), stage("B", 1, "Fresh")]
    summary = run(files(longer))[1]
    assert (summary["leads"], summary["events"]) == ("1", "2")
    assert told("A")[-1] == "motivation_confirmed CONTACTING → QUALIFIED"
    assert sound()


def test_a_row_slipped_in_or_changed_refuses_its_lead(files: Files) -> None:
    run(files([stage("A", 1, "Fresh"), stage("A", 3, "Called"), stage("B", 1, "Fresh"), stage("B", 2, "Called")]))
    rows = [stage("A", 1, "Fresh"), stage("A", 2, "Looking"), stage("A", 3, "Called")]
    code, summary, err = run(files([*rows, stage("B", 1, "Looking"), stage("B", 2, "Called")]))
    assert (code, summary["refused"], summary["events"]) == (1, "2", "0")
    assert "line 3, A: This row stands before rows that were imported earlier, and is new." in err
    assert "line 5, B: " in err


def test_a_history_that_is_read_in_another_way_is_refused_and_not_put_in_twice(files: Files) -> None:
    rows = [stage("A", 1, "Fresh"), stage("A", 3, "Called")]
    run(files(rows))
    code, _, err = run(files(rows, dates={"formats": ["iso"], "zone": "Europe/Amsterdam"}))
    assert code == 1 and "its history cannot be put before what is recorded of it" in err
    assert len(told("A")) == 2


# --- together with an export of the same leads -----------------------------------------------------------------


EXPORT = {
    "columns": {"Id": "key", "Name": "name", "Mail": "email", "Stage": "status", "Created": "created"},
    "statuses": {"Fresh": "NEW", "Looking": "QUALIFIED", "Signed": "COMMITTED"},
    "dates": {"formats": ["iso"], "zone": "UTC"},
}


@pytest.fixture
def export(tmp_path: Path) -> Callable[[], dict[str, str]]:
    """The old system's export of lead A, with her name, comes in; gives the summary."""

    def bring() -> dict[str, str]:
        path, mapping = tmp_path / "leads.csv", tmp_path / "leads.json"
        path.write_text(
            "Id,Name,Mail,Stage,Created\nA,Rosa Park,rosa@park.example,Signed,2024-03-01 09:00:00\n", encoding="utf-8"
        )
        mapping.write_text(json.dumps(EXPORT), encoding="utf-8")
        out = io.StringIO()
        options = {"mapping": mapping, "source": "old", "duplicates": "update", "verbosity": 0}
        call_command("import_leads", path, stdout=out, **options)
        return dict(line.split(": ", 1) for line in out.getvalue().splitlines() if ": " in line)

    return bring


def test_after_its_history_an_export_gives_a_lead_its_name_and_no_second_past(
    files: Files, export: Callable[[], dict[str, str]]
) -> None:
    rows = [stage("A", 1, "Fresh"), stage("A", 2, "Looking")]
    run(files(rows))
    assert Lead.objects.get(external_key="A").name == "A"
    summary = export()
    assert (summary["leads"], summary["contact facts updated"]) == ("0", "1")
    lead = Lead.objects.get(external_key="A")
    assert (lead.name, lead.email, lead.status) == ("Rosa Park", "rosa@park.example", "QUALIFIED")
    assert told("A") == ["lead_created NEW", "history_imported NEW → QUALIFIED", "contact_details_changed"]
    assert export()["already there"] == "1"
    # A longer history goes on where the shorter one ended.
    assert run(files([*rows, stage("A", 3, "Signed")]))[1]["events"] == "1"
    assert told("A")[-1] == "buyer_agreement_signed QUALIFIED → COMMITTED"
    assert sound()


def test_the_past_of_a_lead_that_an_export_brought_cannot_be_put_before_it(
    files: Files, export: Callable[[], dict[str, str]]
) -> None:
    assert export()["leads"] == "1"
    before = told("A")
    code, summary, err = run(files([stage("A", 4, "Looking"), stage("A", 5, "Signed"), stage("B", 1, "Fresh")]))
    assert (code, summary["refused"], summary["leads"]) == (1, "1", "1")
    assert (
        "line 2, A: This lead is here already, and its history cannot be put before what is recorded of it. "
        "Import the history first and the export of leads after it." in err
    )
    assert told("A") == before and sound()


# --- what is refused ------------------------------------------------------------------------------------------

BAD = [
    (stage("A", 2, "Won"), "The mapping gives the stage “Won” no meaning."),
    (stage("A", 2, ""), "The stage is empty, and the mapping does not say what that means."),
    (stage("A", 2, "Called", "Won"), "The mapping gives the stage “Won” no meaning."),
    (stage("A", 2, "Signed", "Looking"), "left QUALIFIED, but by the rows before it, it stood in NEW."),
    (("A", "", "Stage", "", "Called", ""), "This row has no time."),
    (("A", "yesterday", "Stage", "", "Called", ""), "is not a date"),
    (("A", "2999-01-01 10:00:00", "Stage", "", "Called", ""), "still to come"),
    (("A", "2024-03-02 10:00:00", "Owner", "", "J" * 151, ""), "too long"),
    (("A", "2024-03-02 10:00:00", "Note", "", "x" * 5001, ""), "too long"),
    (("A", "2024-03-02 10:00:00", "Stage", "", "Called"), "cells"),
]


@pytest.mark.parametrize(("bad", "sentence"), BAD, ids=[s for _, s in BAD])
def test_a_row_that_does_not_fit_refuses_its_whole_lead(
    files: Files, tmp_path: Path, bad: Cells, sentence: str
) -> None:
    errors = tmp_path / "errors.csv"
    rows = [stage("A", 1, "Fresh"), bad, stage("B", 1, "Fresh")]
    code, summary, err = run(files(rows), errors=errors)
    assert (code, summary["leads"], summary["refused"]) == (1, "1", "1")
    assert f"old.csv, line 3, A: {''}" in err and sentence in err
    [line, key, why] = list(csv.reader(errors.read_text(encoding="utf-8").splitlines()))[1]
    assert (line, key) == ("3", "A") and sentence in why
    assert list(Lead.objects.values_list("external_key", flat=True)) == ["B"]


def test_a_row_without_a_lead_is_refused_alone_and_a_word_without_a_meaning_is_counted(files: Files) -> None:
    rows = [stage("", 1, "Fresh"), stage("A", 1, "Won"), stage("B", 1, "Won"), stage("C", 1, "fresh")]
    _, summary, err = run(files(rows))
    assert "line 2, : This row names no lead." in err
    assert summary["rows with a stage that the mapping gives no meaning"] == "2" and summary["Won"] == "2"
    assert told("C") == ["lead_created NEW"]
    run(files([stage("D", 1, "")], no_status="NEW"))
    assert told("D") == ["lead_created NEW"]


def test_rows_of_something_unlisted_are_counted_or_refused_as_the_mapping_says(files: Files) -> None:
    rows = [stage("A", 1, "Fresh"), row("A", 2, "Mood", "good"), row("A", 2, "Price", "1"), stage("B", 1, "Fresh")]
    _, summary, _ = run(files(rows))
    assert summary["rows that speak of something else"] == "2" and summary["Mood"] == "1"
    code, summary, err = run(files(rows, unlisted="refuse"), source="strict")
    assert (code, summary["leads"], summary["refused"]) == (1, "1", "1")
    assert "line 3, A: The mapping does not say what “Mood” speaks of." in err


def test_a_dry_run_says_what_would_come_and_keeps_nothing(files: Files) -> None:
    paths = files([stage("A", 1, "Fresh"), row("A", 2, "Owner", "Joe"), stage("B", 1, "Won")])
    code, summary, _ = run(paths, dry_run=True)
    assert (code, summary["leads"], summary["events"], summary["refused"]) == (1, "1", "2", "1")
    assert not Lead.objects.exists() and not User.objects.exists() and not LeadEvent.objects.exists()


# --- files of every kind --------------------------------------------------------------------------------------

ROWS = [
    stage("A", 1, "Fresh"),
    row("A", 2, "Note", "Café am Fluß"),
    stage("A", 3, "Called", who="José"),
    row("A", 4, "Note", "zwei\r\nZeilen"),
]


def _text(delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *ROWS])
    return text.getvalue()


def _sheet(path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(HEADER)
    for lead, when, *rest in ROWS:
        page.append([lead, datetime.fromisoformat(when), *rest])
    book.save(path)


@pytest.mark.parametrize(
    "kind", ["bom.csv", "cp1252.csv", "utf16.csv", "tab.tsv", "semicolon.csv", "packed.csv.gz", "book.xlsx"]
)
def test_a_file_of_another_encoding_or_form_tells_the_same(files: Files, tmp_path: Path, kind: str) -> None:
    path, mapping = tmp_path / kind, files([])[1]
    data = {
        "bom.csv": codecs.BOM_UTF8 + _text(",").encode(),
        "cp1252.csv": _text(",").encode("cp1252"),
        "utf16.csv": _text(",").encode("utf-16"),
        "tab.tsv": _text("\t").encode(),
        "semicolon.csv": _text(";").encode(),
        "packed.csv.gz": gzip.compress(_text(",").encode()),
    }
    if kind == "book.xlsx":
        _sheet(path)
    else:
        path.write_bytes(data[kind])
    assert run((path, mapping))[0] == 0
    assert told("A") == ["lead_created NEW", "note_added", "contact_attempted NEW → CONTACTING", "note_added"]
    notes = LeadEvent.objects.filter(kind="note_added").order_by("version")
    assert [n.words.note for n in notes] == ["Café am Fluß", "zwei\nZeilen"]
    assert LeadEvent.objects.get(kind="contact_attempted").actor_name == "José"


def test_what_the_mapping_says_of_the_file_counts_and_not_what_it_looks_like(files: Files) -> None:
    path, mapping = files([], file={"encoding": "cp1250"})
    path.write_bytes(_text(",").replace("José", "Łuk Ü").encode("cp1250"))
    assert run((path, mapping))[0] == 0
    assert LeadEvent.objects.get(kind="contact_attempted").actor_name == "Łuk Ü"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lead,when,to\r\nA,2024-01-01 10:00,Fresh\r\n", "The header lacks what, from, who. It has lead, when, to."),
        ("", "empty"),
        ("<html><body>no</body></html>", "web page"),
    ],
)
def test_a_file_that_is_no_history_is_refused_with_a_sentence(files: Files, text: str, sentence: str) -> None:
    path, mapping = files([])
    path.write_text(text, newline="")
    with pytest.raises(CommandError, match=sentence) as refusal:
        run((path, mapping))
    assert refusal.value.returncode == 2


def test_a_file_that_is_not_there_or_too_large_is_refused_with_a_sentence(files: Files, settings: Any) -> None:
    path, mapping = files([stage("A", 1, "Fresh")])
    with pytest.raises(CommandError, match="cannot be read"):
        run((path.with_name("absent.csv"), mapping))
    with pytest.raises(CommandError, match="cannot be read as JSON"):
        run((path, path))
    settings.IMPORT_MOST_MEGABYTES = 0
    with pytest.raises(CommandError, match="IMPORT_MOST_MEGABYTES lets 0 in") as refusal:
        run((path, mapping))
    assert refusal.value.returncode == 2


def test_a_shelf_with_four_times_as_many_rows_takes_no_more_memory() -> None:
    peaks = []
    at = datetime(2024, 3, 1, tzinfo=UTC)
    for size in (3_000, 12_000):
        tracemalloc.start()
        with Shelf() as shelf:
            for n in range(size):
                shelf.lay(f"L{n % 1000}", ForeignRow(n, 0, at, "Joe", "state_changed", to_state="NEW", note="x" * 60))
            leads = shelf.leads()
            assert [(lead.key, len(lead.rows)) for lead in islice(leads, 2)] == [
                ("L0", size // 1000),
                ("L1", size // 1000),
            ]
            peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3


# --- the mapping ----------------------------------------------------------------------------------------------

COLUMNS = MAPPING["columns"]
BAD_MAPPINGS: list[tuple[Any, str]] = [
    ([], "A mapping is a JSON object."),
    ({"colums": {}}, "“colums” is not part of a mapping."),
    ({"columns": {"a": "lead", "b": "when"}}, "No column is given as “to”."),
    ({"columns": COLUMNS | {"x": "owner"}}, "“x” in “columns” of the mapping cannot be “owner”."),
    ({"columns": COLUMNS | {"x": "to"}}, "“to” and “x” cannot both be the column “to”."),
    (MAPPING | {"what": {"Stage": "stage"}}, "“Stage” in “what” of the mapping cannot be “stage”."),
    (MAPPING | {"what": {"Stage": "ignore"}}, "lists no word of it that matters"),
    ({"columns": {"a": "lead", "b": "when", "c": "to"}, "what": {"x": "status"}}, "no column is given as “what”"),
    (MAPPING | {"statuses": {"Fresh": "FRESH"}}, "“Fresh” in “statuses” of the mapping cannot be “FRESH”."),
    (MAPPING | {"statuses": {"Fresh": 1}}, "“Fresh” in “statuses”"),
    (MAPPING | {"unlisted": "drop"}, "“unlisted” in the mapping cannot be “drop”."),
    (MAPPING | {"unknown_people": "pool"}, "“unknown_people” in the mapping cannot be “pool”."),
    (MAPPING | {"people": ["Joe"]}, "“people” in the mapping is a JSON object."),
    (MAPPING | {"dates": {"formats": ["soon"]}}, "“soon” is not a way to write dates"),
    (MAPPING | {"dates": {"zone": "Mars/Base"}}, "“Mars/Base” is not a time zone."),
]


@pytest.mark.parametrize(("given", "sentence"), BAD_MAPPINGS, ids=[s for _, s in BAD_MAPPINGS])
def test_a_mapping_with_a_name_that_nobody_knows_is_refused(given: Any, sentence: str) -> None:
    with pytest.raises(BadMapping) as refusal:
        read_history_mapping(given)
    assert sentence in refusal.value.sentence


@pytest.mark.parametrize("name", ["hubspot_property_history", "hubspot_stage_history", "field_history"])
def test_a_mapping_is_read_as_it_is_written(name: str) -> None:
    made = read_history_mapping(json.loads(sample(name)[1].read_text(encoding="utf-8")))
    assert isinstance(made, HistoryMapping)
    assert read_history_mapping(json.loads(json.dumps(made.as_json()))) == made


# --- real histories -------------------------------------------------------------------------------------------

STAGE, OWNER = "ky4p2Nx3U/ctHYnc+rKWvg==", "RGFoCWvTFAazPeFHKJhMlw=="
PROPERTY = {
    "columns": {"deal_id": "lead", "timestamp": "when", "name": "what", "value": "to", "source_id": "who"},
    "what": {STAGE: "status", OWNER: "owner"},
    "unknown_people": "nobody",
    "people": {"FpYBoaK4fu26+xg+DpI3Pg==": "Joe Kim"},
    "dates": {"formats": ["iso"], "zone": "UTC"},
}


def _real(tmp_path: Path, path: Path, mapping: dict[str, Any]) -> tuple[Path, Path]:
    made = tmp_path / f"{path.stem}.json"
    made.write_text(json.dumps(mapping), encoding="utf-8")
    return path, made


def test_a_real_property_history_with_hashed_words_comes_in_as_real_facts(test_data: Path, tmp_path: Path) -> None:
    path = test_data / "hubspot" / "deal_property_history_data.csv"
    with path.open(encoding="utf-8", newline="") as text:
        rows = [r for r in csv.DictReader(text) if r["name"] in (STAGE, OWNER)]
    words = sorted({r["value"] for r in rows if r["name"] == STAGE})
    unknown, known = words[0], dict(zip(words[1:], ["NEW", "CONTACTING", "QUALIFIED", "COMMITTED"] * 9, strict=False))
    paths = _real(tmp_path, path, PROPERTY | {"statuses": known})
    refused = {r["deal_id"] for r in rows if r["value"] == unknown}
    owned = {r["deal_id"] for r in rows if r["value"] == "FpYBoaK4fu26+xg+DpI3Pg=="}
    fine = {r["deal_id"] for r in rows if r["name"] == STAGE} | owned
    code, summary, err = run(paths)
    assert (code, summary["leads"], summary["refused"]) == (1, str(len(fine - refused)), str(len(refused)))
    assert summary["rows that speak of something else"] == "31"
    assert err.count(f"The mapping gives the stage “{unknown}” no meaning.") == len(refused) > 0
    assert set(Lead.objects.values_list("external_key", flat=True)) == fine - refused
    latest = {
        r["deal_id"]: known.get(r["value"]) for r in sorted(rows, key=lambda r: r["timestamp"]) if r["name"] == STAGE
    }
    for lead in Lead.objects.filter(external_key__in=latest.keys() - refused):
        assert lead.status == latest[lead.external_key]
    assert (
        set(Lead.objects.filter(agent__display_name="Joe Kim").values_list("external_key", flat=True))
        == owned - refused
    )
    assert not LeadEvent.objects.exclude(lead__external_key__in=owned).filter(backfilled=True).exists()
    assert run(paths)[1]["already there"] == summary["leads"]
    assert sound()


def test_a_real_contact_history_in_which_one_property_matters(test_data: Path, tmp_path: Path) -> None:
    path = test_data / "hubspot" / "contact_property_history_data.csv"
    with path.open(encoding="utf-8", newline="") as text:
        rows = [r for r in csv.DictReader(text) if r["name"] == "8fUr1Wwn4ytZC91+JzXpyw=="]
    mapping = PROPERTY | {
        "columns": {"contact_id": "lead", "timestamp": "when", "name": "what", "value": "to", "source_id": "who"},
        "what": {"8fUr1Wwn4ytZC91+JzXpyw==": "status"},
        "statuses": {r["value"]: "QUALIFIED" for r in rows},
        "unknown_people": "deactivated",
    }
    code, summary, _ = run(_real(tmp_path, path, mapping))
    assert (code, summary["leads"], summary["events"]) == (0, "44", "44")
    assert summary["rows that speak of something else"] == "56"
    assert set(LeadEvent.objects.values_list("kind", "from_status", "to_status", "backfilled", "actor_name")) == {
        ("history_imported", "", "QUALIFIED", False, "TltxIEVirA6t9UVXQDL4UA==")
    }
    assert sound()


def test_a_real_stage_history(test_data: Path, tmp_path: Path) -> None:
    path = test_data / "hubspot" / "deal_stage_data.csv"
    mapping = {
        "columns": {"deal_id": "lead", "date_entered": "when", "value": "to", "source_id": "who"},
        "statuses": {"09a969da1d61b38bd3746f0f49c1475a": "NEW", "f66ca9bc5a02c2f1513ce83f0a0e117d": "QUALIFIED"},
        "unknown_people": "nobody",
        "dates": {"formats": ["iso"], "zone": "UTC"},
    }
    paths = _real(tmp_path, path, mapping)
    code, summary, err = run(paths)
    assert (code, summary["leads"], summary["events"], summary["refused"]) == (1, "13", "13", "1")
    assert "3964918501: The mapping gives the stage “6e81db225a3757a3fc20cc9b1b3d9e1b” no meaning." in err
    assert sorted(LeadEvent.objects.values_list("kind", flat=True)) == ["history_imported"] * 6 + ["lead_created"] * 7
    # A longer mapping is no other history: the one that was refused comes in, the others are there.
    mapping["statuses"] |= {"6e81db225a3757a3fc20cc9b1b3d9e1b": "COMMITTED"}  # type: ignore[operator]
    code, summary, _ = run(_real(tmp_path, path, mapping))
    assert (code, summary["leads"], summary["already there"]) == (0, "1", "13")
    assert sound()


@pytest.mark.parametrize("numbered", [True, False], ids=["by its numbers", "by time and the stages that it names"])
def test_a_real_history_ends_as_an_independent_tool_says(test_data: Path, tmp_path: Path, numbered: bool) -> None:
    oracle = json.loads((test_data / "history" / "bpic12_small_oracle.json").read_text(encoding="utf-8"))
    columns = {"lead_key": "lead", "occurred_at": "when", "kind": "what", "from_state": "from", "to_state": "to"}
    mapping = {
        "columns": columns | ({"seq": "seq"} if numbered else {}) | {"actor": "who"},
        "what": {"lead_created": "status", "state_changed": "status"},
        "statuses": {state.value: state.value for state in factories.State},
        "people": {"system": ""},
    }
    paths = _real(tmp_path, test_data / "history" / "bpic12_small_events.csv.gz", mapping)
    code, summary, err = run(paths)
    assert (code, err, summary["leads"]) == (0, "", str(oracle["leads"]))
    assert Counter(Lead.objects.values_list("status", flat=True)) == oracle["final_state"]
    moves = LeadEvent.objects.exclude(from_status="").values_list("from_status", "to_status")
    assert Counter(f"{a}->{b}" for a, b in moves) == oracle["transitions"]
    assert sound()
