"""``lead_states``: where every lead stands now and who holds it, ordered by key."""

import contextlib
import csv
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Generator, Iterable
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce, Collate, Concat

from leads.models import Lead

COLUMNS = ("lead_key", "status", "agent")


class Command(BaseCommand):
    help = "Print lead_key, status and agent of every lead, ordered by lead_key by code point."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        with contextlib.closing(_rows()) as rows:
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


def _rows() -> Generator[tuple[str, str, str]]:
    by_code_point = "C" if connection.vendor == "postgresql" else "BINARY"
    key = Case(
        When(external_key="", then=Concat(Value("L-"), Cast("id", CharField()))),
        default=F("external_key"),
        output_field=CharField(),
    )
    leads = (
        Lead.objects.annotate(lead_key=key, holder=Coalesce("agent__display_name", Value("")))
        .order_by(Collate("lead_key", by_code_point), "external_source", "id")
        .values_list("lead_key", "status", "holder")
    )
    yield from leads.iterator(2000)
