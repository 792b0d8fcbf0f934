"""``board_diff``: what changed on the board between two instants, one row a change."""

import contextlib
import csv
import json
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Collate, Concat
from django.utils import timezone

from leads.command_time import read_past
from leads.models import Lead, User
from lifecycle.history import Change, Clock, changes
from lifecycle.history.touched import touched_streams
from lifecycle.streams import one_moment

COLUMNS = (
    "change",
    "lead_key",
    "from_status",
    "to_status",
    "from_agent",
    "to_agent",
    "reason",
    "occurred_at",
)
Row = tuple[str, ...]

_RULE = """
Each fact after --from and up to --to that changed a lead's status, agent or flags is one row; what changed nothing is
none. from_status and from_agent are the lead's just before the fact, to_status and to_agent just after it, so the rows
of a lead lead from its line in `lead_states --at T1` to its line in `lead_states --at T2`. Rows are ordered by lead_key
by code point, then by occurred_at.

change is what happened:
  new             came in; the agent who got the lead at once belongs to the same row
  advanced        to a later stage          closed          to CLOSED
  fell_back       deal_collapsed or contract_voided, never told by the pair of stages; with the reason
  moved_back      an imported move to an earlier stage that is no such fact
  re_engaged      out of ARCHIVED           archived        to ARCHIVED
  restored        out of TRASHED            trashed         to TRASHED
  reassigned      another agent, from the pool or to it
  flag_set:dnc    a flag was set, or flag_cleared:dnc; behind the colon stands which
  undone          a move was voided (only with --clock known: as it was, such a move never happened)
  there_and_back  no fact of its own: the stage, the agent or a flag moved and ended as it had been. One row a lead,
                  behind the fact that closed the circle; the facts themselves have their rows. Leave it out to count
                  facts.

--clock happened (the default) goes by when things happened: late entries count where they belong, voided moves do not
count, reasons are the corrected ones. --clock known goes by what had been recorded: mistakes included, reasons as known
at --to. This is a tool for operators: it shows every lead and every reason as it is in the log.
"""


class Command(BaseCommand):
    help = "Print what changed on the board between two instants."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, epilog=_RULE, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        when = "for example 2026-11-16T09:00 (office time zone) or 2026-11-16T09:00-08:00"
        parser.add_argument("--from", dest="since", required=True, metavar="T1", help=when)
        parser.add_argument("--to", dest="until", metavar="T2", help="in the same form; now when it is left out")
        parser.add_argument("--clock", choices=[c.value for c in Clock], default=Clock.HAPPENED.value)
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        since = read_past(options["since"])
        until = read_past(options["until"]) if options["until"] else timezone.now()
        if since > until:
            raise CommandError("--from lies after --to. Give the earlier time first.", returncode=2)
        with one_moment(), contextlib.closing(_rows(since, until, Clock(options["clock"]))) as rows:
            try:
                self._print(rows, options["format"])
            except BrokenPipeError:
                # Whoever read us (head, less) has seen enough; what is still buffered goes nowhere.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _print(self, rows: Iterable[Row], form: str) -> None:
        if form == "json":
            self._print_json(rows)
            return
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        self.stdout.flush()

    def _print_json(self, rows: Iterable[Row]) -> None:
        """One array, written row by row: it may be longer than the memory holds."""
        self.stdout.write("[", ending="")
        for n, row in enumerate(rows):
            said = json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False)
            self.stdout.write(f", {said}" if n else said, ending="")
        self.stdout.write("]")


def _rows(since: datetime, until: datetime, clock: Clock) -> Generator[Row]:
    """The rows in order. Two queries, whatever there is; one lead in memory at a time."""
    names = dict(User.objects.values_list("pk", "display_name"))
    for key, same in groupby(_changes(since, until, clock), key=itemgetter(0)):
        # Two old systems may have used one key: their changes are told in order of time.
        for change in sorted((c for _, found in same for c in found), key=lambda c: c.occurred_at):
            yield _row(key, change, names)


def _changes(since: datetime, until: datetime, clock: Clock) -> Iterator[tuple[str, list[Change]]]:
    by_code_point = "C" if connection.vendor == "postgresql" else "BINARY"
    key = Case(
        When(lead__external_key="", then=Concat(Value("L-"), Cast("lead_id", CharField()))),
        default=F("lead__external_key"),
        output_field=CharField(),
    )
    order = (Collate(key, by_code_point), "lead__external_source", "lead_id")
    streams = touched_streams(
        Lead.objects.exclude(status=""), since, until, clock, order=order, beside={"lead_key": key}
    )
    for _, rows in streams:
        yield rows[0].lead_key, changes(rows, since, until, clock)


def _row(key: str, change: Change, names: dict[int, str]) -> Row:
    return (
        change.name,
        key,
        change.from_status,
        change.to_status,
        names.get(change.from_agent, ""),
        names.get(change.to_agent, ""),
        change.reason,
        _stamp(change.occurred_at),
    )


def _stamp(moment: datetime) -> str:
    """ISO 8601 in UTC: ``2026-11-17T14:05:09Z``, with the fraction of a second where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
