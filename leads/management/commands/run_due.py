"""``run_due``: appends what Scribe owes by the rules, removes old files of imports and old traces, moves the tally on.

Once a minute.
"""

import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

from leads import set_aside, traces
from leads.command_time import read_moment
from leads.imports import phases
from leads.imports.removing import remove_old
from leads.models import Lead
from leads.models.lead import CLOCK_OWED
from lifecycle import service
from lifecycle.damage import damage, damaged_leads
from lifecycle.decide.moves import due_at
from lifecycle.errors import Refused
from lifecycle.events import Kind
from lifecycle.history.told import last_told, told_after
from lifecycle.service import tallying
from lifecycle.service.office import office_rules
from lifecycle.states import State

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Declare first contacts that are late and archive leads that have waited too long."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="as if it were this time, for example 2026-11-20T14:00 (office time zone)")

    def handle(self, *args: Any, **options: Any) -> None:
        now = read_moment(options["at"]) if options["at"] else timezone.now()
        self.stdout.write(f"sla_breached: {_breaches(now)}")
        for kind in (Kind.TIMED_OUT_NO_RESPONSE, Kind.TIMED_OUT_NO_PROGRESS):
            self.stdout.write(f"{kind.value}: {_timeouts(kind, now)}")
        if not options["at"]:
            drafts, files = remove_old(now)
            self.stdout.write(f"imports that nobody finished removed: {drafts}")
            self.stdout.write(f"files of imports removed: {files}")
            self.stdout.write(f"imports handed to another worker: {phases.revive()}")
            self.stdout.write(f"traces of exports older than a year removed: {traces.remove_old(now)}")
            tallying.move_on()


def _breaches(now: datetime) -> int:
    late = Lead.objects.filter(CLOCK_OWED, first_contact_due_at__lt=now).filter(
        Q(status=State.NEW.value) | Q(first_contact_at__isnull=False)
    )
    return sum(_appended(service.declare_breach, lead, due=lead.first_contact_due_at, now=now) for lead in _each(late))


def _timeouts(kind: Kind, now: datetime) -> int:
    rules = office_rules(now)
    silent = kind == Kind.TIMED_OUT_NO_RESPONSE
    since = now - timedelta(days=rules.no_response_days if silent else rules.no_progress_days)
    waiting = Lead.objects.filter(
        Q(last_reply_at__isnull=True) | Q(last_reply_at__lte=since),
        # Of what came in by an import our days count from the import on.
        Q(last_recorded_at__lte=since) | ~Q(told_after(since)),
        status=(State.CONTACTING if silent else State.QUALIFIED).value,
        stage_entered_at__lte=since,
    )
    if silent:
        waiting = waiting.filter(attempts__gte=rules.no_response_attempts)
    found = list(_each(waiting))
    # Of a row that nobody can read, how long it has waited is nothing to act upon.
    damaged = damaged_leads([lead.pk for lead in found])
    found = [lead for lead in found if lead.pk not in damaged]
    told = last_told([lead.pk for lead in found])
    return sum(
        _appended(
            service.time_out,
            lead,
            kind=kind.value,
            due=due_at(lead.cached_state, kind, rules, told.get(lead.pk)),
            now=now,
        )
        for lead in found
    )


def _each(leads: QuerySet[Lead]) -> Iterator[Lead]:
    # Taken at once: each is written in a transaction of its own while we go.
    try:
        found = list(leads.order_by("id"))
    except (ValueError, OverflowError, DatabaseError):
        # One lead that nobody can read must not keep Scribe from all the others.
        if not set_aside.look():
            raise
        found = list(leads.exclude(pk__in=set_aside.set_aside()).order_by("id"))
    yield from found


def _appended(action: Any, lead: Lead, **arguments: Any) -> bool:
    """Whether a fact was appended; what somebody changed meanwhile is simply no longer owed."""
    try:
        result = action(lead_id=lead.pk, lead_uuid=lead.uuid, **arguments)
    except Refused:
        return False
    except Exception:
        if not damage(lead.pk):
            raise
        logger.exception("lead %d is damaged and left out", lead.pk)
        return False
    return bool(result.events) and not result.replayed
