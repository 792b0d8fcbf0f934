"""What a whole file holds of the words that a person has to explain: statuses, owners, dates. One pass, flat memory."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_letters
from typing import Any

from . import mapping as roles
from .cells import text
from .columns import Cells, columns
from .mapping import Mapping
from .reading import Shape, records

#: So many different words are kept. More are no list of stages, and no staff: the wrong column was chosen.
MOST = {roles.STATUS: 500, roles.OWNER: 5000}
_LONGEST = 200
#: Of each column with dates: examples of one look, and all together.
_ALIKE, _SAMPLES = 3, 60
_LOOK = str.maketrans("0123456789" + ascii_letters, "9" * 10 + "a" * len(ascii_letters))
_FIRST_FIGURES = re.compile(r"\D*(\d{1,2})\D+(\d{1,2})")


@dataclass(slots=True)
class Survey:
    """``statuses`` and ``owners``: word as it stands in the file (trimmed, ``""`` where nothing is known) → rows.

    ``dates``: label → examples, at least one of each look that the column has. ``problems``: rows that cannot be read
    and count among ``rows`` alone. ``too_many``: the roles, status or owner, of which not all words were kept.
    """

    rows: int = 0
    problems: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    owners: Counter[str] = field(default_factory=Counter)
    dates: dict[str, list[str]] = field(default_factory=dict)
    too_many: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The words in the order of how often they stand in the file."""
        return {
            "rows": self.rows,
            "problems": self.problems,
            "statuses": dict(self.statuses.most_common()),
            "owners": dict(self.owners.most_common()),
            "dates": {label: list(samples) for label, samples in self.dates.items()},
            "too_many": list(self.too_many),
        }


def read_survey(data: dict[str, Any]) -> Survey:
    """The inverse of ``as_json``; what is missing is empty."""
    return Survey(
        rows=data.get("rows", 0),
        problems=data.get("problems", 0),
        statuses=Counter(data.get("statuses", {})),
        owners=Counter(data.get("owners", {})),
        dates={label: list(samples) for label, samples in data.get("dates", {}).items()},
        too_many=list(data.get("too_many", [])),
    )


def survey(path: Path, shape: Shape, header: Sequence[str], mapping: Mapping) -> Survey:
    """In: a file, how it is read, its labels, and a mapping of which the columns count alone.

    Raises ``BadFile`` of the reading, and ``BadMapping`` for a column that the file does not have.
    """
    return count(records(path, shape), header, mapping)


def count(rows: Iterable[Cells], header: Sequence[str], mapping: Mapping) -> Survey:
    """As ``survey``, of rows that are read already."""
    where = columns(mapping.columns, header).places
    made = Survey(dates={label: [] for role in roles.DATES for _, label in where.get(role, ())})
    words = [
        (place, counted, role)
        for role, counted in ((roles.STATUS, made.statuses), (roles.OWNER, made.owners))
        for place, _ in where.get(role, ())
    ]
    dates = [(place, _Samples(made.dates[label])) for role in roles.DATES for place, label in where.get(role, ())]
    for row in rows:
        made.rows += 1
        if row.problem:
            made.problems += 1
            continue
        for place, counted, role in words:
            _count(made, counted, role, text(row.cells[place]))
        for place, samples in dates:
            samples.add(text(row.cells[place]))
    return made


def _count(made: Survey, counted: Counter[str], role: str, word: str) -> None:
    # What is too long to be a stage or a person is cut: the survey stays small whatever stands in the file.
    word = word[:_LONGEST]
    if word in counted or len(counted) < MOST[role]:
        counted[word] += 1
    elif role not in made.too_many:
        made.too_many.append(role)


class _Samples:
    """Examples of dates: a few of each look, where a figure above 12 makes a look of its own."""

    def __init__(self, kept: list[str]) -> None:
        self._kept = kept
        self._looks: Counter[tuple[str, tuple[bool, ...]]] = Counter()

    def add(self, cell: str) -> None:
        if not cell or len(self._kept) >= _SAMPLES:
            return
        figures = _FIRST_FIGURES.match(cell)
        above = tuple(int(n) > 12 for n in figures.groups()) if figures else ()
        look = (cell[:40].translate(_LOOK), above)
        self._looks[look] += 1
        if self._looks[look] <= _ALIKE and cell[:100] not in self._kept:
            self._kept.append(cell[:100])
