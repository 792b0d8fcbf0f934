"""What goes wrong around an import: killed, renamed, deactivated, two at once, files that are gone. It ends in whole
steps, in one honest phase, and in a sentence."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from leads.imports import phases, running, sorting, staff
from leads.models import Import, ImportedRow, Lead, Phase, User
from lifecycle import service
from lifecycle.errors import BadInput, NotYours, Refused
from lifecycle.models import LeadEvent
from lifecycle.verify import verify
from tests.factories import ada, ana, bruna
from tests.test_races import crowd

pytestmark = pytest.mark.django_db(transaction=True)

MAPPING: dict[str, Any] = {
    "columns": {"ID": "key", "Name": "name", "Stage": "status", "Agent": "owner", "Since": "created"},
    "statuses": {"new": "NEW", "hot": "QUALIFIED", "won": "CLOSED"},
    "dates": {"formats": ["yyyy-mm-dd hh:mm"], "zone": "UTC"},
    "duplicates": "both",
}


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a step, so that a small file has several."""
    monkeypatch.setattr(running, "steps", partial(sorting.steps, size=2))


def rows(*owners: str) -> str:
    lines = [f"K{n},Lead {n},hot,{owner},2024-03-01 10:00" for n, owner in enumerate(owners)]
    return "\n".join([",".join(MAPPING["columns"]), *lines, ""])


def uploaded(text: str, source: str = "zoho", phase: Phase = Phase.CHECKED, **values: Any) -> Import:
    """A file that Bruna uploaded and had checked."""
    made = Import(source=source, mapping=MAPPING, made_at=timezone.now(), phase=phase, **{"actor": bruna(), **values})
    made.file.save("upload", ContentFile(text.encode()), save=False)
    made.save()
    return made


def command(tmp_path: Path, text: str, meaning: Any = MAPPING, **options: Any) -> tuple[int | str | None, str]:
    """Exit code and everything that `import_leads` printed."""
    path, mapping, out, code = tmp_path / "export.csv", tmp_path / "mapping.json", io.StringIO(), None
    path.write_text(text)
    mapping.write_text(json.dumps(meaning))
    try:
        call_command("import_leads", path, mapping=mapping, verbosity=0, stdout=out, stderr=out, **options)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue()


def holders(source: str) -> list[str]:
    leads = Lead.objects.filter(external_source=source).order_by("external_key")
    return [agent or "" for agent in leads.values_list("agent__display_name", flat=True)]


def assert_log_sound() -> None:
    *_, verdict = verify()
    assert (verdict.problems, verdict.unknown, verdict.guards_missing) == ([], [], [])


@pytest.fixture
def killed_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets the process end once so many steps are committed."""

    step = running._step

    def arrange(steps: int) -> None:
        done: list[int] = []

        def torn(*args: Any) -> Any:
            if len(done) == steps:
                raise Killed
            done.append(1)
            return step(*args)

        monkeypatch.setattr(running, "_step", torn)

    return arrange


# --- killed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("killed_at", [1, 2, 3])
def test_rows_that_repeat_one_that_was_skipped_are_skipped_by_the_run_that_carries_on_too(
    tmp_path: Path, killed_after: Callable[[int], None], killed_at: int
) -> None:
    """Jo2 is Jo1 by the address and did not come in; Jo3 has the telephone of Jo2 alone, the last one Jo2's key."""
    columns = {"ID": "key", "Name": "name", "Email": "email", "Phone": "phone"}
    mapping = {"columns": columns, "no_status": "NEW", "duplicates": "skip"}
    text = (
        "ID,Name,Email,Phone\n1,Jo1,jo@x.example,\n2,Jo2,jo@x.example,+1 415 555 0101\n3,Bo,,\n4,Al,,\n"
        "5,Jo3,,415 555 0101\n6,Di,,\n2,Jo4,,\n7,Ed,,\n"
    )
    command(tmp_path, text, mapping, source="whole")
    outcomes = ["created", "skipped", "created", "created", "skipped", "created", "refused", "created"]
    rows_of = ImportedRow.objects.order_by("line").values_list("outcome", flat=True)
    assert list(rows_of.filter(of__source="whole")) == outcomes
    torn = text.replace("x.example", "y.example").replace("0101", "0102")
    killed_after(killed_at)
    with pytest.raises(Killed):
        command(tmp_path, torn, mapping, source="torn")
    killed_after(99)
    command(tmp_path, torn, mapping, source="torn")
    assert list(rows_of.filter(of__source="torn")) == outcomes


# --- people ---------------------------------------------------------------------------------------------------------


