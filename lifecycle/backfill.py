"""A row of an export that has only a status column → the few facts that it really knows. Pure.

The lead was created, it holds the status that it holds, somebody has it, some channels are closed. How it came there
the old system did not keep: the one fact of its status comes from a blank stage, and nothing is put in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .events import NO_WORDS, Kind, Words
from .imported import Told, public_name
from .reasons import NOT_RECORDED
from .states import State

#: Of stages that were reached at the same instant the one further to the left comes first.
_ORDER = {state.value: place for place, state in enumerate(State)}
#: The reason code of a flag that an import set.
FLAG_IMPORTED = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a row says of one lead; ``line`` is where it stands in the file. All instants are UTC, None: not told.

    ``entered_at`` is the last change of stage, ``reached`` the dates of columns that each speak of one stage.
    ``agent`` is the holder's name (``""``: nobody, None: not told), ``flags`` the closed channels. ``guessed``: a time
    in the row may mean two instants. ``source_words``: how the source says that the lead was found, ``status_words``:
    what it calls its stage.
    """

    line: int
    status: str
    created_at: datetime | None = None
    modified_at: datetime | None = None
    entered_at: datetime | None = None
    reached: tuple[tuple[str, datetime], ...] = ()
    agent: str | None = ""
    flags: tuple[str, ...] = ()
    note: str = ""
    status_words: str = ""
    source_words: str = ""
    inquiry: str = "import"
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Fact:
    """One fact on its way: ``rank`` orders those of one instant."""

    name: str
    kind: Kind
    at: datetime
    rank: int
    to_status: str = ""
    owner: str = ""
    flag: str = ""
    reason: str = ""
    backfilled: bool = True
    words: Words = NO_WORDS
    data: Mapping[str, Any] | None = None


def backfill(source: str, key: str, row: Snapshot, *, now: datetime) -> list[Told]:
    """The facts of a lead that comes in, in the order of their times; the first is its creation.

    A row without any date enters at ``now``, the instant of the import. No fact is dated before the creation: an
    earlier date of the row counts as the creation's own.
    """
    dates = _dates(row)
    created = row.created_at or min(dates, default=now)
    undated = row.created_at is None and not dates
    facts = [_created(row, created), *_stages(row, created), *_rest(row, created)]
    facts.sort(key=lambda f: (f.at, f.rank))
    return [_told(source, key, row.line, n, fact, undated) for n, fact in enumerate(facts)]


def catch_up(source: str, key: str, row: Snapshot, standing: Snapshot, *, now: datetime, edition: str) -> list[Told]:
    """What a row says beyond ``standing``, which is recorded; dated ``now``, for the log has gone on meanwhile.

    ``edition`` names the import, so that the same difference may come in once more by a later one.
    """
    facts = []
    if row.status != standing.status:
        facts.append(
            _Fact(
                "stage", Kind.HISTORY_IMPORTED, now, 2, to_status=row.status, words=Words(source_words=row.status_words)
            )
        )
    if row.agent is not None and row.agent != standing.agent:
        facts.append(_Fact("agent", Kind.AGENT_ASSIGNED, now, 1, owner=row.agent, reason=NOT_RECORDED))
    facts += [
        _Fact(f"flag {flag}", Kind.FLAG_SET, now, 3, flag=flag, reason=FLAG_IMPORTED)
        for flag in dict.fromkeys(row.flags)
        if flag not in standing.flags
    ]
    facts.sort(key=lambda f: f.rank)
    return [_told(source, f"{key}|{edition}", row.line, n, fact) for n, fact in enumerate(facts)]


def _dates(row: Snapshot) -> list[datetime]:
    given = [row.modified_at, row.entered_at, *(at for _, at in row.reached)]
    return [at for at in given if at is not None]


def _created(row: Snapshot, created: datetime) -> _Fact:
    return _Fact(
        "created",
        Kind.LEAD_CREATED,
        created,
        0,
        to_status=State.NEW.value,
        backfilled=row.created_at is None or row.guessed,
        words=Words(source_words=row.source_words),
        data={"inquiry": row.inquiry},
    )


def _stages(row: Snapshot, created: datetime) -> list[_Fact]:
    """One fact for each stage with a column of its own, and one for the status unless the last of those says it."""
    dated: dict[str, datetime] = {}
    for status, at in sorted(row.reached, key=lambda pair: (pair[1], _ORDER[pair[0]])):
        # Of two dates of one stage the earlier is when it was reached.
        dated.setdefault(status, at)
    facts = [_stage(f"reached {status}", status, max(at, created), "") for status, at in dated.items()]
    stands = facts[-1].to_status if facts else State.NEW.value
    if stands != row.status:
        at = next((t for t in (row.entered_at, row.modified_at) if t is not None), created)
        latest = max((f.at for f in facts), default=created)
        facts.append(_stage("stage", row.status, max(at, latest, created), row.status_words))
    elif facts and row.status_words:
        last = facts[-1]
        facts[-1] = _stage(last.name, last.to_status, last.at, row.status_words)
    return facts


def _stage(name: str, status: str, at: datetime, said: str) -> _Fact:
    return _Fact(name, Kind.HISTORY_IMPORTED, at, 2, to_status=status, words=Words(source_words=said))


def _rest(row: Snapshot, created: datetime) -> list[_Fact]:
    at = max(row.modified_at or created, created)
    facts = []
    if row.agent:
        facts.append(_Fact("agent", Kind.AGENT_ASSIGNED, at, 1, owner=row.agent, reason=NOT_RECORDED))
    closed = dict.fromkeys(row.flags)
    facts += [_Fact(f"flag {f}", Kind.FLAG_SET, at, 3, flag=f, reason=FLAG_IMPORTED) for f in closed]
    if row.note:
        facts.append(_Fact("note", Kind.NOTE_ADDED, at, 4, words=Words(note=row.note)))
    return facts


def _told(source: str, key: str, line: int, seq: int, fact: _Fact, undated: bool = False) -> Told:
    return Told(
        line=line,
        seq=seq,
        uuid=public_name(source, key, fact.name),
        kind=fact.kind,
        occurred_at=fact.at,
        actor="",
        from_status="",
        to_status=fact.to_status,
        owner=fact.owner,
        reason=fact.reason,
        backfilled=fact.backfilled,
        words=fact.words,
        data=fact.data or {},
        flag=fact.flag,
        undated=undated,
    )
