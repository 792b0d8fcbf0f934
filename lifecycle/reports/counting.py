"""Which facts count in a report, as SQL of both engines: voids, corrected reasons, what was known by an instant.

The set-based twin of `lifecycle.history.truth.counted`; a test holds them equal on random histories. The alias of the
log is ``event`` in every piece, because SQLite takes a partial index only where it finds the index's words.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection

from ..history.statement import Statement
from ..history.truth import Reading
from ..models import LeadEvent
from .calendar import Period
from .scope import Scope

LOG = LeadEvent._meta.db_table
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: The conditions of the partial indexes, word for word.
MOVES = "NOT (event.to_status = '') AND NOT (event.kind = 'move_voided')"
DEMOTIONS = "event.kind IN ('contract_voided', 'deal_collapsed')"
DEALS = "event.to_status IN ('COMMITTED', 'IN_CONTRACT') AND NOT (event.kind = 'move_voided')"
ASSIGNMENTS = "event.kind = 'agent_assigned'"
ARRIVALS = "event.to_status = 'NEW' AND NOT (event.kind = 'move_voided')"
RE_ENGAGED = "event.kind = 'lead_re_engaged' AND NOT (event.to_status = '')"

#: A stage that an old system knew without saying how the lead came there: when it was entered is a guess, and so is
#: when the stage before was left. Of a ``history_imported`` fact alone the stage before may be unknown. An import that
#: was taken back ends a stay just as little: the lead should never have been here.
UNRECORDED = (
    "((event.kind = 'history_imported' AND event.from_status = '' AND event.version > 1)"
    " OR event.kind = 'import_withdrawn')"
)
#: Nobody moved a lead when an import was taken back.
BY_NOBODY = "event.kind = 'import_withdrawn'"


def that_count(made: Statement, scope: Scope, which: str, *, reading: Reading | None = None) -> None:
    """``FROM … WHERE`` of the facts of a sort that count: known by then, and not undone unless that is asked for.

    In: one of the conditions above. Add more with ``AND``. The window is not in it; see ``within``.
    """
    made.add(f"FROM {LOG} AS event WHERE {which}")
    known(made, scope, "event")
    if (reading or scope.reading) is Reading.CORRECTED:
        # Found once, however many facts are asked about: PostgreSQL takes an anti join for each look at a lead anew.
        made.add(f"AND event.id NOT IN (SELECT undone.target_id FROM {LOG} AS undone")
        made.add("WHERE undone.kind = 'move_voided' AND undone.target_id IS NOT NULL")
        known(made, scope, "undone")
        made.add(")")


def known(made: Statement, scope: Scope, alias: str) -> None:
    """``AND`` the fact was recorded by the instant as of which is asked; nothing where all facts count."""
    if scope.known_at is not None:
        made.add(f"AND {alias}.recorded_at <= %s", scope.known_at)


def within(made: Statement, scope: Scope, column: str = "event.occurred_at") -> None:
    """``AND`` the window."""
    if scope.since is not None:
        made.add(f"AND {column} >= %s", scope.since)
    if scope.until is not None:
        made.add(f"AND {column} < %s", scope.until)


def reason(made: Statement, scope: Scope) -> None:
    """The reason of ``event`` that counts: the newest correction that was known, else the first one given."""
    if scope.reading is Reading.RECORDED:
        made.add("event.reason")
        return
    made.add(f"COALESCE((SELECT mended.reason FROM {LOG} AS mended WHERE mended.target_id = event.id")
    made.add("AND mended.kind = 'reason_corrected'")
    known(made, scope, "mended")
    made.add("ORDER BY mended.version DESC LIMIT 1), event.reason)")


def period_name(made: Statement, periods: Sequence[Period], column: str) -> None:
    """The name of the period that an instant lies in, ``NULL`` outside all of them. In: periods in order, gapless."""
    if not periods:
        made.add("NULL")
        return
    made.add(
        f"CASE WHEN {column} < %s THEN NULL WHEN {column} >= %s THEN NULL ELSE", periods[0].since, periods[-1].until
    )
    _halved(made, periods, column)
    made.add("END")


def _halved(made: Statement, periods: Sequence[Period], column: str) -> None:
    """Asked half by half, so that a year of weeks costs six comparisons a row and not fifty."""
    if len(periods) == 1:
        made.add("%s", periods[0].name)
        return
    half = len(periods) // 2
    made.add(f"CASE WHEN {column} < %s THEN", periods[half].since)
    _halved(made, periods[:half], column)
    made.add("ELSE")
    _halved(made, periods[half:], column)
    made.add("END")


def microseconds(column: str) -> str:
    """An instant as a whole number of microseconds since 1970, so that lengths are exact on both engines."""
    if connection.vendor == "postgresql":
        return f"(EXTRACT(EPOCH FROM {column}) * 1000000)::bigint"
    # SQLite's own functions round to the millisecond; Django writes six digits, or none when they are all zero.
    seconds = f"CAST(strftime('%%s', substr({column}, 1, 19)) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({column}, 21, 6) AS INTEGER))"


def microseconds_between(begin: str, end: str) -> str:
    """From one instant to another as a whole number of microseconds; one sum for PostgreSQL instead of two."""
    if connection.vendor == "postgresql":
        return f"(EXTRACT(EPOCH FROM {end} - {begin}) * 1000000)::bigint"
    return f"{microseconds(end)} - {microseconds(begin)}"


def instant(column: str) -> str:
    """An instant as `as_instant` reads it soonest. On PostgreSQL a number: Django takes ten microseconds for a time."""
    return microseconds(column) if connection.vendor == "postgresql" else column


def as_instant(value: datetime | str | int) -> datetime:
    """An instant that a statement of our own gave; SQLite gives UTC without saying so, as text or as a time."""
    if isinstance(value, int):
        return _EPOCH + timedelta(microseconds=value)
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
