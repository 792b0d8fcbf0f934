"""First response: every clock that started in the window, in one statement. What a clock is: `first_clocks`.

The window is that of the entry into NEW. Undone moves never happened; contacts are never undone. A contact belongs to
the newest entry into NEW that had happened, and was written down, before it. As known at K: facts recorded by K alone,
and what runs ends at K.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..history.statement import Statement
from ..models import LeadEvent
from . import counting
from .counting import LOG, as_instant, instant
from .first_clocks import Clock, Entry, Handed, Mark, clocks
from .first_looks import arrivals, looked_up, said
from .scope import Scope, Whose


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """``without``: how many entries of the window name no minutes (imported ones); they have no clock, so they are
    nobody's. Where one person is asked about: of the leads that they ever held."""

    clocks: list[Clock]
    without: int


def first_response(scope: Scope) -> FirstResponse:
    """The clocks of the window that are the scope's ``whose``, by lead and time. One statement."""
    made = _statement(scope)
    found: list[Clock] = []
    without = 0
    for entry in _entries(made.rows()):
        if isinstance(entry, int):
            without = entry
        else:
            found += (c for c in clocks(entry, scope.end) if _is_asked(c, scope.whose))
    return FirstResponse(found, without)


def _is_asked(clock: Clock, whose: int | Whose) -> bool:
    if whose is Whose.EVERYBODY:
        return True
    return clock.holder is None if whose is Whose.POOL else clock.holder == whose


def _statement(scope: Scope) -> Statement:
    """A row for each assignment of an entry, or one for an entry without any; one more counts those without minutes."""
    made = Statement()
    _entered(made, scope)
    looked_up(made, scope)
    leads = LeadEvent._meta.get_field("lead").related_model
    # The few leads of the window are looked up: joined, PostgreSQL would read all that there are.
    source = f"(SELECT lead.inquiry_source FROM {leads._meta.db_table} AS lead WHERE lead.id = entry.lead_id)"
    made.add(f"SELECT entry.id, entry.lead_id, {source}, {instant('entry.at')}, entry.minutes, entry.holder,")
    made.add(f"{instant('entry.contact_at')}, entry.contact, {instant('entry.logged_at')},")
    made.add(f"{instant('entry.gone_at')}, entry.gone, {instant('entry.breach_at')}, entry.breach,")
    made.add(f"event.id, {instant('event.occurred_at')}, event.version, event.to_agent_id FROM looked AS entry")
    made.add(f"LEFT JOIN {LOG} AS event ON {counting.ASSIGNMENTS} AND event.lead_id = entry.lead_id")
    made.add("AND event.version > entry.version AND (entry.next IS NULL OR event.version < entry.next)")
    counting.known(made, scope, "event")
    # Who had it after the first contact is of no interest.
    made.add("AND (entry.contact_at IS NULL OR event.occurred_at <= entry.contact_at)")
    nothing = ", ".join(["NULL"] * 16)
    made.add(f"UNION ALL SELECT count(*), {nothing} FROM entered WHERE minutes IS NULL")
    made.add("ORDER BY 2, 4, 1, 16")
    return made


def _entered(made: Statement, scope: Scope) -> None:
    """``entered``: what came into NEW in the window."""
    made.add("WITH entered AS MATERIALIZED (SELECT event.id, event.lead_id, event.version, event.occurred_at AS at,")
    made.add(f"{said('sla_minutes')} AS minutes, event.agent_id AS holder")
    arrivals(made, scope)
    counting.within(made, scope)
    if not isinstance(scope.whose, Whose):
        # Nobody has a clock on a lead that they never held.
        made.add(
            f"AND event.lead_id IN (SELECT held.lead_id FROM {LOG} AS held WHERE held.to_agent_id = %s)", scope.whose
        )
    made.add(")")


def _entries(rows: list[tuple[Any, ...]]) -> Iterator[Entry | int]:
    """The entries, and the number of those without minutes among them."""
    for (fact, lead), group in groupby(rows, key=itemgetter(0, 1)):
        mine = list(group)
        _, _, source, at, minutes, holder, *rest = mine[0]
        if lead is None:
            yield fact
        elif (allowed := _minutes(minutes)) is not None:
            since, logged_at = as_instant(at), None if rest[2] is None else as_instant(rest[2])
            contact, left, breach = _mark(*rest[0:2]), _mark(*rest[3:5]), _mark(*rest[5:7])
            handed = [Handed(row[13], mark, row[16]) for row in mine if (mark := _mark(*row[14:16])) is not None]
            yield Entry(lead, fact, source, since, allowed, holder, contact, logged_at, left, breach, handed)


def _mark(at: datetime | str | int | None, version: int) -> Mark | None:
    return None if at is None else Mark(as_instant(at), version)


def _minutes(text: str) -> int | None:
    """The minutes of a clock; None for what no clock of ours can be made of, as the fold has it."""
    try:
        timedelta(minutes=int(text))
    except (ValueError, OverflowError):
        return None
    return int(text) or None
