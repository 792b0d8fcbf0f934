"""Facts that happened under another system's rules: what each row becomes, and whether it fits. Pure.

A row is judged by its pair of states alone: a pair of our table gets that kind, any other ``history_imported``. Who,
notes, documents and thresholds are waived; a reason that the source did not keep is ``not_recorded``.
"""

import itertools
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from .events import CONSENT, Kind, Source, Words
from .fold import LeadState
from .reasons import NEED_REASON, NOT_RECORDED, Reason
from .states import State
from .storable import TEXT_LIMIT
from .transitions import Who, between

_NAMESPACE = UUID("0c9a3f5e-8b1d-4a86-8a0b-3a6f2f6f7c11")

# Built once: json.dumps would make an encoder for every fact.
_encode = json.JSONEncoder(ensure_ascii=False).encode

ROW_KINDS = ("lead_created", "state_changed", "assigned", "reassigned", "activity")


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """A row of another system's history, read but not judged. ``actor`` and owners are names; ``""`` is the system,
    or the pool. ``line`` is where it stands in the file. ``said``: what the source calls the stage; ``name``: which row
    it is, in a source that numbers none; ``says_who`` is False where the source does not tell who did anything.
    """

    line: int
    seq: int
    occurred_at: datetime
    actor: str
    kind: str
    from_state: str = ""
    to_state: str = ""
    reason: str = ""
    note: str = ""
    from_owner: str = ""
    to_owner: str = ""
    backfilled: bool = False
    said: str = ""
    name: str = ""
    says_who: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says in our words; ``owner`` only where ``kind`` is an assignment."""

    line: int
    seq: int
    uuid: UUID
    kind: Kind
    occurred_at: datetime
    actor: str
    from_status: str
    to_status: str
    owner: str
    reason: str
    backfilled: bool
    words: Words
    data: Mapping[str, Any]
    flag: str = ""
    #: The fact that this one undoes: its id and its uuid.
    target: tuple[int, UUID] | None = None
    #: The source kept no time: it is recorded as of the moment at which it is written.
    undated: bool = False

    @property
    def tracked(self) -> bool:
        return bool(self.to_status) or self.kind == Kind.AGENT_ASSIGNED or self.kind in CONSENT

    @property
    def from_unknown(self) -> bool:
        """Whether it only says where the lead stands, and nobody knows how it came there."""
        return self.kind == Kind.HISTORY_IMPORTED and not self.from_status and self.backfilled


def from_unknown(row: Any) -> bool:
    """Whether a recorded fact only says where the lead stood in an old system, and nobody knows how it came there.

    When that stage was entered is a guess then, and so is when the stage before was left.
    """
    return bool(row.kind == Kind.HISTORY_IMPORTED and not row.from_status and row.version > 1)


def undated(row: Any) -> bool:
    """Whether the source kept no time for a fact: it bears the instant of the import, and happened then or earlier."""
    told = row.source == Source.IMPORT and row.backfilled and not row.from_status
    return bool(told and row.occurred_at >= row.recorded_at)


class Unfit(Exception):
    """A row refuses its whole lead. ``line`` of the file and a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


def public_name(source: str, lead_key: str, seq: int | str) -> UUID:
    """The uuid of the fact that a row becomes: the same row of the same source is the same fact for ever."""
    return uuid5(_NAMESPACE, _encode([source, lead_key, seq]))


def tell(source: str, lead_key: str, rows: Sequence[ForeignRow], book: Mapping[str, Reason]) -> list[Told]:
    """Every row of one lead, in ``seq`` order, in our words.

    A stream that does not begin with ``lead_created`` gets a beginning: ``history_imported`` from blank to where its
    first move says that it stood. Raises ``Unfit``.
    """
    rows = sorted(rows, key=lambda r: r.seq)
    for a, b in itertools.pairwise(rows):
        if a.seq == b.seq:
            raise Unfit(b.line, f"The number {b.seq} stands on line {a.line} already.")
    told = [_tell(source, lead_key, row, n == 0, book) for n, row in enumerate(rows)]
    if told[0].kind in (Kind.LEAD_CREATED, Kind.HISTORY_IMPORTED) and not told[0].from_status:
        return told
    return [_beginning(source, lead_key, rows), *told]


def _beginning(source: str, lead_key: str, rows: Sequence[ForeignRow]) -> Told:
    first = rows[0]
    move = next((r for r in rows if r.kind == "state_changed"), None)
    # Where no row says where it stood before, the least that is known of a lead is that it came in.
    stood = (move.from_state if move else "") or State.NEW.value
    return Told(
        line=first.line,
        seq=first.seq - 1,
        uuid=public_name(source, lead_key, "beginning"),
        kind=Kind.HISTORY_IMPORTED,
        occurred_at=min(r.occurred_at for r in rows),
        actor="",
        from_status="",
        to_status=stood,
        owner="",
        reason="",
        backfilled=True,
        words=Words(),
        data={"inquiry": "import"},
    )


