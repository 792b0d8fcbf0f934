"""Reads a history in our own columns: CSV or CSV.GZ, UTF-8, one row a fact. Finds what cannot be read, line by line."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from leads import local_time
from lifecycle.errors import Refused
from lifecycle.imported import ForeignRow
from lifecycle.storable import check_storable

from .shelf import Shelf

COLUMNS = (
    "lead_key",
    "occurred_at",
    "actor",
    "kind",
    "from_state",
    "to_state",
    "reason",
    "note",
    "from_owner",
    "to_owner",
    "seq",
)
#: Names are kept as the source wrote them; these are the longest that our columns hold.
_LIMITS = {"lead_key": 200, "actor": 150, "from_owner": 150, "to_owner": 150}
_NO_ONE = ("", "system")


class BadFile(Exception):
    """The file as a whole cannot be read; the sentence says why."""


@dataclass(slots=True)
class History:
    """What was read: the rows lie on the shelf, lead by lead; ``story`` makes of a lead's rows what can be told.

    ``rows`` counts those of the file, ``ambiguous`` the times that are a guess, ``left_out`` the rows that say nothing
    of a lead's life by what they speak of, ``words`` the stages that nobody has given a meaning.
    """

    shelf: Shelf
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    story: Callable[[list[ForeignRow]], list[ForeignRow]] = list
    rows: int = 0
    ambiguous: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)


def read(path: Path, zone: ZoneInfo, shelf: Shelf, tick: Callable[[], object] = int) -> History:
    """A whole history, laid on the shelf.

    In: the file and the office's zone, in which times without an offset are read; ``tick`` is called for every row.
    Raises ``BadFile``.
    """
    history = History(shelf)
    for line, cells in _records(path):
        history.rows += 1
        tick()
        key = cells["lead_key"]
        try:
            shelf.lay(key, _row(line, cells, zone, history))
        except Refused as unreadable:
            shelf.lay_problem(key, line, f"{unreadable.field}: {unreadable.sentence}")
        except ValueError as unreadable:
            shelf.lay_problem(key, line, str(unreadable))
    return history


def _records(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        unpack = gzip.open if path.suffix == ".gz" else open
        with unpack(path, "rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", "surrogateescape", newline="") as text:
            reader = csv.reader(text)
            header = next(reader, [])
            missing = [c for c in COLUMNS if c not in header]
            if missing:
                raise BadFile(f"The header lacks {', '.join(missing)}.")
            for cells in reader:
                if cells:
                    yield reader.line_num, _named(header, cells)
    except (OSError, EOFError, csv.Error) as problem:
        raise BadFile(f"{path} cannot be read: {problem}.") from problem


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    row = dict(zip(header, cells, strict=False))
    if len(cells) != len(header):
        row["(cells)"] = f"This row has {len(cells)} cells, the header {len(header)}."
    row.setdefault("lead_key", "")
    return row


def _row(line: int, cells: dict[str, str], zone: ZoneInfo, history: History) -> ForeignRow:
    if "(cells)" in cells:
        raise ValueError(cells["(cells)"])
    if not cells["lead_key"]:
        raise ValueError("lead_key is empty.")
    for name in COLUMNS:
        check_storable(cells[name], name, limit=_LIMITS.get(name, 5000))
    moment, guessed = _moment(cells["occurred_at"], zone, history.now)
    history.ambiguous += guessed
    synthetic = cells.get("synthetic", "")
    if synthetic not in ("", "0", "1"):
        raise ValueError(f"synthetic is “{synthetic}”; it can be 0 or 1.")
    return ForeignRow(
        line=line,
        seq=_seq(cells["seq"]),
        occurred_at=moment,
        actor="" if cells["actor"] in _NO_ONE else cells["actor"],
        kind=cells["kind"],
        from_state=cells["from_state"],
        to_state=cells["to_state"],
        reason=cells["reason"],
        note=cells["note"],
        from_owner="" if cells["from_owner"] in _NO_ONE else cells["from_owner"],
        to_owner="" if cells["to_owner"] in _NO_ONE else cells["to_owner"],
        backfilled=synthetic == "1" or guessed,
    )


def _seq(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(f"seq is “{text}”; it has to be a whole number.")
    return int(text)


def _moment(text: str, zone: ZoneInfo, now: datetime) -> tuple[datetime, bool]:
    """The moment in UTC, and whether it is the first of two that the cell may mean."""
    try:
        return local_time.parse(text, zone, now=now), False
    except local_time.Ambiguous:
        return local_time.parse(text, zone, now=now, fold=0), True
