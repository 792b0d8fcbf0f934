"""An export with a silent status column comes in: what it knows is here, what it destroyed is not invented."""

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from leads.imports import phases, running
from leads.models import Import, ImportedRow, Lead, Phase, User
from lifecycle import service
from lifecycle.imported import undated
from lifecycle.models import LeadEvent
from lifecycle.verify import verify
from tests import factories
from tests.soundness import assert_sound as sound

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = Path(__file__).resolve().parent.parent / "docs" / "samples"
HEADER = ["ID", "Name", "Email", "Phone", "Stage", "Agent", "Created", "Modified", "Opted out"]
MAPPING: dict[str, Any] = {
    "columns": {
        "ID": "key",
        "Name": "name",
        "Email": "email",
        "Phone": "phone",
        "Stage": "status",
        "Agent": "owner",
        "Created": "created",
        "Modified": "modified",
        "Opted out": "flag:unsubscribed",
    },
    "statuses": {"New": "NEW", "Hot": "QUALIFIED", "Signed": "COMMITTED", "Won": "CLOSED", "Lost": "ARCHIVED"},
    "dates": {"formats": ["yyyy-mm-dd hh:mm"], "zone": "UTC"},
}
Write = Callable[..., Path]


def assert_sound() -> None:
    """Chain, legality and caches of every lead; and the whole log as ``verify_log`` sees it."""
    for lead in Lead.objects.all()[:20]:
        sound(lead)
    *_, verdict = verify()
    assert (verdict.problems, verdict.unknown, verdict.guards_missing) == ([], [], [])


