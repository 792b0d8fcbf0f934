"""Rows of a history on a shelf: put down in the order of the file, taken up lead by lead, memory flat meanwhile.

The shelf is a temporary SQLite file that nobody else sees and that is gone when it is closed.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from lifecycle.imported import ForeignRow

_FIELDS = tuple(f.name for f in fields(ForeignRow))
_cells = attrgetter(*_FIELDS)
_WHEN = _FIELDS.index("occurred_at")
#: Rows that wait for their place together.
_ARMFUL = 2000


@dataclass(slots=True)
class ForeignLead:
    """All rows of one lead, and the first thing about it that cannot be read: line and sentence."""

    key: str
    rows: list[ForeignRow] = field(default_factory=list)
    problem: tuple[int, str] | None = None


class Shelf:
    """Use it in a ``with``: it lies in a folder of its own, which goes with it."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="hindsight-history-")
        self._rows = sqlite3.connect(self.folder / "rows", isolation_level=None)
        self._rows.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-16000;"
            "CREATE TABLE laid (key BLOB, place INTEGER, cells TEXT)"
        )
        self._waiting: list[tuple[bytes, int, str]] = []
        self.laid = 0

    def __enter__(self) -> "Shelf":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()
        self._folder.cleanup()

    @property
    def folder(self) -> Path:
        """Where a file may be unpacked that is needed as long as the shelf."""
        return Path(self._folder.name)

    def lay(self, key: str, row: ForeignRow) -> None:
        cells = list(_cells(row))
        cells[_WHEN] = row.occurred_at.isoformat()
        self._lay(key, cells)

    def lay_problem(self, key: str, line: int, sentence: str) -> None:
        """A row that cannot be read. Without a key it is nobody's, and no two of those belong together."""
        self._lay(key or f"\0{line}", [line, sentence])

    def leads(self) -> Iterator[ForeignLead]:
        """Every lead with its rows in the order of the file; the leads in the order in which they appear there."""
        self._put_down()
        self._rows.execute("CREATE INDEX IF NOT EXISTS by_lead ON laid (key, place)")
        keys = self._rows.execute("SELECT key, min(place) AS first FROM laid GROUP BY key ORDER BY first")
        for key, _ in keys:
            yield self._lead(key)

    def _lead(self, key: bytes) -> ForeignLead:
        lead = ForeignLead("" if key.startswith(b"\0") else key.decode("utf-8", "surrogatepass"))
        for (cells,) in self._rows.execute("SELECT cells FROM laid WHERE key = ? ORDER BY place", [key]):
            taken = json.loads(cells)
            if len(taken) == len(_FIELDS):
                lead.rows.append(_row(taken))
            elif lead.problem is None:
                lead.problem = (taken[0], taken[1])
        return lead

    def _lay(self, key: str, cells: list[Any]) -> None:
        # A key may hold what no database keeps as text; as bytes it lies here until it is refused.
        self._waiting.append((key.encode("utf-8", "surrogatepass"), self.laid, json.dumps(cells)))
        self.laid += 1
        if len(self._waiting) >= _ARMFUL:
            self._put_down()

    def _put_down(self) -> None:
        self._rows.execute("BEGIN")
        self._rows.executemany("INSERT INTO laid VALUES (?, ?, ?)", self._waiting)
        self._rows.execute("COMMIT")
        self._waiting.clear()


def _row(cells: list[Any]) -> ForeignRow:
    cells[_WHEN] = datetime.fromisoformat(cells[_WHEN])
    return ForeignRow(*cells)