def test_a_stranger_spelled_in_several_ways_is_one_person_in_one_go_and_carried_on(
    tmp_path: Path, killed_after: Callable[[int], None]
) -> None:
    text = rows("Joe Old", "", "JOE OLD", "joe old", "ZOE\u0308 Z", "Zo\u00eb Z")
    assert command(tmp_path, text, source="whole")[0] is None
    assert holders("whole") == ["Joe Old", "", "Joe Old", "Joe Old", "Zo\u00eb Z", "Zo\u00eb Z"]
    killed_after(1)
    other = text.replace("Joe", "Jim").replace("JOE", "JIM").replace("joe", "jim")
    with pytest.raises(Killed):
        command(tmp_path, other, source="torn")
    killed_after(99)
    assert "Carrying on after line 3" in command(tmp_path, other, source="torn")[1]
    assert holders("torn") == [name.replace("Joe", "Jim") for name in holders("whole")]
    assert User.objects.filter(is_active=False).count() == 3
    assert_log_sound()


def test_who_is_renamed_while_a_file_comes_in_keeps_the_leads_of_the_old_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana()
    step = running._step

    def renamed(*args: Any) -> Any:
        User.objects.filter(username="ana").update(display_name="Ana Alvarez-Brooks")
        return step(*args)

    monkeypatch.setattr(running, "_step", renamed)
    command(tmp_path, rows("Ana Alvarez", "Ana Alvarez", "ANA ALVAREZ"), source="zoho")
    assert set(holders("zoho")) == {"Ana Alvarez-Brooks"}
    assert not User.objects.filter(is_active=False).exists()


def test_no_accounts_are_made_for_more_people_than_an_office_ever_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "MOST_STRANGERS", 2)
    ana()
    text = rows("Joe", "JOE", "Ana Alvarez", "Jim", "Jon")
    for options in ({}, {"dry_run": True}):
        with pytest.raises(CommandError, match="“Agent” names more than 2 people who are not in this office"):
            command(tmp_path, text, source="zoho", **options)
    made = phases.work_on(phases.begin_check(uploaded(text, phase=Phase.DRAFT)).pk)
    assert made.phase == Phase.FAILED and "Choose another column for the agent" in made.problem
    assert not Lead.objects.exists() and not User.objects.filter(is_active=False).exists()
    made = phases.work_on(phases.begin_check(uploaded(rows("Joe", "JOE", "Jim"), phase=Phase.DRAFT)).pk)
    assert made.phase == Phase.CHECKED


# --- who may --------------------------------------------------------------------------------------------------------


def test_an_agent_starts_carries_on_and_takes_back_nothing() -> None:
    made = uploaded(rows("Joe"))
    for push in (phases.start, phases.carry_on, phases.begin_undo):
        with pytest.raises(NotYours):
            push(made, actor=ana())
    with pytest.raises(NotYours):
        phases.start(uploaded(rows("Joe"), actor=ana()))
    made.refresh_from_db()
    assert made.phase == Phase.CHECKED and not Lead.objects.exists()


def test_what_a_broker_began_who_left_stops_and_another_carries_it_on(killed_after: Callable[[int], None]) -> None:
    made = phases.start(uploaded(rows("Joe", "Joe", "Joe", "Joe", "Joe")))
    killed_after(1)
    with pytest.raises(Killed):
        phases.work_on(made.pk)
    killed_after(99)
    User.objects.filter(username="bruna").update(is_active=False)
    stopped = phases.work_on(made.pk)
    assert stopped.phase == Phase.FAILED and stopped.problem.startswith("Bruna Barros may not bring leads in")
    assert Lead.objects.count() == 2
    # Nobody who may says so: it stays where it is.
    assert phases.work_on(phases.carry_on(made).pk).phase == Phase.FAILED
    done = phases.work_on(phases.carry_on(made, actor=ada()).pk)
    assert (done.phase, done.actor, done.actor_name) == (Phase.DONE, ada(), "Ada Adeyemi")
    assert Lead.objects.count() == 5 and done.counts["created"] == 5


def test_who_left_takes_nothing_back_and_another_goes_on() -> None:
    made = phases.work_on(phases.start(uploaded(rows("Joe", "Joe"))).pk)
    phases.begin_undo(made, actor=bruna())
    User.objects.filter(username="bruna").update(is_active=False)
    stopped = phases.work_on(made.pk)
    assert stopped.phase == Phase.FAILED and "Bruna Barros may not" in stopped.problem
    assert set(Lead.objects.values_list("status", flat=True)) == {"QUALIFIED"}
    undone = phases.work_on(phases.carry_on(made, actor=ada()).pk)
    assert (undone.phase, undone.counts["withdrawn"], undone.undone_by) == (Phase.UNDONE, 2, ada())


