"""Whole files come in, in steps that can be carried on: what a step wrote and how far it got commit together.

Killed in the middle and started again, it comes to the same end: each fact's name follows from source and key, and the
line up to which the file is decided is kept in the same transaction as the facts. Two workers at one file hinder
nobody: the second finds done what the first did.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from lifecycle import service
from lifecycle.authority import authorise_import
from lifecycle.errors import DataErased, NotYours, Refused
from lifecycle.events import Source
from lifecycle.models import OfficeSettings
from lifecycle.service import importing, tallying

from ..models import Import, Outcome, Phase, User
from .keeping import NewLead, count, keep
from .mapping import BadMapping, Mapping, read_mapping
from .reading import BadFile, Record, Shape, probe, records
from .row import Plan
from .sorting import Sorted, Sorter, steps
from .staff import Staff, check_strangers

#: An import that gave no sign of life for so long has lost its worker.
LOST_AFTER = timedelta(minutes=2)
#: So often a step that met another import is begun anew.
_TRIES = 4


class Superseded(Exception):
    """Somebody else carried this import on, or stopped it, while we worked."""


@dataclass(slots=True)
class Opened:
    """A file, ready to be sorted. ``header`` are the labels of its columns."""

    path: Path
    shape: Shape
    header: list[str]
    mapping: Mapping
    sorter: Sorter
    staff: Staff

    def check_strangers(self) -> None:
        """Looks through the whole file before anything is written. Raises ``BadFile`` or ``BadMapping``."""
        check_strangers(records(self.path, self.shape), self.header, self.mapping, self.staff)


def open_import(made: Import, path: Path | None = None) -> Opened:
    """The file of an import with all that is needed to read it. Raises ``BadFile`` or ``BadMapping``."""
    where = path or _file_of(made)
    mapping = read_mapping(made.mapping)
    wanted = Shape(mapping.encoding, mapping.delimiter) if mapping.encoding or mapping.delimiter else None
    found = probe(where, wanted)
    instant = made.started_at or timezone.now()
    staff = Staff()
    zone = OfficeSettings.load().zone
    plan = Plan(mapping, found.header, made.source, users=staff.users, now=instant, zone=zone)
    return Opened(where, found.shape, found.header, mapping, Sorter(plan, made, instant), staff)


def _file_of(made: Import) -> Path:
    """Where the uploaded file lies. Raises ``BadFile`` when it was removed, by the office's rule or by somebody."""
    if not made.file.name or not made.file.storage.exists(made.file.name):
        raise BadFile(gettext("The file of this import is not here any more. Choose it again and bring it in anew."))
    return Path(made.file.path)


