"""``import_history``: the history of another system comes in as real facts, each lead whole or not at all."""

import csv
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from leads.history import people, reader
from leads.history.reader import BadFile, ForeignLead, History
from leads.models import Lead
from lifecycle.imported import Unfit, tell
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.service.importing import Imported, Stream, import_streams

#: About as many events as one transaction may hold without keeping others waiting.
EVENTS_A_COMMIT = 1000


class Command(BaseCommand):
    help = "Import the event history of another system (CSV or CSV.GZ, one row a fact)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the history, .csv or .csv.gz")
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
        source = options["source"] or path.name.removesuffix(".gz").removesuffix(".csv")
        if len(source) > 60:
            raise CommandError("The name of the source is too long: 60 characters fit.", returncode=2)
        try:
            history = reader.read(path, OfficeSettings.load().zone)
        except BadFile as problem:
            raise CommandError(str(problem), returncode=2) from problem
        total, refused = self._import(history, source, options)
        self._report(path, history, total, refused, options)
        if refused:
            raise SystemExit(1)

    def _import(
        self, history: History, source: str, options: dict[str, Any]
    ) -> tuple[Imported, list[tuple[str, int, str]]]:
        book = ReasonCode.book()
        total, refused = Imported(), []
        batch, now = uuid.uuid4(), timezone.now()
        quiet = None if options["verbosity"] else True
        with tqdm(total=history.rows, unit=" rows", disable=quiet, file=self.stderr, leave=False) as bar:
            for chunk in _chunks(history):
                streams = []
                known = _known(source, [lead.key for lead in chunk])
                for lead in chunk:
                    try:
                        streams.append(Stream(known.get(lead.key) or _new(source, lead), _told(source, lead, book)))
                    except Unfit as unfit:
                        refused.append((lead.key, unfit.line, unfit.sentence))
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
        return total, sorted(refused, key=lambda r: r[1])

    def _report(
        self,
        path: Path,
        history: History,
        total: Imported,
        refused: list[tuple[str, int, str]],
        options: dict[str, Any],
    ) -> None:
        for key, line, sentence in refused:
            self.stderr.write(f"{path.name}, line {line}, {key}: {sentence}")
        if options["errors"]:
            with options["errors"].open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out)
                writer.writerow(["line", "lead_key", "sentence"])
                writer.writerows([line, key, sentence] for key, line, sentence in refused)
        if options["dry_run"]:
            self.stdout.write("Nothing was kept (dry run). It would have been:")
        self.stdout.write(f"leads: {total.leads}")
        self.stdout.write(f"events: {total.events}")
        self.stdout.write(f"refused: {len(refused)}")
        self.stdout.write(f"already there: {total.known}")
        if history.ambiguous:
            self.stdout.write(f"times that occur twice, the first taken: {history.ambiguous}")


def _chunks(history: History) -> Iterator[list[ForeignLead]]:
    """Whole leads until a transaction is full."""
    chunk: list[ForeignLead] = []
    size = 0
    for lead in history.leads.values():
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


def _told(source: str, lead: ForeignLead, book: Any) -> Any:
    if lead.problem:
        raise Unfit(*lead.problem)
    return tell(source, lead.key, lead.rows, book)
