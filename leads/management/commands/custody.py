"""``custody``: who held each lead, from when to when, for how many days, by whose hand and why."""

from argparse import ArgumentParser
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet
from django.utils import timezone

from leads.command_rows import print_rows
from leads.keys import by_key
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
        with one_moment():
            print_rows(self.stdout, COLUMNS, _rows(leads, holder), options["format"], _as_json)


def _as_json(cells: dict[str, Any]) -> dict[str, Any]:
    return {**cells, "days": float(cells["days"])}


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
    for first, chain in chains(leads, order_by=by_key("lead")[:2]):
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