# --- files and phases -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [Phase.CHECKING, Phase.WAITING, Phase.RUNNING])
def test_a_file_that_is_gone_stops_the_import_with_a_sentence(phase: Phase) -> None:
    made = uploaded(rows("Joe"), phase=phase)
    made.file.storage.delete(made.file.name or "")
    stopped = phases.work_on(made.pk)
    assert stopped.phase == Phase.FAILED and stopped.problem.startswith("The file of this import is not here any more")
    Import.objects.update(phase=phase, file="")
    assert phases.work_on(made.pk).problem == stopped.problem


def test_leads_of_one_system_never_come_in_and_go_out_at_once(tmp_path: Path) -> None:
    first = phases.work_on(phases.start(uploaded(rows("Joe", "Joe"))).pk)
    second, other = uploaded(rows("Joe", "Joe")), uploaded(rows("Joe"), source="hubspot")
    phases.begin_undo(first, actor=bruna())
    with pytest.raises(BadInput, match="An import from “zoho” is being taken back"):
        phases.start(second)
    with pytest.raises(CommandError, match="An import from “zoho” is being taken back"):
        command(tmp_path, rows("Joe"), source="zoho")
    phases.start(other)
    phases.work_on(first.pk)
    phases.start(second)
    third = uploaded("", phase=Phase.DONE)
    with pytest.raises(BadInput, match="Another file from “zoho” is coming in"):
        phases.begin_undo(third, actor=bruna())
    # One that lost its worker stands in nobody's way.
    Import.objects.filter(pk=second.pk).update(beat_at=timezone.now() - timedelta(hours=1))
    assert phases.begin_undo(third, actor=bruna()).phase == Phase.UNDOING


def test_a_command_that_was_killed_can_be_taken_back_once_it_is_silent(
    tmp_path: Path, killed_after: Callable[[int], None]
) -> None:
    killed_after(1)
    with pytest.raises(Killed):
        command(tmp_path, rows("Joe", "Joe", "Joe"), source="zoho")
    made = Import.objects.get()
    with pytest.raises(CommandError, match="elsewhere"):
        call_command("undo_import", str(made.pk))
    Import.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
    for _ in range(2):  # Taken back twice it is taken back once.
        out = io.StringIO()
        call_command("undo_import", str(made.pk), stdout=out)
        assert out.getvalue().splitlines() == ["withdrawn: 2", "stayed: 0"]
    assert LeadEvent.objects.filter(kind="import_withdrawn").count() == 2
    assert_log_sound()


def test_a_command_that_another_one_overtook_does_not_say_that_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = running._step

    def overtaken(made: Import, *args: Any) -> Any:
        step(Import.objects.get(pk=made.pk), *args)
        return step(made, *args)

    monkeypatch.setattr(running, "_step", overtaken)
    with pytest.raises(CommandError, match="Somebody else is at this import"):
        command(tmp_path, rows("Joe", "Joe", "Joe"), source="zoho")


# --- at once --------------------------------------------------------------------------------------------------------


def test_two_take_an_import_back_while_ana_signs_with_its_leads() -> None:
    """Each lead is either withdrawn or Ana's; nobody meets an error that is no sentence."""
    text = rows(*["Ana Alvarez"] * 12)
    agent, made = ana(), phases.work_on(phases.start(uploaded(text)).pk)
    leads = list(Lead.objects.order_by("external_key"))

    def act(n: int) -> Any:
        if n < 2:
            return phases.undo_now(Import.objects.get(pk=made.pk)).phase
        signed = []
        for lead in leads[n::3]:
            try:
                service.move_lead(lead_id=lead.pk, to="COMMITTED", actor=agent, source="board", document="a.pdf")
                signed.append(lead.pk)
            except Refused:
                pass
        return signed

    with crowd(4) as four:
        *phase, some, others = four.all_at_once(act)
    assert phase == [Phase.UNDONE, Phase.UNDONE]
    signed = set(some) | set(others)
    for lead in Lead.objects.all():
        assert lead.status == ("COMMITTED" if lead.pk in signed else "TRASHED")
    made.refresh_from_db()
    assert (made.counts["withdrawn"], made.counts.get("kept", 0)) == (12 - len(signed), len(signed))
    assert ImportedRow.objects.filter(outcome="kept").count() == len(signed)
    assert_log_sound()


def test_two_files_of_the_same_new_people_and_leads_at_once_bring_each_once(tmp_path: Path) -> None:
    texts = [rows("Joe", "Jim", "Jon", "Joe", "Jim"), rows("Joe", "Jim", "Jon", "Joe", "Jim", "Jane")]
    ready = [phases.start(uploaded(text)) for text in texts]
    with crowd(2) as two:
        done = two.all_at_once(lambda n: phases.work_on(ready[n].pk))
    assert [made.phase for made in done] == [Phase.DONE, Phase.DONE]
    assert sum(made.counts.get("created", 0) for made in done) == 6 == Lead.objects.count()
    assert User.objects.filter(is_active=False).count() == 4
    assert_log_sound()
