"""How many leads stand where, without counting them all: the tally, corrected by what the log says since. Reads only.

In one statement, so in one snapshot: what the tally says, less where it has every lead that was moved or handed on
after its mark, plus where those leads are now. It does not matter how old the tally is, nor whether it already has some
of these facts: each lead is taken off exactly where the tally has it. What is asked costs as much as happened since.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection

from .history.statement import Statement
from .models import LeadEvent, Tally, TallyDay, TallyMark, TallyPlace
from .models.tally import POOL
from .states import WORKING, State

#: With more facts since its mark the tally is no help: a plain count is as quick, and this one stays bounded.
MOST = 5_000

LOG, MARK, PLACES, CELLS, DAYS = (m._meta.db_table for m in (LeadEvent, TallyMark, TallyPlace, Tally, TallyDay))
#: The facts after which a lead may stand elsewhere, with somebody else, or there by another way.
MATTERS = "(event.to_status <> '' OR event.kind = 'agent_assigned')"


@dataclass(slots=True)
class Counted:
    """Leads by status and way (``""`` outside of QUALIFIED), and the stale ones by status; what is none is missing."""

    leads: dict[tuple[str, str], int] = field(default_factory=dict)
    stale: dict[str, int] = field(default_factory=dict)


def place_of_lead() -> str:
    """Where a row ``lead`` of the leads' table stands: holder, status, way and day, as the tally writes them."""
    day = "(lead.stage_entered_at AT TIME ZONE 'UTC')::date"
    if connection.vendor != "postgresql":
        day = "date(lead.stage_entered_at)"
    working = ", ".join(f"'{s.value}'" for s in WORKING)
    return (
        f"COALESCE(lead.agent_id, {POOL}) AS holder, lead.status AS status,"
        f" CASE WHEN lead.status = '{State.QUALIFIED.value}' THEN lead.provenance ELSE '' END AS way,"
        f" CASE WHEN lead.status IN ({working}) THEN {day} END AS day"
    )


def leads_table() -> str:
    """The name of the leads' table, found through the log's own key."""
    return str(LeadEvent._meta.get_field("lead").related_model._meta.db_table)


def counted(
    cutoffs: Mapping[str, datetime | None], holders: Collection[int] | None = None, most: int = MOST
) -> Counted | None:
    """The leads of these stages, and how many of them have been there since before an instant. One statement.

    In: by status the instant (None: such leads never go stale); whose leads (ids of agents, `POOL`; None: everybody's).
    Out: None where there is no tally, or more than ``most`` facts came since: whoever asked has to count himself.
    """
    whose = None if holders is None else sorted(holders)
    if whose == []:
        return Counted()
    made = Statement()
    _since(made, most + 1)
    made.add(f"SELECT 'mark', '', '', (SELECT COUNT(upto) FROM {MARK} WHERE id = {TallyMark.ONLY})")
    made.add("UNION ALL SELECT 'since', '', '', COUNT(*) FROM since")
    _leads(made, whose)
    for status, cutoff in cutoffs.items():
        if cutoff is not None:
            _stale(made, status, cutoff, whose)
    return _read(made, cutoffs, most)


def _read(made: Statement, wanted: Collection[str], most: int) -> Counted | None:
    found = Counted()
    for what, status, way, n in made.rows():
        if (what == "mark" and not n) or (what == "since" and n > most):
            return None
        if what == "leads" and n and status in wanted:
            found.leads[status, way] = int(n)
        elif what == "stale" and n:
            found.stale[status] = int(n)
    return found


def _since(made: Statement, most: int) -> None:
    """``delta``: of every lead that may stand elsewhere, -1 where the tally has it and 1 where it is now."""
    # In order of id, or the database would look for so many facts from the beginning of the log.
    made.add(f"WITH since AS MATERIALIZED (SELECT event.lead_id, {MATTERS} AS matters FROM {LOG} AS event")
    made.add(
        f"WHERE event.id > (SELECT upto FROM {MARK} WHERE id = {TallyMark.ONLY}) ORDER BY event.id LIMIT %s)", most
    )
    made.add(", touched AS MATERIALIZED (SELECT DISTINCT lead_id FROM since WHERE matters)")
    made.add(", delta (holder, status, way, day, n) AS MATERIALIZED (")
    for sign, table, key, columns in (
        (-1, PLACES, "lead", "lead.holder, lead.status, lead.way, lead.day"),
        (1, leads_table(), "id", place_of_lead()),
    ):
        made.add("UNION ALL" if sign > 0 else "")
        made.add(f"SELECT it.holder, it.status, it.way, it.day, {sign} FROM touched")
        if connection.vendor == "postgresql":
            # Looked up one by one, whatever the planner believes of their number.
            made.add(f"CROSS JOIN LATERAL (SELECT {columns} FROM {table} AS lead")
            made.add(f"WHERE lead.{key} = touched.lead_id AND lead.status <> '' OFFSET 0) AS it")
        else:
            made.add(f"CROSS JOIN (SELECT lead.{key} AS lead_id, {columns} FROM {table} AS lead")
            made.add("WHERE lead.status <> '') AS it ON it.lead_id = touched.lead_id")
    made.add(")")


