"""``lead_states``: where every lead stands and who holds it, now or at any instant of the past, ordered by key."""

import itertools
from argparse import ArgumentParser
from collections.abc import Generator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from leads.command_rows import print_rows
from leads.command_time import read_past
from leads.keys import by_key, lead_key
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
        rows = _rows_at(at, Clock(options["clock"])) if at else _rows()
        print_rows(self.stdout, COLUMNS, rows, options["format"])


def _by_key() -> QuerySet[Any]:
    return Lead.objects.annotate(lead_key=lead_key()).order_by(*by_key())


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
