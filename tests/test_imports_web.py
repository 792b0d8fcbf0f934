"""What goes wrong around the pages of an import: people who leave, workers that break, data that must go."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import JSONField, Value
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from leads.imports import phases, running
from leads.imports.reading import limits
from leads.imports.removing import KEPT_DAYS, remove_old
from leads.models import Import, ImportedRow, Lead, Outcome, Phase, SavedMapping, User
from lifecycle.models import LeadEvent
from tests.factories import LeadFactory, ada, bruna
from tests.import_drafts import draft
from tests.import_hands import as_user, at_step, checked, export, filled_in, mapped, url, words, work

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "dana@example.com"


def leaves(who: User) -> None:
    User.objects.filter(pk=who.pk).update(is_active=False)


def fresh(made: Import) -> Import:
    return Import.objects.get(pk=made.pk)


def came_in() -> Import:
    made = checked("preview")
    phases.start(made)
    work()
    return fresh(made)


# ---- people who leave


def test_who_began_to_take_an_import_back_is_deactivated_and_somebody_else_carries_it_on() -> None:
    made = came_in()
    phases.begin_undo(made, actor=bruna())
    leaves(bruna())
    work()
    stopped = fresh(made)
    assert (
        stopped.phase == Phase.FAILED
        and "Bruna Barros may not bring leads in or take them back any more" in stopped.problem
    )
    assert not LeadEvent.objects.filter(kind="import_withdrawn").exists()
    assert as_user(ada()).post(url(made), {"step": "on"}).status_code == 302
    work()
    undone = fresh(made)
    assert (undone.phase, undone.undone_by, undone.counts["withdrawn"]) == (Phase.UNDONE, ada(), 3)
    assert set(LeadEvent.objects.filter(kind="import_withdrawn").values_list("actor", flat=True)) == {ada().pk}


def test_a_row_is_not_refused_because_the_broker_left() -> None:
    LeadFactory.create(name="Dana", email=SECRET, phone="+1 510 555 0199")
    made = checked("preview", mapping=mapped(duplicates="update"))
    phases.start(made)
    leaves(bruna())
    work()
    stopped = fresh(made)
    assert stopped.phase == Phase.FAILED and stopped.line_done == 0 and not stopped.imported_rows.exists()
    as_user(ada()).post(url(made), {"step": "on"})
    work()
    done = fresh(made)
    assert (done.phase, done.actor, done.actor_name) == (Phase.DONE, ada(), "Ada Adeyemi")
    assert (done.counts["updated"], done.counts["created"]) == (1, 2)
    assert LeadEvent.objects.get(kind="contact_details_changed").actor == ada()


def test_whoever_carries_it_on_takes_nothing_over_from_a_broker_who_is_still_here() -> None:
    made = checked("preview")
    phases.start(made)
    phases.stop(made, bruna())
    as_user(ada()).post(url(made), {"step": "on"})
    work()
    assert (fresh(made).phase, fresh(made).actor) == (Phase.DONE, bruna())


# ---- workers that break


def test_a_worker_that_breaks_stops_the_import_and_quotes_no_row(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def torn(*_: Any, **__: Any) -> None:
        raise ValueError(SECRET)

    # A worker of another test may have silenced it.
    caplog.set_level("INFO", logger="django_tasks")
    made = checked("preview")
    phases.start(made)
    with monkeypatch.context() as broken:
        broken.setattr(running, "keep", torn)
        work()
    stopped = fresh(made)
    assert stopped.phase == Phase.FAILED and "Something broke on our side" in stopped.problem
    assert not Lead.objects.exists()
    task = DBTaskResult.objects.get(status="FAILED")
    assert "ValueError" in task.traceback and "_written" in task.traceback
    assert SECRET not in task.traceback and SECRET not in caplog.text and "_written" in caplog.text
    assert "Something broke on our side" in words(as_user(bruna()).get(url(made)))
    as_user(bruna()).post(url(made), {"step": "on"})
    work()
    assert fresh(made).phase == Phase.DONE and Lead.objects.count() == 3


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError(SECRET)

    made = checked("preview")
    phases.start(made)
    with monkeypatch.context() as broken:
        broken.setattr(running, "keep", away)
        work()
    assert fresh(made).phase == Phase.RUNNING
    tasks = DBTaskResult.objects.filter(status="FAILED")
    assert tasks.exists() and all(SECRET not in task.traceback for task in tasks)
    Import.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert phases.revive() == 1
    work()
    assert fresh(made).phase == Phase.DONE


# ---- data that must go


def test_what_was_taken_back_after_it_stopped_is_removed_too() -> None:
    made = came_in()
    Import.objects.update(phase=Phase.FAILED, finished_at=None)
    phases.begin_undo(fresh(made), actor=bruna())
    work()
    where = fresh(made).file.storage
    assert remove_old(timezone.now() + timedelta(days=KEPT_DAYS - 1)) == (0, 0)
    assert remove_old(timezone.now() + timedelta(days=KEPT_DAYS + 1)) == (0, 1)
    assert fresh(made).file.name == "" and not where.exists(str(made.pk))


@pytest.mark.parametrize("by_command", [False, True])
def test_nothing_quotes_the_file_when_it_is_gone(by_command: bool) -> None:
    made = came_in()
    said = {"outcome": Outcome.SKIPPED, "sentence": f"Same e-mail as {SECRET}.", "cells": [SECRET]}
    ImportedRow.objects.create(of=made, line=90, **said)
    ImportedRow.objects.create(of=made, line=91, **{**said, "outcome": Outcome.REFUSED})
    ImportedRow.objects.create(of=made, line=92, outcome=Outcome.KEPT, sentence="It stays.")
    if by_command:
        made.file.delete(save=True)
    made.survey = {**made.survey, "owners": {SECRET: 1}, "statuses": {SECRET: 1}, "dates": {"Created": [SECRET]}}
    made.save()
    later = timezone.now() + timedelta(days=KEPT_DAYS + 1)
    assert remove_old(later) == (0, 1)
    assert remove_old(later) == (0, 0)
    assert SECRET not in repr(Import.objects.values()) + repr(ImportedRow.objects.values())
    assert ImportedRow.objects.get(line=92).sentence == "It stays."
    page = words(as_user(bruna()).get(url(made)))
    assert "The reason is not kept any more" in page and "What stood in these rows is not kept any more" in page
    assert fresh(made).survey["header"]


# ---- mappings that cannot be read any more


@pytest.mark.parametrize(
    "kept",
    [
        [1, 2],
        "x",
        None,
        {"columns": {"Lead ID": "nonsense"}},
        {"columns": ["Lead ID"]},
        {"columns": {"Lead ID": ["key"]}},
        {"columns": {"Lead ID": "key"}, "dates": {"formats": [["dd"]]}},
        {"columns": {"Lead ID": "key"}, "dates": {"formats": [], "zone": 7}},
        {"columns": {"Lead ID": "key"}, "duplicates": {}},
    ],
)
def test_a_saved_mapping_that_cannot_be_read_is_offered_to_nobody_and_breaks_no_page(kept: Any) -> None:
    made = at_step("columns")
    # JSON's own null, and not the database's.
    mapping = Value(None, JSONField()) if kept is None else kept
    saved = SavedMapping.objects.create(name="Damaged", mapping=mapping, saved_at=timezone.now())
    broker = as_user(bruna())
    assert "Damaged" not in words(broker.get(url(made, "columns")))
    assert "Damaged" in words(broker.get("/import/"))
    before = fresh(made).mapping
    answer = broker.post(url(made, "mapping"), {"do": "use", "mapping": str(saved.pk)}, follow=True)
    assert answer.status_code == 200 and fresh(made).mapping == before
    upload = {"file": SimpleUploadedFile("leads.csv", export().encode()), "mapping": str(saved.pk)}
    assert broker.post("/import/", upload).status_code == 302


# ---- files as wide as they are read


def test_the_widest_file_that_is_read_can_be_answered() -> None:
    labels = [f"Column {n}" for n in range(limits.COLUMNS_MOST)]
    made = draft(",".join(["Name", *labels[1:]]) + "\nDana" + "," * (len(labels) - 1) + "\n", done=["file"])
    broker = as_user(bruna())
    fields = filled_in(broker.get(url(made, "columns")))
    assert len(fields) > limits.COLUMNS_MOST
    assert broker.post(url(made, "columns"), fields).status_code == 302
    assert fresh(made).mapping["columns"] == {"Name": "name"}


# ---- uploads that are refused


@pytest.mark.parametrize("ends_early", [False, True])
@pytest.mark.parametrize("path", ["/import/", "/accounts/login/"])
def test_what_is_thrown_away_is_never_read_as_one_line(
    monkeypatch: pytest.MonkeyPatch, settings: Any, path: str, ends_early: bool
) -> None:
    def by_line(*_: Any) -> None:
        raise AssertionError("A line may be as long as all that is sent.")

    settings.IMPORT_MOST_MEGABYTES = 1
    monkeypatch.setattr(HttpRequest, "readline", by_line)
    monkeypatch.setattr(HttpRequest, "__iter__", by_line)
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    junk, end = b"x" * 2_000_000, b"\r\n--B--\r\n"
    sent = head + (b"Name\r\nDana" + end + junk if ends_early else junk + end)
    client = as_user(bruna()) if path == "/import/" else Client()
    answer = client.post(path, sent, content_type="multipart/form-data; boundary=B")
    assert answer.status_code == 413 if path == "/import/" else answer.status_code in (200, 400)
    assert not Import.objects.exists()