@pytest.fixture
def export(tmp_path: Path) -> Write:
    """Writes rows as an export file; each is a dict, what is not named is made up."""

    def write(*rows: dict[str, str], name: str = "export.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="") as out:
            writer = csv.DictWriter(out, HEADER, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def row(key: str, **cells: str) -> dict[str, str]:
    """One lead of the old system: in Qualified, created on 1 March 2024 and changed on the 9th, with Joe."""
    usual = {
        "ID": key,
        "Name": f"Lead {key}",
        "Email": f"{key.lower()}@example.com",
        "Stage": "Hot",
        "Agent": "Joe",
        "Created": "2024-03-01 10:00",
        "Modified": "2024-03-09 17:30",
        "Opted out": "No",
    }
    return {**usual, **cells}


def run(path: Path, mapping: Any = None, **options: Any) -> tuple[int, dict[str, str], str]:
    """Exit code, summary and standard error of ``import_leads``."""
    where = path.with_suffix(".json")
    where.write_text(mapping if isinstance(mapping, str) else json.dumps(MAPPING if mapping is None else mapping))
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("import_leads", path, mapping=where, stdout=out, stderr=err, verbosity=0, **options)
    except SystemExit as ended:
        code = int(str(ended.code))
    lines = (line.partition(": ") for line in out.getvalue().splitlines() if ": " in line)
    return code, {name: value for name, _, value in lines}, err.getvalue()


def story(key: str) -> list[tuple[str, str, str, str]]:
    """Kind, stage, day and whether it is about, of each fact of a lead."""
    events = LeadEvent.objects.filter(lead__external_key=key).order_by("version")
    return [(e.kind, e.to_status, f"{e.occurred_at:%Y-%m-%d}", "about" if e.backfilled else "") for e in events]


def test_a_lead_comes_in_with_what_its_row_knows_and_no_more(export: Write) -> None:
    code, summary, _ = run(export(row("A1", **{"Opted out": "Yes"}), row("A2", Stage="New", Agent="")))
    assert code == 0 and summary["leads"] == "2" and summary["events"] == "5"
    assert story("A1") == [
        ("lead_created", "NEW", "2024-03-01", ""),
        ("agent_assigned", "", "2024-03-09", "about"),
        ("history_imported", "QUALIFIED", "2024-03-09", "about"),
        ("flag_set", "", "2024-03-09", "about"),
    ]
    assert story("A2") == [("lead_created", "NEW", "2024-03-01", "")]
    lead = Lead.objects.get(external_key="A1")
    assert (lead.status, lead.unsubscribed, lead.agent and lead.agent.display_name) == ("QUALIFIED", True, "Joe")
    assert lead.agent is not None and not lead.agent.is_active
    assert lead.first_contact_due_at is None
    assert_sound()


def test_every_fact_says_that_it_was_imported_and_belongs_to_its_import(export: Write) -> None:
    _, summary, _ = run(export(row("A1")))
    made = Import.objects.get()
    assert str(made.uuid) == summary["import"]
    assert set(LeadEvent.objects.values_list("source", "batch", "actor")) == {("import", made.uuid, None)}
    stage = LeadEvent.objects.get(kind="history_imported")
    assert (stage.from_status, stage.words.source_words) == ("", "Hot")


def test_the_same_file_again_changes_nothing(export: Write) -> None:
    path = export(row("A1"), row("A2"), row("A3", Email="", Phone="(510) 555-0123"))
    run(path)
    before = list(LeadEvent.objects.order_by("id").values_list("hash", flat=True))
    _, summary, _ = run(path)
    assert (summary["leads"], summary["already there"], summary["events"]) == ("0", "3", "0")
    assert list(LeadEvent.objects.order_by("id").values_list("hash", flat=True)) == before


def test_a_row_without_a_key_is_known_again_by_all_that_stands_in_it(export: Write) -> None:
    path = export(row("", Name="Dana", Email="", Created="", Modified=""))
    assert run(path)[1]["leads"] == "1"
    assert run(path)[1]["already there"] == "1"


def test_a_row_without_any_date_enters_when_it_is_imported(export: Write) -> None:
    before = datetime.now(UTC)
    run(export(row("A1", Created="", Modified="")))
    kinds = {e.kind: e for e in LeadEvent.objects.all()}
    assert all(before <= e.occurred_at <= datetime.now(UTC) and e.backfilled for e in kinds.values())
    # So that every page says "or earlier" of them, and not "about".
    assert all(undated(e) for e in kinds.values())
    assert_sound()


def test_what_cannot_be_read_is_refused_with_line_and_sentence_and_the_others_come_in(
    export: Write, tmp_path: Path
) -> None:
    errors = tmp_path / "errors.csv"
    path = export(row("A1"), row("A2", Stage="Fancy"), row("A3", Created="someday"), row("A1", Name="Twin"))
    code, summary, err = run(path, errors=errors)
    assert (code, summary["leads"], summary["refused"]) == (1, "1", "3")
    assert "line 3: Stage: nobody said which stage “Fancy” means." in err
    assert "line 4: Created: " in err and "“someday”" in err
    assert "line 5: The key “A1” stands on line 2 already." in err
    with errors.open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.reader(file))
    assert told[0] == [*HEADER, "What to do"] and [line[0] for line in told[1:]] == ["A2", "A3", "A1"]


def test_a_mended_file_of_refused_rows_brings_in_the_rest(export: Write, tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    run(export(row("A1"), row("A2", Stage="Hott")), errors=errors, source="Old")
    errors.write_text(errors.read_text(encoding="utf-8-sig").replace("Hott", "Hot"), encoding="utf-8")
    code, summary, _ = run(errors, source="Old")
    assert (code, summary["leads"]) == (0, "1")
    assert set(Lead.objects.values_list("external_key", "status")) == {("A1", "QUALIFIED"), ("A2", "QUALIFIED")}


@pytest.mark.parametrize(
    ("choice", "summary", "phone"),
    [
        ("skip", {"leads": "0", "duplicates skipped": "1", "contact facts updated": "0"}, ""),
        ("update", {"leads": "0", "duplicates skipped": "0", "contact facts updated": "1"}, "(510) 555-0123"),
        ("both", {"leads": "1", "duplicates skipped": "0", "contact facts updated": "0"}, ""),
    ],
)
def test_somebody_who_is_here_already_is_skipped_updated_or_kept_twice(
    export: Write, choice: str, summary: dict[str, str], phone: str
) -> None:
    dana = factories.LeadFactory.create(name="Dana Ortiz", email="dana@example.com", phone="")
    code, told, _ = run(export(row("A1", Email="Dana@Example.com", Phone="(510) 555-0123")), duplicates=choice)
    assert code == 0 and {name: told[name] for name in summary} == summary
    dana.refresh_from_db()
    assert dana.phone == phone
    changed = LeadEvent.objects.filter(lead=dana, kind="contact_details_changed")
    assert changed.count() == (1 if choice == "update" else 0)
    assert_sound()


def test_a_dry_run_says_what_would_come_and_keeps_nothing(export: Write) -> None:
    code, summary, err = run(export(row("A1"), row("A2", Stage="Fancy")), dry_run=True)
    assert (code, summary["leads"], summary["refused"], summary["events"]) == (1, "1", "1", "3")
    assert "line 3" in err
    assert not Lead.objects.exists() and not Import.objects.exists() and not User.objects.exists()


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("no json", "cannot be read"),
        ({"columns": {"ID": "kee"}}, "cannot be “kee”"),
        ({"colums": {}}, "“colums” is not part of a mapping"),
        ({**MAPPING, "statuses": {"Hot": "WARM"}}, "cannot be “WARM”"),
        ({**MAPPING, "dates": {"formats": ["dd/mm"], "zone": "UTC"}}, "“dd/mm” is not a way to write dates"),
        ({**MAPPING, "dates": {"formats": [], "zone": "Mars"}}, "“Mars” is not a time zone"),
        ({**MAPPING, "columns": {**MAPPING["columns"], "Nope": "city"}}, "Nope"),
        ({**MAPPING, "owners": {"Joe": "nobody"}}, "Nobody here has the user name “nobody”"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused_whole(export: Write, mapping: Any, sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        run(export(row("A1")), mapping)
    assert sentence in str(refused.value) and refused.value.returncode == 2
    assert not Lead.objects.exists()


# --- undo -------------------------------------------------------------------------------------------------------


def test_an_import_is_taken_back_except_for_the_lead_that_ana_called(export: Write) -> None:
    path = export(row("A1"), row("A2"), row("A3", Stage="Lost"))
    _, summary, _ = run(path)
    ana, touched = factories.ana(), Lead.objects.get(external_key="A2")
    bruna = factories.bruna()
    service.assign_lead(lead_id=touched.pk, to_agent=ana, reason="territory", actor=bruna, source="page")
    out, err = io.StringIO(), io.StringIO()
    call_command("undo_import", summary["import"], stdout=out, stderr=err)
    assert out.getvalue().splitlines() == ["withdrawn: 2", "stayed: 1"]
    assert "line 3, A2: Somebody has worked with this lead" in err.getvalue()
    assert dict(Lead.objects.values_list("external_key", "status")) == {
        "A1": "TRASHED",
        "A2": "QUALIFIED",
        "A3": "TRASHED",
    }
    assert Import.objects.get().phase == Phase.UNDONE
    assert_sound()


def test_the_same_keys_again_take_the_withdrawn_leads_up_where_they_stood(export: Write) -> None:
    path = export(row("A1"), row("A2"))
    _, summary, _ = run(path, source="Old")
    stood = list(Lead.objects.order_by("pk").values_list("pk", "status", "stage_entered_at", "agent"))
    call_command("undo_import", summary["import"], stdout=io.StringIO(), stderr=io.StringIO())
    _, again, _ = run(export(row("A1"), row("A2", Stage="Won"), name="newer.csv"), source="Old")
    assert (again["leads"], again["taken up again"]) == ("0", "2")
    assert Lead.objects.count() == 2
    a1, a2 = Lead.objects.order_by("pk")
    assert (a1.pk, a1.status, a1.stage_entered_at, a1.agent_id) == stood[0]
    assert a2.status == "CLOSED"
    assert_sound()


def test_a_file_that_tells_another_beginning_does_not_take_a_withdrawn_lead_up(export: Write) -> None:
    _, summary, _ = run(export(row("A1")), source="Old")
    call_command("undo_import", summary["import"], stdout=io.StringIO(), stderr=io.StringIO())
    mended = export(row("A1", Created="2024-01-03 10:00"), name="mended.csv")
    code, told, err = run(mended, source="Old")
    assert code == 1 and told["refused"] == "1" and "another creation date" in err
    assert run(mended, source="Old, again")[1]["leads"] == "1"
    assert_sound()


# --- interrupted, and two at once -------------------------------------------------------------------------------


def test_an_import_that_broke_off_is_carried_on_to_the_same_end(export: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = export(*(row(f"A{n}", Stage=["Hot", "New", "Won"][n % 3]) for n in range(1000)))
    kept = running.keep
    done = 0

    def torn(*args: Any, **named: Any) -> None:
        nonlocal done
        kept(*args, **named)
        done += 1
        if done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "keep", torn)
    with pytest.raises(KeyboardInterrupt):
        run(path)
    # The second step had written its facts, and all of them went with it.
    assert Lead.objects.count() == 400 and ImportedRow.objects.count() == 400
    code, summary, err = run(path)
    assert code == 0 and "Carrying on after line 401" in err
    assert (summary["leads"], Lead.objects.count(), Import.objects.count()) == ("1000", 1000, 1)
    assert LeadEvent.objects.filter(kind="history_imported").count() == 667
    assert_sound()


def test_a_worker_that_comes_second_finds_done_what_the_first_did(export: Write) -> None:
    path = export(row("A1"))
    run(path)
    made = Import.objects.get()
    Import.objects.filter(pk=made.pk).update(phase=Phase.RUNNING, line_done=0)
    stale = Import.objects.get(pk=made.pk)
    Import.objects.filter(pk=made.pk).update(line_done=2)
    assert running.run(stale, path).line_done == 2
    assert ImportedRow.objects.count() == 1


def test_an_import_whose_worker_was_lost_is_handed_to_another(export: Write) -> None:
    made = Import.objects.create(
        source="Old",
        phase=Phase.RUNNING,
        file="somewhere",
        made_at=datetime.now(UTC),
        beat_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert phases.revive() == 1
    assert phases.revive() == 0
    made.refresh_from_db()
    assert made.beat_at is not None and made.beat_at.year > 2025


# --- the samples, and real exports ------------------------------------------------------------------------------


def test_the_sample_of_the_documentation_comes_in_whole() -> None:
    out = io.StringIO()
    call_command(
        "import_leads",
        SAMPLES / "legacy_export.csv",
        mapping=SAMPLES / "legacy_mapping.json",
        stdout=out,
        stderr=io.StringIO(),
        verbosity=0,
    )
    assert "refused: 0" in out.getvalue()
    assert set(Lead.objects.values_list("status", flat=True)) >= {"NEW", "COMMITTED", "CLOSED"}
    assert_sound()


def test_a_real_export_stands_as_its_system_stood_and_claims_nothing_earlier(test_data: Path) -> None:
    path, mapping = test_data / "legacy" / "bpic12_dev_legacy_export.csv", SAMPLES / "legacy_mapping.json"
    call_command("import_leads", path, mapping=mapping, stdout=io.StringIO(), stderr=io.StringIO(), verbosity=0)
    at = "2012-01-01T00:00:00+01:00"
    with gzip.open(test_data / "history" / "bpic12_dev_asof.csv.gz", "rt", newline="") as file:
        oracle = {line["lead_key"]: (line[f"state@{at}"], line[f"owner@{at}"]) for line in csv.DictReader(file)}
    out = io.StringIO()
    call_command("lead_states", at=at, stdout=out)
    here = {line["lead_key"]: (line["status"], line["agent"]) for line in csv.DictReader(io.StringIO(out.getvalue()))}
    assert here == {key: stood for key, stood in oracle.items() if stood[0]}
    with path.open(newline="") as file:
        created = {line["Lead ID"]: line["Created Time"] for line in csv.DictReader(file)}
    assert len(created) == Lead.objects.count()
    amsterdam, stages = ZoneInfo("Europe/Amsterdam"), Counter[str]()
    for key, kind, at_ in LeadEvent.objects.values_list("lead__external_key", "kind", "occurred_at"):
        assert at_ >= datetime.strptime(created[key], "%d/%m/%Y %H:%M").replace(tzinfo=amsterdam)
        stages[key] += kind == "history_imported"
    # One fact of its stage at most, and none in between.
    assert set(stages.values()) == {0, 1}


def test_a_file_that_does_not_speak_of_agents_leaves_a_lead_with_whom_it_was(export: Write) -> None:
    _, summary, _ = run(export(row("A1")), source="Old")
    call_command("undo_import", summary["import"], stdout=io.StringIO(), stderr=io.StringIO())
    silent = {**MAPPING, "columns": {label: role for label, role in MAPPING["columns"].items() if role != "owner"}}
    assert run(export(row("A1"), name="silent.csv"), silent, source="Old")[1]["taken up again"] == "1"
    lead = Lead.objects.get()
    assert lead.agent is not None and lead.agent.display_name == "Joe"
    assert_sound()
