"""How far the log may be read by somebody who must miss nothing: up to the *horizon*.

Ids are handed out before commit, so a reader that remembers the highest id it saw never sees the facts that were drawn
earlier and committed later. Every writer holds the order lock, shared, from before it draws an id to its commit. So the
reader notes the newest id and then who holds the lock: when none of *those* is at it any more, everything up to that id
is there or never will be. It takes no lock itself and keeps nobody waiting. SQLite has one writer: what it sees is all.
"""

import time
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Max

from .models import LeadEvent

#: Writers hold this lock, shared, from before the row lock to commit (`service.store` takes it).
ORDER_LOCK = 7_203_104_551
_LOOK_AGAIN = 0.01

#: In this order: the newest id first, those who may have drawn one before it afterwards. Our own transaction sees what
#: it wrote itself.
_NEWEST = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}"
_HOLDERS = (
    "SELECT virtualtransaction, pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = %s AND objid = %s AND pid IS DISTINCT FROM pg_backend_pid()"
)


@dataclass(slots=True)
class Watch:
    """One look for the horizon: ``candidate`` is it as soon as ``reached()``."""

    candidate: int
    still: set[tuple[str, int | None]] = field(default_factory=set)

    @classmethod
    def begin(cls) -> "Watch":
        if connection.vendor != "postgresql":
            return cls(LeadEvent.objects.aggregate(newest=Max("id"))["newest"] or 0)
        newest = _newest()
        return cls(newest, _holders())

    def reached(self) -> bool:
        """Whether everybody who was writing at the first look has ended; whoever came later draws later ids."""
        if self.still:
            self.still &= _holders()
        return not self.still


def horizon(patience: float = 0.0) -> int | None:
    """The id up to which no fact is missing and none will come; None when a writer outlasts our patience (seconds).

    What is read up to there has to be read in a snapshot taken afterwards.
    """
    watch, until = Watch.begin(), time.monotonic() + patience
    while not watch.reached():
        if time.monotonic() >= until:
            return None
        time.sleep(_LOOK_AGAIN)
    return watch.candidate


def _newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [LeadEvent._meta.db_table])
        (sequence,) = cursor.fetchone()
        cursor.execute(_NEWEST.format(sequence=sequence))
        newest: int = cursor.fetchone()[0]
    return newest


def _holders() -> set[tuple[str, int | None]]:
    # The parts under which PostgreSQL lists a lock of 64 bits.
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [ORDER_LOCK >> 32, ORDER_LOCK & 0xFFFFFFFF])
        return set(cursor.fetchall())
