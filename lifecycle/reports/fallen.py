"""Each deal that fell back, and each that was signed or executed, with who it is credited to: read from the log.

Figures and the facts behind them are made of the same rows, so they cannot disagree. Only the demotions and deals of
the window are read along their indexes; what came before and after each is looked up by its lead.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..events import Kind
from ..history.statement import Statement
from ..history.truth import Reading
from ..states import State
from . import counting
from .credit import Part, Parts, Person, fine, settled, shares, whole
from .scope import Credit, Scope, Whose

#: The stage that a deal fell from, by the kind of its fact.
STAGES = {Kind.DEAL_COLLAPSED.value: State.COMMITTED.value, Kind.CONTRACT_VOIDED.value: State.IN_CONTRACT.value}

STAGE_OF = "CASE event.kind WHEN 'deal_collapsed' THEN 'COMMITTED' ELSE 'IN_CONTRACT' END"
_FURTHER = (
    "(again.to_status IN ('IN_CONTRACT', 'CLOSED') OR event.kind = 'deal_collapsed' AND again.to_status = 'COMMITTED')"
)
_UNRECORDED = counting.UNRECORDED.replace("event.", "entry.")


@dataclass(frozen=True, slots=True)
class Fallen:
    """A deal that fell back. ``stay``: how long it had been in the stage that it fell from, None: nobody recorded that.

    ``quick``: it was back in that stage within the office's minutes. ``recovered``: it came there again, or further,
    ever. ``reason`` is the one that counts.
    """

    id: int
    lead_id: int
    kind: str
    reason: str
    at: datetime
    stay: timedelta | None
    quick: bool
    recovered: bool
    credit: Parts


@dataclass(frozen=True, slots=True)
class Entered:
    """A deal that was signed or executed: an entry into the stage that ``kind`` falls from."""

    id: int
    lead_id: int
    kind: str
    at: datetime
    credit: Parts


def fallen(scope: Scope, minutes: int) -> list[Fallen]:
    """The collapses of the window, in the order in which they happened. One statement, two where days are shared.

    In: within how many minutes a return is a quick one (0: none is). With ``scope.whose`` only those that this person
    has a part of, and of the credit only that part.
    """
    made = Statement()
    _with_fallen(made, scope)
    at, entered_at, back_at = (counting.instant(f"began.{name}") for name in ("at", "entered_at", "back_at"))
    made.add(f"SELECT began.id, began.lead_id, began.kind, began.reason, {at}, began.agent_id, began.actor_id,")
    made.add(f"{entered_at}, began.unrecorded, {back_at}, began.again_at IS NOT NULL,")
    made.add(f"{counting.instant('signed.occurred_at')}, signed.agent_id FROM began LEFT JOIN")
    made.add(f"{counting.LOG} AS signed ON signed.lead_id = began.lead_id AND signed.version = began.signed_version")
    made.add("ORDER BY began.at, began.id")
    handed = _handed_before_the_fall(scope) if scope.credit is Credit.SHARED else {}
    found = []
    for id_, lead, kind, reason, at, agent, actor, entered, unrecorded, back, again, signed, signer in made.rows():
        fell = counting.as_instant(at)
        if scope.credit is Credit.SHARED:
            credit = shares(signer, handed.get(id_, ()), counting.as_instant(at if signed is None else signed), fell)
        else:
            credit = whole({Credit.ACTOR: actor, Credit.COMMITTED_HOLDER: signer}.get(scope.credit, agent))
        mine = belonging(scope, credit)
        if not mine:
            continue
        known = entered is not None and (scope.inferred or not unrecorded)
        stay = fell - counting.as_instant(entered) if known else None
        quick = minutes > 0 and back is not None and counting.as_instant(back) - fell <= timedelta(minutes=minutes)
        found.append(Fallen(id_, lead, kind, reason, fell, stay, quick, bool(again), mine))
    return found


def reasons(scope: Scope, minutes: int) -> dict[tuple[str, str], Part]:
    """How many fell back, by kind and reason; as many as `fallen` finds, and quicker where nothing is looked up."""
    if scope.credit not in _IN_THE_ROW and scope.whose is not Whose.EVERYBODY:
        units: Counter[tuple[str, str]] = Counter()
        for fell in fallen(scope, minutes):
            units[fell.kind, fell.reason] += sum(fine(part) for _, part in fell.credit)
        return {place: settled(sum_) for place, sum_ in units.items()}
    made = Statement()
    made.add("SELECT fell.kind, fell.reason, count(*) FROM (SELECT event.kind,")
    counting.reason(made, scope)
    made.add("AS reason")
    counting.that_count(made, scope, counting.DEMOTIONS)
    counting.within(made, scope)
    only_whose(made, scope)
    made.add(") AS fell GROUP BY fell.kind, fell.reason")
    return {(kind, reason): count for kind, reason, count in made.rows()}


def entered(scope: Scope) -> list[Entered]:
    """The entries of the window, one by one. One statement, two where days are shared."""
    made = Statement()
    _with_entered(made, scope)
    at, ending_at = counting.instant("came.at"), counting.instant("ending.occurred_at")
    made.add(f"SELECT came.id, came.lead_id, came.stage, {at}, came.credit,")
    made.add(f"{counting.instant('signed.occurred_at')}, signed.agent_id,")
    made.add(f"{ending_at} FROM came LEFT JOIN {counting.LOG} AS ending ON ending.lead_id = came.lead_id")
    made.add(f"AND ending.version = came.last_version LEFT JOIN {counting.LOG} AS signed")
    made.add("ON signed.lead_id = came.lead_id AND signed.version = came.signed_version ORDER BY came.at, came.id")
    handed = _handed_until_the_end(scope) if scope.credit is Credit.SHARED else {}
    found = []
    for id_, lead, stage, at, credited, signed, signer, ended in made.rows():
        since = counting.as_instant(at)
        credit = whole(credited)
        if scope.credit is Credit.SHARED:
            # As the fall is shared, so that whoever has a part of it has a part of what it is measured against.
            until = scope.end if ended is None else counting.as_instant(ended)
            credit = shares(signer, handed.get(id_, ()), counting.as_instant(signed), until)
        if mine := belonging(scope, credit):
            found.append(Entered(id_, lead, _KINDS[stage], since, mine))
    return found


def belonging(scope: Scope, credit: Parts) -> Parts:
    """Of the credit only the part of whom is asked about."""
    if scope.whose is Whose.EVERYBODY:
        return credit
    person: Person = None if isinstance(scope.whose, Whose) else scope.whose
    return tuple((who, part) for who, part in credit if who == person)


#: The columns that say by themselves to whom a fact is credited.
_IN_THE_ROW = {Credit.HOLDER: "event.agent_id", Credit.ACTOR: "event.actor_id"}
_KINDS = {stage: kind for kind, stage in STAGES.items()}
_Handed = dict[int, list[tuple[datetime, Person]]]


def _with_fallen(made: Statement, scope: Scope, *, returns: bool = True) -> None:
    """``began``: the collapses of the window, each with the entry that it undid and the signing before that.

    ``returns`` False: nobody asks whether the deal came back.
    """
    made.add("WITH fell AS MATERIALIZED (SELECT event.id, event.lead_id, event.version, event.kind,")
    counting.reason(made, scope)
    made.add("AS reason, event.occurred_at AS at, event.agent_id, event.actor_id,")
    move(made, scope, "entry.version", before="event", more=f"entry.to_status = {STAGE_OF}")
    made.add("AS entry_version,")
    if returns:
        move(made, scope, "back.occurred_at", after="event", more=f"back.to_status = {STAGE_OF}")
        made.add("AS back_at,")
        move(made, scope, "again.occurred_at", after="event", more=_FURTHER)
    else:
        made.add("NULL AS back_at, NULL")
    made.add("AS again_at")
    counting.that_count(made, scope, counting.DEMOTIONS)
    counting.within(made, scope)
    only_whose(made, scope)
    made.add("), began AS MATERIALIZED (SELECT fell.id, fell.lead_id, fell.version, fell.kind, fell.reason, fell.at,")
    made.add("fell.agent_id, fell.actor_id, fell.back_at, fell.again_at, entry.occurred_at AS entered_at,")
    made.add(f"{_UNRECORDED} AS unrecorded,")
    if scope.credit in (Credit.COMMITTED_HOLDER, Credit.SHARED):
        _signed(made, scope, "entry", "version")
    else:
        made.add("CAST(NULL AS integer)")
    made.add(f"AS signed_version FROM fell LEFT JOIN {counting.LOG} AS entry")
    made.add("ON entry.lead_id = fell.lead_id AND entry.version = fell.entry_version)")


def _with_entered(made: Statement, scope: Scope) -> None:
    """``came``: the entries of the window, with whom they are credited to and, where days are shared, their end."""
    made.add("WITH came AS MATERIALIZED (SELECT event.id, event.lead_id, event.version, event.to_status AS stage,")
    made.add("event.occurred_at AS at, event.agent_id,")
    credited(made, scope)
    made.add("AS credit,")
    if scope.credit is Credit.SHARED:
        _signed(made, scope, "event", "version")
        made.add("AS signed_version,")
        move(made, scope, "ending.version", after="event")
    else:
        made.add("CAST(NULL AS integer) AS signed_version, CAST(NULL AS integer)")
    made.add("AS last_version")
    counting.that_count(made, scope, counting.DEALS)
    counting.within(made, scope)
    only_whose(made, scope)
    made.add(")")


def credited(made: Statement, scope: Scope) -> None:
    """To whom an entry is credited, where it is not shared."""
    if scope.credit is Credit.ACTOR:
        made.add("event.actor_id")
    elif scope.credit is Credit.COMMITTED_HOLDER:
        _signed(made, scope, "event", "agent_id")
    else:
        made.add("event.agent_id")


def _signed(made: Statement, scope: Scope, entry: str, column: str) -> None:
    """A column of the signing that led to an entry: of the newest entry into COMMITTED before it counts.

    The entry is its own where it is one into COMMITTED, and where an old system knew of no signing.
    """
    made.add(f"CASE WHEN {entry}.to_status = 'IN_CONTRACT' AND {entry}.from_status = 'COMMITTED' THEN")
    move(made, scope, f"signed.{column}", before=entry, more="signed.to_status = 'COMMITTED'")
    made.add(f"ELSE {entry}.{column} END")


def move(made: Statement, scope: Scope, wanted: str, *, before: str = "", after: str = "", more: str = "") -> None:
    """A column of the newest move that counts before a fact of the same lead, or of the first after it."""
    alias, fact = wanted.partition(".")[0], before or after
    made.add(f"(SELECT {wanted} FROM {counting.LOG} AS {alias} WHERE {counting.MOVES.replace('event.', f'{alias}.')}")
    made.add(f"AND {alias}.lead_id = {fact}.lead_id AND {alias}.version {'<' if before else '>'} {fact}.version")
    if more:
        made.add(f"AND {more}")
    counting.known(made, scope, alias)
    if scope.reading is Reading.CORRECTED:
        # One look at the index for each move. As NOT EXISTS, PostgreSQL would read all voids again for each lead.
        made.add(f"AND (SELECT undone.id FROM {counting.LOG} AS undone WHERE undone.target_id = {alias}.id")
        made.add("AND undone.kind = 'move_voided'")
        counting.known(made, scope, "undone")
        made.add("LIMIT 1) IS NULL")
    made.add(f"ORDER BY {alias}.version {'DESC' if before else ''} LIMIT 1)")


def only_whose(made: Statement, scope: Scope) -> None:
    """``AND`` the fact is credited to whom is asked about, where a column of its own says so."""
    column = _IN_THE_ROW.get(scope.credit)
    if column is None or scope.whose is Whose.EVERYBODY:
        return
    if isinstance(scope.whose, Whose):
        made.add(f"AND {column} IS NULL")
    else:
        made.add(f"AND {column} = %s", scope.whose)


def _handed_before_the_fall(scope: Scope) -> _Handed:
    """By collapse, each hand-over between the signing and the fall."""
    made = Statement()
    _with_fallen(made, scope, returns=False)
    made.add(f"SELECT began.id, {counting.instant('event.occurred_at')}, event.to_agent_id")
    made.add(f"FROM began JOIN {counting.LOG} AS event")
    made.add("ON event.lead_id = began.lead_id AND event.version > began.signed_version")
    made.add(f"AND event.version < began.version WHERE {counting.ASSIGNMENTS}")
    return _handed(made, scope)


def _handed_until_the_end(scope: Scope) -> _Handed:
    """By entry, each hand-over between the signing and the end of the stay that it began."""
    made = Statement()
    _with_entered(made, scope)
    made.add(f"SELECT came.id, {counting.instant('event.occurred_at')}, event.to_agent_id")
    made.add(f"FROM came JOIN {counting.LOG} AS event")
    made.add("ON event.lead_id = came.lead_id AND event.version > came.signed_version")
    made.add(f"AND (came.last_version IS NULL OR event.version < came.last_version) WHERE {counting.ASSIGNMENTS}")
    return _handed(made, scope)


def _handed(made: Statement, scope: Scope) -> _Handed:
    counting.known(made, scope, "event")
    made.add("ORDER BY 1, event.version")
    found: _Handed = defaultdict(list)
    rows: list[tuple[Any, ...]] = made.rows()
    for fact, at, to in rows:
        found[fact].append((counting.as_instant(at), to))
    return found
