"""Who held a lead, from when to when, by whose hand and why: the chain of stints. Pure.

The chain begins when the lead does and has no gap: whoever does not hold it leaves it to the pool, and a stay in the
pool is a stint like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from ..events import Kind, Source

SCRIBE = "Scribe"
_DAY = timedelta(days=1)
_HUNDREDTH = Decimal("0.01")


class Row(Protocol):
    """What the chain reads of a recorded fact; ``agent_id`` and the like are database ids."""

    id: Any
    version: int
    kind: str
    to_agent_id: Any
    reason: str
    actor_id: Any
    actor_name: str
    source: str
    target_id: Any
    occurred_at: datetime
    recorded_at: datetime
    backfilled: bool


#: The columns that a reader has to fetch for the chain.
COLUMNS = (
    "id",
    "version",
    "kind",
    "to_agent_id",
    "reason",
    "actor_id",
    "actor_name",
    "source",
    "target_id",
    "occurred_at",
    "recorded_at",
    "backfilled",
)
#: The kinds that make up the chain, besides the first fact of the lead.
KINDS = (Kind.AGENT_ASSIGNED.value, Kind.REASON_CORRECTED.value)


@dataclass(frozen=True, slots=True)
class Stint:
    """One unbroken stay with one holder. ``holder`` None: the pool. ``until`` None: still.

    ``actor`` is the name, as it was then, of who brought the lead there; ``reason`` the code as corrected, and
    ``reason_was`` the first one where it was another. ``event_id`` and ``version``: the fact that it began with.
    ``came_in``: the lead began its life here. ``about``: the time is a guess, ``undated``: it was then or earlier.
    ``untold``: another system told who had the lead in the end, and not who had it until then. ``note``: what was
    written with it.
    """

    holder: Any
    since: datetime
    until: datetime | None
    actor_id: Any
    actor: str
    reason: str
    reason_was: str
    event_id: Any
    version: int
    came_in: bool
    about: bool
    imported: bool
    recorded_at: datetime
    note: str = field(default="", compare=False)
    undated: bool = False
    untold: bool = False

    def length(self, now: datetime) -> timedelta:
        """How long it lasted, or has lasted by now; a beginning that lies ahead of the clock counts as now."""
        return max((self.until or now) - self.since, timedelta(0))


def stints(rows: Iterable[Row], notes: Mapping[Any, str] | None = None) -> list[Stint]:
    """The chain of a lead, oldest first; the last stint is who holds it now. Empty for a lead without facts.

    In: its first fact, its assignments and its corrected reasons in version order (others do not matter); the notes of
    assignments by event id.
    """
    chain: list[Stint] = []
    for row in rows:
        if row.kind == Kind.REASON_CORRECTED:
            chain = [_corrected(s, row) if s.event_id == row.target_id else s for s in chain]
        elif row.kind == Kind.AGENT_ASSIGNED:
            _pass_on(chain, row, (notes or {}).get(row.id, ""))
        elif not chain:
            chain.append(_stint(row, None, "", came_in=True))
    return chain


def _pass_on(chain: list[Stint], row: Row, note: str) -> None:
    # Another system may say that somebody gave a lead to the one who held it: the stint goes on.
    if chain and chain[-1].holder == row.to_agent_id:
        return
    # Born with an agent: created and assigned in one moment, so it never lay in the pool.
    born = len(chain) == 1 and chain[0].came_in and chain[0].holder is None and chain[0].since == row.occurred_at
    if chain:
        last = chain.pop()
        if not born:
            told = row.source == Source.IMPORT and row.backfilled
            untold = told and last.imported and last.holder is None and last.came_in
            chain.append(replace(last, until=row.occurred_at, untold=untold))
    chain.append(_stint(row, row.to_agent_id, note, came_in=born or not chain))


def _stint(row: Row, holder: Any, note: str, *, came_in: bool) -> Stint:
    return Stint(
        holder=holder,
        since=row.occurred_at,
        until=None,
        actor_id=row.actor_id,
        actor=row.actor_name if row.actor_id is not None else SCRIBE,
        # The reason of the first fact, if it has any, explains a stage and not a holder.
        reason=row.reason if row.kind == Kind.AGENT_ASSIGNED else "",
        reason_was="",
        event_id=row.id,
        version=row.version,
        came_in=came_in,
        about=row.backfilled,
        imported=row.source == Source.IMPORT,
        recorded_at=row.recorded_at,
        note=note,
        undated=row.source == Source.IMPORT and row.backfilled and row.occurred_at >= row.recorded_at,
    )


def _corrected(stint: Stint, row: Row) -> Stint:
    first = stint.reason_was or stint.reason
    return replace(stint, reason=row.reason, reason_was="" if row.reason == first else first)


def days(length: timedelta) -> Decimal:
    """A length in days to at most two digits, half a hundredth rounded up, computed without a float."""
    exact = Decimal(length // timedelta(microseconds=1)) / Decimal(_DAY // timedelta(microseconds=1))
    return exact.quantize(_HUNDREDTH, ROUND_HALF_UP)


def days_text(length: timedelta) -> str:
    """The same as text: ``12.5``, ``3``, ``0.04``."""
    text = f"{days(length):f}"
    return text.rstrip("0").rstrip(".")
