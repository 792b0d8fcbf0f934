"""``lead_states``: where every lead stands now and who holds it, ordered by key."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterator
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
        rows = _rows()
        if options["format"] == "json":
            self.stdout.write(json.dumps([dict(zip(COLUMNS, r, strict=True)) for r in rows], ensure_ascii=False))
            return
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def _rows() -> Iterator[tuple[str, str, str]]:
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
    return leads.iterator(2000)
