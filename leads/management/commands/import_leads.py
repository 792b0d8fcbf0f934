"""``import_leads``: the leads of another system's export come in, each with an honest beginning."""

import csv
import hashlib
import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from leads.imports import checking, phases, running
from leads.imports.errors_file import write_errors
from leads.imports.mapping import CHOICES, BadMapping, read_mapping
from leads.imports.reading import BadFile
from leads.models import Import, ImportedRow, Outcome, Phase, User
from lifecycle.errors import BadInput

#: The refused rows as (line, key, sentence, cells), as often as they are asked for.
Refusals = Callable[[], Iterable[tuple[int, str, str, list[str]]]]
SUMMARY = (
    ("leads", Outcome.CREATED),
    ("taken up again", Outcome.TAKEN_UP),
    ("contact facts updated", Outcome.UPDATED),
    ("already there", Outcome.KNOWN),
    ("duplicates skipped", Outcome.SKIPPED),
    ("refused", Outcome.REFUSED),
)


class Command(BaseCommand):
    help = "Import the leads of another system's export (CSV, TSV, Excel) by a mapping."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the export: .csv, .tsv, .txt, .xlsx, also .gz")
        parser.add_argument("--mapping", type=Path, required=True, help="what its columns and words mean (JSON)")
        parser.add_argument("--source", default="", help="name of the system it comes from (default: the file's name)")
        parser.add_argument("--duplicates", choices=CHOICES, help="rows whose lead is here already (default: mapping)")
        parser.add_argument("--by", default="", metavar="USERNAME", help="the broker on whose behalf this is done")
        parser.add_argument("--errors", type=Path, help="write the refused rows to this CSV file, to mend and import")
        parser.add_argument("--dry-run", action="store_true", help="look at every row and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        made = self._made(path, options)
        quiet = None if options["verbosity"] else True
        with tqdm(unit=" rows", disable=quiet, file=self.stderr, leave=False, initial=made.rows_done) as bar:
            try:
                if options["dry_run"]:
                    counts, found = checking.tally(made, path, bar.update)
                    refused: Refusals = partial(iter, found)
                else:
                    made = running.run(made, path, bar.update)
                    counts, refused = Counter(made.counts), partial(_refused, made)
            except (BadFile, BadMapping) as problem:
                raise CommandError(problem.sentence, returncode=2) from problem
        if made.phase == Phase.FAILED:
            raise CommandError(made.problem, returncode=2)
        if made.phase != Phase.DONE and not options["dry_run"]:
            sentence = f"Somebody else is at this import ({made.uuid}) as well and goes on with it: nothing is lost."
            raise CommandError(sentence, returncode=2)
        self._report(path, made, counts, refused, options)
        if counts[Outcome.REFUSED.value]:
            raise SystemExit(1)

    def _made(self, path: Path, options: dict[str, Any]) -> Import:
        """A new import, or the one that was interrupted with the same file and mapping."""
        source = options["source"] or path.name.removesuffix(".gz").rsplit(".", 1)[0]
        if len(source) > 60:
            raise CommandError("The name of the source is too long: 60 characters fit.", returncode=2)
        mapping = _mapping(options)
        made = Import(
            uuid=uuid4(),
            actor=_broker(options["by"]),
            source=source,
            file_name=path.name[:200],
            mapping=mapping,
            phase=Phase.RUNNING.value,
            survey={"digest": _digest(path)},
            made_at=timezone.now(),
            started_at=timezone.now(),
            beat_at=timezone.now(),
        )
        made.actor_name = made.actor.display_name if made.actor else ""
        if options["dry_run"]:
            return made
        try:
            phases.check_no_other(made, Phase.WAITING)
        except BadInput as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
        same = Import.objects.filter(phase=Phase.RUNNING, source=source, file="").order_by("-made_at")
        for earlier in same.select_related("actor"):
            if (earlier.mapping, earlier.survey) == (mapping, made.survey):
                self.stderr.write(f"Carrying on after line {earlier.line_done}, where this import was interrupted.")
                return earlier
        with transaction.atomic():
            made.save()
        return made

    def _report(
        self,
        path: Path,
        made: Import,
        counts: Counter[str],
        refused: Refusals,
        options: dict[str, Any],
    ) -> None:
        for line, key, sentence, _ in refused():
            self.stderr.write(f"{path.name}, line {line}{f', {key}' if key else ''}: {sentence}")
        if options["errors"]:
            header = running.open_import(made, path).header
            with options["errors"].open("w", newline="", encoding="utf-8-sig") as out:
                write_errors(csv.writer(out), header, ((cells, sentence) for _, _, sentence, cells in refused()))
        if options["dry_run"]:
            self.stdout.write("Nothing was kept (dry run). It would have been:")
        for words, outcome in SUMMARY:
            self.stdout.write(f"{words}: {counts[outcome.value]}")
        self.stdout.write(f"events: {counts['facts']}")
        if counts["guessed"]:
            self.stdout.write(f"rows with a time that is a guess: {counts['guessed']}")
        if not options["dry_run"]:
            self.stdout.write(f"import: {made.uuid}")


def _mapping(options: dict[str, Any]) -> dict[str, Any]:
    try:
        given = json.loads(options["mapping"].read_text(encoding="utf-8-sig"))
        if options["duplicates"] and isinstance(given, dict):
            given["duplicates"] = options["duplicates"]
        return read_mapping(given).as_json()
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise CommandError(f"{options['mapping']} cannot be read: {problem}.", returncode=2) from problem
    except BadMapping as problem:
        raise CommandError(f"{options['mapping']}: {problem.sentence}", returncode=2) from problem


def _broker(username: str) -> User | None:
    if not username:
        return None
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None or not found.is_broker:
        raise CommandError(f"There is no broker or admin with the user name “{username}”.", returncode=2)
    return found


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise CommandError(f"{path} cannot be read: {problem}.", returncode=2) from problem


def _refused(made: Import) -> Iterator[tuple[int, str, str, list[str]]]:
    """One after the other: a whole file may be refused."""
    rows = ImportedRow.objects.filter(of=made, outcome=Outcome.REFUSED).order_by("line")
    return ((row.line, "", row.sentence, row.cells or []) for row in rows.iterator(1000))
