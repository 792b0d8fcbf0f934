"""``custody``: who held each lead, from when to when, for how many days, by whose hand and why."""

import contextlib
import csv
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Collate, Concat
from django.utils import timezone

from leads.models import Lead, User
from lifecycle.errors import BadInput
from lifecycle.history.custody import Stint, days_text
from lifecycle.history.holders import chains
from lifecycle.models import LeadEvent
from lifecycle.storable import check_storable
from lifecycle.streams import one_moment

COLUMNS = ("lead_key", "agent", "from", "to", "days", "actor", "reason")
Row = tuple[str, ...]
#: The longest key and name that our columns hold; nothing longer can be known.
_LONGEST = 200


class Command(BaseCommand):
    help = "Print who held each lead: lead_key, agent, from, to, days, actor, reason. Ordered by lead_key, then from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--lead", metavar="KEY", help="only this lead; a key of two old systems means both")
        which.add_argument("--agent", metavar="NAME", help="only what this person (display name) ever held")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        holder = _person(options["agent"]) if options["agent"] is not None else None
        leads = _of_key(options["lead"]) if options["lead"] is not None else _of_agent(holder)
        with one_moment(), contextlib.closing(_rows(leads, holder)) as rows:
            try:
                self._print(rows, options["format"])
            except BrokenPipeError:
                # Whoever read us (head, less) has seen enough; what is still buffered goes nowhere.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _print(self, rows: Iterable[Row], form: str) -> None:
        if form == "json":
            self._print_json(rows)
        else:
            writer = csv.writer(self.stdout, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        self.stdout.flush()

    def _print_json(self, rows: Iterable[Row]) -> None:
        """One array, written row by row: it may be longer than the memory holds."""
        self.stdout.write("[", ending="")
        for n, row in enumerate(rows):
            cells: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
            said = json.dumps({**cells, "days": float(cells["days"])}, ensure_ascii=False)
            self.stdout.write(f", {said}" if n else said, ending="")
        self.stdout.write("]")


def _of_key(key: str) -> QuerySet[Any, Any]:
    """The leads of this key, as a query of their ids."""
    wanted = Q(external_key=key)
    number = key.removeprefix("L-")
    if number != key and len(number) < 19 and number.isascii() and number.isdigit() and number[0] != "0":
        wanted |= Q(pk=int(number), external_key="")
    found = Lead.objects.filter(wanted).exclude(status="").values("pk")
    # Our own leads have no key of an old system, which is not the same as an empty one.
    if not key or not _is_storable(key) or not found.exists():
        raise CommandError(f"There is no lead with the key “{_shown(key)}”.", returncode=2)
    return found


def _person(name: str) -> User:
    person = User.objects.filter(display_name=name).first() if _is_storable(name) else None
    if person is None:
        raise CommandError(f"There is nobody with the name “{_shown(name)}”.", returncode=2)
    return person


def _is_storable(text: str) -> bool:
    """Whether the text could stand in our database at all; it would answer anything else with a fault."""
    try:
        check_storable(text, "", limit=_LONGEST)
    except BadInput:
        return False
    return True


def _shown(text: str) -> str:
    """What was typed, as far as a terminal can print it."""
    return text.encode("utf-8", "replace").decode()


def _of_agent(holder: User | None) -> QuerySet[Any, Any] | None:
    return None if holder is None else LeadEvent.objects.filter(to_agent=holder).values("lead")


def _rows(leads: QuerySet[Any, Any] | None, holder: User | None) -> Generator[Row]:
    """The rows in order. Two queries, whatever there is; one lead in memory at a time."""
    now = timezone.now()
    names = dict(User.objects.values_list("pk", "display_name"))
    by_key = groupby(_chains(leads), key=itemgetter(0))
    for key, same in by_key:
        # Two old systems may have used one key: their stints are told in order of time.
        stays = sorted((s for _, chain in same for s in chain), key=lambda s: s.since)
        for stint in stays:
            if holder is None or stint.holder == holder.pk:
                yield _row(key, stint, names, now)


def _chains(leads: QuerySet[Any, Any] | None) -> Iterator[tuple[str, list[Stint]]]:
    by_code_point = "C" if connection.vendor == "postgresql" else "BINARY"
    key = Case(
        When(lead__external_key="", then=Concat(Value("L-"), Cast("lead_id", CharField()))),
        default=F("lead__external_key"),
        output_field=CharField(),
    )
    order_by = (Collate(key, by_code_point), "lead__external_source")
    for first, chain in chains(leads, order_by=order_by):
        yield first.external_key or f"L-{first.lead_id}", chain


def _row(key: str, stint: Stint, names: dict[int, str], now: datetime) -> Row:
    return (
        key,
        names.get(stint.holder, ""),
        _stamp(stint.since),
        _stamp(stint.until) if stint.until else "",
        days_text(stint.length(now)),
        stint.actor,
        stint.reason,
    )


def _stamp(moment: datetime) -> str:
    """ISO 8601 in UTC: ``2026-11-17T14:05:09Z``, with the fraction of a second where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
