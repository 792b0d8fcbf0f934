"""``lead_states``: where every lead stands and who holds it, now or at any instant of the past, ordered by key."""

import contextlib
import csv
import itertools
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Generator, Iterable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Collate, Concat

from leads.command_time import read_past
from leads.models import Lead, User
from lifecycle.history import Clock
from lifecycle.history.everyone import agents_and_statuses
from lifecycle.streams import one_moment

COLUMNS = ("lead_key", "status", "agent")
_PIECE = 2000


class Command(BaseCommand):
    help = (
        "Print lead_key, status and agent of every lead, ordered by lead_key by code point: now, or with --at as they "
        "were then. Leads that did not exist yet are left out; keys and names are today's."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="an instant such as 2026-11-17T14:00 (office time zone), included")
        parser.add_argument(
            "--clock",
            choices=[clock.value for clock in Clock],
            default=Clock.HAPPENED.value,
            help="happened: as it was, undone moves left out (default); known: as we knew it then",
        )
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        at = read_past(options["at"]) if options["at"] else None
        with contextlib.closing(_rows_at(at, Clock(options["clock"])) if at else _rows()) as rows:
            try:
                self._print(rows, options["format"])
            except BrokenPipeError:
                # Whoever read us (head, less) has seen enough; what is still buffered goes nowhere.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _print(self, rows: Iterable[tuple[str, str, str]], form: str) -> None:
        if form == "json":
            self.stdout.write(json.dumps([dict(zip(COLUMNS, r, strict=True)) for r in rows], ensure_ascii=False))
            return
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        self.stdout.flush()


def _by_key() -> QuerySet[Any]:
    by_code_point = "C" if connection.vendor == "postgresql" else "BINARY"
    key = Case(
        When(external_key="", then=Concat(Value("L-"), Cast("id", CharField()))),
        default=F("external_key"),
        output_field=CharField(),
    )
    return Lead.objects.annotate(lead_key=key).order_by(Collate("lead_key", by_code_point), "external_source", "id")


def _rows() -> Generator[tuple[str, str, str]]:
    leads = _by_key().annotate(holder=Coalesce("agent__display_name", Value("")))
    yield from leads.values_list("lead_key", "status", "holder").iterator(_PIECE)


def _rows_at(at: datetime, clock: Clock) -> Generator[tuple[str, str, str]]:
    """The same of an instant, piece by piece: memory does not grow with the office. All of one moment."""
    with one_moment():
        names = dict(User.objects.values_list("pk", "display_name"))
        leads = _by_key().values_list("pk", "lead_key").iterator(_PIECE)
        while piece := dict(itertools.islice(leads, _PIECE)):
            then = agents_and_statuses(at, clock, Lead.objects.filter(pk__in=piece))
            for pk, key in piece.items():
                if pk in then:
                    status, agent = then[pk]
                    yield key, status, names[agent] if agent is not None else ""
