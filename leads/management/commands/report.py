"""``report``: the figures of a report as CSV or JSON, for scripts and spreadsheets."""

from argparse import ArgumentParser
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from leads.command_rows import Cells, print_rows
from leads.command_time import read_moment, read_past
from leads.reports import collapses, first_response, flow, funnel, paths, stays
from lifecycle.models import OfficeSettings
from lifecycle.models.office import zone_names
from lifecycle.reports.calendar import midnight
from lifecycle.reports.scope import Credit, Scope
from lifecycle.streams import one_moment


@dataclass(frozen=True, slots=True)
class Printed:
    """A report as a command prints it: its columns, its rows as text, and which of the columns hold numbers."""

    columns: tuple[str, ...]
    rows: Callable[[Scope], Generator[tuple[str, ...]]]
    numbers: frozenset[str]


REPORTS: dict[str, Printed] = {
    "collapses": Printed(collapses.COLUMNS, collapses.printed, collapses.NUMBERS),
    "first_response": Printed(first_response.COLUMNS, first_response.rows, first_response.NUMBERS),
    "flow": Printed(flow.COLUMNS, flow.rows, flow.NUMBERS),
    "funnel": Printed(funnel.COLUMNS, funnel.rows, funnel.NUMBERS),
    "paths": Printed(paths.COLUMNS, paths.rows, paths.NUMBERS),
    "time_in_stage": Printed(stays.COLUMNS, stays.rows, stays.NUMBERS),
}


class Command(BaseCommand):
    help = (
        "Print the figures of a report, counted in the log: what was undone is out, corrected reasons count as "
        "corrected. Days, weeks and quarters are those of the office's time zone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", choices=sorted(REPORTS))
        parser.add_argument(
            "--by",
            choices=[credit.value for credit in Credit],
            default=Credit.HOLDER.value,
            help="to whom a collapse is credited (default: who held the lead when it fell back)",
        )
        parser.add_argument("--zone", help="time zone of days, weeks and quarters (default: the office's)")
        parser.add_argument("--from", dest="since", help="a day or an instant, included")
        parser.add_argument("--to", dest="until", help="a day or an instant, excluded")
        parser.add_argument("--known-at", help="count only what was recorded by this instant")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        printed = REPORTS[options["report"]]

        def as_json(cells: Cells) -> Cells:
            return {name: _number(text) if name in printed.numbers else text for name, text in cells.items()}

        with one_moment():
            print_rows(self.stdout, printed.columns, printed.rows(_scope(options)), options["format"], as_json)


def _scope(options: dict[str, Any]) -> Scope:
    zone = _zone(options["zone"])
    since, until = (_edge(options[name], zone) for name in ("since", "until"))
    if since and until and since > until:
        raise CommandError("--from lies after --to, so nothing can be counted.", returncode=2)
    return Scope(
        zone=zone,
        now=timezone.now(),
        since=since,
        until=until,
        known_at=read_past(options["known_at"], zone) if options["known_at"] else None,
        credit=Credit(options["by"]),
    )


def _zone(name: str | None) -> ZoneInfo:
    if name is None:
        return OfficeSettings.load().zone
    if name not in zone_names():
        raise CommandError(f"“{name}” is no time zone. Use a name such as America/Los_Angeles.", returncode=2)
    return ZoneInfo(name)


def _edge(text: str | None, zone: ZoneInfo) -> datetime | None:
    """A day is its midnight in the zone of the report; anything else is an instant."""
    if not text:
        return None
    try:
        return midnight(date.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return read_moment(text, zone)


def _number(text: str) -> int | float | None:
    if not text:
        return None
    return float(text) if "." in text else int(text)
