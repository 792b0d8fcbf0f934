"""``import_history``: the history of another system comes in as real facts, each lead whole or not at all."""

import csv
import json
import uuid
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from leads.history import people, reader
from leads.history.changes import OTHER_WORDS
from leads.history.foreign_file import read_mapped
from leads.history.mapping import read_history_mapping
from leads.history.reader import BadFile, History
from leads.history.shelf import ForeignLead, Shelf
from leads.imports.strict import BadMapping
from leads.models import Lead
from leads.spreadsheet import as_text
from lifecycle.imported import Told, Unfit, tell
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.service import tallying
from lifecycle.service.importing import Imported, Stream, import_streams

#: About as many events as one transaction may hold without keeping others waiting.
EVENTS_A_COMMIT = 1000
#: So many words that the mapping does not know are named one by one.
MOST_WORDS = 10

#: A lead that was refused: its key, the line, and why.
Refusal = tuple[str, int, str]


class Command(BaseCommand):
    help = (
        "Import the event history of another system, each lead whole or not at all. Without a mapping: CSV or CSV.GZ, "
        "one row a fact, in the columns of our own. With one: any file that says which lead, when, what, from, to. "
        "docs/samples has mappings for HubSpot's property history and stage history and for a field history like "
        "Salesforce's. Import the history first and the export of the same leads after it, with import_leads "
        "--duplicates update, the same --source and the same key: the leads are found by their key and get their names "
        "and contact facts. A lead that an export brought already takes no history: its past cannot be put before what "
        "is recorded. "
        "Exit code 1: some leads were refused; 2: the file or the mapping cannot be used."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the history")
        parser.add_argument("--mapping", type=Path, help="how the columns of another system are to be read (JSON)")
        parser.add_argument("--source", default="", help="name of the system it comes from (default: the file's name)")
        parser.add_argument(
            "--irregular",
            choices=("keep", "refuse"),
            default="keep",
            help="what to do with a lead that has a move outside our table",
        )
        parser.add_argument("--errors", type=Path, help="write what was refused to this CSV file")
        parser.add_argument("--dry-run", action="store_true", help="do everything and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        source = options["source"] or _name(path)
        if len(source) > 60:
            raise CommandError("The name of the source is too long: 60 characters fit.", returncode=2)
        with Shelf() as shelf:
            try:
                with self._bar(options, desc="reading") as bar:
                    history = _read(path, options["mapping"], shelf, bar.update)
            except (BadFile, BadMapping) as problem:
                raise CommandError(str(problem), returncode=2) from problem
            total, refused = self._import(history, source, options)
        self._report(path, history, total, refused, options)
        if refused:
            raise SystemExit(1)

    def _import(self, history: History, source: str, options: dict[str, Any]) -> tuple[Imported, list[Refusal]]:
        book = ReasonCode.book()
        total, refused = Imported(), []
        batch, now = uuid.uuid4(), timezone.now()
        with self._bar(options, desc="writing", total=history.shelf.laid) as bar:
            for chunk in _chunks(history):
                streams = []
                known = _known(source, [lead.key for lead in chunk])
                for lead in chunk:
                    try:
                        told = _told(source, lead, history, book)
                    except Unfit as unfit:
                        refused.append((lead.key, unfit.line, unfit.sentence))
                        continue
                    if told:
                        streams.append(Stream(known.get(lead.key) or _new(source, lead), told))
                done = import_streams(
                    streams,
                    people.find_or_make,
                    now=now,
                    batch=batch,
                    irregular=(options["irregular"],),
                    rehearse=options["dry_run"],
                )
                total.leads, total.events = total.leads + done.leads, total.events + done.events
                total.known += done.known
                refused += done.refused
                bar.update(sum(len(lead.rows) for lead in chunk))
        if not options["dry_run"]:
            tallying.move_on()
        return total, sorted(refused, key=lambda r: r[1])

    def _bar(self, options: dict[str, Any], **more: Any) -> Any:
        quiet = None if options["verbosity"] else True
        return tqdm(unit=" rows", disable=quiet, file=self.stderr, leave=False, **more)

    def _report(
        self,
        path: Path,
        history: History,
        total: Imported,
        refused: list[Refusal],
        options: dict[str, Any],
    ) -> None:
        for key, line, sentence in refused:
            self.stderr.write(f"{path.name}, line {line}, {key}: {sentence}")
        if options["errors"]:
            with options["errors"].open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out)
                writer.writerow(["line", "lead_key", "sentence"])
                writer.writerows([line, as_text(key), as_text(sentence)] for key, line, sentence in refused)
        if options["dry_run"]:
            self.stdout.write("Nothing was kept (dry run). It would have been:")
        self.stdout.write(f"leads: {total.leads}")
        self.stdout.write(f"events: {total.events}")
        self.stdout.write(f"refused: {len(refused)}")
        self.stdout.write(f"already there: {total.known}")
        _counted(self.stdout, history, mapped=options["mapping"] is not None)


def _read(path: Path, mapping: Path | None, shelf: Shelf, tick: Callable[[], object]) -> History:
    zone = OfficeSettings.load().zone
    if mapping is None:
        return reader.read(path, zone, shelf, tick)
    try:
        given = json.loads(mapping.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as problem:
        raise BadMapping(f"{mapping} cannot be read as JSON: {problem}.") from problem
    return read_mapped(path, read_history_mapping(given), zone, shelf, tick)


def _name(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return next((name.removesuffix(end) for end in (".csv", ".tsv", ".xlsx") if name.endswith(end)), name)


def _counted(out: Any, history: History, mapped: bool) -> None:
    if history.ambiguous and mapped:
        out.write(f"times that are a guess (a day without a time, an hour that occurs twice): {history.ambiguous}")
    elif history.ambiguous:
        out.write(f"times that occur twice, the first taken: {history.ambiguous}")
    for title, counter in (
        ("rows that speak of something else", history.left_out),
        ("rows with a stage that the mapping gives no meaning", history.words),
    ):
        if counter:
            out.write(f"{title}: {counter.total()}")
            named = [pair for pair in counter.most_common(MOST_WORDS + 1) if pair[0] != OTHER_WORDS][:MOST_WORDS]
            for word, count in named:
                out.write(f"  {word or '(empty)'}: {count}")
            if rest := counter.total() - sum(count for _, count in named):
                out.write(f"  others: {rest}")


def _chunks(history: History) -> Iterator[list[ForeignLead]]:
    """Whole leads until a transaction is full."""
    chunk: list[ForeignLead] = []
    size = 0
    for lead in history.shelf.leads():
        chunk.append(lead)
        size += len(lead.rows)
        if size >= EVENTS_A_COMMIT:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _known(source: str, keys: list[str]) -> dict[str, Lead]:
    # The condition of the unique index has to stand in the question, or SQLite reads every lead.
    leads = Lead.objects.filter(external_source=source, external_key__in=keys).exclude(external_key="")
    return {lead.external_key: lead for lead in leads}


def _new(source: str, lead: ForeignLead) -> Lead:
    return Lead(name=lead.key, external_source=source, external_key=lead.key)


def _told(source: str, lead: ForeignLead, history: History, book: Any) -> list[Told]:
    """The facts of a lead; none where its rows say nothing new. Raises ``Unfit``."""
    if lead.problem:
        raise Unfit(*lead.problem)
    rows = history.story(lead.rows)
    return tell(source, lead.key, rows, book) if rows else []