def _leads(made: Statement, whose: list[int] | None) -> None:
    made.add(f"UNION ALL SELECT 'leads', status, way, SUM(n) FROM (SELECT status, way, leads AS n FROM {CELLS}")
    _held(made, whose)
    made.add("UNION ALL SELECT status, way, n FROM delta")
    _held(made, whose)
    made.add(") AS cell GROUP BY status, way")


def _held(made: Statement, whose: list[int] | None) -> None:
    if whose is not None:
        made.add(f"WHERE holder IN ({', '.join(['%s'] * len(whose))})", *whose)


def _stale(made: Statement, status: str, cutoff: datetime, whose: list[int] | None) -> None:
    """Whole days from the tally and the rest of the last one from the leads; a few people's leads are counted."""
    made.add("UNION ALL SELECT 'stale', %s, '',", status)
    if whose is not None:
        made.add("0")
        for holder in whose:
            _older(made, status, cutoff, holder)
        return
    midnight = cutoff.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    day = connection.ops.adapt_datefield_value(midnight.date())
    made.add(f"(SELECT COALESCE(SUM(leads), 0) FROM {DAYS} WHERE status = %s AND day < %s)", status, day)
    made.add("+ (SELECT COALESCE(SUM(n), 0) FROM delta WHERE status = %s AND day < %s)", status, day)
    made.add(f"+ (SELECT COUNT(*) FROM {leads_table()} WHERE status = %s", status)
    made.add("AND stage_entered_at >= %s AND stage_entered_at <= %s)", midnight, cutoff)


def _older(made: Statement, status: str, cutoff: datetime, holder: int) -> None:
    made.add(f"+ (SELECT COUNT(*) FROM {leads_table()} WHERE")
    if holder == POOL:
        made.add("agent_id IS NULL")
    else:
        made.add("agent_id = %s", holder)
    made.add("AND status = %s AND stage_entered_at <= %s)", status, cutoff)


def drifted() -> int:
    """In how many sums and places the tally differs from what the leads say; 0 where there is none. Counts all leads.

    To be asked in one moment (`streams.one_moment`): two statements.
    """
    if not TallyMark.objects.filter(pk=TallyMark.ONLY, upto__isnull=False).exists():
        return 0
    made = Statement()
    _since(made, 2**62)
    here = f"SELECT lead.id, {place_of_lead()} FROM {leads_table()} AS lead WHERE lead.status <> ''"
    made.add(f", here AS MATERIALIZED ({here}) SELECT COUNT(*) FROM (")
    for table, names in ((CELLS, "holder, status, way"), (DAYS, "status, day")):
        made.add(f"SELECT 1 AS one FROM (SELECT {names}, leads AS n FROM {table}")
        for source, n in (("delta", "n"), ("here", "-1")):
            made.add(f"UNION ALL SELECT {names}, {n} FROM {source}")
            made.add("WHERE day IS NOT NULL" if table == DAYS else "")
        made.add(f") AS cell GROUP BY {names} HAVING SUM(n) <> 0 UNION ALL")
    made.add(f"SELECT 1 FROM here LEFT JOIN {PLACES} AS place ON place.lead = here.id")
    made.add("WHERE here.id NOT IN (SELECT lead_id FROM touched) AND (place.lead IS NULL")
    made.add("".join(f" OR place.{name} <> here.{name}" for name in ("holder", "status", "way", "day")))
    made.add("OR (place.day IS NULL) <> (here.day IS NULL))")
    made.add(") AS wrong")
    return int(made.rows()[0][0])