def _tell(source: str, lead_key: str, row: ForeignRow, first: bool, book: Mapping[str, Reason]) -> Told:
    kind = _kind(row, first)
    reason, kept = _reason(kind, row.reason, book)
    return Told(
        line=row.line,
        seq=row.seq,
        uuid=public_name(source, lead_key, row.name or row.seq),
        kind=kind,
        occurred_at=row.occurred_at,
        actor=row.actor,
        from_status=row.from_state if row.kind in ("lead_created", "state_changed") else "",
        to_status=row.to_state if row.kind in ("lead_created", "state_changed") else "",
        owner=row.to_owner if kind == Kind.AGENT_ASSIGNED else "",
        reason=reason,
        backfilled=row.backfilled,
        words=Words(note=row.note, source_words=": ".join(word for word in (row.said, kept) if word)),
        data={"inquiry": "import"} if first and not row.from_state and row.to_state else {},
    )


def _kind(row: ForeignRow, first: bool) -> Kind:
    if row.kind == "activity":
        return Kind.NOTE_ADDED
    if row.kind in ("assigned", "reassigned"):
        return Kind.AGENT_ASSIGNED
    if row.kind not in ROW_KINDS:
        raise Unfit(row.line, f"The kind “{row.kind}” is unknown. Known are {', '.join(ROW_KINDS)}.")
    for name, value in (("from_state", row.from_state), ("to_state", row.to_state)):
        if value not in set(State) and (value or name == "to_state"):
            raise Unfit(row.line, f"{name} “{value}” is not one of our stages.")
    if row.kind == "lead_created" and (row.from_state or not first):
        raise Unfit(row.line, "A lead is created once, as its first row and from no stage.")
    fitting = between(row.from_state, row.to_state)
    if row.kind == "state_changed" and not row.from_state:
        fitting = ()
    if len(fitting) > 1:
        # That it was the system is a claim: a source that does not say who, does not make it.
        wanted = Who.PERSON if row.actor or not row.says_who else Who.SCRIBE
        fitting = tuple(t for t in fitting if t.who == wanted)
    return fitting[0].kind if fitting else Kind.HISTORY_IMPORTED


def _reason(kind: Kind, given: str, book: Mapping[str, Reason]) -> tuple[str, str]:
    """The reason code, and the source's own words where they are not one of our codes."""
    known = book.get(given)
    if known is not None and kind.value in known.kinds:
        return known.code, ""
    return (NOT_RECORDED if kind in NEED_REASON else ""), given


@dataclass(slots=True)
class _SoFar:
    """What of the state is needed to judge the next row; changed in place, for there may be millions of rows."""

    status: str
    last_occurred_at: datetime | None
    created_at: datetime | None


def judge(rows: Iterable[Told], state: LeadState, *, now: datetime, irregular: Collection[str] = ("keep",)) -> None:
    """Raises ``Unfit`` unless all these rows, one after the other, follow from the state so far."""
    so_far = _SoFar(state.status, state.last_occurred_at, state.created_at)
    for row in rows:
        _check(row, so_far, now, irregular)
        if row.tracked:
            so_far.last_occurred_at = row.occurred_at
        if row.to_status:
            so_far.status = row.to_status
        if so_far.created_at is None:
            so_far.created_at = row.occurred_at


def _check(told: Told, state: _SoFar, now: datetime, irregular: Collection[str]) -> None:
    if told.to_status and told.from_status != state.status and not told.from_unknown:
        so_far = f"“{state.status}”" if state.status else "nothing yet"
        raise Unfit(told.line, f"from_state is “{told.from_status}”, but the state so far is {so_far}.")
    if told.kind == Kind.HISTORY_IMPORTED and told.from_status and "keep" not in irregular:
        raise Unfit(told.line, f"Our table has no move from {told.from_status} to {told.to_status}.")
    if told.occurred_at > now:
        raise Unfit(told.line, "occurred_at lies in the future.")
    if told.tracked and state.last_occurred_at is not None and told.occurred_at < state.last_occurred_at:
        raise Unfit(told.line, "occurred_at goes backward: a row before this one is later.")
    if not told.tracked and state.created_at is not None and told.occurred_at < state.created_at:
        raise Unfit(told.line, "occurred_at lies before the lead came in.")
    for text in (told.words.note, told.words.source_words):
        if len(text) > TEXT_LIMIT:
            raise Unfit(told.line, f"A text is too long: {len(text)} characters, and {TEXT_LIMIT} fit.")