def run(made: Import, path: Path | None = None, tick: Any = None) -> Import:
    """Brings a file in from where it stopped, to its end; out: the import as it is then.

    In: an import in phase running; where its file lies, if not in the private storage; ``tick``, called with the
    number of rows of each step. A file that cannot be read further leaves it stopped, with a sentence.
    """
    try:
        opened = open_import(made, path)
        if not made.line_done and path is not None:
            opened.check_strangers()
        with _seldom_collected():
            for chunk in steps(records(opened.path, opened.shape), after=made.line_done, passed=opened.sorter.recall):
                made = _step(made, opened, chunk)
                gc.collect(1)
                if tick is not None:
                    tick(len(chunk))
    except Superseded:
        return Import.objects.get(pk=made.pk)
    except (BadFile, BadMapping) as problem:
        return stop(made, problem.sentence)
    except NotYours:
        return stop(made, not_allowed(made.actor))
    made = _finish(made)
    tallying.move_on()
    return made


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """What an import makes holds no circles: to look for some all the time took a tenth of it."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _step(made: Import, opened: Opened, chunk: list[Record]) -> Import:
    for _ in range(_TRIES):
        try:
            return _write(made, opened, chunk)
        except IntegrityError:
            # Another import let one of these leads or people in between our look and our insert.
            continue
    return _write(made, opened, chunk)


def _write(made: Import, opened: Opened, chunk: list[Record]) -> Import:
    # Read and compared outside the transaction: the lock is held for writing alone.
    rows = opened.sorter.sort(chunk)
    with transaction.atomic():
        return _written(made, opened, rows)


def _written(made: Import, opened: Opened, rows: list[Sorted]) -> Import:
    locked = Import.objects.select_for_update().get(pk=made.pk)
    if locked.phase != Phase.RUNNING or locked.line_done != made.line_done:
        raise Superseded
    # Whoever began it may have left the office meanwhile.
    authorise_import(None if locked.actor is None else locked.actor.as_person)
    work = _Step(locked, opened.staff, timezone.now())
    work.create([row for row in rows if row.outcome == Outcome.CREATED])
    work.take_up([row for row in rows if row.outcome == Outcome.TAKEN_UP])
    work.update([row for row in rows if row.outcome == Outcome.UPDATED])
    keep(locked, rows, cells=(Outcome.REFUSED, Outcome.SKIPPED))
    count(locked, rows, facts=work.facts)
    locked.save()
    return locked


@dataclass(slots=True)
class _Step:
    """The writing of one step, through the one door."""

    made: Import
    staff: Staff
    now: datetime
    facts: int = 0

    def create(self, rows: list[Sorted]) -> None:
        streams = []
        for row in rows:
            assert row.incoming is not None
            row.lead = NewLead.of(self.made.source, row.incoming.key, row.incoming.contact)
            streams.append(importing.Stream(row.lead, row.told))
        done = importing.import_streams(streams, self.staff, now=self.now, batch=self.made.uuid)
        self.facts += done.events
        sentences = {line: sentence for _, line, sentence in done.refused}
        for row in rows:
            if row.line in sentences:
                row.outcome, row.sentence, row.lead = Outcome.REFUSED, sentences[row.line], None

    def take_up(self, rows: list[Sorted]) -> None:
        if not rows:
            return
        wishes = [
            importing.Again(row.lead, self.made.source, row.incoming.key, row.incoming.row)
            for row in rows
            if row.incoming is not None
        ]
        done, taken = importing.take_up(wishes, self.staff, batch=self.made.uuid, actor=self.made.actor, now=self.now)
        self.facts += done.events
        for row in rows:
            if row.lead is not None and row.lead.pk in taken:
                self._contact(row)
            else:
                # Somebody has worked with it since it was taken back.
                row.outcome = Outcome.KNOWN

    def update(self, rows: list[Sorted]) -> None:
        for row in rows:
            if not self._contact(row) and row.outcome == Outcome.UPDATED:
                row.outcome = Outcome.KNOWN

    def _contact(self, row: Sorted) -> bool:
        """Sets the contact facts that the row has and the lead has otherwise; whether there were any."""
        assert row.lead is not None and row.incoming is not None
        fields = {
            name: value
            for name, value in row.incoming.contact.items()
            if value and name in service.CONTACT_FIELDS and getattr(row.lead, name) != value
        }
        if not fields:
            return False
        try:
            result = service.change_contact(
                lead_id=row.lead.pk,
                fields=fields,
                actor=self.made.actor,
                source=Source.IMPORT.value,
                batch=self.made.uuid,
                uuid=uuid5(self.made.uuid, f"contact-{row.line}"),
                now=self.now,
            )
        except DataErased:
            # Known, and no more: the cells of a refused row are kept, and would bring the person back.
            return False
        except Refused as refused:
            row.outcome, row.sentence = Outcome.REFUSED, refused.sentence
            return False
        self.facts += len(result.events)
        return bool(result.events)


def _finish(made: Import) -> Import:
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.phase == Phase.RUNNING and locked.line_done == made.line_done:
            locked.phase, locked.finished_at, locked.problem = Phase.DONE.value, timezone.now(), ""
            locked.rows = max(locked.rows, locked.rows_done)
            locked.save()
    return locked


def stop(made: Import, sentence: str) -> Import:
    """Stops an import where it is, with the reason; it can be carried on."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.unfinished:
            locked.survey = {**locked.survey, "stopped_in": locked.phase}
            locked.phase, locked.problem = Phase.FAILED.value, sentence
            locked.save()
    return locked


def in_language_of(made: Import) -> Any:
    """Sentences of an import are read by who began it."""
    language = made.actor.language if made.actor is not None else ""
    return translation.override(language or None) if language else translation.override("en")


def is_silent(made: Import, now: datetime) -> bool:
    """Whether whoever is at it has given no sign of life for a while."""
    return made.beat_at is None or made.beat_at < now - LOST_AFTER


def lost(now: datetime) -> list[UUID]:
    """Imports that somebody waits for and no worker has touched for a while."""
    waiting = (Phase.CHECKING, Phase.WAITING, Phase.RUNNING, Phase.UNDOING)
    found = Import.objects.filter(phase__in=waiting, beat_at__lt=now - LOST_AFTER).exclude(file="")
    return list(found.values_list("pk", flat=True))


def stopped_by(name: str) -> str:
    return gettext("Stopped by %(name)s. What is in stays in; it can be carried on.") % {"name": name}


def not_allowed(person: User | None) -> str:
    name = person.display_name if person is not None else ""
    return gettext(
        "%(name)s may not bring leads in or take them back any more. What is done stays; somebody else can carry it on."
    ) % {"name": name}
